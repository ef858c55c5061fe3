import { describe, expect, it } from 'vitest';
import { eraseCustomerJob } from '../../../center/jobs/kinds/erase-customer.ts';
import { jobKind, type JobKind } from '../../../center/jobs/job.ts';
import { plainLine, type TimelineEntry } from '../../../contract/customer.ts';
import { AgentId, ContactId, type CustomerId } from '../../../contract/ids.ts';
import { until } from '../../support/until.ts';
import { draft, NOW, valueOf } from '../store/support.ts';
import { jobStage } from './support.ts';

const NUMBER = '+821012345678';
const CONTACTS = 120;

const entry = (id: string, customerId: CustomerId): TimelineEntry => ({
  ...plainLine, contactId: ContactId.parse(id), customerId, number: NUMBER, kind: 'inbound', startedAt: NOW, groupId: null, groupName: '', agentId: AgentId.parse('agent1'), agentName: '', outcome: 'answered', talkMs: 1, disposition: '', memo: 'MEMO',
});

/** A store with somebody who called often, and a memo of another that has their number. */
async function stage(kinds: readonly JobKind[] = [eraseCustomerJob]) {
  const opened = await jobStage(kinds);
  const { records } = opened.store;
  const { customerId } = valueOf(await records.createCustomer(draft({ name: 'PERSON', numbers: [{ e164: NUMBER, label: '' }] })));
  const other = valueOf(await records.createCustomer(draft({ name: 'OTHER', note: `lives with ${NUMBER}`, numbers: [] })));
  await records.putTimelineEntries(Array.from({ length: CONTACTS }, (_, index) => entry(`k${index}`, customerId)));
  const erase = () => opened.ask({ customerId, by: 'admin', address: '', reason: 'asked for by letter' }, customerId, 'customers.erase');
  const memos = async () => (await opened.db.selectFrom('contacts').select('memo').where('memo', '!=', '').execute()).length;
  const erasures = () => opened.db.selectFrom('audit').select(['details', 'note']).where('action', '=', 'customers.erased').execute();
  return { ...opened, customerId, other, erase, memos, erasures };
}

const DONE = { of: 'erasure', numbers: 1, contacts: CONTACTS, left: ['customers.note'] };

describe('the erasure of a person', () => {
  it('is done beside the calls, says how far it is and where their number stands nevertheless, and desks are told', async () => {
    const { work, erase, ended, memos, erasures, changed, customerId, store, other } = await stage();
    work();
    expect(await ended(await erase())).toMatchObject({ state: 'done', progress: { done: CONTACTS, total: CONTACTS }, result: DONE });
    expect([await memos(), changed, await store.records.customer(customerId), (await store.records.customer(other.customerId))?.name]).toEqual([0, [customerId], null, 'OTHER']);
    expect(await erasures()).toEqual([{ details: JSON.stringify({ numbers: 1, contacts: CONTACTS, left: ['customers.note'] }), note: 'asked for by letter' }]);
  });

  it('that is cut short between any two steps is done by whoever goes on with it, once', async () => {
    for (let at = 1; ; at++) {
      let left = at;
      const kinds = [jobKind({ ...eraseCustomerJob, run: (context, payload) => eraseCustomerJob.run({ ...context, step: async (progress, act) => {
        const value = await context.step(progress, act);
        if (left > 0 && --left === 0) throw new Error('killed');
        return value;
      } }, payload) })];
      const { work, erase, ended, memos, erasures, changed } = await stage(kinds);
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

  it('that is cancelled erases no more', async () => {
    let begun = false;
    const kinds = [jobKind({ ...eraseCustomerJob, run: async (context, payload) => {
      begun = true;
      await until('it is cancelled', async () => (await context.db.selectFrom('jobs').select('cancel_asked').executeTakeFirstOrThrow()).cancel_asked === 1);
      return eraseCustomerJob.run(context, payload);
    } })];
    const { work, erase, ended, cancel, memos, store, customerId } = await stage(kinds);
    work();
    const jobId = await erase();
    await until('it has begun', () => begun);
    await cancel(jobId);
    expect(await ended(jobId)).toMatchObject({ state: 'cancelled' });
    expect([await memos(), (await store.records.customer(customerId))?.name]).toEqual([CONTACTS, 'PERSON']);
  });

  it('failure: of somebody who calls meanwhile is refused, and nothing is erased', async () => {
    const { work, erase, ended, store, customerId, db, memos } = await stage();
    await db.insertInto('live_contacts').values({ contact_id: 'k-now', saved: JSON.stringify({ number: NUMBER }), updated_at: NOW }).execute();
    work();
    expect(await ended(await erase())).toMatchObject({ state: 'done', result: { of: 'refused', why: 'contact.action-not-allowed' } });
    expect([(await store.records.customer(customerId))?.name, await memos()]).toEqual(['PERSON', CONTACTS]);
  });
});
