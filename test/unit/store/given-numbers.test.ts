import { describe, expect, it } from 'vitest';
import { changesAfter } from '../../../center/store/changes.ts';
import { plainLine, type TimelineEntry } from '../../../contract/customer.ts';
import { ContactId, type CustomerId } from '../../../contract/ids.ts';
import { draft, NOW, temporaryStore, valueOf } from './support.ts';

const NUMBER = '+821012345678';
const DAY_MS = 24 * 3_600_000;

const entry = (): TimelineEntry => ({ ...plainLine, contactId: ContactId.parse('k1'), customerId: null, number: NUMBER, kind: 'inbound', startedAt: NOW, groupId: null, groupName: '', agentId: null, agentName: '', outcome: 'answered', talkMs: 1, disposition: '', memo: '' });

type Store = Awaited<ReturnType<typeof temporaryStore>>;

const ownerOnRecord = async ({ db }: Store) => (await changesAfter(db, { cursor: 0, mark: null }, 100)).timeline.map(({ customerId }) => customerId);

/** A customer with another number, and a contact on record with a number that is nobody's. */
async function stranger(): Promise<Store & { customerId: CustomerId }> {
  const store = await temporaryStore();
  await store.records.putTimelineEntries([entry()]);
  const { customerId } = valueOf(await store.records.createCustomer(draft({ numbers: [{ e164: '+82212345678', label: '회사' }] })));
  return { ...store, customerId };
}

describe('a number that is given to a customer', () => {
  it('is theirs, behind the ones they had, and so are its contacts on record', async () => {
    const store = await stranger();
    const { customerId } = store;
    const given = valueOf(await store.records.giveNumber(customerId, NUMBER));
    expect(given.numbers.map(({ e164 }) => e164)).toEqual(['+82212345678', NUMBER]);
    expect(await store.records.customerByNumber(NUMBER)).toEqual(given);
    expect(await ownerOnRecord(store)).toEqual([customerId]);
    expect(await store.records.givenNumbers(customerId)).toEqual([NUMBER]);
  });

  it('can be taken back: the customer is as before, and the contacts are nobody’s', async () => {
    const store = await stranger();
    const { customerId } = store;
    valueOf(await store.records.giveNumber(customerId, NUMBER));
    expect(valueOf(await store.records.takeNumberBack(customerId, NUMBER)).numbers).toEqual([{ e164: '+82212345678', label: '회사' }]);
    expect(await store.records.customerByNumber(NUMBER)).toBeNull();
    expect(await ownerOnRecord(store)).toEqual([null]);
  });

  it('is taken back by whoever removes it in the editor; its label and everything else may be changed before', async () => {
    const store = await stranger();
    const { customerId } = store;
    const given = valueOf(await store.records.giveNumber(customerId, NUMBER));
    const labelled = valueOf(await store.records.updateCustomer(customerId, given.version, draft({ numbers: [{ e164: NUMBER, label: '휴대폰' }] })));
    expect(await ownerOnRecord(store)).toEqual([customerId]);
    valueOf(await store.records.updateCustomer(customerId, labelled.version, draft({ numbers: [] })));
    expect(await ownerOnRecord(store)).toEqual([null]);
  });

  it('given twice to the same customer is given once', async () => {
    const { records, customerId } = await stranger();
    const given = valueOf(await records.giveNumber(customerId, NUMBER));
    expect(valueOf(await records.giveNumber(customerId, NUMBER))).toEqual(given);
  });
});

describe('failure: giving a number', () => {
  it('that is another customer’s is refused, with whose it is', async () => {
    const { records, customerId } = await stranger();
    const owner = valueOf(await records.createCustomer(draft({ name: '고객 0009', numbers: [{ e164: NUMBER, label: '' }] })));
    expect(await records.giveNumber(customerId, NUMBER)).toMatchObject({ ok: false, error: { code: 'customer.number-taken', present: owner } });
    expect((await records.customer(customerId))?.numbers).toHaveLength(1);
  });

  it('to somebody who has all that there may be, or who is gone, is refused', async () => {
    const { records } = await stranger();
    const full = valueOf(await records.createCustomer(draft({ numbers: Array.from({ length: 20 }, (_, index) => ({ e164: `+8210999900${String(index).padStart(2, '0')}`, label: '' })) })));
    expect(await records.giveNumber(full.customerId, NUMBER)).toMatchObject({ ok: false, error: { code: 'customer.numbers-full' } });
    expect(await records.giveNumber('cu-none' as CustomerId, NUMBER)).toMatchObject({ ok: false, error: { code: 'customer.not-found' } });
  });

  it('is not undone where it was entered, or after a day: the history stays with the customer then', async () => {
    const store = await stranger();
    const { records, db, customerId } = store;
    expect(await records.takeNumberBack(customerId, '+82212345678')).toMatchObject({ ok: false, error: { code: 'not-found' } });
    const given = valueOf(await records.giveNumber(customerId, NUMBER));
    await db.updateTable('customer_numbers').set({ given_at: NOW - DAY_MS }).where('e164', '=', NUMBER).execute();
    expect(await records.takeNumberBack(customerId, NUMBER)).toMatchObject({ ok: false, error: { code: 'not-found' } });
    valueOf(await records.updateCustomer(customerId, given.version, draft({ numbers: [] })));
    expect(await ownerOnRecord(store)).toEqual([customerId]);
  });
});
