import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What is kept as bytes beside this file: each object with its wrapped key, without which nobody reads it, and who uses it. */
export const media: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      CREATE TABLE media_objects (
        media_id TEXT PRIMARY KEY,
        kind TEXT NOT NULL,
        type TEXT NOT NULL,
        bytes INTEGER NOT NULL CHECK (bytes > 0),
        sha256 TEXT NOT NULL,
        wrapped_key TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        created_by TEXT
      ) STRICT, WITHOUT ROWID`.execute(db);
    await sql`CREATE INDEX media_by_age ON media_objects (created_at)`.execute(db);
    await sql`
      CREATE TABLE media_uses (
        media_id TEXT NOT NULL REFERENCES media_objects (media_id),
        used_by TEXT NOT NULL,
        PRIMARY KEY (media_id, used_by)
      ) STRICT, WITHOUT ROWID`.execute(db);
    await sql`CREATE INDEX media_by_user ON media_uses (used_by)`.execute(db);
  },
};
