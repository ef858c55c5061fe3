import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What an administrator sets up, and `meta` for what belongs to the store as a whole. */
export const configuration: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID`.execute(db);
    await sql`
      CREATE TABLE agents (
        agent_id TEXT PRIMARY KEY,
        account TEXT NOT NULL UNIQUE COLLATE NOCASE,
        name TEXT NOT NULL,
        role TEXT NOT NULL CHECK (role IN ('agent', 'supervisor', 'admin')),
        extension TEXT NOT NULL UNIQUE,
        password_hash TEXT NOT NULL,
        position INTEGER NOT NULL
      ) STRICT`.execute(db);
    await sql`
      CREATE TABLE groups (
        group_id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        strategy TEXT NOT NULL,
        service_level_ms INTEGER NOT NULL CHECK (service_level_ms > 0),
        wrap_up_ms INTEGER NOT NULL CHECK (wrap_up_ms >= 0),
        offer_timeout_ms INTEGER NOT NULL CHECK (offer_timeout_ms > 0),
        max_waiting INTEGER NOT NULL CHECK (max_waiting >= 0),
        when_empty TEXT NOT NULL CHECK (when_empty IN ('refuse', 'wait')),
        hours TEXT NOT NULL CHECK (json_valid(hours)),
        open_override INTEGER CHECK (open_override IN (0, 1)),
        position INTEGER NOT NULL
      ) STRICT`.execute(db);
    await sql`
      CREATE TABLE memberships (
        agent_id TEXT NOT NULL REFERENCES agents ON DELETE CASCADE,
        group_id TEXT NOT NULL REFERENCES groups ON DELETE CASCADE,
        skill INTEGER NOT NULL,
        PRIMARY KEY (agent_id, group_id)
      ) STRICT, WITHOUT ROWID`.execute(db);
    await sql`CREATE TABLE flows (flow_id TEXT PRIMARY KEY, name TEXT NOT NULL, steps TEXT NOT NULL CHECK (json_valid(steps))) STRICT`.execute(db);
    await sql`CREATE TABLE numbers (e164 TEXT PRIMARY KEY, name TEXT NOT NULL, flow_id TEXT NOT NULL REFERENCES flows) STRICT`.execute(db);
    await sql`
      CREATE TABLE dispositions (
        disposition_id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        group_id TEXT REFERENCES groups ON DELETE CASCADE,
        position INTEGER NOT NULL
      ) STRICT`.execute(db);
    // Digest authentication (RFC 2617) needs the password itself; a person's password is only ever kept hashed.
    await sql`
      CREATE TABLE phones (
        user TEXT PRIMARY KEY,
        password TEXT NOT NULL,
        display_name TEXT NOT NULL,
        number TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL CHECK (kind IN ('desk', 'customer'))
      ) STRICT`.execute(db);
  },
};
