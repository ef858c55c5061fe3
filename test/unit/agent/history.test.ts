import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import Sqlite from 'better-sqlite3';
import { CustomerCache, type CacheEvent, type HistoryQuery } from '../../../agent/customers/index.ts';
import { migrate } from '../../../agent/customers/migrations.ts';
import { silentLogger } from '../../../agent/logger.ts';
import { Customer, TimelineEntry } from '../../../contract/customer.ts';
import { ok } from '../../../contract/errors.ts';
import { AgentId } from '../../../contract/ids.ts';
import { must } from '../../switch/stage.ts';
import { until } from '../../support/until.ts';
import { openOffice, openSession } from './support/office.ts';

const me = AgentId.parse('a1');
const everything: HistoryQuery = { agentId: null, missed: false, kind: null, limit: 50, before: null };

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
    ['an agent’s', "agent_id = 'a1' AND", 'timeline_by_agent'],
    ['missed', 'missed = 1 AND', 'timeline_missed'],
    ['of a kind', "kind = 'internal' AND", 'timeline_by_kind'],
  ])('reads %s contacts from an index, however long it is', (_what, condition, index) => {
    const database = new Sqlite(':memory:');
    migrate(database);
    const plan = database.prepare(`EXPLAIN QUERY PLAN SELECT entry FROM timeline WHERE ${condition} (started_at, contact_id) < (5, 'x') ORDER BY started_at DESC, contact_id DESC LIMIT 50`).all().map((step) => JSON.stringify(step)).join();
    database.close();
    expect(plan).toContain(index);
    expect(plan).not.toContain('TEMP B-TREE');
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
    const answer = await call('history.list', { ...request, mine: false });
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
