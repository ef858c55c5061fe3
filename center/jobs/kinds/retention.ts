import { z } from 'zod';
import { emptyJournal } from '../../store/dialect/journal.ts';
import { CONTACTS_A_STEP, eraseSomeContactsBefore, eraseSomeEventsBefore, LINES_A_STEP } from '../../store/erasure.ts';
import type { Writer } from '../../store/tables.ts';
import { jobKind, type JobContext } from '../job.ts';

const DAY_MS = 86_400_000;
/** Statistics compare with the same weekday a week ago: events are needed so long in any case. */
const LEAST_EVENTS_DAYS = 8;

/** Erases, once a day while few are on the telephone, what has been kept long enough. */
export const retentionJob = jobKind({
  kind: 'store.retention',
  lane: 'upkeep',
  payload: z.object({}),
  schedule: { dailyAtMinute: 3 * 60 + 30 },
  leaseMs: 60_000,
  mostAttempts: 5,
  async run(context) {
    const { db, settings, now } = context;
    const before = (days: number): number => now() - days * DAY_MS;
    const { keepContactsDays, keepEventsDays } = settings;
    const contacts = keepContactsDays === null ? 0 : await inSteps(context, 0, CONTACTS_A_STEP, (tx) => eraseSomeContactsBefore(tx, before(keepContactsDays)));
    const events = keepEventsDays === null ? 0 : await inSteps(context, contacts, LINES_A_STEP, (tx) => eraseSomeEventsBefore(tx, before(Math.max(keepEventsDays, LEAST_EVENTS_DAYS))));
    if (contacts + events > 0) await emptyJournal(db);
    return { result: { of: 'nothing' } };
  },
});

/** Until a step has less to do than it could. @returns how much was done in all */
async function inSteps({ step }: JobContext, before: number, most: number, some: (tx: Writer) => Promise<number>): Promise<number> {
  let done = 0;
  for (;;) {
    const count = await step({ done: before + done, total: null }, some);
    done += count;
    if (count < most) return done;
  }
}
