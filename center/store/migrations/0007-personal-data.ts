import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * The logs keep no personal data from here on: what a center that starts anew needs of a contact under way stands in
 * `live_contacts`, which is overwritten, and what a person reads in `timeline`. Lines of before lose what was personal
 * in them. Of an audit entry a note in a person's words can be erased: its hash covers the note's salted digest.
 */
export const personalData: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`CREATE TABLE live_contacts (contact_id TEXT PRIMARY KEY, saved TEXT NOT NULL CHECK (json_valid(saved)), updated_at INTEGER NOT NULL) STRICT`.execute(db);
    await keepUnfinished(db);
    for (const table of ['events', 'audit']) for (const change of ['update', 'delete']) await sql`DROP TRIGGER ${sql.ref(`${table}_refuses_${change}`)}`.execute(db);
    await sql`DELETE FROM events WHERE type = 'contact.saved'`.execute(db);
    await sql`UPDATE events SET data = json_remove(data, '$.number', '$.dialled', '$.to', '$.label') WHERE type IN ('contact.started', 'contact.transferred', 'contact.flowChosen')`.execute(db);

    for (const column of ['note', 'note_salt', 'note_digest']) await sql`ALTER TABLE audit ADD COLUMN ${sql.ref(column)} TEXT`.execute(db);
    // What has expired may go: the limit is written down before it is used.
    await sql`CREATE TABLE retention (of TEXT PRIMARY KEY CHECK (of IN ('events', 'timeline')), before INTEGER NOT NULL) STRICT, WITHOUT ROWID`.execute(db);
    await sql`
      CREATE TRIGGER events_refuses_update BEFORE UPDATE ON events
      BEGIN SELECT RAISE(ABORT, 'events is append-only'); END`.execute(db);
    await sql`
      CREATE TRIGGER events_refuses_delete BEFORE DELETE ON events
      WHEN OLD.at >= coalesce((SELECT before FROM retention WHERE of = 'events'), 0)
      BEGIN SELECT RAISE(ABORT, 'events is append-only'); END`.execute(db);
    await sql`
      CREATE TRIGGER audit_refuses_update BEFORE UPDATE ON audit
      WHEN NEW.note IS NOT NULL OR NEW.note_salt IS NOT NULL
        OR (NEW.id, NEW.at, NEW.action, NEW.subject, NEW.address, NEW.details, NEW.previous_hash, NEW.hash) <> (OLD.id, OLD.at, OLD.action, OLD.subject, OLD.address, OLD.details, OLD.previous_hash, OLD.hash)
        OR NEW.actor IS NOT OLD.actor OR NEW.note_digest IS NOT OLD.note_digest
      BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END`.execute(db);
    await sql`
      CREATE TRIGGER audit_refuses_delete BEFORE DELETE ON audit
      BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END`.execute(db);
  },
};

/** Contacts that have no line in the history: as they were last kept, else as they began. */
async function keepUnfinished(db: Kysely<unknown>): Promise<void> {
  await sql`
    INSERT INTO live_contacts (contact_id, saved, updated_at)
    SELECT started.contact_id,
      coalesce(
        (SELECT data FROM events WHERE type = 'contact.saved' AND contact_id = started.contact_id ORDER BY id DESC LIMIT 1),
        json_object(
          'kind', coalesce(started.data ->> '$.kind', 'inbound'), 'startedAt', started.at, 'dialled', coalesce(started.data ->> '$.dialled', ''), 'number', coalesce(started.data ->> '$.number', ''),
          'groupId', NULL, 'customerId', NULL, 'customerName', '', 'flowPath', json_array(), 'queuedAt', NULL, 'waitedMs', NULL, 'dispositionId', NULL, 'memo', '',
          'answered', json('false'), 'handledBy', NULL, 'legs', json_array(), 'consultation', NULL)),
      max(started.at)
    FROM events AS started
    WHERE started.type = 'contact.started' AND started.contact_id IS NOT NULL AND started.contact_id NOT IN (SELECT contact_id FROM timeline)
    GROUP BY started.contact_id`.execute(db);
}
