import { z } from 'zod';
import { TimelineEntry } from '../../contract/customer.ts';
import { ContactId, type CustomerId } from '../../contract/ids.ts';
import { clamped, clampedMs } from './clamp.ts';
import { legsOf, putLegs } from './contact-legs.ts';
import { finished } from './former.ts';
import { forgetLive } from './live-contacts.ts';
import { newVersion, nextRevision } from './revision.ts';
import { flagColumn, readRows } from './rows.ts';
import type { Reader, Tables, Writer } from './tables.ts';

/** Every column is there: nothing of a line is left to a default. Its parts have a table of their own. */
const ContactLine = TimelineEntry.omit({ parts: true }).required();

const ContactRow = z
  .object({
    contact_id: z.string(),
    customer_id: z.string().nullable(),
    number: z.string(),
    kind: z.string(),
    started_at: z.number(),
    group_id: z.string().nullable(),
    group_name: z.string(),
    agent_id: z.string().nullable(),
    agent_name: z.string(),
    outcome: z.string(),
    talk_ms: z.number(),
    disposition: z.string(),
    memo: z.string(),
    version: z.string(),
    waited_ms: z.number().nullable(),
    ended_by: z.string().nullable(),
    disposition_missing: flagColumn,
    corrected_at: z.number().nullable(),
    corrected_by: z.string(),
  })
  .transform((row) => ({
    contactId: row.contact_id,
    customerId: row.customer_id,
    number: row.number,
    kind: row.kind,
    startedAt: row.started_at,
    groupId: row.group_id,
    groupName: row.group_name,
    agentId: row.agent_id,
    agentName: row.agent_name,
    outcome: row.outcome,
    talkMs: row.talk_ms,
    disposition: row.disposition,
    memo: row.memo,
    version: row.version,
    waitedMs: row.waited_ms,
    endedBy: row.ended_by,
    dispositionMissing: row.disposition_missing,
    corrected: row.corrected_at === null ? null : { at: row.corrected_at, by: row.corrected_by },
  }))
  .pipe(ContactLine);

/** Lines of one customer that anybody reads at once. */
const MOST_OF_ONE = 500;

/** A customer's contacts, newest first. */
export async function timelineOf(db: Reader, customerId: CustomerId): Promise<TimelineEntry[]> {
  return readContacts(db, await db.selectFrom('contacts').selectAll().where('customer_id', '=', customerId).orderBy('started_at', 'desc').limit(MOST_OF_ONE).execute());
}

/** Rows of `contacts` with their legs, in the rows' order. */
export async function readContacts(db: Reader, rows: readonly { contact_id: string }[]): Promise<TimelineEntry[]> {
  const legs = await legsOf(db, rows.map(({ contact_id }) => contact_id));
  return readRows(db, 'contacts', ContactRow, rows).map((line) => ({ ...line, parts: legs.get(line.contactId) ?? [] }));
}

/**
 * An entry as a row, with the revision of the change that writes it. Whatever a caller showed or somebody dialled, the
 * row can be read again: what is too long is cut, and the contact is on record.
 */
export const contactRow = (entry: TimelineEntry, revision: number): Tables['contacts'] => ({
  contact_id: entry.contactId,
  customer_id: entry.customerId,
  number: clamped(entry.number, 'number'),
  kind: entry.kind,
  started_at: Math.round(clampedMs(entry.startedAt)),
  group_id: entry.groupId,
  group_name: clamped(entry.groupName, 'name'),
  agent_id: entry.agentId,
  agent_name: clamped(entry.agentName, 'name'),
  outcome: entry.outcome,
  talk_ms: clampedMs(entry.talkMs),
  disposition: clamped(entry.disposition, 'name'),
  memo: clamped(entry.memo, 'memo'),
  version: newVersion(),
  waited_ms: entry.waitedMs === null ? null : clampedMs(entry.waitedMs),
  ended_by: entry.endedBy,
  disposition_missing: entry.dispositionMissing ? 1 : 0,
  corrected_at: entry.corrected === null ? null : Math.round(entry.corrected.at),
  corrected_by: clamped(entry.corrected?.by ?? '', 'name'),
  erased: 0,
  revision,
});

/** Ids of one question, below SQLite's limit of bound parameters. */
const BATCH = 1000;

/** Those of the contacts that have a line in the history. */
export async function contactsOnRecord(db: Reader, contactIds: readonly ContactId[]): Promise<ReadonlySet<ContactId>> {
  const known = new Set<ContactId>();
  for (let from = 0; from < contactIds.length; from += BATCH) {
    const rows = await db.selectFrom('contacts').select('contact_id').where('contact_id', 'in', contactIds.slice(from, from + BATCH)).execute();
    for (const { contact_id } of rows) known.add(ContactId.parse(contact_id));
  }
  return known;
}

/**
 * Inserts contacts' lines in the history, or replaces them. Whose customer is gone by now is nobody's, what was erased
 * meanwhile stays so, and that somebody put the line right is still said; what was kept of a contact while it was under
 * way is gone then.
 */
export async function putTimelineEntries(db: Writer, entries: readonly TimelineEntry[]): Promise<void> {
  for (const entry of entries) {
    const customer = entry.customerId === null ? undefined : await db.selectFrom('customers').select('customer_id').where('customer_id', '=', entry.customerId).executeTakeFirst();
    const { contact_id, ...rest } = { ...contactRow(entry, await nextRevision(db)), customer_id: customer?.customer_id ?? null };
    const { corrected_at: _at, corrected_by: _by, ...replaced } = rest;
    const written = await db
      .insertInto('contacts')
      .values({ contact_id, ...rest })
      .onConflict((conflict) => conflict.column('contact_id').doUpdateSet(replaced).where('contacts.erased', '=', 0))
      .returning('contact_id')
      .executeTakeFirst();
    if (written !== undefined) await putLegs(db, [entry]);
    await forgetLive(db, entry.contactId);
    await finished(db, entry.contactId);
  }
}

/** Contacts of these numbers that were nobody's become this customer's. */
export async function adoptTimeline(db: Writer, customerId: CustomerId, numbers: readonly string[]): Promise<void> {
  if (numbers.length === 0) return;
  const orphans = await db.selectFrom('contacts').select('contact_id').where('customer_id', 'is', null).where('number', 'in', numbers).orderBy('revision').execute();
  await assign(db, orphans, customerId);
}

/** A customer's contacts of these numbers become nobody's again. */
export async function disownTimeline(db: Writer, customerId: CustomerId, numbers: readonly string[]): Promise<void> {
  if (numbers.length === 0) return;
  await assign(db, await db.selectFrom('contacts').select('contact_id').where('customer_id', '=', customerId).where('number', 'in', numbers).orderBy('revision').execute(), null);
}

/** A customer's contacts become nobody's: they stay on record by their number. */
export async function orphanTimeline(db: Writer, customerId: CustomerId): Promise<void> {
  await assign(db, await db.selectFrom('contacts').select('contact_id').where('customer_id', '=', customerId).orderBy('revision').execute(), null);
}

async function assign(db: Writer, contacts: readonly { contact_id: string }[], customerId: CustomerId | null): Promise<void> {
  if (contacts.length === 0) return;
  let revision = await nextRevision(db, contacts.length);
  for (const { contact_id } of contacts) {
    await db.updateTable('contacts').set({ customer_id: customerId, revision: revision++ }).where('contact_id', '=', contact_id).execute();
  }
}
