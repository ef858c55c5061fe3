import { writeFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import * as fc from 'fast-check';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { appendAudit, firstForgedAudit } from '../../center/store/audit-log.ts';
import { rollUp } from '../../center/store/rollups.ts';
import { changesAfter, type CachePosition } from '../../center/store/changes.ts';
import { clamped } from '../../center/store/clamp.ts';
import { putTimelineEntries } from '../../center/store/contacts.ts';
import type { Database } from '../../center/store/index.ts';
import { plainLine, CustomerChanges, type TimelineEntry } from '../../contract/customer.ts';
import { AgentId, ContactId, GroupId } from '../../contract/ids.ts';
import { demoStore, draft, NOW, temporaryFolder, temporaryStore, valueOf, type TemporaryStore } from '../unit/store/support.ts';

const DIGITS_41 = `+${'8'.repeat(40)}`;

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
  memo: '',
  ...fields,
});

/** Every page of changes, each as a desk takes it. @returns the ids that came, and where it ended */
async function allChanges(db: Database): Promise<{ ids: string[]; position: CachePosition }> {
  const ids: string[] = [];
  let position: CachePosition = { cursor: 0, mark: null };
  for (let more = true; more; ) {
    const page = CustomerChanges.parse(await changesAfter(db, position, 500));
    ids.push(...page.customers.map(({ customerId }) => customerId), ...page.timeline.map(({ contactId }) => contactId));
    expect(!page.more || page.cursor > position.cursor).toBe(true);
    position = { cursor: page.cursor, mark: page.mark };
    ({ more } = page);
  }
  return { ids, position };
}

/** A store whose log is kept by the test. */
async function heard(file: string): Promise<{ store: TemporaryStore; lines: Record<string, unknown>[] }> {
  const lines: Record<string, unknown>[] = [];
  const store = await temporaryStore(file, { logger: { info: () => {}, warn: (fields) => lines.push(fields), error: () => {} } });
  return { store, lines };
}

describe('what is written can be read again', () => {
  it('whatever a caller showed, a phone dialled or an agent wrote: what is too long is cut, and says so', async () => {
    const { db } = await temporaryStore();
    await putTimelineEntries(db, [entry({ number: DIGITS_41, memo: '가'.repeat(5000), agentName: 'n'.repeat(500), talkMs: -5, startedAt: NOW + 0.5 })]);
    const { timeline } = await changesAfter(db, { cursor: 0, mark: null }, 10);
    expect(CustomerChanges.shape.timeline.parse(timeline)).toEqual(timeline);
    expect(timeline).toMatchObject([{ number: `${DIGITS_41.slice(0, 39)}…`, agentName: `${'n'.repeat(119)}…`, talkMs: 0 }]);
    expect(timeline[0]?.memo).toHaveLength(4000);
  });

  it('any text at all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.string({ unit: 'grapheme', maxLength: 200 }), (a, b) => {
        for (const text of [a, b, a + b]) {
          const kept = clamped(text, 'number');
          expect(kept.length).toBeLessThanOrEqual(40);
          expect(kept.isWellFormed()).toBe(true);
          expect(text.length > 40 || !text.isWellFormed() || kept === text).toBe(true);
        }
      }),
    );
  });
});

describe('failure: a row that cannot be read', () => {
  it('is left out of its page, and the cursor goes past it; the log says which, once', async () => {
    const file = join(await temporaryFolder(), 'center.db');
    const { store, lines } = await heard(file);
    const { db, records } = store;
    const kept = valueOf(await records.createCustomer(draft()));
    for (const id of ['k1', 'k2', 'k3']) await putTimelineEntries(db, [entry({ contactId: ContactId.parse(id) })]);
    await sql`UPDATE contacts SET number = ${DIGITS_41} WHERE contact_id = 'k2'`.execute(db);
    const { ids, position } = await allChanges(db);
    expect(ids).toEqual([kept.customerId, 'k1', 'k3']);
    expect(position.cursor).toBe(await records.customersCursor());
    await allChanges(db);
    expect(lines).toEqual([{ table: 'contacts', key: 'k2', columns: 'number' }]);
    expect(store.badRows).toBe(1);
    expect(JSON.stringify(lines)).not.toContain('888');
  });

  it('of a customer’s numbers is told by whose it is, and hides neither them nor their other number', async () => {
    const file = join(await temporaryFolder(), 'center.db');
    const { store, lines } = await heard(file);
    const { customerId } = valueOf(await store.records.createCustomer(draft({ numbers: [{ e164: '+821011112222', label: '' }, { e164: '+821011113333', label: '' }] })));
    await sql`UPDATE customer_numbers SET e164 = '010-1111-3333' WHERE position = 1`.execute(store.db);
    expect((await store.records.customer(customerId))?.numbers).toEqual([{ e164: '+821011112222', label: '' }]);
    expect(lines).toEqual([{ table: 'customer_numbers', key: customerId, columns: 'e164' }]);
  });

  it('is a customer that desks would refuse, or one whose id is none', async () => {
    const { db, records } = await temporaryStore();
    const { customerId } = valueOf(await records.createCustomer(draft()));
    await sql`UPDATE customers SET name = ${'x'.repeat(500)}`.execute(db);
    await sql`INSERT INTO customers (customer_id, name, company, vip, warning, note, updated_at, revision, version) VALUES ('not an id!', 'x', '', 0, '', '', 0, 2, '')`.execute(db);
    await sql`UPDATE revision SET value = 2`.execute(db);
    expect([await records.customer(customerId), await records.customerByNumber('+821012345678')]).toEqual([null, null]);
    expect((await allChanges(db)).ids).toEqual([]);
  });

  it('of a group does not stop the center: the group and its members’ part in it are left out', async () => {
    const file = join(await temporaryFolder(), 'center.db');
    const demo = await demoStore();
    await sql`VACUUM INTO ${file}`.execute(demo.db);
    const { store, lines } = await heard(file);
    const before = await store.records.configuration();
    await sql`UPDATE configuration SET value = json_set(value, '$.hours', 'always') WHERE kind = 'group' AND id = ${before.groups[0]?.groupId}`.execute(store.db);
    await sql`UPDATE configuration SET value = json_set(value, '$.timeZone', 'Mars/Olympus') WHERE kind = 'center'`.execute(store.db);
    const after = await store.records.configuration();
    const [lost] = before.groups;
    expect(after.groups).toEqual(before.groups.slice(1));
    expect(after.people.flatMap(({ memberships }) => memberships).some(({ groupId }) => groupId === lost?.groupId)).toBe(false);
    expect([after.people.length, after.timeZone]).toEqual([before.people.length, 'Asia/Seoul']);
    expect(lines).toEqual([{ table: 'configuration', key: lost?.groupId, columns: 'value' }, { table: 'configuration', key: 'center', columns: 'value' }]);
  });

  it('of the audit log counts as forged', async () => {
    const { db } = await temporaryStore();
    for (const subject of ['a', 'b', 'c']) await appendAudit(db, { at: NOW, actor: null, action: 'x', subject, address: '', details: {} });
    expect(await firstForgedAudit(db)).toBeNull();
    await sql`DROP TRIGGER audit_refuses_update`.execute(db);
    await sql`UPDATE audit SET details = '[]' WHERE id = 2`.execute(db);
    expect(await firstForgedAudit(db)).toBe(2);
  });

  it('with a revision that was never given leads nobody past what is to come', async () => {
    const { db, records } = await temporaryStore();
    await putTimelineEntries(db, [entry()]);
    await sql`UPDATE contacts SET revision = 9007199254740991`.execute(db);
    const { position } = await allChanges(db);
    await records.createCustomer(draft());
    expect((await changesAfter(db, position, 10)).customers).toHaveLength(1);
  });
});

describe('failure: garbage in any column of any table', () => {
  const TABLES = ['configuration', 'openings', 'people', 'customers', 'customer_numbers', 'removed_customers', 'contacts', 'contact_legs', 'events', 'token_families', 'meta'];
  const damage = fc.record({
    table: fc.constantFrom(...TABLES),
    column: fc.nat(),
    row: fc.nat(),
    TEXT: fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.json()),
    INTEGER: fc.oneof(fc.maxSafeInteger(), fc.integer()),
    REAL: fc.double({ noNaN: true }),
  });
  type Damage = typeof damage extends fc.Arbitrary<infer Value> ? Value : never;

  /** Writes past every rule that a file has for itself, as another program would. */
  function harm(file: string, damages: readonly Damage[]): void {
    const raw = new Sqlite(file);
    raw.pragma('ignore_check_constraints = ON');
    raw.pragma('foreign_keys = OFF');
    raw.exec('DROP TRIGGER events_refuses_update');
    for (const { table, column, row, ...garbage } of damages) {
      const columns = raw.pragma(`table_info(${table})`) as { name: string; type: 'TEXT' | 'INTEGER' | 'REAL' }[];
      const { name, type } = columns[column % columns.length] ?? { name: '', type: 'TEXT' };
      // All of a kind at once would be another test.
      const key = table === 'configuration' ? 'id' : (columns.find(({ name: other }) => other !== name) ?? { name }).name;
      const { rows } = raw.prepare<[], { rows: number }>(`SELECT count(*) AS rows FROM ${table}`).get() ?? { rows: 0 };
      if (rows > 0) raw.prepare(`UPDATE OR IGNORE ${table} SET ${name} = ? WHERE ${key} = (SELECT ${key} FROM ${table} LIMIT 1 OFFSET ?)`).run(garbage[type], row % rows);
    }
    raw.close();
  }

  it('the store opens, and configuration, changes and events can be read', async () => {
    const folder = await temporaryFolder();
    const whole = join(folder, 'whole.db');
    const demo = await demoStore();
    await demo.records.append([{ at: NOW, type: 'contact.queued', contactId: ContactId.parse('k1'), agentId: null, groupId: GroupId.parse('orders'), data: {} }]);
    await sql`VACUUM INTO ${whole}`.execute(demo.db);
    const template = await readFile(whole);
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 24 }), async (damages) => {
        const file = join(folder, `harmed-${run++}.db`);
        await writeFile(file, template);
        harm(file, damages);
        const store = await temporaryStore(file);
        const { people, groups } = await store.records.configuration();
        expect(people.length + groups.length).toBeGreaterThan(0);
        await allChanges(store.db);
        await store.records.formerRun({ agentsSince: 0, diallingSince: 0 });
        await store.records.countedLines(0, Number.MAX_SAFE_INTEGER);
        await rollUp(store.db, 'Asia/Seoul', 1000);
        expect(await firstForgedAudit(store.db)).toBeNull();
        await store.close();
      }),
      { numRuns: 25 },
    );
  }, 60_000);
});
