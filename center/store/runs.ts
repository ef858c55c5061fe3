import { randomUUID } from 'node:crypto';
import { currentRevision } from './revision.ts';
import type { Database, Reader } from './tables.ts';

/** A desk that last heard of a run before these fetches everything anew. */
const RUNS_KEPT = 500;

const MARK = /^([0-9a-f-]{36})\.(\d{1,15})$/;

/**
 * Begins a run: the time from one opening of the store to the next. A revision alone does not say which change it
 * names: a store restored from a backup, or one that lost its last seconds with the power, counts on from an earlier
 * one. Every opening is a run of its own, with an id that no other has; what a run has reached is therefore known of
 * every run but the present one, in every copy of the file.
 */
export async function beginRun(db: Database): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await tx.insertInto('runs').values({ run_id: randomUUID(), first_revision: await currentRevision(tx) }).execute();
    const oldest = await tx.selectFrom('runs').select('id').orderBy('id', 'desc').offset(RUNS_KEPT).limit(1).executeTakeFirst();
    if (oldest !== undefined) await tx.deleteFrom('runs').where('id', '<=', oldest.id).execute();
  });
}

/** Names the present state of this very store: the run, and how far it has come. */
export async function presentMark(db: Reader): Promise<string> {
  const { run_id } = await db.selectFrom('runs').select('run_id').orderBy('id', 'desc').limit(1).executeTakeFirstOrThrow();
  return `${run_id}.${await currentRevision(db)}`;
}

/** Whether the state that `mark` names is in this store's past: its run is, and had come that far. */
export async function isInPast(db: Reader, mark: string): Promise<boolean> {
  const [, runId, revision] = MARK.exec(mark) ?? [];
  if (runId === undefined) return false;
  const run = await db.selectFrom('runs').select('id').where('run_id', '=', runId).executeTakeFirst();
  if (run === undefined) return false;
  const next = await db.selectFrom('runs').select('first_revision').where('id', '>', run.id).orderBy('id').limit(1).executeTakeFirst();
  return Number(revision) <= (next?.first_revision ?? (await currentRevision(db)));
}
