import { z } from 'zod';
import { readTimeZone } from '../../store/configuration.ts';
import { rollUp } from '../../store/rollups.ts';
import { jobKind } from '../job.ts';

/** A turn of writing of a few milliseconds, at most so many hours' rows. */
const LINES_A_STEP = 1000;

/** Counts the log into its hours: each minute what has come since, and all of it where another way of counting begins. */
export const rollUpJob = jobKind({
  kind: 'reports.rollUp',
  lane: 'upkeep',
  payload: z.object({}),
  schedule: { everyMs: 60_000 },
  leaseMs: 30_000,
  mostAttempts: 5,
  async run({ db, step }) {
    const timeZone = await readTimeZone(db);
    let done = 0;
    for (let left = 1; left > 0; done += LINES_A_STEP) {
      left = await rollUp(db, timeZone, LINES_A_STEP);
      if (left > 0) await step({ done: done + LINES_A_STEP, total: done + LINES_A_STEP + left });
    }
    return { result: { of: 'nothing' } };
  },
});
