import type { IncomingHttpHeaders } from 'node:http';
import type { ContactCenter } from '../ports.ts';
import type { Me } from '../../contract/directory.ts';
import { fail, ok, type Result } from '../../contract/errors.ts';
import { isDisabled } from '../store/accounts.ts';
import type { Database } from '../store/index.ts';
import { livingKind } from '../store/sessions.ts';
import type { AccessClaims, AccessTokens } from './tokens.ts';

/** Who a token speaks for, as the center knows them now. */
export interface Caller extends AccessClaims {
  me: Me;
}

export type Authenticate = (token: string) => Promise<Result<Caller>>;

/**
 * Turns an access token into the person. A token of a sign-in that has ended (signed out, replaced, its refresh
 * token replayed) is refused with `auth.replaced` though its time is not up.
 */
export const createAuthenticate =
  (tokens: AccessTokens, db: Database, center: Pick<ContactCenter, 'me'>): Authenticate =>
  async (token) => {
    const claims = await tokens.verify(token);
    if (!claims.ok) return claims;
    if (await isDisabled(db, claims.value.agentId)) return fail('auth.disabled', 'the account is disabled');
    const kind = await livingKind(db, claims.value.familyId);
    if (kind === null) return fail('auth.replaced', 'this sign-in has ended');
    const me = center.me(claims.value.agentId, kind);
    return me === null ? fail('auth.invalid', 'no such person') : ok({ ...claims.value, me });
  };

/** Who asks, by the token of their request. */
export async function callerOf(authenticate: Authenticate, headers: IncomingHttpHeaders): Promise<Result<Caller>> {
  const token = bearerOf(headers.authorization);
  return token === null ? fail('auth.invalid', 'a bearer token is needed') : authenticate(token);
}

/** The token of an `Authorization: Bearer …` header, or null. */
export const bearerOf = (header: string | undefined): string | null => /^Bearer ([\w.~+/-]+=*)$/.exec(header ?? '')?.[1] ?? null;
