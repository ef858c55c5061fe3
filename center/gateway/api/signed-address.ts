import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { fail, ok, type Result } from '../../../contract/errors.ts';
import { AgentId } from '../../../contract/ids.ts';
import { SIGNED_FOR_MS } from '../../../contract/media.ts';
import type { Clock, ContactCenter } from '../../ports.ts';
import { isDisabled } from '../../store/accounts.ts';
import type { Database } from '../../store/index.ts';
import { livingKind } from '../../store/sessions.ts';
import type { Caller } from '../authentication.ts';

/** The name of it in the query. */
export const SIGNED = 'signed';

interface Parts {
  signingKey: Uint8Array;
  db: Database;
  clock: Pick<Clock, 'now'>;
  center: Pick<ContactCenter, 'me'>;
}

/**
 * Addresses that say by themselves who asks: `EXPIRES.FAMILY.PERSON.MAC` in the query. One is good for one path, a minute, and
 * no longer than the sign-in it was made in; what the person may do is asked when it is used.
 */
export class SignedAddresses {
  private readonly parts: Parts;
  private readonly key: Buffer;

  constructor(parts: Parts) {
    this.parts = parts;
    this.key = Buffer.from(hkdfSync('sha256', parts.signingKey, '', 'sangdam signed addresses', 32));
  }

  sign(path: string, { agentId, familyId }: Pick<Caller, 'agentId' | 'familyId'>): { query: string; expiresAt: number } {
    const expiresAt = Math.round(this.parts.clock.now()) + SIGNED_FOR_MS;
    const said = [expiresAt.toString(36), encode(familyId), encode(agentId)].join('.');
    return { query: `${SIGNED}=${said}.${this.macOf(path, said)}`, expiresAt };
  }

  /** @returns who asks; `auth.expired` after its time, `auth.replaced` after the sign-in, `auth.invalid` for what we did not sign for this path */
  async callerOf(path: string, signed: string): Promise<Result<Caller>> {
    const { db, clock, center } = this.parts;
    const invalid = fail('auth.invalid', 'not an address of ours');
    const [, said = '', expires = '', family = '', person = '', mac = ''] = /^(([\da-z]{1,11})\.([\w-]{1,100})\.([\w-]{1,100}))\.([\w-]{43})$/.exec(signed) ?? [];
    if (said === '' || !timingSafeEqual(Buffer.from(mac), Buffer.from(this.macOf(path, said)))) return invalid;
    if (Number.parseInt(expires, 36) <= clock.now()) return fail('auth.expired', 'the address was good for a minute');
    const [familyId, agentId] = [decode(family), AgentId.parse(decode(person))];
    if (await isDisabled(db, agentId)) return fail('auth.disabled', 'the account is disabled');
    const kind = await livingKind(db, familyId);
    if (kind === null) return fail('auth.replaced', 'this sign-in has ended');
    const me = center.me(agentId, kind);
    return me === null ? invalid : ok({ agentId, familyId, generation: 0, me });
  }

  private macOf(path: string, said: string): string {
    return createHmac('sha256', this.key).update(`${path}\n${said}`).digest('base64url');
  }
}

const encode = (text: string): string => Buffer.from(text).toString('base64url');
const decode = (text: string): string => Buffer.from(text, 'base64url').toString();
