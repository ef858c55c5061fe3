import { formatNumber } from '../../contract/phone-number.ts';

export { formatNumber };

const two = (n: number): string => String(n).padStart(2, '0');

/** `0:07`, `12:45`, `1:02:03`: a duration in milliseconds for a timer. Negative counts as zero. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** A time of day as people of that language write it: `14:05`. */
export const formatClock = (at: number): string => {
  const date = new Date(at);
  return `${two(date.getHours())}:${two(date.getMinutes())}`;
};

/** `11-24 14:05` within the year, `2025-11-24` beyond it. */
export function formatWhen(at: number, now: number): string {
  const date = new Date(at);
  const today = new Date(now);
  if (date.toDateString() === today.toDateString()) return formatClock(at);
  const day = `${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return date.getFullYear() === today.getFullYear() ? `${day} ${formatClock(at)}` : `${date.getFullYear()}-${day}`;
}

/** Share 0…1 as a whole percentage, `–` for none. */
export const formatShare = (share: number | null): string => (share === null ? '–' : `${Math.round(share * 100)}%`);
