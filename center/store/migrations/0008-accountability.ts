import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Who read whose personal data beyond the call they were on. Ids alone; it only grows. */
export const accountability: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      CREATE TABLE access_log (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at INTEGER NOT NULL,
        agent_id TEXT NOT NULL,
        address TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('sync', 'customer', 'search', 'history')),
        customer_id TEXT,
        customers INTEGER NOT NULL,
        contacts INTEGER NOT NULL
      ) STRICT`.execute(db);
    await sql`CREATE INDEX access_log_by_customer ON access_log (customer_id, at) WHERE customer_id IS NOT NULL`.execute(db);
    await sql`CREATE INDEX access_log_by_agent ON access_log (agent_id, at)`.execute(db);
    await sql`CREATE TRIGGER access_log_refuses_update BEFORE UPDATE ON access_log BEGIN SELECT RAISE(ABORT, 'access_log is append-only'); END`.execute(db);
    await sql`CREATE TRIGGER access_log_refuses_delete BEFORE DELETE ON access_log BEGIN SELECT RAISE(ABORT, 'access_log is append-only'); END`.execute(db);
  },
};
