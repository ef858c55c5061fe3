import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What is done beside the calls: each job with how it stands, and when what is done regularly is due. */
export const jobs: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      CREATE TABLE jobs (
        job_id TEXT PRIMARY KEY,
        kind TEXT NOT NULL,
        payload TEXT NOT NULL CHECK (json_valid(payload)),
        key TEXT,
        asked_by TEXT,
        state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed', 'cancelled')),
        cancel_asked INTEGER NOT NULL DEFAULT 0 CHECK (cancel_asked IN (0, 1)),
        attempts INTEGER NOT NULL DEFAULT 0,
        created_at INTEGER NOT NULL,
        run_at INTEGER NOT NULL,
        finished_at INTEGER,
        lease TEXT,
        lease_until INTEGER,
        progress TEXT CHECK (progress IS NULL OR json_valid(progress)),
        result TEXT CHECK (result IS NULL OR json_valid(result)),
        secret TEXT,
        error TEXT
      ) STRICT, WITHOUT ROWID`.execute(db);
    await sql`CREATE UNIQUE INDEX jobs_by_key ON jobs (kind, key) WHERE key IS NOT NULL AND finished_at IS NULL`.execute(db);
    await sql`CREATE INDEX jobs_to_do ON jobs (kind, run_at) WHERE finished_at IS NULL`.execute(db);
    await sql`CREATE INDEX jobs_of_person ON jobs (asked_by, created_at) WHERE asked_by IS NOT NULL`.execute(db);
    await sql`CREATE INDEX jobs_finished ON jobs (kind, finished_at) WHERE finished_at IS NOT NULL`.execute(db);
    await sql`CREATE TABLE job_schedules (kind TEXT PRIMARY KEY, due_at INTEGER NOT NULL) STRICT, WITHOUT ROWID`.execute(db);
  },
};
