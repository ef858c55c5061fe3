import { fail, ok, type Result } from '../../contract/errors.ts';
import type { AgentId } from '../../contract/ids.ts';
import type { Job } from '../../contract/job.ts';
import { addAudit, type AuditEntry } from '../store/audit-log.ts';
import { countUnfinished, enqueueJob, findJob, nthNewestAskedAt, unfinishedJob, type NewJob } from '../store/jobs.ts';
import type { Database } from '../store/tables.ts';

/** Jobs of one asker that are not over. One at a time is done, and others wait behind them. */
export const MOST_UNFINISHED = 5;
/** Jobs that one asker begins in an hour, cancelled ones among them. Each is a row, and a line of the audit log for good. */
export const MOST_AN_HOUR = 60;
const HOUR_MS = 3_600_000;

/** What somebody asks for. The same asked for again is the one that is not over. */
export interface AskedJob extends NewJob {
  key: string;
  askedBy: AgentId;
}

/**
 * Queues what somebody asks for, with its entry of the audit log in the same transaction: whoever asks again for what is
 * not over gets that one, and nothing is written.
 * @returns `rate-limited` for who has too many that are not over, or has begun too many in an hour
 */
export const askJob = (db: Database, job: AskedJob, entry: Omit<AuditEntry, 'at' | 'actor'>): Promise<Result<Job>> =>
  db.transaction().execute(async (tx) => {
    const { kind, key, askedBy, now } = job;
    const there = await unfinishedJob(tx, kind, key);
    if (there === null) {
      if ((await countUnfinished(tx, askedBy)) >= MOST_UNFINISHED) return fail('rate-limited', `${MOST_UNFINISHED} jobs are not over: wait for one, or cancel it`);
      const first = await nthNewestAskedAt(tx, askedBy, { after: now - HOUR_MS, to: Math.ceil(now), nth: MOST_AN_HOUR });
      if (first !== null) return fail('rate-limited', `no more than ${MOST_AN_HOUR} jobs an hour`, Math.max(1, Math.ceil(first + HOUR_MS - now)));
    }
    const jobId = there ?? (await enqueueJob(tx, job));
    if (there === null) await addAudit(tx, { ...entry, at: now, actor: askedBy, details: { ...entry.details, jobId } });
    const found = await findJob(tx, jobId);
    if (found === null) throw new Error('a job that was queued is not there');
    return ok(found);
  });
