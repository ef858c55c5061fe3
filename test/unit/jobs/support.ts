import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { jobKind, type JobContext, type JobKind, type Outcome, type Schedule } from '../../../center/jobs/job.ts';
import { openMedia } from '../../../center/media/index.ts';
import { JobRunner } from '../../../center/jobs/runner.ts';
import { cancelJob, enqueueJob, findJob } from '../../../center/store/jobs.ts';
import { AgentId } from '../../../contract/ids.ts';
import { isFinished, type Job, type JobId } from '../../../contract/job.ts';
import { until } from '../../support/until.ts';
import { temporaryFolder, temporaryStore } from '../store/support.ts';

export const NOTHING: Outcome = { result: { of: 'nothing' } };
export const ASKER = AgentId.parse('admin');

/** A kind of job of a test, which does what the test says. */
export const kindOf = (run: (context: JobContext, payload: { n: number }) => Promise<Outcome>, more: Partial<Pick<JobKind, 'leaseMs' | 'mostAttempts' | 'lane'>> & { schedule?: Schedule; kind?: string } = {}): JobKind =>
  jobKind({ kind: 'test.job', lane: 'asked', leaseMs: 30_000, mostAttempts: 3, ...more, payload: z.object({ n: z.number().default(0) }), run });

/**
 * A store and what does its jobs. Its `now` stands still until the test moves it; waits are real, and those that grow are
 * passed over by `patience`.
 */
export async function jobStage(kinds: readonly JobKind[]) {
  const store = await temporaryStore();
  const { db, clock } = store;
  const filesFolder = join(await temporaryFolder(), 'files');
  const logged: string[] = [];
  const changed: string[] = [];
  const log = (_fields: Record<string, unknown>, message: string): void => void logged.push(message);
  const mediaSettings = { kind: 'folder' as const, folder: join(filesFolder, '../media') };
  const media = openMedia({ db, key: null, settings: mediaSettings, clock });
  const settings = { filesFolder, media: mediaSettings, keepContactsDays: null as number | null, keepEventsDays: null as number | null };

  /** Another worker on the store; it ends with the test. */
  const work = (): JobRunner => {
    const runner = new JobRunner({ db, kinds, settings, media, clock, logger: { info: log, warn: log, error: log }, random: () => 0, customersChanged: (ids) => void changed.push(...ids) });
    runner.start();
    onTestFinished(() => runner.stop());
    return runner;
  };
  const ask = (payload: unknown = {}, key?: string, kind = 'test.job'): Promise<JobId> => enqueueJob(db, { kind, payload, ...(key !== undefined && { key }), askedBy: ASKER, now: clock.now() });
  const job = async (jobId: JobId): Promise<Job> => {
    const found = await findJob(db, jobId);
    if (found === null) throw new Error('there is no such job');
    return found;
  };
  /** Waits for the end of a job; time passes meanwhile by so much at a look. */
  const ended = (jobId: JobId, passMs = 0): Promise<Job> =>
    until('the job has ended', async () => {
      clock.at += passMs;
      const found = await job(jobId);
      return isFinished(found) ? found : null;
    });
  return { store, db, clock, media, settings, logged, changed, work, ask, job, ended, cancel: (jobId: JobId) => db.transaction().execute((tx) => cancelJob(tx, jobId, clock.now())) };
}
