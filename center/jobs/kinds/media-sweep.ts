import { z } from 'zod';
import { jobKind } from '../job.ts';

/** Removes objects that nobody uses, bytes that no object has, and what was left half written. */
export const mediaSweepJob = jobKind({
  kind: 'media.sweep',
  lane: 'upkeep',
  payload: z.object({}),
  schedule: { everyMs: 3_600_000 },
  leaseMs: 300_000,
  mostAttempts: 3,
  async run({ media, step }) {
    await step(null);
    await media.sweep();
    return { result: { of: 'nothing' } };
  },
});
