import type { Database } from 'better-sqlite3';

/** Each step brings the file from version n to n + 1 (`user_version`). Steps are never edited, only added. */
const migrations: readonly string[] = [
  /* 1: customers, their numbers and histories, and a full-text index of trigrams for search by any part. */ `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE customers (
    id INTEGER PRIMARY KEY,
    customer_id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    company TEXT NOT NULL,
    numbers TEXT NOT NULL,
    vip INTEGER NOT NULL,
    warning TEXT NOT NULL,
    note TEXT NOT NULL,
    updated_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX customers_by_name ON customers (name, id);
  CREATE TABLE numbers (e164 TEXT NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (e164, id)) STRICT, WITHOUT ROWID;
  CREATE INDEX numbers_by_customer ON numbers (id);
  CREATE TABLE timeline (
    contact_id TEXT PRIMARY KEY,
    customer_id TEXT,
    number TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    entry TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX timeline_by_customer ON timeline (customer_id, started_at DESC);
  CREATE INDEX timeline_by_number ON timeline (number, started_at DESC) WHERE customer_id IS NULL;
  CREATE VIRTUAL TABLE search USING fts5 (text, content = '', contentless_delete = 1, tokenize = 'trigram');
  `,
];

export const SCHEMA_VERSION = migrations.length;

/**
 * Brings the database to the newest version, each step a transaction.
 * @throws when the file is of a newer version than this program knows
 */
export function migrate(database: Database): void {
  const version = Number(database.pragma('user_version', { simple: true }));
  if (version > SCHEMA_VERSION) throw new NewerSchemaError(version);
  for (const [index, sql] of migrations.entries()) {
    if (index < version) continue;
    database.transaction(() => {
      database.exec(sql);
      database.pragma(`user_version = ${index + 1}`);
    })();
  }
}

/** The file was written by a newer program. */
export class NewerSchemaError extends Error {
  constructor(version: number) {
    super(`the cache is of version ${version}, newer than ${SCHEMA_VERSION}`);
  }
}
