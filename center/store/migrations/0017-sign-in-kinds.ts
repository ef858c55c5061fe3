import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** A sign-in is a desk, of which a person has one at a time, or a console without a telephone. Those before were desks. */
export const signInKinds: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`ALTER TABLE token_families ADD COLUMN kind TEXT NOT NULL DEFAULT 'desk' CHECK (kind IN ('desk', 'console'))`.execute(db);
  },
};
