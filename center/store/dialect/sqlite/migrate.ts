import { sql } from 'kysely';
import { numbered, SCHEMA_VERSION } from '../../migrations/index.ts';
import { StoreError } from '../../rows.ts';
import type { Database, Writer } from '../../tables.ts';

/** The list of applied migrations that Kysely's own migrator kept, before `user_version` was the one that counts. */
const FORMER_LIST = 'kysely_migration';
/** Tables by the migration that makes them, as far as they may have been made without a transaction. */
const MADE_ONE_BY_ONE: Readonly<Record<number, readonly string[]>> = {
  1: ['meta', 'agents', 'groups', 'memberships', 'flows', 'numbers', 'dispositions', 'phones'],
  2: ['revision', 'customers', 'customer_numbers', 'removed_customers', 'timeline'],
  3: ['events', 'audit'],
  4: ['token_families', 'refresh_tokens'],
};

/**
 * Brings the tables up to date: whatever is pending and `user_version` in one transaction, which SQLite's DDL
 * allows. Wherever a start is cut short, the next one finds all of it or nothing.
 * @throws StoreError `corrupt` for tables that are neither ours nor an unfinished start's
 */
export async function migrate(db: Database): Promise<void> {
  // A migration that rebuilds a table drops the old one: that must not take along what refers to it.
  await sql`PRAGMA foreign_keys = OFF`.execute(db);
  await db.transaction().execute(async (tx) => {
    const version = await takeOver(tx);
    for (const { number, migration } of numbered) if (number > version) await migration.up(tx);
    await sql`PRAGMA user_version = ${sql.lit(SCHEMA_VERSION)}`.execute(tx);
  });
  await sql`PRAGMA foreign_keys = ON`.execute(db);
}

/** The number of the last migration that is in the file as a whole; what an unfinished one left behind is gone by then. */
async function takeOver(tx: Writer): Promise<number> {
  const { rows } = await sql<{ name: string }>`SELECT name FROM sqlite_schema WHERE type = 'table'`.execute(tx);
  const tables = new Set(rows.map(({ name }) => name));
  const { rows: pragma } = await sql<{ user_version: number }>`PRAGMA user_version`.execute(tx);
  const version = pragma[0]?.user_version ?? 0;
  if (version > 0 && !tables.has(FORMER_LIST)) return version;

  const listed = tables.has(FORMER_LIST) ? (await sql<{ name: string }>`SELECT name FROM ${sql.table(FORMER_LIST)}`.execute(tx)).rows : [];
  const done = Math.max(0, ...listed.map(({ name }) => Number(name.slice(0, 4))));
  if (version > done) return version;
  const unfinished = Object.entries(MADE_ONE_BY_ONE).flatMap(([number, made]) => (Number(number) > done ? made.filter((table) => tables.has(table)) : []));
  for (const table of unfinished.toReversed()) await dropEmpty(tx, table);
  for (const table of [FORMER_LIST, `${FORMER_LIST}_lock`]) await sql`DROP TABLE IF EXISTS ${sql.table(table)}`.execute(tx);
  return done;
}

async function dropEmpty(tx: Writer, table: string): Promise<void> {
  // The one row of `revision` is its migration's own.
  const { rows } = table === 'revision' ? { rows: [] } : await sql`SELECT 1 FROM ${sql.table(table)} LIMIT 1`.execute(tx);
  if (rows.length > 0) throw new StoreError('corrupt', `the database has a table ${table} with data, and no word of how it came there: restore it from a backup, or move it away to start with an empty one`);
  await sql`DROP TABLE ${sql.table(table)}`.execute(tx);
}
