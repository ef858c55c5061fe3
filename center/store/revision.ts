import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Reader, Writer } from './tables.ts';

/** Takes the next `count` revisions and answers the first. Within a transaction: readers never see a gap that fills later. */
export async function nextRevision(db: Writer, count = 1): Promise<number> {
  const { value } = await db
    .updateTable('revision')
    .set({ value: sql<number>`value + ${count}` })
    .returning('value')
    .executeTakeFirstOrThrow();
  return value - count + 1;
}

/** The last revision given: where a cache that has everything stands. */
export async function currentRevision(db: Reader): Promise<number> {
  const { value } = await db.selectFrom('revision').select('value').executeTakeFirstOrThrow();
  return value;
}

/** Names a state of what people change: random, for a restored store counts to the same numbers again. */
export const newVersion = (): string => randomBytes(8).toString('hex');
