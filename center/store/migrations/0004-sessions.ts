import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Refresh tokens, hashed. Each sign-in starts a family; a token is good for one use, and its replay ends the family. */
export const sessions: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      CREATE TABLE token_families (
        family_id TEXT PRIMARY KEY,
        agent_id TEXT NOT NULL REFERENCES agents ON DELETE CASCADE,
        generation INTEGER NOT NULL,
        created_at INTEGER NOT NULL,
        ended_at INTEGER
      ) STRICT`.execute(db);
    await sql`CREATE INDEX token_families_by_agent ON token_families (agent_id)`.execute(db);
    await sql`
      CREATE TABLE refresh_tokens (
        token_hash TEXT PRIMARY KEY,
        family_id TEXT NOT NULL REFERENCES token_families ON DELETE CASCADE,
        expires_at INTEGER NOT NULL,
        used_at INTEGER
      ) STRICT, WITHOUT ROWID`.execute(db);
    await sql`CREATE INDEX refresh_tokens_by_family ON refresh_tokens (family_id)`.execute(db);
  },
};
