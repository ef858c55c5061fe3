import { sql } from 'kysely';
import { z } from 'zod';
import { ContactId } from '../../contract/ids.ts';
import { SavedContact } from '../calls/saved-contact.ts';
import type { LiveContact, LoggedEvent } from '../ports.ts';
import { jsonColumn, readRows } from './rows.ts';
import type { Reader, Writer } from './tables.ts';

const LiveRow = z
  .object({ contact_id: ContactId, saved: jsonColumn(SavedContact) })
  .transform(({ contact_id, saved }): LiveContact => ({ contactId: contact_id, saved }));

/**
 * Keeps a contact as it is now, in the place of what was kept of it. One that is in the history already is over: what
 * comes late does not bring it back.
 */
export async function keepLive(db: Writer, { contactId, data, at }: LoggedEvent): Promise<void> {
  await sql`
    INSERT INTO live_contacts (contact_id, saved, updated_at)
    SELECT ${contactId}, ${JSON.stringify(data)}, ${Math.round(at)} WHERE NOT EXISTS (SELECT 1 FROM contacts WHERE contact_id = ${contactId})
    ON CONFLICT (contact_id) DO UPDATE SET saved = excluded.saved, updated_at = excluded.updated_at`.execute(db);
}

/** The contact is in the history: nothing else is kept of it. */
export async function forgetLive(db: Writer, contactId: ContactId): Promise<void> {
  await db.deleteFrom('live_contacts').where('contact_id', '=', contactId).execute();
}

/** What was kept of contacts that are not in the history yet, the oldest first. */
export async function liveContacts(db: Reader): Promise<LiveContact[]> {
  return readRows(db, 'live_contacts', LiveRow, await db.selectFrom('live_contacts').selectAll().orderBy('updated_at').execute());
}
