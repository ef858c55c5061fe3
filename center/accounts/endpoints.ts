import type { accountEndpoints } from '../../contract/api/account.ts';
import { done, fail, ok } from '../../contract/errors.ts';
import type { AgentId } from '../../contract/ids.ts';
import type { ApiHandlers } from '../api.ts';
import { accountOf } from '../store/accounts.ts';
import { doorOf } from '../store/audit-log.ts';
import type { Database } from '../store/index.ts';

const MOST_AT_THE_DOOR = 50;

export interface AccountParts {
  db: Database;
  /** Ends every sign-in of a person, and writes down who did it from where. */
  signOut: (actor: AgentId, agentId: AgentId, from: { address: string }) => Promise<void>;
}

/** What people see and do about their own account. */
export const createAccountEndpoints = ({ db, signOut }: AccountParts): ApiHandlers<keyof typeof accountEndpoints> => ({
  'account.door': async (_, { agentId }) => {
    const account = await accountOf(db, agentId);
    return account === null ? fail('not-found', 'no such account') : ok(await doorOf(db, account, MOST_AT_THE_DOOR));
  },
  'account.signOutEverywhere': async (_, { agentId, address }) => {
    await signOut(agentId, agentId, { address });
    return done();
  },
});
