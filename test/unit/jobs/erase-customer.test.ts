import { describe, expect, it } from 'vitest';
import { eraseCustomerJob } from '../../../center/jobs/kinds/erase-customer.ts';
import { jobKind } from '../../../center/jobs/job.ts';
import { until } from '../../support/until.ts';
import { NOW } from '../store/support.ts';
import { CONTACTS, DONE, erasureStage, NUMBER } from './erasure-stage.ts';

describe('the erasure of a person', () => {
  it('is done beside the calls, says how far it is and where their number stands nevertheless, and desks are told', async () => {
    const { work, erase, ended, memos, erasures, changed, customerId, store, other } = await erasureStage();
    work();
    expect(await ended(await erase())).toMatchObject({ state: 'done', progress: { done: CONTACTS, total: CONTACTS }, result: DONE });
    expect([await memos(), changed, await store.records.customer(customerId), (await store.records.customer(other.customerId))?.name]).toEqual([0, [customerId], null, 'OTHER']);
    expect(await erasures()).toEqual([{ details: JSON.stringify({ numbers: 1, contacts: CONTACTS, left: ['customers.note'] }), note: 'asked for by letter' }]);
  });

  it('that is cancelled erases no more', async () => {
    let begun = false;
    const kinds = [jobKind({ ...eraseCustomerJob, run: async (context, payload) => {
      begun = true;
      await until('it is cancelled', async () => (await context.db.selectFrom('jobs').select('cancel_asked').executeTakeFirstOrThrow()).cancel_asked === 1);
      return eraseCustomerJob.run(context, payload);
    } })];
    const { work, erase, ended, cancel, memos, store, customerId } = await erasureStage(kinds);
    work();
    const jobId = await erase();
    await until('it has begun', () => begun);
    await cancel(jobId);
    expect(await ended(jobId)).toMatchObject({ state: 'cancelled' });
    expect([await memos(), (await store.records.customer(customerId))?.name]).toEqual([CONTACTS, 'PERSON']);
  });

  it('failure: of somebody who calls meanwhile is refused, and nothing is erased', async () => {
    const { work, erase, ended, store, customerId, db, memos } = await erasureStage();
    await db.insertInto('live_contacts').values({ contact_id: 'k-now', saved: JSON.stringify({ number: NUMBER }), updated_at: NOW }).execute();
    work();
    expect(await ended(await erase())).toMatchObject({ state: 'done', result: { of: 'refused', why: 'contact.action-not-allowed' } });
    expect([(await store.records.customer(customerId))?.name, await memos()]).toEqual(['PERSON', CONTACTS]);
  });
});
