import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Whoever reads the audit log or the access log page by page, newest first, reads no more of it than that page. */
export const auditRead: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`CREATE INDEX audit_by_time ON audit (at, id)`.execute(db);
    await sql`CREATE INDEX audit_by_actor ON audit (actor, at, id)`.execute(db);
    await sql`CREATE INDEX audit_by_action ON audit (action, at, id)`.execute(db);
    await sql`CREATE INDEX audit_by_actor_action ON audit (actor, action, at, id)`.execute(db);
    await sql`CREATE INDEX audit_by_subject_time ON audit (subject, at, id)`.execute(db);
    await sql`CREATE INDEX access_log_by_time ON access_log (at, id)`.execute(db);
  },
};
