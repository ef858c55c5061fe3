import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { Kysely, sql, SqliteDialect, type SqliteDatabase } from 'kysely';
import { describe, expect, it } from 'vitest';
import { readContacts } from '../../../center/store/contacts.ts';
import { migrate } from '../../../center/store/migrate.ts';
import { migrations } from '../../../center/store/migrations/index.ts';
import type { Tables } from '../../../center/store/tables.ts';
import { plainLine, TimelineEntry } from '../../../contract/customer.ts';
import { ContactId } from '../../../contract/ids.ts';
import { NOW, temporaryFolder, temporaryStore } from './support.ts';

/** A file, and what is run on it; `onStatement` hears of each statement before it is run. */
function openRaw(file: string, onStatement: () => void): { db: Kysely<Tables>; close: () => void } {
  const sqlite = new Sqlite(file);
  sqlite.pragma('journal_mode = WAL');
  const database: SqliteDatabase = {
    prepare: (text) => {
      onStatement();
      return sqlite.prepare(text);
    },
    close: () => sqlite.close(),
  };
  return { db: new Kysely<Tables>({ dialect: new SqliteDialect({ database }) }), close: () => sqlite.close() };
}

const talked = { kind: 'talked', at: NOW + 24_000, agentId: 'agent1', name: '상담원 1', number: '', as: 'answered', from: '', talkMs: 98_000.5, holdMs: 12_000, to: '상담원 2' };
const outside = { kind: 'talked', at: NOW + 60_000, agentId: null, name: '+821099998888', number: '+821099998888', as: 'consulted', from: '상담원 1', talkMs: 0, holdMs: 0, consultMs: 3000, to: '' };
const waited = { kind: 'waited', at: NOW, groupName: '주문', ms: 24_000 };
const elsewhere = { kind: 'waited', at: NOW - 5000, groupName: '기술 지원', ms: 5000 };
const missed = { kind: 'missed', at: NOW + 10_000, agentId: 'agent3', name: '상담원 3', why: 'rona' };

/** The parts of each contact, as the program before wrote them. */
const PARTS: Readonly<Record<string, string>> = {
  whole: JSON.stringify([elsewhere, waited, missed, talked, outside]),
  'of-before-parts': '[]',
  'twice-the-same': JSON.stringify([waited, talked, waited, talked]),
  'not-a-list': '{"kind":"waited"}',
  'with-what-is-no-part': JSON.stringify([7, null, { kind: 'sang', at: 5 }, { kind: 'missed' }, missed]),
};

/** A file of the version before, with these contacts. */
async function formerFile(file: string): Promise<void> {
  const { db, close } = openRaw(file, () => {});
  await sql`PRAGMA foreign_keys = OFF`.execute(db);
  for (const [name, migration] of Object.entries(migrations)) if (Number(name.slice(0, 4)) < 23) await migration.up(db);
  let revision = 0;
  for (const [contactId, parts] of Object.entries(PARTS)) {
    revision += 1;
    await sql`INSERT INTO timeline (contact_id, number, kind, started_at, group_id, group_name, agent_id, agent_name, outcome, talk_ms, disposition, memo, revision, parts) VALUES (${contactId}, '+821012345678', 'inbound', ${NOW}, 'orders', '주문', 'agent1', '상담원 1', 'answered', 98000.5, '', 'MEMO', ${revision}, ${parts})`.execute(db);
  }
  await sql`UPDATE revision SET value = ${revision}`.execute(db);
  await sql`PRAGMA user_version = 22`.execute(db);
  close();
}

async function contactsIn(db: Kysely<Tables>): Promise<Record<string, TimelineEntry['parts']>> {
  const rows = await db.selectFrom('contacts').selectAll().orderBy('revision').execute();
  return Object.fromEntries((await readContacts(db, rows)).map(({ contactId, parts }) => [contactId, parts]));
}

const GROUP = { groupId: 'orders' };
const EXPECTED = {
  whole: [{ ...elsewhere, groupId: null }, { ...waited, ...GROUP }, missed, { ...talked, consultMs: 0 }, outside],
  'of-before-parts': [],
  'twice-the-same': [{ ...waited, ...GROUP }, { ...talked, consultMs: 0 }, { ...waited, ...GROUP }, { ...talked, consultMs: 0 }],
  'not-a-list': [],
  'with-what-is-no-part': [missed],
};

describe('the legs of the contacts of a former program', () => {
  it('are all there, each in its place, wherever the migration was killed', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'center.db');
    await formerFile(file);
    let count = 0;
    const { db, close } = openRaw(file, () => {
      const to = join(folder, `killed-${count++}.db`);
      copyFileSync(file, to);
      if (existsSync(`${file}-wal`)) copyFileSync(`${file}-wal`, `${to}-wal`);
    });
    await migrate(db);
    close();
    expect(count).toBeGreaterThan(15);
    for (const name of ['center', ...Array.from({ length: count }, (_, i) => `killed-${i}`)]) {
      const store = await temporaryStore(join(folder, `${name}.db`));
      expect([name, await contactsIn(store.db)]).toEqual([name, EXPECTED]);
      const { rows } = await sql`SELECT * FROM pragma_foreign_key_check`.execute(store.db);
      expect(rows).toEqual([]);
      await store.close();
    }
  }, 60_000);
});

describe('the legs of a contact', () => {
  const entry = (contactId: string, parts: unknown[], more: Partial<TimelineEntry> = {}): TimelineEntry =>
    TimelineEntry.parse({ ...plainLine, contactId, customerId: null, number: '+821012345678', kind: 'inbound', startedAt: NOW, groupId: 'orders', groupName: '주문', agentId: 'agent1', agentName: '상담원 1', outcome: 'answered', talkMs: 1, disposition: '', memo: '', parts, ...more });

  it('come back as they were, and in place of those before', async () => {
    const { db, records } = await temporaryStore();
    const all = entry('k1', [{ ...elsewhere, groupId: 'support' }, { ...waited, ...GROUP }, missed, { ...talked, consultMs: 7 }, outside]);
    await records.putTimelineEntries([all, entry('k2', [missed])]);
    expect(await contactsIn(db)).toEqual({ k1: all.parts, k2: [missed] });
    await records.putTimelineEntries([entry('k1', [missed])]);
    expect(await contactsIn(db)).toEqual({ k2: [missed], k1: [missed] });
    expect(await records.timelineEntry(ContactId.parse('k1'))).toMatchObject({ parts: [missed] });
  });

  it('say how long each person talked, without a line being taken apart', async () => {
    const { db, records } = await temporaryStore();
    await records.putTimelineEntries([entry('k1', [talked, { ...talked, agentId: 'agent2', talkMs: 1000 }]), entry('k2', [{ ...talked, talkMs: 500 }])]);
    const rows = await db.selectFrom('contact_legs').select((select) => ['agent_id', select.fn.sum<number>('talk_ms').as('talkMs')]).where('kind', '=', 'talked').groupBy('agent_id').orderBy('agent_id').execute();
    expect(rows).toEqual([{ agent_id: 'agent1', talkMs: 98_500.5 }, { agent_id: 'agent2', talkMs: 1000 }]);
  });

  it('that are more than anybody reads are cut, and what is too long, too: the contact is on record', async () => {
    const { db, records } = await temporaryStore();
    await records.putTimelineEntries([entry('k1', Array.from({ length: 500 }, () => ({ ...talked, name: 'x'.repeat(400), to: '\ud800' })))]);
    const { k1 } = await contactsIn(db);
    expect([k1?.length, new Set(k1?.map((part) => (part.kind === 'talked' ? `${part.name.length} ${part.to}` : '')))]).toEqual([60, new Set(['120 \ufffd'])]);
  });

  it('go with their contact', async () => {
    const { db, records } = await temporaryStore();
    await records.putTimelineEntries([entry('k1', [missed])]);
    await db.deleteFrom('contacts').execute();
    expect(await db.selectFrom('contact_legs').selectAll().execute()).toEqual([]);
  });

  it('of a contact that was erased meanwhile are not written again', async () => {
    const { db, records } = await temporaryStore();
    await records.putTimelineEntries([entry('k1', [missed])]);
    await db.updateTable('contacts').set({ erased: 1, number: '' }).execute();
    await records.putTimelineEntries([entry('k1', [outside])]);
    expect(await contactsIn(db)).toEqual({ k1: [missed] });
  });
});
