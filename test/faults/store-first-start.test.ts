import { copyFileSync, existsSync, readdirSync } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { Kysely, SqliteDialect, sql, type SqliteDatabase } from 'kysely';
import { Migrator } from 'kysely/migration';
import { describe, expect, it } from 'vitest';
import { loadSigningKey } from '../../center/gateway/index.ts';

import { writeSecret } from '../../center/store/key-file.ts';
import { migrate } from '../../center/store/dialect/sqlite/migrate.ts';
import { SCHEMA_VERSION } from '../../center/store/migrations/index.ts';
import { currentRevision } from '../../center/store/revision.ts';
import { readConfiguration } from '../../center/store/configuration.ts';
import { migrations } from '../../center/store/migrations/index.ts';
import type { Tables } from '../../center/store/tables.ts';
import { temporaryFolder, temporaryStore } from '../unit/store/support.ts';

/** Hears of each statement before it is run. */
type OnStatement = (sqlText: string) => void;

function openRaw(file: string, onStatement: OnStatement): { db: Kysely<Tables>; close: () => void } {
  const sqlite = new Sqlite(file);
  sqlite.pragma('journal_mode = WAL');
  const database: SqliteDatabase = {
    prepare: (text) => {
      onStatement(text);
      return sqlite.prepare(text);
    },
    close: () => sqlite.close(),
  };
  return { db: new Kysely<Tables>({ dialect: new SqliteDialect({ database }) }), close: () => sqlite.close() };
}

/** The file as a process leaves it that is killed at this moment. */
function asKilled(file: string, to: string): void {
  copyFileSync(file, to);
  if (existsSync(`${file}-wal`)) copyFileSync(`${file}-wal`, `${to}-wal`);
}

/** The four migrations as they were once applied: each statement for itself, the bookkeeping after them. */
const formerMigrator = (db: Kysely<Tables>) =>
  new Migrator({ db, provider: { getMigrations: () => Promise.resolve(Object.fromEntries(Object.entries(migrations).filter(([name]) => Number(name.slice(0, 4)) <= 4))) } });

class Killed extends Error {}

/** A file left behind by a former program that was killed before its `count`th statement; whether it got so far. */
async function formerlyKilled(file: string, count: number): Promise<boolean> {
  let left = count;
  const { db, close } = openRaw(file, () => {
    if (left-- <= 0) throw new Killed();
  });
  await formerMigrator(db).migrateToLatest().catch(() => {});
  close();
  return left < 0;
}

/** Opens the store. @returns what is in its schema */
async function start(file: string): Promise<string[]> {
  const store = await temporaryStore(file);
  const { db } = store;
  expect(await currentRevision(db)).toBe(0);
  const { rows } = await sql<{ name: string }>`SELECT name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name`.execute(db);
  const version = await sql<{ user_version: number }>`PRAGMA user_version`.execute(db);
  expect(version.rows[0]?.user_version).toBe(SCHEMA_VERSION);
  await store.close();
  return rows.map(({ name }) => name);
}

describe('a first start that is killed', () => {
  it('before any of the migrations’ statements leaves a store that starts, and is as any other', async () => {
    const folder = await temporaryFolder();
    const whole = await start(join(folder, 'whole.db'));
    const file = join(folder, 'killed.db');
    let count = 0;
    const { db, close } = openRaw(file, () => asKilled(file, join(folder, `after-${count++}.db`)));
    await migrate(db);
    close();
    expect(count).toBeGreaterThan(Object.keys(migrations).length * 2);
    for (let i = 0; i < count; i++) expect(await start(join(folder, `after-${i}.db`)), `before statement ${i}`).toEqual(whole);
  }, 60_000);

  it('and one that fails at any of them has done all or nothing', async () => {
    const folder = await temporaryFolder();
    for (let at = 0, failed = true; failed; at++) {
      const file = join(folder, `fails-${at}.db`);
      let left = at;
      const { db, close } = openRaw(file, () => {
        if (left-- === 0) throw new Killed();
      });
      failed = await migrate(db).then(() => false, () => true);
      const check = new Sqlite(file);
      const tables = check.prepare('SELECT name FROM sqlite_schema').all();
      expect([0, SCHEMA_VERSION]).toContain(check.pragma('user_version', { simple: true }));
      expect(tables.length > 0, `fails at ${at}`).toBe(check.pragma('user_version', { simple: true }) === SCHEMA_VERSION);
      check.close();
      close();
    }
  });

  it('by a former program that left half of its tables is made good', async () => {
    const folder = await temporaryFolder();
    const whole = await start(join(folder, 'whole.db'));
    let more = true;
    let kills = 0;
    for (; more; kills++) {
      const file = join(folder, `former-${kills}.db`);
      more = await formerlyKilled(file, kills);
      expect(await start(file), `killed before statement ${kills}`).toEqual(whole);
    }
    expect(kills).toBeGreaterThan(30);
  }, 60_000);

  it('in an upgrade of a former program keeps what the store held', async () => {
    const file = join(await temporaryFolder(), 'former.db');
    const former = openRaw(file, () => {});
    await formerMigrator(former.db).migrateTo('0003-logs');
    await sql`INSERT INTO meta (key, value) VALUES ('shortAbandonMs', '4000'), ('timeZone', 'Asia/Tokyo')`.execute(former.db);
    await sql`PRAGMA user_version = 3`.execute(former.db);
    // As far as the fourth migration came.
    await sql`CREATE TABLE token_families (family_id TEXT PRIMARY KEY)`.execute(former.db);
    former.close();
    const { db } = await temporaryStore(file);
    expect(await readConfiguration(db)).toMatchObject({ shortAbandonMs: 4000, timeZone: 'Asia/Tokyo' });
    expect(await db.selectFrom('refresh_tokens').selectAll().execute()).toEqual([]);
  });
});

describe('failure: a first start', () => {
  it('takes no table for its own that holds data', async () => {
    const file = join(await temporaryFolder(), 'center.db');
    const raw = openRaw(file, () => {});
    await sql`CREATE TABLE customers (name TEXT)`.execute(raw.db);
    await sql`INSERT INTO customers VALUES ('x')`.execute(raw.db);
    raw.close();
    await expect(temporaryStore(file)).rejects.toMatchObject({ code: 'corrupt', message: expect.stringContaining('backup') });
    const check = new Sqlite(file);
    expect(check.prepare('SELECT * FROM customers').all()).toEqual([{ name: 'x' }]);
    check.close();
  });
});

const STORE_KEY = Buffer.alloc(32, 7);

describe('a secret in a file', () => {
  it('is its user’s alone, and there as a whole', async () => {
    const folder = await temporaryFolder();
    const key = await loadSigningKey(folder, STORE_KEY);
    const file = join(folder, 'signing.key');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await readFile(file)).includes(Buffer.from(key))).toBe(false);
    expect(await loadSigningKey(folder, STORE_KEY)).toEqual(key);
    expect(readdirSync(folder)).toEqual(['signing.key']);
  });

  it('is one, though two processes begin at once', async () => {
    const folder = await temporaryFolder();
    const keys = await Promise.all(Array.from({ length: 5 }, () => loadSigningKey(folder, STORE_KEY)));
    expect(new Set(keys.map((key) => Buffer.from(key).toString('hex'))).size).toBe(1);
  });

  it('goes on when a former program left it unsealed, and is sealed then', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'signing.key');
    const former = Buffer.alloc(32, 9);
    await writeFile(file, former);
    expect(await loadSigningKey(folder, STORE_KEY)).toEqual(former);
    expect((await readFile(file)).includes(former)).toBe(false);
    expect(await loadSigningKey(folder, STORE_KEY)).toEqual(former);
  });

  it('opens nothing with another store’s key', async () => {
    const folder = await temporaryFolder();
    const key = await loadSigningKey(folder, STORE_KEY);
    expect(await loadSigningKey(folder, Buffer.alloc(32, 8))).not.toEqual(key);
  });

  it('that was cut short is made anew', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'signing.key'), 'short');
    expect(await loadSigningKey(folder, STORE_KEY)).toHaveLength(32);
  });

  it('stays as it is where it must', async () => {
    const file = join(await temporaryFolder(), 'a.key');
    expect([await writeSecret(file, 'first', { keep: true }), await writeSecret(file, 'second', { keep: true })]).toEqual([true, false]);
    expect(await readFile(file, 'utf8')).toBe('first');
  });
});
