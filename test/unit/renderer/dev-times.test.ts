import { describe, expect, it } from 'vitest';
import { localTime } from '../../../contract/local-time.ts';
import { DevCustomers } from '../../../renderer/app/dev-customers.ts';
import { recordAt } from '../../../renderer/app/dev-scenarios.ts';
import { officeTimeBefore } from '../../../renderer/app/dev-times.ts';

const isOfficeTime = (at: number): boolean => {
  const { weekday, hour } = localTime(at, 'Asia/Seoul');
  return weekday >= 1 && weekday <= 5 && hour >= 9 && hour < 18;
};

describe('times of what is pretended in development', () => {
  it.each([
    ['at noon', '2026-11-25T12:00:00+09:00'],
    ['as the office opens', '2026-11-30T09:00:00+09:00'],
    ['at night', '2026-11-25T03:10:00+09:00'],
    ['on a Sunday', '2026-11-29T14:00:00+09:00'],
  ])('are of office hours, newest first and over, when looked at %s', (_when, moment) => {
    const now = Date.parse(moment);
    const { lines } = new DevCustomers(now).history({ agentId: null, groupId: null, missed: false, kind: null, from: null, to: null, disposition: null, dispositionMissing: false, text: '', limit: 500, before: null });
    const times = [...recordAt(now).timeline, ...lines].map(({ startedAt }) => startedAt);
    expect(times.filter((at) => !isOfficeTime(at) || at >= now)).toEqual([]);
    expect(lines.map(({ startedAt }) => startedAt)).toEqual(lines.map(({ startedAt }) => startedAt).toSorted((a, b) => b - a));
  });

  it('go back over the night and the weekend', () => {
    const monday = Date.parse('2026-11-30T09:10:00+09:00');
    expect([10, 11, 550, 551].map((minutes) => new Date(officeTimeBefore(monday, minutes)).toISOString())).toEqual(['2026-11-30T00:00:00.000Z', '2026-11-27T08:59:00.000Z', '2026-11-27T00:00:00.000Z', '2026-11-26T08:59:00.000Z']);
  });
});
