import { randomBytes } from 'node:crypto';
import { AgentId } from '../../contract/ids.ts';
import { hashPassword, verifyPassword } from './passwords.ts';
import type { Database, Reader } from './tables.ts';

/** Checks names and passwords. One per process: it holds the hash that unknown accounts are measured against. */
export interface PasswordCheck {
  /** The agent of this account and password, or null. An unknown account takes as long as a wrong password. */
  (account: string, password: string): Promise<AgentId | null>;
}

export async function createPasswordCheck(db: Reader): Promise<PasswordCheck> {
  const nobody = await hashPassword(randomBytes(16).toString('hex'));
  return async (account, password) => {
    const row = await db.selectFrom('agents').select(['agent_id', 'password_hash']).where('account', '=', account).executeTakeFirst();
    const matches = await verifyPassword(row?.password_hash ?? nobody, password);
    return row && matches ? AgentId.parse(row.agent_id) : null;
  };
}

/** Sets a password. Answers whether there is such an agent. Sign-ins that exist go on. */
export async function setPassword(db: Database, agentId: AgentId, password: string): Promise<boolean> {
  const { numUpdatedRows } = await db.updateTable('agents').set({ password_hash: await hashPassword(password) }).where('agent_id', '=', agentId).executeTakeFirst();
  return numUpdatedRows > 0n;
}
