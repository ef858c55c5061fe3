import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What was set up and is removed keeps its last value, where something refers to it by its id for longer than it is there. */
export const formerConfiguration: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      CREATE TABLE former_configuration (
        kind TEXT NOT NULL,
        id TEXT NOT NULL,
        position INTEGER NOT NULL,
        value TEXT NOT NULL CHECK (json_valid(value)),
        PRIMARY KEY (kind, id)
      ) STRICT`.execute(db);
  },
};
