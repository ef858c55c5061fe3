import { z } from 'zod';
import { readTimeZone } from '../../store/configuration.ts';
import { rollUp } from '../../store/rollups.ts';
import { jobKind } from '../job.ts';

/** Of one turn of writing, in which the center waits if it writes: some dozens of rows of hours. */
const LINES_A_TURN = 200;

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
    for (let turn = 1, left = 1; left > 0; turn++) {
      left = await rollUp(db, timeZone, LINES_A_TURN);
      if (left > 0) await step({ done: turn * LINES_A_TURN, total: turn * LINES_A_TURN + left });
    }
    return { result: { of: 'nothing' } };
  },
});
