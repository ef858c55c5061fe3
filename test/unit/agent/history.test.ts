import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import Sqlite from 'better-sqlite3';
import { CustomerCache, type CacheEvent, type HistoryQuery } from '../../../agent/customers/index.ts';
import { migrate } from '../../../agent/customers/migrations.ts';
import { silentLogger } from '../../../agent/logger.ts';
import { Customer, TimelineEntry } from '../../../contract/customer.ts';
import { ok } from '../../../contract/errors.ts';
import { AgentId, GroupId } from '../../../contract/ids.ts';
import { must } from '../../switch/stage.ts';
import { until } from '../../support/until.ts';
import { openOffice, openSession } from './support/office.ts';

const me = AgentId.parse('a1');
const everything: HistoryQuery = { agentId: null, missed: false, kind: null, from: null, to: null, groupId: null, disposition: null, dispositionMissing: false, text: '', limit: 50, before: null };

const entry = (contactId: string, more: object = {}): TimelineEntry =>
  TimelineEntry.parse({
    contactId, customerId: null, number: '+821012345678', kind: 'inbound', startedAt: 1, groupId: null, groupName: '', agentId: null, agentName: '', outcome: 'answered', talkMs: 0, disposition: '', memo: '', ...more,
  });
const customer = Customer.parse({ customerId: 'c1', name: '고객 1', company: '', numbers: [{ e164: '+821012345678', label: '' }], vip: false, warning: '', note: '', updatedAt: 1, version: '1' });

describe('the history in the cache', () => {
  let cache: CustomerCache;

  beforeEach(() => (cache = new CustomerCache({ file: null, key: null, log: silentLogger })));
  afterEach(() => cache.close());

  const fill = async (timeline: TimelineEntry[], customers: Customer[] = [], cursor = 1) => must(await cache.sync(async () => ok({ customers, timeline, removed: [], cursor, more: false, remaining: 0, mark: 'a', reset: false })));
  const ids = (query: Partial<HistoryQuery> = {}) => must(cache.history({ ...everything, ...query })).lines.map(({ contactId }) => contactId);

  it('is newest first', async () => {
    await fill([entry('old', { startedAt: 1 }), entry('new', { startedAt: 3 }), entry('mid', { startedAt: 2 })]);
    expect(ids()).toEqual(['new', 'mid', 'old']);
  });

  const talked = (agentId: string, startedAt = 1) => ({ kind: 'talked', at: startedAt, agentId, name: agentId, number: '', as: 'answered', from: '', talkMs: 98_000, holdMs: 0, to: '' });

  it('has among one’s own what one handed on, once, and after it was written anew', async () => {
    const handedOn = entry('handed-on', { agentId: 'a2', parts: [talked('a1'), talked('a2'), talked('a1')] });
    await fill([handedOn, entry('asked-outside', { agentId: 'a2', parts: [{ ...talked('x'), agentId: null }] })]);
    expect(ids({ agentId: me })).toEqual(['handed-on']);
    await fill([{ ...handedOn, memo: 'more' }], [], 2);
    expect(ids({ agentId: me })).toEqual(['handed-on']);
  });

  it('is of some days, of a group, with a disposition', async () => {
    await fill([entry('one', { startedAt: 10, groupId: 'g1', disposition: '기타' }), entry('two', { startedAt: 20, groupId: 'g2', disposition: '기타', agentId: 'a1' }), entry('three', { startedAt: 30, groupId: 'g1' })]);
    expect(ids({ from: 20 })).toEqual(['three', 'two']);
    expect(ids({ from: 10, to: 20 })).toEqual(['one']);
    expect(ids({ groupId: GroupId.parse('g1') })).toEqual(['three', 'one']);
    expect(ids({ disposition: '기타' })).toEqual(['two', 'one']);
    expect(ids({ disposition: '기타', agentId: me, from: 20, to: 21, groupId: GroupId.parse('g2') })).toEqual(['two']);
  });

  it('is of what lacks the disposition that its group asks for, until somebody adds one', async () => {
    const lacking = entry('lacking', { startedAt: 2, agentId: 'a1', dispositionMissing: true });
    await fill([lacking, entry('others', { startedAt: 3, agentId: 'a2', dispositionMissing: true }), entry('without', { startedAt: 4, agentId: 'a1' })]);
    expect(ids({ dispositionMissing: true })).toEqual(['others', 'lacking']);
    expect(ids({ dispositionMissing: true, agentId: me })).toEqual(['lacking']);
    await fill([{ ...lacking, disposition: '기타', dispositionMissing: false }], [], 2);
    expect(ids({ dispositionMissing: true })).toEqual(['others']);
  });

  it('is found by part of a memo, a name or a number, as everything is', async () => {
    await fill([entry('memo', { startedAt: 3, memo: '배송지 변경을 원하심' }), entry('name', { startedAt: 2, customerId: 'c1', agentName: '상담원 7' }), entry('other', { startedAt: 1, number: '+82212345678' })], [customer]);
    expect(ids({ text: '배송ㅈ' })).toEqual(['memo']);
    expect(ids({ text: '상담원 7' })).toEqual(['name']);
    expect(ids({ text: '02-1234' })).toEqual(['other']);
    expect(ids({ text: '없는 말' })).toEqual([]);
  });

  it('with a text is looked through in parts, and goes on where it stopped', async () => {
    const many = Array.from({ length: 2100 }, (_, index) => entry(`k${String(index).padStart(4, '0')}`, { startedAt: index + 1, memo: index === 3 ? 'needle' : '' }));
    await fill(many);
    const first = must(cache.history({ ...everything, text: 'needle' }));
    expect([first.lines, first.next]).toEqual([[], { startedAt: 101, contactId: 'k0100' }]);
    const second = must(cache.history({ ...everything, text: 'needle', before: first.next }));
    expect(second.lines.map(({ contactId }) => contactId)).toEqual(['k0003']);
    expect(second.next).toBeNull();
  });

  it('says of a missed caller who talked with them after all', async () => {
    await fill(
      [
        entry('called-in-vain', { startedAt: 1, outcome: 'abandonedWaiting' }),
        entry('called-back', { startedAt: 5, kind: 'outbound', agentName: '상담원 1' }),
        entry('again-in-vain', { startedAt: 7, outcome: 'abandonedWaiting' }),
        entry('by-another-number', { startedAt: 8, number: '+82298765432', customerId: 'c1', outcome: 'closed' }),
        entry('answered', { startedAt: 9, number: '+82255556666', customerId: 'c1', agentName: '상담원 2' }),
        entry('withheld', { startedAt: 10, number: '', outcome: 'closed' }),
        entry('withheld-answered', { startedAt: 11, number: '' }),
      ],
      [customer],
    );
    const backOf = (contactId: string) => must(cache.history(everything)).lines.find((line) => line.contactId === contactId)?.calledBack;
    expect(backOf('called-in-vain')).toEqual({ at: 5, by: '상담원 1' });
    // The number is a customer's, who was talked with by another of theirs.
    expect(backOf('again-in-vain')).toEqual({ at: 9, by: '상담원 2' });
    expect([backOf('called-back'), backOf('withheld')]).toEqual([null, null]);
    expect(backOf('by-another-number')).toEqual({ at: 9, by: '상담원 2' });
  });

  it('is of one agent, of one kind, or what was missed; and of all of these together', async () => {
    await fill([
      entry('mine', { startedAt: 5, agentId: 'a1' }),
      entry('theirs', { startedAt: 4, agentId: 'a2', kind: 'outbound' }),
      entry('abandoned', { startedAt: 3, outcome: 'abandonedWaiting' }),
      entry('no-answer', { startedAt: 2, agentId: 'a1', kind: 'outbound', outcome: 'noAnswer' }),
    ]);
    expect(ids({ agentId: me })).toEqual(['mine', 'no-answer']);
    expect(ids({ missed: true })).toEqual(['abandoned', 'no-answer']);
    expect(ids({ kind: 'outbound' })).toEqual(['theirs', 'no-answer']);
    expect(ids({ agentId: me, missed: true, kind: 'outbound' })).toEqual(['no-answer']);
    expect(ids({ agentId: me, kind: 'internal' })).toEqual([]);
  });

  it('goes on behind the page before, although contacts came in on top and several began at once', async () => {
    await fill([entry('a', { startedAt: 2 }), entry('b', { startedAt: 2 }), entry('c', { startedAt: 1 })]);
    const first = must(cache.history({ ...everything, limit: 1 }));
    expect(first.lines.map(({ contactId }) => contactId)).toEqual(['b']);
    await fill([entry('d', { startedAt: 9 })], [], 2);
    const second = must(cache.history({ ...everything, limit: 1, before: first.next }));
    expect(second.lines.map(({ contactId }) => contactId)).toEqual(['a']);
    const last = must(cache.history({ ...everything, limit: 5, before: second.next }));
    expect(last).toMatchObject({ lines: [{ contactId: 'c' }], next: null });
  });

  it('names the customer, by id or by a number that became theirs later', async () => {
    await fill([entry('known', { startedAt: 2, customerId: 'c1', number: '+82299999999' }), entry('before', { startedAt: 1 }), entry('stranger', { startedAt: 0, number: '+821099999999' })], [customer]);
    expect(must(cache.history(everything)).lines.map(({ customerId, customerName }) => [customerId, customerName])).toEqual([['c1', '고객 1'], ['c1', '고객 1'], [null, '']]);
  });

  it('follows a contact that changed', async () => {
    await fill([entry('a', { outcome: 'noAnswer' })]);
    await fill([entry('a', { outcome: 'answered' })], [], 2);
    expect(ids({ missed: true })).toEqual([]);
  });

  it('tells of a stranger’s contact, for which no customer changed', async () => {
    const events: CacheEvent[] = [];
    cache.onEvent((event) => events.push(event));
    await fill([entry('a')]);
    expect(events).toEqual([{ type: 'changed', customerIds: [] }]);
  });

  it.each([
    ['everybody’s', '', 'timeline_newest'],
    ['missed', 'missed = 1 AND', 'timeline_missed'],
    ['of a kind', "kind = 'internal' AND", 'timeline_by_kind'],
    ['of a group', "group_id = 'g1' AND", 'timeline_by_group'],
    ['of a disposition', "disposition = '기타' AND disposition <> '' AND", 'timeline_by_disposition'],
  ])('reads %s contacts from an index, however long it is', (_what, condition, index) => {
    const database = new Sqlite(':memory:');
    migrate(database);
    const plan = database.prepare(`EXPLAIN QUERY PLAN SELECT entry FROM timeline WHERE ${condition} (started_at, contact_id) < (5, 'x') ORDER BY started_at DESC, contact_id DESC LIMIT 50`).all().map((step) => JSON.stringify(step)).join();
    database.close();
    expect(plan).toContain(index);
    expect(plan).not.toContain('TEMP B-TREE');
  });

  it('walks an agent’s contacts in their order, however many others there are', () => {
    const database = new Sqlite(':memory:');
    migrate(database);
    const plan = database.prepare("EXPLAIN QUERY PLAN SELECT t.entry FROM takers k CROSS JOIN timeline t ON t.contact_id = k.contact_id WHERE k.agent_id = 'a1' AND (k.started_at, k.contact_id) < (5, 'x') ORDER BY k.started_at DESC, k.contact_id DESC LIMIT 50").all().map((step) => JSON.stringify(step)).join();
    database.close();
    expect(plan).not.toContain('TEMP B-TREE');
    expect(plan).not.toContain('SCAN');
  });

  it('knows a file’s contacts by their agents when it learns of parts, and fetches what they say of them', () => {
    const database = new Sqlite(':memory:');
    migrate(database, 5);
    const old = entry('old', { agentId: 'a1', groupId: 'g1', disposition: '기타' });
    database.prepare("INSERT INTO timeline (contact_id, number, started_at, entry, agent_id, kind) VALUES (?, ?, 1, ?, 'a1', 'inbound')").run(old.contactId, old.number, JSON.stringify(old));
    database.prepare("INSERT INTO meta VALUES ('cursor', '9'), ('mark', 'm')").run();
    migrate(database);
    expect(database.prepare('SELECT t.group_id, t.disposition FROM takers k JOIN timeline t USING (contact_id) WHERE k.agent_id = ?').all('a1')).toEqual([{ group_id: 'g1', disposition: '기타' }]);
    expect(database.prepare("SELECT key FROM meta WHERE key <> 'customers'").all()).toEqual([]);
    database.close();
  });

  it('takes over the contacts of a file from before there was a history', () => {
    const database = new Sqlite(':memory:');
    migrate(database, 1);
    const old = entry('old', { agentId: 'a1', outcome: 'noAnswer' });
    database.prepare('INSERT INTO timeline (contact_id, customer_id, number, started_at, entry) VALUES (?, ?, ?, ?, ?)').run(old.contactId, null, old.number, 1, JSON.stringify(old));
    migrate(database, 2);
    expect(database.prepare('SELECT agent_id, kind, missed FROM timeline').all()).toEqual([{ agent_id: 'a1', kind: 'inbound', missed: 1 }]);
    database.close();
  });

  it('failure: a closed cache has none', () => {
    cache.close();
    expect(cache.history(everything)).toMatchObject({ ok: false, error: { code: 'cache.unavailable' } });
  });
});

describe('the history of a session', () => {
  const request = { mine: true, missed: false, kind: null, limit: 200, before: null };

  it('is what I took part in, or everybody’s', async () => {
    const office = await openOffice();
    const { session, call } = openSession(office);
    must(await call('session.signIn', { server: null, account: 'agent1', password: 'sangdam-demo' }));
    const mine = await until('the history is here', async () => {
      const answer = await call('history.list', request);
      return answer.ok && answer.value.lines.length > 0 && session.view.health.cache.state === 'ready' ? answer.value.lines : null;
    }, 10_000);
    expect(new Set(mine.map(({ agentId }) => agentId))).toEqual(new Set([session.view.me?.agentId]));
    const answer = await call('history.list', { ...request, mine: false, limit: 20 });
    if (!answer.ok) throw new Error(answer.error.code);
    const all = answer.value;
    expect(new Set(all.lines.map(({ agentId }) => agentId)).size).toBeGreaterThan(2);
    expect(all.next).not.toBeNull();
  });

  it('failure: a question that is none is refused', async () => {
    const { call } = openSession(await openOffice());
    must(await call('session.signIn', { server: null, account: 'agent1', password: 'sangdam-demo' }));
    for (const bad of [{ limit: 0 }, { limit: 1e9 }, { kind: 'fax' }, { before: { startedAt: Number.NaN, contactId: 'x' } }, { before: { startedAt: 1, contactId: "' OR 1=1" } }, { sort: 'number' }]) {
      expect([bad, await call('history.list', { ...request, ...bad } as never)]).toMatchObject([bad, { ok: false, error: { code: 'input.invalid' } }]);
    }
  });
});
