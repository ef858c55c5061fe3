import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * What was one line a contact, with its parts in one text, is a contact and its legs: found by who had a part in it, by the
 * group that it waited in, and by a number that was called in. Each part becomes the leg of its place, in its order. Of a
 * part that says no kind or time of its own there is nothing to take over, and such a line could never be read.
 */
export const contactLegs: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`ALTER TABLE timeline RENAME TO contacts`.execute(db);
    await sql`
      CREATE TABLE contact_legs (
        contact_id TEXT NOT NULL REFERENCES contacts ON DELETE CASCADE,
        position INTEGER NOT NULL,
        started_at INTEGER NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('waited', 'missed', 'talked')),
        at INTEGER NOT NULL,
        group_id TEXT,
        group_name TEXT NOT NULL,
        agent_id TEXT,
        name TEXT NOT NULL,
        number TEXT NOT NULL,
        how TEXT NOT NULL,
        asked_by TEXT NOT NULL,
        handed_to TEXT NOT NULL,
        waited_ms REAL NOT NULL,
        talk_ms REAL NOT NULL,
        hold_ms REAL NOT NULL,
        consult_ms REAL NOT NULL,
        PRIMARY KEY (contact_id, position)
      ) STRICT, WITHOUT ROWID`.execute(db);
    await sql`
      INSERT INTO contact_legs (contact_id, position, started_at, kind, at, group_id, group_name, agent_id, name, number, how, asked_by, handed_to, waited_ms, talk_ms, hold_ms, consult_ms)
      SELECT contact_id, part.key, started_at, part.value ->> '$.kind', CAST(part.value ->> '$.at' AS INTEGER),
        CASE WHEN part.value ->> '$.groupName' = contacts.group_name THEN group_id END, coalesce(part.value ->> '$.groupName', ''),
        part.value ->> '$.agentId', coalesce(part.value ->> '$.name', ''), coalesce(part.value ->> '$.number', ''),
        coalesce(part.value ->> '$.as', part.value ->> '$.why', ''), coalesce(part.value ->> '$.from', ''), coalesce(part.value ->> '$.to', ''),
        CAST(coalesce(part.value ->> '$.ms', 0) AS REAL), CAST(coalesce(part.value ->> '$.talkMs', 0) AS REAL), CAST(coalesce(part.value ->> '$.holdMs', 0) AS REAL), CAST(coalesce(part.value ->> '$.consultMs', 0) AS REAL)
      FROM contacts, json_each(parts) AS part
      WHERE json_type(parts) = 'array' AND part.type = 'object' AND part.value ->> '$.kind' IN ('waited', 'missed', 'talked') AND json_type(part.value, '$.at') IN ('integer', 'real')`.execute(db);
    await sql`ALTER TABLE contacts DROP COLUMN parts`.execute(db);

    for (const index of ['timeline_by_customer', 'timeline_by_number']) await sql`DROP INDEX ${sql.ref(index)}`.execute(db);
    await sql`CREATE INDEX contacts_by_customer ON contacts (customer_id, started_at)`.execute(db);
    await sql`CREATE INDEX contacts_by_number ON contacts (number) WHERE customer_id IS NULL`.execute(db);
    await sql`CREATE INDEX contacts_by_time ON contacts (started_at, contact_id)`.execute(db);
    await sql`CREATE INDEX contacts_by_agent ON contacts (agent_id, started_at, contact_id)`.execute(db);
    await sql`CREATE INDEX contacts_by_group ON contacts (group_id, started_at, contact_id)`.execute(db);
    await sql`CREATE INDEX contacts_missed ON contacts (started_at, contact_id) WHERE outcome <> 'answered'`.execute(db);
    await sql`CREATE INDEX contacts_reached ON contacts (number, started_at) WHERE outcome = 'answered' AND number <> ''`.execute(db);
    await sql`CREATE INDEX contacts_without_disposition ON contacts (started_at, contact_id) WHERE disposition_missing = 1`.execute(db);
    await sql`CREATE INDEX contact_legs_by_agent ON contact_legs (agent_id, started_at, contact_id) WHERE kind = 'talked' AND agent_id IS NOT NULL`.execute(db);
    await sql`CREATE INDEX contact_legs_by_group ON contact_legs (group_id, started_at, contact_id) WHERE group_id IS NOT NULL`.execute(db);
    await sql`CREATE INDEX contact_legs_by_number ON contact_legs (number) WHERE number <> ''`.execute(db);
    await sql`CREATE INDEX contact_legs_handed_to ON contact_legs (handed_to) WHERE handed_to <> ''`.execute(db);
  },
};
