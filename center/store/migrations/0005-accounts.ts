import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * What lets a person in, apart from what they do: a password, its state, second factors, and the places where they have
 * signed in. Passwords are of the account from now on, and no longer of the agent.
 */
export const accounts: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      CREATE TABLE accounts (
        agent_id TEXT PRIMARY KEY REFERENCES agents ON DELETE CASCADE,
        password_hash TEXT NOT NULL,
        password_changed_at INTEGER NOT NULL,
        must_change INTEGER NOT NULL CHECK (must_change IN (0, 1)),
        password_expires_at INTEGER,
        disabled_at INTEGER
      ) STRICT`.execute(db);
    await sql`INSERT INTO accounts SELECT agent_id, password_hash, 0, 0, NULL, NULL FROM agents`.execute(db);
    await sql`ALTER TABLE agents DROP COLUMN password_hash`.execute(db);
    // A secret that nobody has confirmed by a code of it yet opens nothing. `last_step`: the last code used (RFC 6238, 5.2).
    await sql`
      CREATE TABLE totp_factors (
        agent_id TEXT PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
        sealed_secret TEXT NOT NULL,
        confirmed_at INTEGER,
        last_step INTEGER NOT NULL
      ) STRICT`.execute(db);
    await sql`
      CREATE TABLE recovery_codes (
        agent_id TEXT NOT NULL REFERENCES accounts ON DELETE CASCADE,
        code_hash TEXT NOT NULL,
        used_at INTEGER,
        PRIMARY KEY (agent_id, code_hash)
      ) STRICT, WITHOUT ROWID`.execute(db);
    await sql`
      CREATE TABLE passkeys (
        credential_id TEXT PRIMARY KEY,
        agent_id TEXT NOT NULL REFERENCES accounts ON DELETE CASCADE,
        rp_id TEXT NOT NULL,
        public_key TEXT NOT NULL,
        counter INTEGER NOT NULL,
        transports TEXT NOT NULL CHECK (json_valid(transports)),
        label TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        last_used_at INTEGER
      ) STRICT`.execute(db);
    await sql`CREATE INDEX passkeys_by_agent ON passkeys (agent_id)`.execute(db);
    await sql`
      CREATE TABLE sign_in_places (
        agent_id TEXT NOT NULL REFERENCES accounts ON DELETE CASCADE,
        network TEXT NOT NULL,
        last_at INTEGER NOT NULL,
        PRIMARY KEY (agent_id, network)
      ) STRICT, WITHOUT ROWID`.execute(db);
  },
};
