import { expect, it } from 'vitest';
import { nextDue } from '../../../center/jobs/schedule.ts';

const at = (text: string): number => Date.parse(text);
const told = (now: string, timeZone: string): string => new Date(nextDue({ dailyAtMinute: 210 }, at(now), timeZone)).toISOString();

it('what is due daily is so at the minute of the center’s zone, also where the clocks change', () => {
  expect(told('2026-05-20T18:00:00Z', 'Asia/Seoul')).toBe('2026-05-20T18:30:00.000Z');
  expect(told('2026-05-20T18:30:00Z', 'Asia/Seoul')).toBe('2026-05-21T18:30:00.000Z');
  expect(told('2026-05-20T23:00:00Z', 'Asia/Seoul')).toBe('2026-05-21T18:30:00.000Z');
  // The night to the 29th of March is an hour shorter in Berlin.
  expect(told('2026-03-28T03:00:00Z', 'Europe/Berlin')).toBe('2026-03-29T02:30:00.000Z');
  expect(told('2026-10-25T06:00:00Z', 'Europe/Berlin')).toBe('2026-10-26T02:30:00.000Z');
  expect(nextDue({ everyMs: 60_000 }, 5, 'Asia/Seoul')).toBe(60_005);
});
