import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** A number that a desk gave to a customer in a call can be taken back for a while, with the contacts that came along. */
export const givenNumbers: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`ALTER TABLE customer_numbers ADD COLUMN given_at INTEGER`.execute(db);
  },
};
