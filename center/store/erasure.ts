import { sql } from 'kysely';
import type { AgentId, CustomerId } from '../../contract/ids.ts';
import { fail, ok, type Result } from '../../contract/errors.ts';
import { addAudit, eraseAuditNotes } from './audit-log.ts';
import { eraseNumberFromLegs, eraseOutsiders } from './contact-legs.ts';
import { nextRevision } from './revision.ts';
import type { Database, Reader, Writer } from './tables.ts';

/** Of one transaction: the center's own writing waits for it. */
export const CONTACTS_A_STEP = 50;
export const LINES_A_STEP = 500;

export interface Erasure {
  customerId: CustomerId;
  by: AgentId;
  /** Network address of who asked for it. */
  address: string;
  /** In words, for the audit log; of the person it says nothing. */
  reason: string;
  now: number;
}

export interface Erased {
  numbers: number;
  /** Contacts that are nobody's now: when, how long and by whom they were handled stays. */
  contacts: number;
  /** Columns where one of the numbers stands nevertheless, as in another customer's memo: for a person to see to. */
  left: string[];
}

/**
 * Erases a person: the card and its numbers, and in the history whose number it was and what was written. Desks drop
 * what they have of them with the next changes. What is deleted is overwritten in the file (`secure_delete`), and the
 * journal emptied; at last every text of the store is searched for the numbers, and where one is found is told.
 * `customer.not-found`; `contact.action-not-allowed` while they are on a call; `input.invalid` for a reason that names them.
 */
export async function eraseCustomer(db: Database, erasure: Erasure): Promise<Result<Erased>> {
  const { customerId, by, address, reason, now } = erasure;
  const erased = await db.transaction().execute(async (tx): Promise<Result<Erased>> => {
    const card = await tx.selectFrom('customers').select('name').where('customer_id', '=', customerId).executeTakeFirst();
    if (card === undefined) return fail('customer.not-found', customerId);
    const numbers = (await tx.selectFrom('customer_numbers').select('e164').where('customer_id', '=', customerId).execute()).map(({ e164 }) => e164);
    if (namesThem(reason, card.name, numbers)) return fail('input.invalid', 'the reason stays on record: it must not say who it was');
    if (await isOnCall(tx, customerId, numbers)) return fail('contact.action-not-allowed', 'this customer is on a call, or was a moment ago');

    const contacts = await tx
      .selectFrom('contacts')
      .select('contact_id')
      .where((where) => where.or([where('customer_id', '=', customerId), ...(numbers.length === 0 ? [] : [where('number', 'in', numbers)])]))
      .orderBy('revision')
      .execute();
    await anonymise(tx, contacts.map(({ contact_id }) => contact_id));
    await tx.deleteFrom('customer_numbers').where('customer_id', '=', customerId).execute();
    await tx.deleteFrom('customers').where('customer_id', '=', customerId).execute();
    await tx.insertInto('removed_customers').values({ customer_id: customerId, revision: await nextRevision(tx) }).execute();
    for (const number of numbers) {
      await tx.deleteFrom('set_aside').where('content', 'like', `%${number}%`).execute();
      await takeOutOfLegs(tx, number);
    }
    await eraseAuditNotes(tx, customerId);
    const found = { numbers: numbers.length, contacts: contacts.length, left: await tracesOf(tx, numbers) };
    await addAudit(tx, { at: now, actor: by, action: 'customers.erase', subject: customerId, address, details: { ...found }, note: reason });
    return ok(found);
  });
  if (erased.ok) await emptyJournal(db);
  return erased;
}

/** Some contacts that began before a moment become nobody's. @returns how many; fewer than `CONTACTS_A_STEP` were the last */
export async function eraseSomeContactsBefore(tx: Writer, before: number): Promise<number> {
  const expired = await tx
    .selectFrom('contacts')
    .select('contact_id')
    .where('started_at', '<', before)
    .where('erased', '=', 0)
    .orderBy('started_at')
    .limit(CONTACTS_A_STEP)
    .execute();
  await anonymise(tx, expired.map(({ contact_id }) => contact_id));
  return expired.length;
}

/** Some lines of the event log before a moment go. @returns how many; fewer than `LINES_A_STEP` were the last */
export async function eraseSomeEventsBefore(tx: Writer, before: number): Promise<number> {
  await sql`INSERT INTO retention (of, before) VALUES ('events', ${Math.round(before)}) ON CONFLICT (of) DO UPDATE SET before = max(before, excluded.before)`.execute(tx);
  const { numAffectedRows } = await sql`DELETE FROM events WHERE id IN (SELECT id FROM events WHERE at < ${Math.round(before)} ORDER BY at LIMIT ${LINES_A_STEP})`.execute(tx);
  return Number(numAffectedRows ?? 0);
}

/** Takes out of the history's lines whose they were, by revisions of their own, so that desks hear of it. */
async function anonymise(tx: Writer, contactIds: readonly string[]): Promise<void> {
  if (contactIds.length === 0) return;
  let revision = await nextRevision(tx, contactIds.length);
  for (const contactId of contactIds) {
    await tx.updateTable('contacts').set({ customer_id: null, number: '', memo: '', erased: 1, revision: revision++ }).where('contact_id', '=', contactId).execute();
    await tx.deleteFrom('set_aside').where('contact_id', '=', contactId).execute();
    await eraseAuditNotes(tx, contactId);
  }
  await eraseOutsiders(tx, contactIds);
}

/** Somebody else's contact may have been handed to this number, or it was called in. */
async function takeOutOfLegs(tx: Writer, number: string): Promise<void> {
  const contactIds = await eraseNumberFromLegs(tx, number);
  if (contactIds.length === 0) return;
  let revision = await nextRevision(tx, contactIds.length);
  for (const contactId of contactIds) await tx.updateTable('contacts').set({ revision: revision++ }).where('contact_id', '=', contactId).execute();
}

async function isOnCall(db: Reader, customerId: CustomerId, numbers: readonly string[]): Promise<boolean> {
  const live = await db.selectFrom('live_contacts').select('saved').execute();
  return live.some(({ saved }) => [customerId, ...numbers].some((trace) => saved.includes(JSON.stringify(trace))));
}

function namesThem(reason: string, name: string, numbers: readonly string[]): boolean {
  const digits = reason.replace(/\D/g, '');
  return reason.includes(name) || numbers.some((number) => digits.includes(number.slice(-8)));
}

/** Columns in which a text holds one of these; the center's own numbers and phones are nobody's. */
async function tracesOf(db: Writer, texts: readonly string[]): Promise<string[]> {
  const { rows: columns } = await sql<{ table_name: string; column_name: string }>`
    SELECT tables.name AS table_name, columns.name AS column_name FROM sqlite_schema AS tables JOIN pragma_table_info(tables.name) AS columns
    WHERE tables.type = 'table' AND columns.type = 'TEXT' AND tables.name <> 'configuration'`.execute(db);
  const traces: string[] = [];
  for (const { table_name, column_name } of columns) {
    for (const text of texts) {
      const { rows } = await sql`SELECT 1 FROM ${sql.table(table_name)} WHERE instr(${sql.ref(column_name)}, ${text}) > 0 LIMIT 1`.execute(db);
      if (rows.length > 0) traces.push(`${table_name}.${column_name}`);
    }
  }
  return traces;
}

/** What was written before lies in the journal until it is written over: not what has been erased. */
export async function emptyJournal(db: Database): Promise<void> {
  // The first keeps nobody from writing, and leaves little for the second.
  await sql`PRAGMA wal_checkpoint(PASSIVE)`.execute(db);
  await sql`PRAGMA wal_checkpoint(TRUNCATE)`.execute(db);
}
