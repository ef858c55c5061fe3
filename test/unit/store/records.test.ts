import { describe, expect, it } from 'vitest';
import { changesAfter } from '../../../center/store/changes.ts';
import { removeCustomer } from '../../../center/store/customers.ts';
import { presentMark } from '../../../center/store/runs.ts';
import type { LoggedEvent } from '../../../center/ports.ts';
import { plainLine, type TimelineEntry } from '../../../contract/customer.ts';
import { AgentId, ContactId, CustomerId, GroupId } from '../../../contract/ids.ts';
import { demoStore, draft, logOf, NOW, temporaryStore, valueOf } from './support.ts';

const event = (at: number, type: string): LoggedEvent => ({ at, type, contactId: ContactId.parse('k1'), agentId: null, groupId: GroupId.parse('orders'), data: { at, deep: { list: [1, '둘'] } } });

const entry = (fields: Partial<TimelineEntry> = {}): TimelineEntry => ({
  ...plainLine,
  contactId: ContactId.parse('k1'),
  customerId: null,
  number: '+821012345678',
  kind: 'inbound',
  startedAt: NOW,
  groupId: GroupId.parse('orders'),
  groupName: '주문',
  agentId: AgentId.parse('agent1'),
  agentName: '상담원 1',
  outcome: 'answered',
  talkMs: 1234.5,
  disposition: '기타',
  memo: '여러 줄\n메모',
  ...fields,
});

const NOTHING = { cursor: 0, mark: null };

describe('the event log', () => {
  it('gives back the lines that count, in the order they were appended, by their numbers', async () => {
    const { records } = await temporaryStore();
    await records.append([event(30, 'contact.queued'), event(10, 'agent.repaired')]);
    await records.append([event(20, 'contact.abandoned'), event(20, 'contact.returned'), event(40, 'contact.queued')]);
    expect((await records.countedLines(0, 4)).map(({ type }) => type)).toEqual(['contact.queued', 'contact.abandoned', 'contact.returned']);
    expect((await records.countedLines(4, 9))[0]).toEqual(event(40, 'contact.queued'));
  });

  it('takes thousands at once', async () => {
    const store = await temporaryStore();
    await store.records.append(Array.from({ length: 1700 }, (_, at) => event(at, 'x')));
    expect(await logOf(store)).toHaveLength(1700);
  });

  it('takes none', async () => {
    const store = await temporaryStore();
    await store.records.append([]);
    expect(await logOf(store)).toEqual([]);
  });
});

describe('customers', () => {
  it('are found by any of their numbers', async () => {
    const { records } = await temporaryStore();
    const created = valueOf(await records.createCustomer(draft({ numbers: [{ e164: '+821011110000', label: '집' }, { e164: '+82212345678', label: '회사' }], vip: true })));
    expect(created).toMatchObject({ vip: true, updatedAt: NOW });
    expect(await records.customerByNumber('+82212345678')).toEqual(created);
    expect(await records.customer(created.customerId)).toEqual(created);
    expect(await records.customerByNumber('+821099999999')).toBeNull();
  });

  it('are replaced whole by an update, and their old numbers are free again', async () => {
    const { records } = await temporaryStore();
    const { customerId, version } = valueOf(await records.createCustomer(draft()));
    const updated = valueOf(await records.updateCustomer(customerId, version, draft({ name: '고객 0002', numbers: [{ e164: '+821000001111', label: '' }] })));
    expect(updated.name).toBe('고객 0002');
    expect(await records.customerByNumber('+821012345678')).toBeNull();
    expect((await records.createCustomer(draft())).ok).toBe(true);
  });

  it('take over the history of their numbers', async () => {
    const { records, db } = await temporaryStore();
    await records.putTimelineEntries([entry()]);
    const before = await records.customersCursor();
    const { customerId } = valueOf(await records.createCustomer(draft()));
    const { timeline } = await changesAfter(db, { cursor: before, mark: await presentMark(db) }, 100);
    expect(timeline).toEqual([entry({ customerId, version: expect.any(String) as string })]);
  });

  it('may have no number, or the same number twice in one draft', async () => {
    const { records } = await temporaryStore();
    const number = { e164: '+821012345678', label: '' };
    expect(valueOf(await records.createCustomer(draft({ numbers: [] }))).numbers).toEqual([]);
    expect(valueOf(await records.createCustomer(draft({ numbers: [number, number] }))).numbers).toEqual([number]);
  });
});

describe('two editors of a customer', () => {
  it('who save one after the other: the second is refused, and sees what there is now', async () => {
    const { records } = await temporaryStore();
    const { customerId, version } = valueOf(await records.createCustomer(draft()));
    const first = valueOf(await records.updateCustomer(customerId, version, draft({ name: '고객 0002' })));
    expect(first.version).not.toBe(version);
    const cursor = await records.customersCursor();
    expect(await records.updateCustomer(customerId, version, draft({ note: '오전에' }))).toMatchObject({ ok: false, error: { code: 'customer.conflict', present: first } });
    expect(await records.customer(customerId)).toEqual(first);
    expect(await records.customersCursor()).toBe(cursor);
    expect(valueOf(await records.updateCustomer(customerId, first.version, draft({ name: '고객 0002', note: '오전에' })))).toMatchObject({ name: '고객 0002', note: '오전에' });
  });

  it('who say the same are no conflict: nothing is written twice', async () => {
    const { records } = await temporaryStore();
    const { customerId, version } = valueOf(await records.createCustomer(draft()));
    const first = valueOf(await records.updateCustomer(customerId, version, draft({ vip: true })));
    expect(valueOf(await records.updateCustomer(customerId, version, draft({ vip: true })))).toEqual(first);
  });
});

describe('failure: customers', () => {
  it('refuses a number that is another customer’s, and changes nothing', async () => {
    const { records } = await temporaryStore();
    const first = valueOf(await records.createCustomer(draft()));
    const second = valueOf(await records.createCustomer(draft({ numbers: [] })));
    const cursor = await records.customersCursor();
    expect(await records.createCustomer(draft())).toMatchObject({ ok: false, error: { code: 'customer.number-taken', message: '+821012345678' } });
    expect(await records.updateCustomer(second.customerId, second.version, draft())).toMatchObject({ ok: false, error: { code: 'customer.number-taken' } });
    expect(await records.customerByNumber('+821012345678')).toEqual(first);
    expect(await records.customersCursor()).toBe(cursor);
  });

  it('answers that an unknown customer is not found', async () => {
    const { records } = await temporaryStore();
    expect(await records.updateCustomer(CustomerId.parse('cu-none'), 'v', draft())).toMatchObject({ ok: false, error: { code: 'customer.not-found' } });
    expect(await records.customer(CustomerId.parse("'; DROP TABLE customers; --".replace(/[^\w.:-]/g, '_')))).toBeNull();
  });
});

describe('the delta sync', () => {
  it('pages through customers and histories until nothing remains, each row once', async () => {
    const { records, db } = await temporaryStore();
    for (let i = 0; i < 7; i++) {
      await records.createCustomer(draft({ numbers: [{ e164: `+8210000000${i}0`, label: '' }] }));
      await records.putTimelineEntries([entry({ contactId: ContactId.parse(`k${i}`) })]);
    }
    const seen: string[] = [];
    const remaining: number[] = [];
    let cursor = 0;
    let mark: string | null = null;
    for (let more = true; more; ) {
      const page = await changesAfter(db, { cursor, mark }, 4);
      seen.push(...page.customers.map(({ customerId }) => customerId), ...page.timeline.map(({ contactId }) => contactId));
      remaining.push(page.remaining);
      expect(page.cursor).toBeGreaterThan(cursor);
      ({ cursor, mark, more } = page);
    }
    expect(remaining).toEqual([10, 6, 2, 0]);
    expect(new Set(seen).size).toBe(14);
    expect(seen).toHaveLength(14);
    expect(cursor).toBe(await records.customersCursor());
  });

  it('tells a changed row again, and only that', async () => {
    const { records, db } = await temporaryStore();
    await records.putTimelineEntries([entry()]);
    const { cursor, mark } = await changesAfter(db, NOTHING, 100);
    await records.putTimelineEntries([entry({ memo: '고침' })]);
    expect(await changesAfter(db, { cursor, mark }, 100)).toMatchObject({ timeline: [{ memo: '고침' }], customers: [], more: false, remaining: 0 });
  });

  it('tells removals, and that the history is nobody’s then', async () => {
    const { records, db } = await temporaryStore();
    const { customerId } = valueOf(await records.createCustomer(draft()));
    await records.putTimelineEntries([entry({ customerId })]);
    const { cursor, mark } = await changesAfter(db, NOTHING, 100);
    expect(await removeCustomer(db, customerId)).toBe(true);
    expect(await removeCustomer(db, customerId)).toBe(false);
    expect(await changesAfter(db, { cursor, mark }, 100)).toMatchObject({ removed: [customerId], customers: [], timeline: [{ customerId: null }] });
  });

  it('has nothing to tell to who is up to date', async () => {
    const { records, db } = await temporaryStore();
    await records.createCustomer(draft());
    const [cursor, mark] = [await records.customersCursor(), await presentMark(db)];
    expect(await changesAfter(db, { cursor, mark }, 10)).toMatchObject({ customers: [], timeline: [], removed: [], cursor, more: false, reset: false });
  });
});

describe('what a supervisor sets for a group', () => {
  it('is kept: its door by hand, and whether it asks for a disposition', async () => {
    const { records } = await demoStore();
    const groupId = (await records.configuration()).groups[0]?.groupId ?? GroupId.parse('none');
    await records.setDispositionRequired(groupId, true);
    await records.setGroupOpen(groupId, false);
    const { groups } = await records.configuration();
    expect(groups.map(({ dispositionRequired, openOverride }) => [dispositionRequired, openOverride])).toEqual([[true, false], ...groups.slice(1).map(() => [false, null])]);
  });
});
