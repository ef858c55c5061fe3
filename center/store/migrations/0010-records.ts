import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * The history holds every part of a contact, and what was written about it can be put right: `version` is another with
 * each change, as a customer's is. Of whom the history knows nothing any more (`erased`) nothing is written again.
 */
export const records: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`ALTER TABLE timeline ADD COLUMN version TEXT NOT NULL DEFAULT ''`.execute(db);
    await sql`ALTER TABLE timeline ADD COLUMN parts TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(parts))`.execute(db);
    await sql`ALTER TABLE timeline ADD COLUMN waited_ms INTEGER`.execute(db);
    await sql`ALTER TABLE timeline ADD COLUMN ended_by TEXT`.execute(db);
    await sql`ALTER TABLE timeline ADD COLUMN disposition_missing INTEGER NOT NULL DEFAULT 0`.execute(db);
    await sql`ALTER TABLE timeline ADD COLUMN corrected_at INTEGER`.execute(db);
    await sql`ALTER TABLE timeline ADD COLUMN corrected_by TEXT NOT NULL DEFAULT ''`.execute(db);
    await sql`ALTER TABLE timeline ADD COLUMN erased INTEGER NOT NULL DEFAULT 0`.execute(db);
    await sql`UPDATE timeline SET version = lower(hex(randomblob(8)))`.execute(db);
    await sql`UPDATE timeline SET erased = 1 WHERE number = '' AND customer_id IS NULL`.execute(db);
    await sql`ALTER TABLE groups ADD COLUMN disposition_required INTEGER NOT NULL DEFAULT 0`.execute(db);
  },
};
