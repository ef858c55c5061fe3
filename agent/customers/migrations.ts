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
  /*
   * 2: the history, newest first: of everybody, of one agent, of one kind, and what was missed. Written columns and
   * not computed ones, as reading JSON for four indexes would make fetching more than twice as slow.
   */ `
  ALTER TABLE timeline ADD COLUMN agent_id TEXT;
  ALTER TABLE timeline ADD COLUMN kind TEXT NOT NULL DEFAULT '';
  ALTER TABLE timeline ADD COLUMN missed INTEGER NOT NULL DEFAULT 0;
  UPDATE timeline SET agent_id = entry ->> '$.agentId', kind = entry ->> '$.kind', missed = entry ->> '$.outcome' <> 'answered';
  CREATE INDEX timeline_newest ON timeline (started_at DESC, contact_id DESC);
  CREATE INDEX timeline_by_agent ON timeline (agent_id, started_at DESC, contact_id DESC) WHERE agent_id IS NOT NULL;
  CREATE INDEX timeline_by_kind ON timeline (kind, started_at DESC, contact_id DESC);
  CREATE INDEX timeline_missed ON timeline (started_at DESC, contact_id DESC) WHERE missed = 1;
  `,
  /* 3: the version of each customer, which only the center knows: everything is fetched again, over what is there. */ `
  ALTER TABLE customers ADD COLUMN version TEXT NOT NULL DEFAULT '';
  DELETE FROM meta;
  `,
  /*
   * 4: names as they are sorted and searched, by letter: 'key'. What an index cannot make of what it has is fetched anew
   * from the center. The index by key covers what a walk through all customers looks at.
   */ `
  DROP TABLE search;
  DROP INDEX customers_by_name;
  DELETE FROM meta;
  DELETE FROM numbers;
  DELETE FROM timeline;
  DELETE FROM customers;
  ALTER TABLE customers ADD COLUMN key TEXT NOT NULL DEFAULT '';
  ALTER TABLE customers ADD COLUMN company_key TEXT NOT NULL DEFAULT '';
  CREATE INDEX customers_by_key ON customers (key, company_key, id);
  CREATE VIRTUAL TABLE search USING fts5 (keys, initials, digits, content = '', contentless_delete = 1, tokenize = 'trigram case_sensitive 1');
  `,
  /* 5: how many customers there are, kept with them: counting a million anew takes longer than a search. */ `
  INSERT OR REPLACE INTO meta (key, value) SELECT 'customers', count(*) FROM customers;
  `,
  /*
   * 6: contacts by everybody who had a part in them, by group and by disposition, and who was reached. What lines say of
   * their parts only the center knows: all is fetched again, over what is there.
   */ `
  ALTER TABLE timeline ADD COLUMN group_id TEXT;
  ALTER TABLE timeline ADD COLUMN disposition TEXT NOT NULL DEFAULT '';
  UPDATE timeline SET group_id = entry ->> '$.groupId', disposition = entry ->> '$.disposition';
  CREATE TABLE takers (agent_id TEXT NOT NULL, started_at INTEGER NOT NULL, contact_id TEXT NOT NULL, PRIMARY KEY (agent_id, started_at DESC, contact_id DESC)) STRICT, WITHOUT ROWID;
  CREATE INDEX takers_by_contact ON takers (contact_id);
  INSERT INTO takers SELECT agent_id, started_at, contact_id FROM timeline WHERE agent_id IS NOT NULL;
  DROP INDEX timeline_by_agent;
  CREATE INDEX timeline_by_group ON timeline (group_id, started_at DESC, contact_id DESC) WHERE group_id IS NOT NULL;
  CREATE INDEX timeline_by_disposition ON timeline (disposition, started_at DESC, contact_id DESC) WHERE disposition <> '';
  CREATE INDEX timeline_reached ON timeline (number, started_at) WHERE missed = 0 AND number <> '';
  DELETE FROM meta WHERE key IN ('cursor', 'mark');
  `,
  /* 7: contacts without the disposition that their group asks for, which are few among many. */ `
  ALTER TABLE timeline ADD COLUMN disposition_missing INTEGER NOT NULL DEFAULT 0;
  UPDATE timeline SET disposition_missing = 1 WHERE entry ->> '$.dispositionMissing' = 1;
  CREATE INDEX timeline_disposition_missing ON timeline (started_at DESC, contact_id DESC) WHERE disposition_missing = 1;
  `,
  /* 8: the history is the center's to search: a desk keeps contacts for who calls, by the customer and by the number. */ `
  DROP TABLE takers;
  DROP INDEX timeline_newest;
  DROP INDEX timeline_by_kind;
  DROP INDEX timeline_missed;
  DROP INDEX timeline_by_group;
  DROP INDEX timeline_by_disposition;
  DROP INDEX timeline_reached;
  DROP INDEX timeline_disposition_missing;
  ALTER TABLE timeline DROP COLUMN agent_id;
  ALTER TABLE timeline DROP COLUMN kind;
  ALTER TABLE timeline DROP COLUMN missed;
  ALTER TABLE timeline DROP COLUMN group_id;
  ALTER TABLE timeline DROP COLUMN disposition;
  ALTER TABLE timeline DROP COLUMN disposition_missing;
  `,
];

export const SCHEMA_VERSION = migrations.length;

/**
 * Brings the database to a version, the newest unless told otherwise, each step a transaction.
 * @throws when the file is of a newer version than this program knows
 */
export function migrate(database: Database, target = SCHEMA_VERSION): void {
  const version = Number(database.pragma('user_version', { simple: true }));
  if (version > SCHEMA_VERSION) throw new NewerSchemaError(version);
  for (const [index, sql] of migrations.entries()) {
    if (index < version || index >= target) continue;
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
