import { describe, expect, it } from 'vitest';
import { jobKind } from '../../center/jobs/job.ts';
import { eraseCustomerJob } from '../../center/jobs/kinds/erase-customer.ts';
import { erasureStage } from '../unit/jobs/erasure-stage.ts';

describe('the erasure of a person', () => {
  it('that is cut short between any two steps is done by whoever goes on with it, once', async () => {
    for (let at = 1; ; at++) {
      let left = at;
      const kinds = [jobKind({ ...eraseCustomerJob, run: (context, payload) => eraseCustomerJob.run({ ...context, step: async (progress, act) => {
        const value = await context.step(progress, act);
        if (left > 0 && --left === 0) throw new Error('killed');
        return value;
      } }, payload) })];
      const { work, erase, ended, memos, erasures, changed } = await erasureStage(kinds);
      work();
      const job = await ended(await erase(), 3000);
      expect([at, job]).toMatchObject([at, { state: 'done', result: { of: 'erasure', numbers: 1, left: ['customers.note'] } }]);
      expect([await memos(), (await erasures()).length, new Set(changed).size]).toEqual([0, 1, 1]);
      // It was never cut short: that was the last of its steps.
      if (left > 0) break;
      // A few of the many columns that are looked at are as good as all.
      if (at > 6) at += 25;
    }
  }, 60_000);
});
