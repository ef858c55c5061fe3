import { describe, expect, it } from 'vitest';
import { endOfDay, startOfDay } from '../../../renderer/shared/day.ts';

describe('a day of the center', () => {
  it.each([
    ['2026-05-20', 'Asia/Seoul', '2026-05-19T15:00:00.000Z', '2026-05-20T15:00:00.000Z'],
    ['2026-03-08', 'America/New_York', '2026-03-08T05:00:00.000Z', '2026-03-09T04:00:00.000Z'],
    ['2026-11-01', 'America/New_York', '2026-11-01T04:00:00.000Z', '2026-11-02T05:00:00.000Z'],
    ['2026-12-31', 'UTC', '2026-12-31T00:00:00.000Z', '2027-01-01T00:00:00.000Z'],
  ])('%s in %s begins and ends where its midnights are, though clocks be changed', (day, zone, start, end) => {
    expect([startOfDay(day, zone), endOfDay(day, zone)].map((at) => new Date(at ?? 0).toISOString())).toEqual([start, end]);
  });

  it.each(['', 'today', '2026-5-2', '2026-13-40'])('failure: %j is none', (day) => expect([startOfDay(day, 'UTC'), endOfDay(day, 'UTC')]).toEqual([null, null]));
});
