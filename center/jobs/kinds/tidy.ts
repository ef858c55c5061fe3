import { z } from 'zod';
import { forgetFinished } from '../../store/jobs.ts';
import { removeOldFiles } from '../files.ts';
import { jobKind } from '../job.ts';

const DAY_MS = 86_400_000;
/** What was asked for is seen for so long in one's list. */
const KEEP_FINISHED_MS = 30 * DAY_MS;

/** Forgets jobs that were finished long ago, and removes files whose time is up. */
export const tidyJob = jobKind({
  kind: 'jobs.tidy',
  lane: 'upkeep',
  payload: z.object({}),
  schedule: { everyMs: 600_000 },
  leaseMs: 60_000,
  mostAttempts: 5,
  async run({ settings, now, step, db }) {
    await step(null, (tx) => forgetFinished(tx, now() - KEEP_FINISHED_MS));
    await removeOldFiles(db, settings.filesFolder, now());
    return { result: { of: 'nothing' } };
  },
});
