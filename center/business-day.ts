import { localTime, type LocalTime } from '../contract/local-time.ts';

/** First moment of the business day that `epochMs` is in, right also where the clocks changed since. */
export function startOfDay(epochMs: number, timeZone: string): number {
  const { date, ms } = localTime(epochMs, timeZone);
  const guess = epochMs - ms;
  const there = localTime(guess, timeZone);
  if (there.date === date) return guess - there.ms;
  return guess + (24 * 3600 * 1000 - there.ms);
}

/** Minutes of the day. One that ends no later than it begins is a night shift, and ends on the day after its weekday. */
export interface OpeningSpan {
  weekday: LocalTime['weekday'];
  fromMinute: number;
  toMinute: number;
}

/** Pure: whether a moment is within one of the spans. */
export function isWithin(spans: readonly OpeningSpan[], { weekday, minute }: Pick<LocalTime, 'weekday' | 'minute'>): boolean {
  const yesterday = (weekday + 6) % 7;
  return spans.some((span) => {
    const { fromMinute, toMinute } = span;
    if (fromMinute < toMinute) return span.weekday === weekday && minute >= fromMinute && minute < toMinute;
    return (span.weekday === weekday && minute >= fromMinute) || (span.weekday === yesterday && minute < toMinute);
  });
}
