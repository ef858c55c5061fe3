import type { credentialEndpoints } from '../../contract/api/credentials.ts';
import type { ApiKey, DisplayLink } from '../../contract/credentials.ts';
import { done, fail, ok, type Result } from '../../contract/errors.ts';
import { AgentId } from '../../contract/ids.ts';
import { hasScope } from '../../contract/permissions.ts';
import type { ApiCaller, ApiHandlers } from '../api.ts';
import type { Clock, ContactCenter } from '../ports.ts';
import { unknownGroups } from '../store/configuration.ts';
import { createCredential, credentialsOf, revokeCredential, type Credential, type CredentialWriter } from '../store/credentials.ts';
import type { Database } from '../store/index.ts';

export interface CredentialParts {
  db: Database;
  clock: Pick<Clock, 'now'>;
  center: Pick<ContactCenter, 'me' | 'wall'>;
}

/** Longer than this nobody remembers what a key was for. */
const LONGEST_KEY_MS = 2 * 366 * 86_400_000;

/** Links to wallboards and keys of other systems: made, listed, ended; and what a display shows. */
export function createCredentialEndpoints({ db, clock, center }: CredentialParts): ApiHandlers<keyof typeof credentialEndpoints> {
  const writer = ({ agentId, address }: ApiCaller): CredentialWriter => ({ by: agentId, address, at: clock.now() });
  const nameOf = (by: string): string => center.me(AgentId.parse(by), 'console')?.name ?? by;
  const shown = <One extends Credential>(credential: One): Omit<One, 'kind'> => {
    const { kind: _, ...rest } = credential;
    return { ...rest, createdBy: nameOf(credential.createdBy) };
  };
  const asDisplay = (credential: Credential): DisplayLink[] => (credential.kind === 'display' ? [shown(credential)] : []);
  const asKey = (credential: Credential): ApiKey[] => (credential.kind === 'key' ? [shown(credential)] : []);

  async function revoke(kind: Credential['kind'], credentialId: string, caller: ApiCaller): Promise<Result<null>> {
    return (await revokeCredential(db, kind, credentialId, writer(caller))) ? done() : fail('not-found', `no such ${kind}`);
  }

  return {
    'wall.show': async (_, { me }) => {
      const wall = center.wall(me.groupIds);
      return wall === null ? fail('switch.unavailable', 'the center is not running') : ok({ name: me.name, ...wall });
    },

    'displays.list': async () => ok((await credentialsOf(db, 'display')).flatMap(asDisplay)),
    'displays.create': async ({ name, groupIds, expiresAt }, caller) => {
      if (expiresAt !== null && expiresAt <= clock.now()) return fail('input.invalid', 'expiresAt: is over');
      const unknown = await unknownGroups(db, groupIds);
      if (unknown.length > 0) return fail('input.invalid', `groupIds: no such group: ${unknown.join(', ')}`);
      const { credential, token } = await createCredential(db, name, { kind: 'display', groupIds: [...new Set(groupIds)] }, expiresAt, writer(caller));
      const [display] = asDisplay(credential);
      return display === undefined ? fail('unexpected', 'no display') : ok({ display, token });
    },
    'displays.revoke': ({ credentialId }, caller) => revoke('display', credentialId, caller),

    'keys.list': async () => ok((await credentialsOf(db, 'key')).flatMap(asKey)),
    'keys.create': async ({ name, scopes, expiresAt }, caller) => {
      const now = clock.now();
      if (expiresAt <= now || expiresAt > now + LONGEST_KEY_MS) return fail('input.invalid', 'expiresAt: within two years');
      // Nobody gives more than they have.
      const beyond = scopes.filter((scope) => !hasScope(caller.me, scope));
      if (beyond.length > 0) return fail('forbidden', `not yours to give: ${beyond.join(', ')}`);
      const { credential, token } = await createCredential(db, name, { kind: 'key', scopes: [...new Set(scopes)] }, expiresAt, writer(caller));
      const [key] = asKey(credential);
      return key === undefined ? fail('unexpected', 'no key') : ok({ key, token });
    },
    'keys.revoke': ({ credentialId }, caller) => revoke('key', credentialId, caller),
  };
}
