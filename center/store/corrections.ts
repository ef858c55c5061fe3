import type { TimelineEntry } from '../../contract/customer.ts';
import { conflict, fail, ok, type Result } from '../../contract/errors.ts';
import type { ContactId } from '../../contract/ids.ts';
import { memoWith } from '../memo.ts';
import type { Correction, LateWords } from '../ports.ts';
import { addAudit } from './audit-log.ts';
import { clamped } from './clamp.ts';
import { newVersion, nextRevision } from './revision.ts';
import type { Database, Reader, Writer } from './tables.ts';
import { readContacts } from './contacts.ts';

/** A contact's line in the history; null where there is none, or where it is nobody's any more. */
export async function timelineEntry(db: Reader, contactId: ContactId): Promise<TimelineEntry | null> {
  const rows = await db.selectFrom('contacts').selectAll().where('contact_id', '=', contactId).where('erased', '=', 0).execute();
  return (await readContacts(db, rows))[0] ?? null;
}

/** What somebody typed in time and what comes after the end: it joins the line as if it had come before. @returns the line, or null for none */
export async function writeLate(db: Database, { contactId, memo, base, disposition, customerId }: LateWords): Promise<TimelineEntry | null> {
  return db.transaction().execute(async (tx) => {
    const present = await timelineEntry(tx, contactId);
    if (present === null) return null;
    await write(tx, contactId, {
      ...(memo !== undefined && { memo: clamped(memoWith(present.memo, base, memo), 'memo') }),
      ...(disposition !== undefined && dispositionAs(disposition)),
      ...(customerId !== undefined && { customer_id: customerId }),
    });
    return timelineEntry(tx, contactId);
  });
}

/**
 * Puts right what was written about a contact. `contact.conflict` with the present line, when that is another version and
 * says something else; `contact.not-found`. The words of before and after stand in the audit entry's note, which is
 * erased with the person; which fields were changed, and by whom, stays.
 */
export async function correctEntry(db: Database, { contactId, version, memo, disposition, by, byName, at }: Correction): Promise<Result<TimelineEntry>> {
  return db.transaction().execute(async (tx) => {
    const present = await timelineEntry(tx, contactId);
    if (present === null) return fail('contact.not-found', contactId);
    const wanted = { memo: memo ?? present.memo, disposition: disposition ?? present.disposition };
    const changed = (['memo', 'disposition'] as const).filter((field) => wanted[field] !== present[field]);
    if (changed.length === 0) return ok(present);
    if (version !== null && version !== present.version) return conflict('contact.conflict', contactId, present);
    await write(tx, contactId, { memo: clamped(wanted.memo, 'memo'), ...dispositionAs(wanted.disposition), corrected_at: Math.round(at), corrected_by: clamped(byName, 'name') });
    const words = { before: { memo: present.memo, disposition: present.disposition }, after: wanted };
    await addAudit(tx, { at, actor: by, action: 'contact.corrected', subject: contactId, address: '', details: { changed }, note: JSON.stringify(words) });
    const written = await timelineEntry(tx, contactId);
    return written === null ? fail('contact.not-found', contactId) : ok(written);
  });
}

const dispositionAs = (disposition: string) => ({ disposition: clamped(disposition, 'name'), ...(disposition !== '' && { disposition_missing: 0 }) });

async function write(tx: Writer, contactId: ContactId, columns: Record<string, string | number | null>): Promise<void> {
  await tx.updateTable('contacts').set({ ...columns, version: newVersion(), revision: await nextRevision(tx) }).where('contact_id', '=', contactId).execute();
}
