import { startOfDay } from '../business-day.ts';
import type { Schedule } from './job.ts';

const HOUR_MS = 3600_000;
const MINUTE_MS = 60_000;

/** Pure: the first moment after `now` at which something is due. Where clocks change, up to an hour beside the minute. */
export function nextDue(schedule: Schedule, now: number, timeZone: string): number {
  if ('everyMs' in schedule) return now + schedule.everyMs;
  const today = startOfDay(now, timeZone);
  const at = today + schedule.dailyAtMinute * MINUTE_MS;
  // The longest day has 25 hours, the shortest 23.
  return at > now ? at : startOfDay(today + 36 * HOUR_MS, timeZone) + schedule.dailyAtMinute * MINUTE_MS;
}
