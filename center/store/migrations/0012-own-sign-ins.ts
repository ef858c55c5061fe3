import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What a person asks of their own account is found without reading the whole audit log. */
export const ownSignIns: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`CREATE INDEX audit_by_subject ON audit (subject, id)`.execute(db);
  },
};
