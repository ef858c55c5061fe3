import type { IncomingHttpHeaders } from 'node:http';
import { DISPLAY_PREFIX, KEY_PREFIX } from '../../../contract/token-prefixes.ts';
import type { Me } from '../../../contract/directory.ts';
import { fail, ok, type Result } from '../../../contract/errors.ts';
import { AgentId } from '../../../contract/ids.ts';
import { networkOf } from '../../bounds/network.ts';
import type { Clock, ContactCenter } from '../../ports.ts';
import { isDisabled } from '../../store/accounts.ts';
import { credentialByToken, isGivenBy, noteUse, type Credential } from '../../store/credentials.ts';
import type { Database } from '../../store/index.ts';
import type { Trail } from '../audit-trail.ts';
import { bearerOf, type Authenticate, type Caller } from '../authentication.ts';
import type { Limiter } from '../limits.ts';

/** Who asks the API: a person by the token of their sign-in, a display or another system by a token of its own. */
export type ApiAuthenticate = (headers: IncomingHttpHeaders, address: string) => Promise<Result<Caller>>;

interface Parts {
  people: Authenticate;
  db: Database;
  clock: Pick<Clock, 'now'>;
  center: Pick<ContactCenter, 'me'>;
  /** Tokens that are nobody's, from one place; and of each that is over, how often it is shown all the same. */
  refusals: Limiter;
  trail: Pick<Trail, 'limited'>;
}

/** Whether a text is meant as a token of a display or a key. */
export const isCredentialToken = (text: unknown): boolean => typeof text === 'string' && (text.startsWith(DISPLAY_PREFIX) || text.startsWith(KEY_PREFIX));

/** Only the API knows displays and keys: the CTI socket and what is done to one's own account take a person. */
export function createApiAuthenticate({ people, db, clock, center, refusals, trail }: Parts): ApiAuthenticate {
  /** Whether who made it may give it now, however they came to be what they are. */
  const isGiven = async (credential: Credential): Promise<boolean> => {
    const maker = AgentId.safeParse(credential.createdBy);
    return maker.success && isGivenBy(credential, center.me(maker.data, 'console')) && !(await isDisabled(db, maker.data));
  };

  return async (headers, address) => {
    const token = bearerOf(headers.authorization);
    if (token === null) return fail('auth.invalid', 'a bearer token is needed');
    if (!isCredentialToken(token)) return people(token);
    const counted = async (whose: string, refused: Result<never>): Promise<Result<never>> => {
      const spent = await refusals.take(whose);
      if (spent !== null) await trail.limited(`token ${whose}`, 'token', { address });
      return spent ?? refused;
    };
    const credential = await credentialByToken(db, token);
    if (credential === null) return counted(networkOf(address), fail('auth.invalid', 'nobody’s token'));
    // One that is over is counted by itself: a program that does not stop asking takes nothing from others of its network.
    const what = credential.kind === 'key' ? 'key' : 'link';
    if (credential.revokedAt !== null) return counted(actorOf(credential), fail('auth.revoked', `the ${what} was revoked`));
    if (credential.expiresAt !== null && credential.expiresAt <= clock.now()) return counted(actorOf(credential), fail('auth.expired', `the ${what} has expired`));
    if (!(await isGiven(credential))) return counted(actorOf(credential), fail('auth.revoked', `the ${what} ended with whoever made it`));
    await noteUse(db, credential, clock.now());
    return ok({ agentId: actorOf(credential), familyId: credential.credentialId, generation: 0, me: meOf(credential) });
  };
}

/** As it stands in the logs. No person has a colon in the id of their account. */
const actorOf = ({ kind, credentialId }: Credential): AgentId => AgentId.parse(`${kind}:${credentialId}`);

/** A key reaches whatever its scopes let it; a display its groups. */
function meOf(credential: Credential): Me {
  const { kind, name } = credential;
  const shared = { agentId: actorOf(credential), account: name, name, duties: [], extension: null };
  return credential.kind === 'key' ? { ...shared, kind: 'key', role: 'admin', scopes: credential.scopes, groupIds: [] } : { ...shared, kind, role: 'agent', groupIds: credential.groupIds };
}
