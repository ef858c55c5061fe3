import { expect, it, describe } from 'vitest';
import { AccessReporter } from '../../../agent/access-reporter.ts';
import { silentLogger } from '../../../agent/logger.ts';
import type { AccessReport } from '../../../contract/customer.ts';
import { fail, done } from '../../../contract/errors.ts';
import { CustomerId } from '../../../contract/ids.ts';
import { TestClock } from '../center/center-stage.ts';

const [A, B] = [CustomerId.parse('cu-a'), CustomerId.parse('cu-b')];

function reporter() {
  const clock = new TestClock();
  const reports: AccessReport[] = [];
  const center = { away: false };
  const accesses = new AccessReporter({
    clock,
    log: silentLogger,
    send: (report) => {
      if (center.away) return Promise.resolve(fail('center.unreachable', 'away'));
      reports.push(report);
      return Promise.resolve(done());
    },
  });
  return { clock, reports, center, accesses };
}

describe('whom a person opens', () => {
  it('is told in one report with what they open soon after, one customer once', async () => {
    const { accesses, clock, reports } = reporter();
    accesses.opened(A);
    accesses.opened(A);
    await clock.pass(2000);
    accesses.opened(B);
    accesses.listed(30);
    accesses.listed(12);
    accesses.listed(0);
    expect(reports).toEqual([]);
    await clock.pass(3000);
    expect(reports).toEqual([{ entries: [{ kind: 'customer', customerId: A, agoMs: 5000 }, { kind: 'customer', customerId: B, agoMs: 3000 }, { kind: 'search', customers: 42, agoMs: 3000 }] }]);
    await clock.pass(60_000);
    accesses.opened(A);
    await accesses.flush();
    expect(reports).toHaveLength(2);
  });

  it('is told when the center is back', async () => {
    const { accesses, clock, reports, center } = reporter();
    center.away = true;
    for (let i = 0; i < 450; i++) accesses.opened(CustomerId.parse(`cu-${i}`));
    await clock.pass(40_000);
    expect(reports).toEqual([]);
    center.away = false;
    await clock.pass(30_000);
    expect(reports.map(({ entries }) => entries.length)).toEqual([200, 200, 50]);
    expect(reports[0]?.entries[0]?.agoMs).toBeGreaterThan(30_000);
  });
});
