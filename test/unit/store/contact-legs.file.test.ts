import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { Kysely, sql, SqliteDialect, type SqliteDatabase } from 'kysely';
import { describe, expect, it } from 'vitest';
import { migrate } from '../../../center/store/dialect/sqlite/migrate.ts';
import { migrations } from '../../../center/store/migrations/index.ts';
import type { Tables } from '../../../center/store/tables.ts';
import { contactsIn, elsewhere, GROUP, missed, outside, talked, waited } from './legs.ts';
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
