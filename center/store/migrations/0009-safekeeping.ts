import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What keeps changes from being lost on the way: by another editor, by a restored backup, by a line that cannot be written. */
export const safekeeping: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    // Random and no count: a restored store counts to the same number again, with something else behind it.
    await sql`ALTER TABLE customers ADD COLUMN version TEXT NOT NULL DEFAULT ''`.execute(db);
    await sql`UPDATE customers SET version = lower(hex(randomblob(8)))`.execute(db);
    await sql`CREATE TABLE runs (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL UNIQUE, first_revision INTEGER NOT NULL) STRICT`.execute(db);
    await sql`
      CREATE TABLE set_aside (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at INTEGER NOT NULL,
        what TEXT NOT NULL,
        contact_id TEXT,
        content TEXT NOT NULL,
        why TEXT NOT NULL
      ) STRICT`.execute(db);
    await sql`DELETE FROM meta WHERE key = 'epoch'`.execute(db);
  },
};
