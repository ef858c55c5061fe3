import type { accountEndpoints } from '../../contract/api/account.ts';
import type { accountsEndpoints } from '../../contract/api/accounts.ts';
import type { AccountSummary, TemporaryPassword } from '../../contract/account.ts';
import { done, fail, ok, type Result } from '../../contract/errors.ts';
import type { AgentId } from '../../contract/ids.ts';
import type { ApiCaller, ApiHandlers } from '../api.ts';
import { accountOf, allAccounts } from '../store/accounts.ts';
import { doorOf } from '../store/audit-log.ts';
import type { Database } from '../store/index.ts';
import { somebodyElse } from './somebody-else.ts';

const MOST_AT_THE_DOOR = 50;

interface From {
  address: string;
}

/** What is done to accounts at the door; each writes down who did it to whom, from where. */
export interface AccountDoor {
  /** Their desk alone. */
  endDesk: (actor: AgentId, agentId: AgentId, from: From) => Promise<void>;
  signOut: (actor: AgentId, agentId: AgentId, from: From) => Promise<void>;
  disable: (actor: AgentId, agentId: AgentId, from: From) => Promise<void>;
  enable: (actor: AgentId, agentId: AgentId, from: From) => Promise<void>;
  temporaryPassword: (actor: AgentId, agentId: AgentId, from: From) => Promise<TemporaryPassword>;
  removeFactors: (actor: AgentId, agentId: AgentId, from: From) => Promise<void>;
}

export interface AccountParts {
  db: Database;
  accounts: AccountDoor;
}

/** What people see and do about their own account, and administrators about others'. */
export function createAccountEndpoints({ db, accounts }: AccountParts): ApiHandlers<keyof typeof accountEndpoints | keyof typeof accountsEndpoints> {
  /** Done to somebody who has an account, and is not who asks. */
  const toSomebody =
    <Value>(act: (actor: AgentId, agentId: AgentId, from: From) => Promise<Value>) =>
    async ({ agentId }: { agentId: AgentId }, { agentId: actor, address }: ApiCaller): Promise<Result<Value>> => {
      const found = await somebodyElse(db, agentId, actor);
      return found.ok ? ok(await act(actor, agentId, { address })) : found;
    };
  const silent = (act: (actor: AgentId, agentId: AgentId, from: From) => Promise<void>) => toSomebody((...asked) => act(...asked).then(() => null));

  return {
    'account.door': async (_, { agentId }) => {
      const account = await accountOf(db, agentId);
      return account === null ? fail('not-found', 'no such account') : ok(await doorOf(db, account, MOST_AT_THE_DOOR));
    },
    'account.signOutEverywhere': async (_, { agentId, address }) => {
      await accounts.signOut(agentId, agentId, { address });
      return done();
    },

    'accounts.list': async () => ok((await allAccounts(db)).map(({ agentId, account, role, disabledAt, mustChange }): AccountSummary => ({ agentId, account, role, disabled: disabledAt !== null, mustChange }))),
    'accounts.resetPassword': toSomebody((...asked) => accounts.temporaryPassword(...asked)),
    'accounts.disable': silent((...asked) => accounts.disable(...asked)),
    'accounts.enable': silent((...asked) => accounts.enable(...asked)),
    'accounts.signOut': silent((...asked) => accounts.signOut(...asked)),
    'accounts.removeFactors': silent((...asked) => accounts.removeFactors(...asked)),
  };
}
