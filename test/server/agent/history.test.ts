import Sqlite from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CustomerCache, type CacheEvent } from '../../../agent/customers/index.ts';
import { migrate } from '../../../agent/customers/migrations.ts';
import { silentLogger } from '../../../agent/logger.ts';
import type { ApiResponse } from '../../../contract/api/index.ts';
import { TimelineEntry } from '../../../contract/customer.ts';
import { ok } from '../../../contract/errors.ts';
import { must } from '../../switch/stage.ts';
import { until } from '../../support/until.ts';
import { openOffice, openSession } from './support/office.ts';

const entry = (contactId: string, more: object = {}): TimelineEntry =>
  TimelineEntry.parse({
    contactId, customerId: null, number: '+821012345678', kind: 'inbound', startedAt: 1, groupId: null, groupName: '', agentId: null, agentName: '', outcome: 'answered', talkMs: 0, disposition: '', memo: '', ...more,
  });

describe('contacts in the cache', () => {
  it('of a stranger are told of, though no customer changed', async () => {
    const cache = new CustomerCache({ file: null, key: null, log: silentLogger });
    onTestFinished(() => cache.close());
    const events: CacheEvent[] = [];
    cache.onEvent((event) => events.push(event));
    must(await cache.sync(async () => ok({ customers: [], timeline: [entry('a')], removed: [], cursor: 1, more: false, remaining: 0, mark: 'a', reset: false })));
    expect(events).toEqual([{ type: 'changed', customerIds: [] }]);
  });

  it('of a file that was searched for the history stay what who calls has said, and go on to be fetched', () => {
    const database = new Sqlite(':memory:');
    migrate(database, 7);
    const old = entry('old', { agentId: 'a1', customerId: 'c1' });
    database.prepare("INSERT INTO timeline (contact_id, customer_id, number, started_at, entry, agent_id, kind) VALUES (?, 'c1', ?, 1, ?, 'a1', 'inbound')").run(old.contactId, old.number, JSON.stringify(old));
    database.prepare("INSERT INTO meta VALUES ('cursor', '9'), ('mark', 'm')").run();
    migrate(database);
    expect(database.prepare('SELECT * FROM timeline').all()).toEqual([{ contact_id: 'old', customer_id: 'c1', number: old.number, started_at: 1, entry: JSON.stringify(old) }]);
    expect(database.prepare("SELECT value FROM meta WHERE key = 'cursor'").pluck().get()).toBe('9');
    expect(database.prepare("SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'timeline' AND sql IS NOT NULL ORDER BY name").pluck().all()).toEqual(['timeline_by_customer', 'timeline_by_number']);
    database.close();
  });

  it('knows a file’s contacts by their agents when it learns of parts, and fetches what they say of them', () => {
    const database = new Sqlite(':memory:');
    migrate(database, 5);
    const old = entry('old', { agentId: 'a1', groupId: 'g1', disposition: '기타' });
    database.prepare("INSERT INTO timeline (contact_id, number, started_at, entry, agent_id, kind) VALUES (?, ?, 1, ?, 'a1', 'inbound')").run(old.contactId, old.number, JSON.stringify(old));
    database.prepare("INSERT INTO meta VALUES ('cursor', '9'), ('mark', 'm')").run();
    migrate(database, 6);
    expect(database.prepare('SELECT t.group_id, t.disposition FROM takers k JOIN timeline t USING (contact_id) WHERE k.agent_id = ?').all('a1')).toEqual([{ group_id: 'g1', disposition: '기타' }]);
    expect(database.prepare("SELECT key FROM meta WHERE key <> 'customers'").all()).toEqual([]);
    database.close();
  });

  it('finds in a file from before that was asked which contacts lack their disposition', () => {
    const database = new Sqlite(':memory:');
    migrate(database, 6);
    const lines = [entry('without', { dispositionMissing: true }), entry('with', { disposition: '기타' }), entry('older', {})];
    for (const line of lines) database.prepare("INSERT INTO timeline (contact_id, number, started_at, entry, kind) VALUES (?, ?, 1, ?, 'inbound')").run(line.contactId, line.number, JSON.stringify(line));
    database.prepare("INSERT INTO timeline (contact_id, number, started_at, entry, kind) VALUES ('before', '', 1, ?, 'inbound')").run(JSON.stringify({ ...lines[0], contactId: 'before', dispositionMissing: undefined }));
    migrate(database, 7);
    expect(database.prepare('SELECT contact_id FROM timeline WHERE disposition_missing = 1').pluck().all()).toEqual(['without']);
    expect(database.prepare('SELECT count(*) FROM timeline').pluck().get()).toBe(4);
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

});

describe('the history at a desk', () => {
  it('is what I took part in, or everybody’s, as the center has it', async () => {
    const { session, call } = openSession(await openOffice());
    must(await call('session.signIn', { server: null, account: 'agent1', password: 'sangdam-demo' }));
    const me = await until('somebody is in', () => session.view.me?.agentId);
    const ask = async (request: object) => must(await call('api.call', { name: 'contacts.search', request })) as ApiResponse<'contacts.search'>;
    const mine = await ask({ agentId: me, limit: 200 });
    expect(new Set(mine.lines.map(({ agentId }) => agentId))).toEqual(new Set([me]));
    const all = await ask({ limit: 20 });
    expect(new Set(all.lines.map(({ agentId }) => agentId)).size).toBeGreaterThan(2);
    expect(all.next).not.toBeNull();
  });

  it('failure: is not to be had while the center is away', async () => {
    const office = await openOffice();
    const { call, session } = openSession(office);
    must(await call('session.signIn', { server: null, account: 'agent1', password: 'sangdam-demo' }));
    await office.close();
    await until('it is noticed', () => session.view.health.cti.state !== 'connected');
    expect(await call('api.call', { name: 'contacts.search', request: {} })).toMatchObject({ ok: false, error: { code: 'center.unreachable' } });
  });

  it('failure: a question that is none is refused', async () => {
    const { call } = openSession(await openOffice());
    must(await call('session.signIn', { server: null, account: 'agent1', password: 'sangdam-demo' }));
    for (const bad of [{ limit: 0 }, { limit: 1e9 }, { kind: 'fax' }, { before: { startedAt: Number.NaN, contactId: 'x' } }, { before: { startedAt: 1, contactId: "' OR 1=1" } }, { sort: 'number' }]) {
      expect([bad, await call('api.call', { name: 'contacts.search', request: bad })]).toMatchObject([bad, { ok: false, error: { code: 'input.invalid' } }]);
    }
  });
});
