import type * as Electron from 'electron';
import { needsReady, needsUnready } from './environment.ts';

/*
 * Chromium as it is installed knows no schemes of ours, and CDP cannot teach it any: a page at `app://desk/x` is
 * really at `https://desk.app.stand-in/x`, answered by the handler of `app`. Everything main sees has the true name.
 */
const SUFFIX = '.stand-in';

type Handler = (request: Request) => Response | Promise<Response>;
const handlers = new Map<string, Handler>();
const privileged = new Set<string>();

export const toPageUrl = (url: string): string => {
  const [, scheme, host, rest] = /^([a-z][a-z\d+.-]*):\/\/([^/?#]*)(.*)$/i.exec(url) ?? [];
  return scheme !== undefined && handlers.has(scheme.toLowerCase()) ? `https://${host}.${scheme.toLowerCase()}${SUFFIX}${rest}` : url;
};

export const toAppUrl = (url: string): string => url.replace(new RegExp(`^https://([^/?#]*)\\.([a-z\\d+-]+)\\${SUFFIX}(?=[/?#]|$)`), '$2://$1');

/** The answer of a scheme's handler; null where none is registered for the address. */
export async function answerScheme(url: string, init: RequestInit): Promise<Response | null> {
  const handler = handlers.get(new URL(url).protocol.slice(0, -1));
  return handler === undefined ? null : handler(new Request(url, init));
}

export const protocol = {
  registerSchemesAsPrivileged(schemes: Electron.CustomScheme[]): void {
    needsUnready('protocol.registerSchemesAsPrivileged');
    for (const { scheme } of schemes) privileged.add(scheme);
  },
  handle(scheme: string, handler: Handler): void {
    needsReady('protocol.handle');
    if (!privileged.has(scheme)) throw new Error(`the stand-in serves standard schemes alone: register ${scheme} as privileged`);
    if (handlers.has(scheme)) throw new Error(`${scheme} is handled already`);
    handlers.set(scheme, handler);
  },
  unhandle: (scheme: string): void => void handlers.delete(scheme),
  isProtocolHandled: (scheme: string): boolean => handlers.has(scheme),
} satisfies Pick<Electron.Protocol, 'registerSchemesAsPrivileged' | 'handle' | 'unhandle' | 'isProtocolHandled'>;
