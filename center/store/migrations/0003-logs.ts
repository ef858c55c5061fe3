import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** The event log, from which every statistic is derived, and the audit log. Both only grow: the database refuses the rest. */
export const logs: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      CREATE TABLE events (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at INTEGER NOT NULL,
        type TEXT NOT NULL,
        contact_id TEXT,
        agent_id TEXT,
        group_id TEXT,
        data TEXT NOT NULL CHECK (json_valid(data))
      ) STRICT`.execute(db);
    await sql`CREATE INDEX events_by_time ON events (at, id)`.execute(db);
    await sql`
      CREATE TABLE audit (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at INTEGER NOT NULL,
        actor TEXT,
        action TEXT NOT NULL,
        subject TEXT NOT NULL,
        address TEXT NOT NULL,
        details TEXT NOT NULL CHECK (json_valid(details)),
        previous_hash TEXT NOT NULL UNIQUE,
        hash TEXT NOT NULL UNIQUE
      ) STRICT`.execute(db);
    for (const table of ['events', 'audit']) {
      for (const change of ['UPDATE', 'DELETE']) {
        await sql`
          CREATE TRIGGER ${sql.raw(`${table}_refuses_${change.toLowerCase()}`)}
          BEFORE ${sql.raw(change)} ON ${sql.table(table)}
          BEGIN SELECT RAISE(ABORT, ${sql.lit(`${table} is append-only`)}); END`.execute(db);
      }
    }
  },
};
