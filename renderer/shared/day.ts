const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** What a clock in the zone reads at a moment, as if it were UTC. */
function wallClock(at: number, timeZone: string | undefined): number {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' }).formatToParts(at);
  const of = (type: string): number => Number(parts.find((part) => part.type === type)?.value ?? 0);
  return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'));
}

/**
 * When a day begins in a zone, in epoch milliseconds; null for what is no day.
 * @param day as a date field gives it, `2026-05-20`
 * @param timeZone undefined: this browser's
 */
export function startOfDay(day: string, timeZone: string | undefined): number | null {
  const midnight = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  if (!Number.isFinite(midnight)) return null;
  const offset = (at: number): number => wallClock(at, timeZone) - Math.floor(at / MINUTE_MS) * MINUTE_MS;
  // By the offset that holds at about that time, and then by the one at that time: a clock may be changed in between.
  return midnight - offset(midnight - offset(midnight));
}

/** When the day after begins: days are from one midnight to the next, of whatever length. */
export const endOfDay = (day: string, timeZone: string | undefined): number | null => {
  const start = startOfDay(day, timeZone);
  return start === null ? null : startOfDay(new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10), timeZone);
};
