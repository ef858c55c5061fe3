import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { AgentId } from '../../contract/ids.ts';
import { Job, JobFailure, JobId, JobProgress, JobResult } from '../../contract/job.ts';
import { wordsOf } from './dialect/words.ts';
import { flagColumn, jsonColumn, readRows } from './rows.ts';
import type { Database, Reader, Writer } from './tables.ts';

/*
 * The queue of jobs. Whoever runs one holds its lease, which is good until a moment: whatever is written for a job asks for
 * the lease in the same transaction, so that a job that was given to somebody else writes nothing any more.
 */

export interface NewJob {
  kind: string;
  payload: unknown;
  /** While one of this kind with this key is not finished, another is not queued. */
  key?: string;
  askedBy: AgentId | null;
  now: number;
}

/** What is due of these kinds. */
const due = (db: Reader, kinds: readonly string[], now: number) =>
  db
    .selectFrom('jobs')
    .select(['job_id', 'kind', 'payload', 'attempts', 'cancel_asked'])
    .where('finished_at', 'is', null)
    .where('kind', 'in', kinds)
    .where((is) => is.or([is.and([is('state', '=', 'waiting'), is('run_at', '<=', now)]), is('lease_until', '<', now)]))
    .orderBy('run_at')
    .limit(1);

/** A job that somebody has taken. */
export interface Leased {
  jobId: JobId;
  kind: string;
  payload: unknown;
  lease: string;
  attempts: number;
}

/** What was asked of a job's lease: it is held; it is somebody else's or the job is over; or the job shall end. */
export type Held = 'held' | 'lost' | 'cancelled';

/** Puts a job into the queue. @returns its id, or that of the unfinished one with its key */
export async function enqueueJob(db: Writer, { kind, payload, key, askedBy, now }: NewJob): Promise<JobId> {
  const jobId = JobId.parse(randomUUID());
  const at = Math.round(now);
  const row = { job_id: jobId, kind, payload: JSON.stringify(payload), key: key ?? null, asked_by: askedBy, state: 'waiting' as const, cancel_asked: 0, attempts: 0, created_at: at, run_at: at };
  const { numInsertedOrUpdatedRows } = await db.insertInto('jobs').values(row).onConflict((conflict) => conflict.doNothing()).executeTakeFirst();
  if (numInsertedOrUpdatedRows === 1n || key === undefined) return jobId;
  const there = await unfinishedJob(db, kind, key);
  if (there === null) throw new Error('a job was queued neither now nor before');
  return there;
}

/** The unfinished job of this kind with this key; null where there is none. */
export async function unfinishedJob(db: Reader, kind: string, key: string): Promise<JobId | null> {
  const row = await db.selectFrom('jobs').select('job_id').where('kind', '=', kind).where('key', '=', key).where('finished_at', 'is', null).executeTakeFirst();
  return row === undefined ? null : JobId.parse(row.job_id);
}

/** How many jobs of somebody are not over. */
export const countUnfinished = async (db: Reader, askedBy: AgentId): Promise<number> =>
  (await db.selectFrom('jobs').select((select) => select.fn.countAll<number>().as('count')).where('asked_by', '=', askedBy).where('finished_at', 'is', null).executeTakeFirstOrThrow()).count;

/** When somebody asked for the `nth` newest of their jobs after a moment and up to another; null where there are fewer. */
export async function nthNewestAskedAt(db: Reader, askedBy: AgentId, { after, to, nth }: { after: number; to: number; nth: number }): Promise<number | null> {
  const row = await db.selectFrom('jobs').select('created_at').where('asked_by', '=', askedBy).where('created_at', '>', after).where('created_at', '<=', to).orderBy('created_at', 'desc').offset(nth - 1).limit(1).executeTakeFirst();
  return row?.created_at ?? null;
}

/**
 * Takes the job that is due longest, if there is one: it waits, or whoever had it lets its lease run out.
 * @param mostAttempts after so many, one that stood still is not tried again
 */
export async function takeJob(db: Database, kinds: readonly string[], { now, leaseMs, mostAttempts }: { now: number; leaseMs: (kind: string) => number; mostAttempts: (kind: string) => number }): Promise<Leased | null> {
  // Who finds nothing to do keeps nobody from writing.
  if ((await due(db, kinds, now).executeTakeFirst()) === undefined) return null;
  return db.transaction().execute(async (tx) => {
    for (;;) {
      const row = await due(tx, kinds, now).executeTakeFirst();
      if (row === undefined) return null;
      const jobId = JobId.parse(row.job_id);
      // What nobody goes on with any more is over, and the next one's turn.
      if (row.cancel_asked === 1) await close(tx, jobId, { state: 'cancelled', now });
      else if (row.attempts >= mostAttempts(row.kind)) await close(tx, jobId, { state: 'failed', failure: 'hung', now });
      else {
        const lease = randomUUID();
        const attempts = row.attempts + 1;
        await tx.updateTable('jobs').set({ state: 'running', lease, lease_until: Math.round(now + leaseMs(row.kind)), attempts, progress: null }).where('job_id', '=', jobId).execute();
        return { jobId, kind: row.kind, payload: JSON.parse(row.payload) as unknown, lease, attempts };
      }
    }
  });
}

/** Whether a lease is held, and for so much longer if it is. In the transaction of what is done for the job. */
export async function holdLease(tx: Writer, { jobId, lease }: Pick<Leased, 'jobId' | 'lease'>, until: number, progress: JobProgress | null): Promise<Held> {
  const held = await tx
    .updateTable('jobs')
    .set({ lease_until: Math.round(until), ...(progress !== null && { progress: JSON.stringify(progress) }) })
    .where('job_id', '=', jobId)
    .where('lease', '=', lease)
    .returning('cancel_asked')
    .executeTakeFirst();
  if (held === undefined) return 'lost';
  return held.cancel_asked === 1 ? 'cancelled' : 'held';
}

/** The only worker of a store begins: whoever had a job before is gone, and nobody waits for their leases to run out. */
export async function freeLeases(db: Writer): Promise<void> {
  await db.updateTable('jobs').set({ lease_until: 0 }).where('finished_at', 'is', null).where('lease', 'is not', null).execute();
}

export type JobEnd = { state: 'done'; result: JobResult; secret?: string | undefined; now: number } | { state: 'failed'; failure: JobFailure; now: number } | { state: 'cancelled'; now: number };

/** Ends a job whose lease is held. @returns whether it was */
export const finishJob = async (tx: Writer, { jobId, lease }: Pick<Leased, 'jobId' | 'lease'>, end: JobEnd): Promise<boolean> =>
  (await holdLease(tx, { jobId, lease }, end.now, null)) !== 'lost' && (await close(tx, jobId, end));

async function close(tx: Writer, jobId: JobId, end: JobEnd): Promise<true> {
  const said = end.state === 'done' ? { result: JSON.stringify(end.result), secret: end.secret ?? null } : end.state === 'failed' ? { error: end.failure } : {};
  await tx.updateTable('jobs').set({ ...said, state: end.state, lease: null, lease_until: null, finished_at: Math.round(end.now) }).where('job_id', '=', jobId).execute();
  return true;
}

/** Lets go of a job, to be taken again at `runAt`. `counts`: whether this attempt was one. */
export async function putOffJob(db: Writer, { jobId, lease }: Pick<Leased, 'jobId' | 'lease'>, runAt: number, counts: boolean): Promise<void> {
  await db
    .updateTable('jobs')
    .set((row) => ({ state: 'waiting', lease: null, lease_until: null, run_at: Math.round(runAt), attempts: counts ? row.ref('attempts') : row('attempts', '-', 1) }))
    .where('job_id', '=', jobId)
    .where('lease', '=', lease)
    .execute();
}

/** One that waits is over; one that runs ends at its next step. What is over stays as it is. @returns whether this was the first to ask for it */
export async function cancelJob(tx: Writer, jobId: JobId, now: number): Promise<boolean> {
  const row = await tx.selectFrom('jobs').select(['state', 'cancel_asked']).where('job_id', '=', jobId).where('finished_at', 'is', null).executeTakeFirst();
  if (row === undefined) return false;
  await tx.updateTable('jobs').set({ cancel_asked: 1 }).where('job_id', '=', jobId).execute();
  if (row.state === 'waiting') await close(tx, jobId, { state: 'cancelled', now });
  return row.cancel_asked === 0;
}

/** Kinds of jobs whose files hold what people wrote. */
const HOLD_NOTES = ['audit.export'];

/**
 * Files that hold what somebody wrote are read by nobody any more once any of that was erased: those that are made are begun
 * anew, and what opens the others is gone.
 */
export async function withdrawFiles(tx: Writer): Promise<void> {
  await tx.updateTable('jobs').set((row) => ({ state: 'waiting', lease: null, lease_until: null, attempts: row('attempts', '-', 1) })).where('kind', 'in', HOLD_NOTES).where('state', '=', 'running').execute();
  await tx
    .updateTable('jobs')
    .set({ secret: null, result: wordsOf(tx).jsonWith('result', 'withdrawn', true) })
    .where('kind', 'in', HOLD_NOTES)
    .where('secret', 'is not', null)
    .execute();
}

const JobRow = z
  .object({
    job_id: JobId,
    kind: z.string(),
    state: Job.shape.state,
    cancel_asked: flagColumn,
    asked_by: AgentId.nullable(),
    created_at: Job.shape.createdAt,
    finished_at: Job.shape.finishedAt,
    attempts: Job.shape.attempts,
    progress: jsonColumn(JobProgress).nullable(),
    result: jsonColumn(JobResult).nullable(),
    error: JobFailure.nullable(),
  })
  .transform((row): Job => ({
    jobId: row.job_id,
    kind: row.kind,
    state: row.state,
    cancelling: row.cancel_asked && row.finished_at === null,
    askedBy: row.asked_by,
    createdAt: row.created_at,
    finishedAt: row.finished_at,
    attempts: row.attempts,
    progress: row.progress,
    result: row.result,
    failure: row.error,
  }));

const COLUMNS = ['job_id', 'kind', 'state', 'cancel_asked', 'asked_by', 'created_at', 'finished_at', 'attempts', 'progress', 'result', 'error'] as const;

/** The newest jobs that people asked for. @param askedBy of this person alone; null: everybody's */
export async function askedJobs(db: Reader, askedBy: AgentId | null, limit: number): Promise<Job[]> {
  const all = db.selectFrom('jobs').select(COLUMNS).where('asked_by', 'is not', null);
  const rows = await (askedBy === null ? all : all.where('asked_by', '=', askedBy)).orderBy('created_at', 'desc').limit(limit).execute();
  return readRows(db, 'jobs', JobRow, rows);
}

export async function findJob(db: Reader, jobId: JobId): Promise<Job | null> {
  const rows = await db.selectFrom('jobs').select(COLUMNS).where('job_id', '=', jobId).execute();
  return readRows(db, 'jobs', JobRow, rows)[0] ?? null;
}

/** What opens the file of a job; null where there is none. */
export const secretOfJob = async (db: Reader, jobId: JobId): Promise<string | null> => (await db.selectFrom('jobs').select('secret').where('job_id', '=', jobId).executeTakeFirst())?.secret ?? null;

/** Of a kind that runs again and again, only the last that was done is kept. */
export async function forgetDone(tx: Writer, kind: string, but: JobId): Promise<void> {
  await tx.deleteFrom('jobs').where('kind', '=', kind).where('state', '=', 'done').where('finished_at', 'is not', null).where('job_id', '<>', but).execute();
}

/** Finished jobs of before a moment are forgotten. @returns how many */
export async function forgetFinished(tx: Writer, before: number): Promise<number> {
  const { numDeletedRows } = await tx.deleteFrom('jobs').where('finished_at', '<', Math.round(before)).executeTakeFirst();
  return Number(numDeletedRows);
}

/** Queues what is due of what is done regularly, once however long nobody looked. @param next the moment after `now` */
export function queueDue(db: Database, kind: string, now: number, next: () => number): Promise<void> {
  return db.transaction().execute(async (tx) => {
    // A clock that was set back far has not made it due in a year.
    if (Math.min((await dueAt(tx, kind)) ?? now, next()) > now) return;
    await enqueueJob(tx, { kind, payload: {}, key: 'regular', askedBy: null, now });
    const row = { kind, due_at: Math.round(next()) };
    await tx.insertInto('job_schedules').values(row).onConflict((conflict) => conflict.column('kind').doUpdateSet(row)).execute();
  });
}

/** When a kind is due next; null before its first time. For who looks whether it is worth a transaction. */
export const dueAt = async (db: Reader, kind: string): Promise<number | null> => (await db.selectFrom('job_schedules').select('due_at').where('kind', '=', kind).executeTakeFirst())?.due_at ?? null;

/** Jobs whose file may still be read. */
export async function unexpiredFiles(db: Reader, now: number): Promise<JobId[]> {
  const rows = await db
    .selectFrom('jobs')
    .select('job_id')
    .where('secret', 'is not', null)
    .where(wordsOf(db).jsonNumber('result', 'expiresAt'), '>', Math.round(now))
    .execute();
  return rows.map(({ job_id }) => JobId.parse(job_id));
}
