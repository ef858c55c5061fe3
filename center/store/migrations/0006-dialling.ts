import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Class of service and limits of calls to the outside, and whose calls were stopped by an alarm. */
export const dialling: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    // Null: as everybody. `id` is empty for the center.
    await sql`
      CREATE TABLE dial_rules (
        subject TEXT NOT NULL CHECK (subject IN ('center', 'person', 'phone', 'group', 'forwarding')),
        id TEXT NOT NULL CHECK ((subject = 'center') = (id = '')),
        classes TEXT CHECK (json_valid(classes)),
        calls_at_once INTEGER CHECK (calls_at_once >= 0),
        calls_per_hour INTEGER CHECK (calls_per_hour >= 0),
        longest_ms INTEGER CHECK (longest_ms > 0),
        PRIMARY KEY (subject, id)
      ) STRICT, WITHOUT ROWID`.execute(db);
    await sql`
      CREATE TABLE dial_blocks (
        subject TEXT NOT NULL CHECK (subject IN ('center', 'person', 'phone', 'forwarding')),
        id TEXT NOT NULL,
        at INTEGER NOT NULL,
        why TEXT NOT NULL,
        PRIMARY KEY (subject, id)
      ) STRICT, WITHOUT ROWID`.execute(db);
  },
};
