import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** By an invitation a person chooses their password. The link itself is kept nowhere: only its digest. */
export const invitations: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      CREATE TABLE invitations (
        token_hash TEXT PRIMARY KEY,
        agent_id TEXT NOT NULL REFERENCES people (agent_id) ON DELETE CASCADE,
        expires_at INTEGER NOT NULL,
        ended_at INTEGER
      ) STRICT`.execute(db);
    await sql`CREATE INDEX invitations_by_person ON invitations (agent_id)`.execute(db);
  },
};
