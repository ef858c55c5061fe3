import { createHash, createHmac, randomBytes, randomUUID } from 'node:crypto';
import { AgentId } from '../../contract/ids.ts';
import type { Database, Reader, Writer } from './tables.ts';

/** One sign-in is a family, from its password to its sign-out, across refreshes. A person has one desk at a time, and as many consoles as they like. */
export type FamilyKind = 'desk' | 'console';

export interface TokenFamily {
  familyId: string;
  agentId: AgentId;
  kind: FamilyKind;
  /** Of a desk; 0 of a console. */
  generation: number;
}

export interface IssuedToken extends TokenFamily {
  refreshToken: string;
}

/** What became of a refresh token: a successor, or the reason why there is none. */
export type Rotation =
  /** `again`: the answer to an earlier use was not heard, or two came at one moment; it is the same successor. */
  | { outcome: 'rotated'; issued: IssuedToken; again: boolean }
  | { outcome: 'unknown' | 'expired' | 'ended' }
  /** Used again though its successor has been, or long afterwards: someone has a copy, so its family has been ended. */
  | { outcome: 'replayed'; family: TokenFamily };

const REFRESH_LIFE_MS = 12 * 3_600_000;
/** So long a used token answers the successor it was traded for: as long as a call outlives the loss of its center. */
export const REPEAT_MS = 6 * 60_000;

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

/** Starts a family. A desk's ends the one of the desk before: the newest wins. */
export async function startFamily(db: Database, agentId: AgentId, { kind, generation }: Pick<TokenFamily, 'kind' | 'generation'>, now: number): Promise<IssuedToken> {
  const family: TokenFamily = { familyId: randomUUID(), agentId, kind, generation };
  return db.transaction().execute(async (tx) => {
    if (kind === 'desk') await endFamilies(tx, agentId, now, { kind: 'desk' });
    await tx.insertInto('token_families').values({ family_id: family.familyId, agent_id: agentId, kind, generation, created_at: now, ended_at: null }).execute();
    return issue(tx, family, randomBytes(32).toString('base64url'), now);
  });
}

/**
 * Trades a refresh token for the next one of its family. Which one that is follows from the token and `key` (of this
 * installation alone), so that a use whose answer was lost can be repeated, while no successor is ever kept.
 */
export async function rotate(db: Database, key: Uint8Array, refreshToken: string, now: number): Promise<Rotation> {
  return db.transaction().execute(async (tx): Promise<Rotation> => {
    const tokenHash = hashOf(refreshToken);
    const row = await tx
      .selectFrom('refresh_tokens')
      .innerJoin('token_families', 'token_families.family_id', 'refresh_tokens.family_id')
      .select(['token_families.family_id', 'agent_id', 'kind', 'generation', 'ended_at', 'expires_at', 'used_at'])
      .where('token_hash', '=', tokenHash)
      .executeTakeFirst();
    const agentId = AgentId.safeParse(row?.agent_id);
    if (!row || !agentId.success) return { outcome: 'unknown' };
    if (row.ended_at !== null) return { outcome: 'ended' };
    const family: TokenFamily = { familyId: row.family_id, agentId: agentId.data, kind: row.kind, generation: row.generation };
    const successor = createHmac('sha256', key).update(`refresh ${refreshToken}`).digest('base64url');
    if (row.used_at !== null) {
      if (now - row.used_at <= REPEAT_MS && (await isUnused(tx, successor))) return { outcome: 'rotated', issued: { ...family, refreshToken: successor }, again: true };
      await endFamily(tx, family.familyId, now);
      return { outcome: 'replayed', family };
    }
    if (row.expires_at <= now) return { outcome: 'expired' };
    await tx.updateTable('refresh_tokens').set({ used_at: now }).where('token_hash', '=', tokenHash).execute();
    return { outcome: 'rotated', issued: await issue(tx, family, successor, now), again: false };
  });
}

async function isUnused(db: Reader, refreshToken: string): Promise<boolean> {
  const row = await db.selectFrom('refresh_tokens').select('used_at').where('token_hash', '=', hashOf(refreshToken)).executeTakeFirst();
  return row?.used_at === null;
}

export async function endFamily(db: Writer, familyId: string, now: number): Promise<void> {
  await db.updateTable('token_families').set({ ended_at: now }).where('family_id', '=', familyId).where('ended_at', 'is', null).execute();
}

/** Ends the sign-ins of a person: all of them, those of one kind, or all but one. @returns those that were alive */
export async function endFamilies(db: Writer, agentId: AgentId, now: number, { kind, except }: { kind?: FamilyKind; except?: string } = {}): Promise<string[]> {
  const ended = await db
    .updateTable('token_families')
    .set({ ended_at: now })
    .where('agent_id', '=', agentId)
    .where('ended_at', 'is', null)
    .$if(except !== undefined, (query) => query.where('family_id', '!=', except ?? ''))
    .$if(kind !== undefined, (query) => query.where('kind', '=', kind ?? 'desk'))
    .returning('family_id')
    .execute();
  return ended.map(({ family_id }) => family_id);
}

/** What a sign-in is, while it lives; null for one that has ended. */
export async function livingKind(db: Reader, familyId: string): Promise<FamilyKind | null> {
  const row = await db.selectFrom('token_families').select(['ended_at', 'kind']).where('family_id', '=', familyId).executeTakeFirst();
  return row?.ended_at === null ? row.kind : null;
}

/** Forgets families that ended, or can no longer be refreshed, longer than a refresh token's life ago. */
export async function forgetOldFamilies(db: Database, now: number): Promise<void> {
  const before = now - 2 * REFRESH_LIFE_MS;
  await db
    .deleteFrom('token_families')
    .where('created_at', '<', before)
    .where('family_id', 'not in', (tokens) => tokens.selectFrom('refresh_tokens').select('family_id').where('expires_at', '>', before))
    .execute();
}

async function issue(db: Writer, family: TokenFamily, refreshToken: string, now: number): Promise<IssuedToken> {
  await db.insertInto('refresh_tokens').values({ token_hash: hashOf(refreshToken), family_id: family.familyId, expires_at: now + REFRESH_LIFE_MS, used_at: null }).execute();
  return { ...family, refreshToken };
}
