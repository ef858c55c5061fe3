import { createHash, randomBytes } from 'node:crypto';
import { AgentId } from '../../contract/ids.ts';
import type { Invitation } from '../../contract/set-up.ts';
import type { Reader, Writer } from './tables.ts';

/** Over a weekend and a week's holidays. */
export const INVITATION_LIFE_MS = 14 * 86_400_000;
/** So long one that is over says why it is. */
const REMEMBERED_MS = 90 * 86_400_000;

/** The page that takes an invitation; behind the `#` nothing goes to a server's log. */
const PATH = '/invitation#';

/** An invitation that was made up and is kept nowhere yet. */
export interface NewInvitation {
  tokenHash: string;
  /** What its person is told, once. */
  told: Invitation;
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

/** Makes up an invitation, good for two weeks. Its token has 144 bits: no slow digest is needed. */
export function newInvitation(now: number): NewInvitation {
  const token = randomBytes(18).toString('base64url');
  return { tokenHash: hashOf(token), told: { path: `${PATH}${token}`, expiresAt: now + INVITATION_LIFE_MS } };
}

/** Keeps an invitation of a person, in the place of any before. */
export async function putInvitation(db: Writer, agentId: AgentId, { tokenHash, told }: NewInvitation, now: number): Promise<void> {
  await endInvitations(db, agentId, now);
  await db.deleteFrom('invitations').where('expires_at', '<', now - REMEMBERED_MS).execute();
  await db.insertInto('invitations').values({ token_hash: tokenHash, agent_id: agentId, expires_at: told.expiresAt, ended_at: null }).execute();
}

/** A person has a password now, or another invitation: those before are good for nothing. */
export async function endInvitations(db: Writer, agentId: AgentId, now: number): Promise<void> {
  await db.updateTable('invitations').set({ ended_at: now }).where('agent_id', '=', agentId).where('ended_at', 'is', null).execute();
}

/** Whose invitation a token is, and what has become of it; null for no token of ours. */
export async function findInvitation(db: Reader, token: string, now: number): Promise<{ agentId: AgentId; state: 'good' | 'expired' | 'ended'; expiresAt: number } | null> {
  const row = await db.selectFrom('invitations').selectAll().where('token_hash', '=', hashOf(token)).executeTakeFirst();
  const agentId = AgentId.safeParse(row?.agent_id);
  if (row === undefined || !agentId.success) return null;
  return { agentId: agentId.data, state: row.ended_at !== null ? 'ended' : row.expires_at <= now ? 'expired' : 'good', expiresAt: row.expires_at };
}

/** Spends an invitation. Answers whether it was still good: of two at one moment, one. */
export async function spendInvitation(db: Writer, token: string, now: number): Promise<boolean> {
  const { numUpdatedRows } = await db.updateTable('invitations').set({ ended_at: now }).where('token_hash', '=', hashOf(token)).where('ended_at', 'is', null).where('expires_at', '>', now).executeTakeFirst();
  return numUpdatedRows > 0n;
}
