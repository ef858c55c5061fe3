const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const KST_OFFSET_MS = 9 * 3_600_000;
const OPENS_MINUTE = 9 * 60;
const OFFICE_MINUTES = 9 * 60;

/** @param day its midnight, as if Seoul's were UTC's */
const isWeekend = (day: number): boolean => [0, 6].includes(new Date(day).getUTCDay());

/**
 * The moment that is so many minutes of office time before another: 09:00 to 18:00 in Seoul from Monday to Friday, as
 * contacts of a center have it. For what is pretended in development.
 */
export function officeTimeBefore(now: number, minutes: number): number {
  const local = now + KST_OFFSET_MS;
  let day = Math.floor(local / DAY_MS) * DAY_MS;
  /** Of office time that is over on that day. */
  let over = isWeekend(day) ? 0 : Math.min(OFFICE_MINUTES, Math.max(0, Math.floor((local - day) / MINUTE_MS) - OPENS_MINUTE));
  let left = Math.max(1, minutes);
  while (left > over) {
    left -= over;
    day -= DAY_MS;
    over = isWeekend(day) ? 0 : OFFICE_MINUTES;
  }
  return day - KST_OFFSET_MS + (OPENS_MINUTE + over - left) * MINUTE_MS;
}
