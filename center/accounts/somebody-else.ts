import { fail, ok, type Result } from '../../contract/errors.ts';
import type { AgentId } from '../../contract/ids.ts';
import { accountOf, type Account } from '../store/accounts.ts';
import type { Database } from '../store/index.ts';

/**
 * The account of somebody who is not who asks. What administrators do to accounts they do to others': a token that was
 * stolen from one would else open their own for good, without their password. `not-found`, or `forbidden` for one's own.
 */
export async function somebodyElse(db: Database, agentId: AgentId, actor: AgentId): Promise<Result<Account>> {
  const account = await accountOf(db, agentId);
  if (account === null) return fail('not-found', 'no such account');
  return agentId === actor ? fail('forbidden', 'not to your own account') : ok(account);
}
