import type { SignedIn } from '../../contract/cti/index.ts';

/** The telephone of a sign-in that has one. @throws where it has none */
export function phoneOf({ sip }: SignedIn): NonNullable<SignedIn['sip']> {
  if (sip === null) throw new Error('a sign-in without a telephone');
  return sip;
}
