import { DISPLAY_PREFIX } from '../../contract/token-prefixes.ts';

/** The token of a wallboard link: behind the # of the address, which no server, log or other page ever sees. Null: it is no such link. */
export function displayTokenIn({ hash }: Pick<Location, 'hash'>): string | null {
  const token = hash.slice(1);
  return token.startsWith(DISPLAY_PREFIX) ? token : null;
}
