import { shallowRef } from 'vue';
import { localTime, type LocalTime } from '../../contract/local-time.ts';

const two = (n: number): string => String(n).padStart(2, '0');

/** `0:07`, `12:45`, `1:02:03`: a duration in milliseconds for a timer. Negative counts as zero. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;
const centersZone = shallowRef<string | null>(null);

/** From now on times are those of this zone, an IANA name; null: of this machine. What is shown changes with it. */
export const showTimesIn = (timeZone: string | null): void => void (centersZone.value = timeZone);

/** A moment as clocks at the center read it. */
export const atCenter = (at: number): LocalTime => localTime(at, centersZone.value ?? ownZone());

/** The center's zone where clocks here read something else, so that it must be said; else null. */
export function foreignZone(now: number): string | null {
  const zone = centersZone.value;
  return zone === null || localTime(now, zone).ms === localTime(now, ownZone()).ms ? null : zone;
}

const clockOf = ({ hour, minute }: LocalTime): string => `${two(hour)}:${two(minute % 60)}`;

/** A time of day at the center: `14:05`. */
export const formatClock = (at: number): string => clockOf(atCenter(at));

/** `11-24 14:05` within the year, `2025-11-24` beyond it. */
export function formatWhen(at: number, now: number): string {
  const time = atCenter(at);
  const { date } = time;
  const today = todayAt(now);
  if (date === today) return clockOf(time);
  return date.slice(0, 4) === today.slice(0, 4) ? `${date.slice(5)} ${clockOf(time)}` : date;
}

let asked = { now: Number.NaN, zone: '', date: '' };
/** The date of a moment that many lines of one list ask for: reading a calendar is most of what a line costs. */
function todayAt(now: number): string {
  const zone = centersZone.value ?? ownZone();
  if (asked.now !== now || asked.zone !== zone) asked = { now, zone, date: localTime(now, zone).date };
  return asked.date;
}

/**
 * Share 0…1 with at most one decimal, cut and not rounded: 84.96 % must not read 85 % beside an amber mark.
 * `–` before the first call.
 */
export const formatPercent = (share: number | null): string => (share === null ? '–' : `${Math.floor(share * 1000 + 1e-6) / 10}%`);
