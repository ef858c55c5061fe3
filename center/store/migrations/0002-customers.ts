import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Customers and their histories. Each change takes the next `revision`: one sequence, by which caches catch up. */
export const customers: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`CREATE TABLE revision (only INTEGER PRIMARY KEY CHECK (only = 1), value INTEGER NOT NULL) STRICT`.execute(db);
    await sql`INSERT INTO revision (only, value) VALUES (1, 0)`.execute(db);
    await sql`
      CREATE TABLE customers (
        customer_id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        company TEXT NOT NULL,
        vip INTEGER NOT NULL CHECK (vip IN (0, 1)),
        warning TEXT NOT NULL,
        note TEXT NOT NULL,
        updated_at INTEGER NOT NULL,
        revision INTEGER NOT NULL UNIQUE
      ) STRICT`.execute(db);
    // A number leads to one customer: its owner on the screen pop must not be a matter of luck.
    await sql`
      CREATE TABLE customer_numbers (
        e164 TEXT PRIMARY KEY,
        customer_id TEXT NOT NULL REFERENCES customers ON DELETE CASCADE,
        label TEXT NOT NULL,
        position INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID`.execute(db);
    await sql`CREATE INDEX customer_numbers_by_customer ON customer_numbers (customer_id, position)`.execute(db);
    await sql`CREATE TABLE removed_customers (customer_id TEXT PRIMARY KEY, revision INTEGER NOT NULL UNIQUE) STRICT`.execute(db);
    await sql`
      CREATE TABLE timeline (
        contact_id TEXT PRIMARY KEY,
        customer_id TEXT REFERENCES customers ON DELETE SET NULL,
        number TEXT NOT NULL,
        kind TEXT NOT NULL,
        started_at INTEGER NOT NULL,
        group_id TEXT,
        group_name TEXT NOT NULL,
        agent_id TEXT,
        agent_name TEXT NOT NULL,
        outcome TEXT NOT NULL,
        talk_ms REAL NOT NULL,
        disposition TEXT NOT NULL,
        memo TEXT NOT NULL,
        revision INTEGER NOT NULL UNIQUE
      ) STRICT`.execute(db);
    await sql`CREATE INDEX timeline_by_customer ON timeline (customer_id, started_at)`.execute(db);
    await sql`CREATE INDEX timeline_by_number ON timeline (number) WHERE customer_id IS NULL`.execute(db);
  },
};
