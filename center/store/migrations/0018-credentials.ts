import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Tokens that are no person's, hashed: of wallboard links and of other systems. `grants`: the groups, or the scopes. */
export const credentials: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      CREATE TABLE credentials (
        credential_id TEXT PRIMARY KEY,
        kind TEXT NOT NULL CHECK (kind IN ('display', 'key')),
        name TEXT NOT NULL,
        token_hash TEXT NOT NULL UNIQUE,
        grants TEXT NOT NULL CHECK (json_valid(grants)),
        created_at INTEGER NOT NULL,
        created_by TEXT NOT NULL,
        expires_at INTEGER,
        revoked_at INTEGER,
        last_used_at INTEGER
      ) STRICT`.execute(db);
  },
};
