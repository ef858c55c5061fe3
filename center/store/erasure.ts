import { sql } from 'kysely';
import { z } from 'zod';
import type { AgentId, CustomerId } from '../../contract/ids.ts';
import { done, fail, type Result } from '../../contract/errors.ts';
import { addAudit, eraseAuditNotes } from './audit-log.ts';
import { eraseNumberFromLegs, eraseOutsiders } from './contact-legs.ts';
import { wordsOf } from './dialect/words.ts';
import { nextRevision } from './revision.ts';
import { jsonColumn } from './rows.ts';
import type { Reader, Writer } from './tables.ts';

/** Of one transaction: the center's own writing waits for it. */
export const CONTACTS_A_STEP = 50;
export const LINES_A_STEP = 500;

/** Why a person cannot be erased now. */
export type ErasureRefused = 'customer.not-found' | 'contact.action-not-allowed';

/**
 * Whether a person can be erased: `customer.not-found`; `contact.action-not-allowed` while they are on a call; `input.invalid`
 * for a reason that names them.
 */
export async function mayErase(db: Reader, customerId: CustomerId, reason: string): Promise<Result<null>> {
  const card = await db.selectFrom('customers').select('name').where('customer_id', '=', customerId).executeTakeFirst();
  if (card === undefined) return fail('customer.not-found', customerId);
  const numbers = await numbersOf(db, customerId);
  if (namesThem(reason, card.name, numbers)) return fail('input.invalid', 'the reason stays on record: it must not say who it was');
  if (await isOnCall(db, customerId, numbers)) return fail('contact.action-not-allowed', 'this customer is on a call, or was a moment ago');
  return done();
}

export async function numbersOf(db: Reader, customerId: CustomerId): Promise<string[]> {
  return (await db.selectFrom('customer_numbers').select('e164').where('customer_id', '=', customerId).execute()).map(({ e164 }) => e164);
}

/** How many contacts a person's erasure has still to see to. */
export async function countContactsOf(db: Reader, customerId: CustomerId, numbers: readonly string[]): Promise<number> {
  const { rows } = await sql<{ contacts: number }>`SELECT count(*) AS contacts FROM (${contactsOf(customerId, numbers, null)}) AS theirs`.execute(db);
  return rows[0]?.contacts ?? 0;
}

const contactsOf = (customerId: CustomerId, numbers: readonly string[], most: number | null) => sql<{ contact_id: string }>`
  SELECT contact_id FROM contacts WHERE erased = 0 AND (customer_id = ${customerId}${numbers.length === 0 ? sql`` : sql` OR number IN (${sql.join(numbers)})`})${most === null ? sql`` : sql` ORDER BY revision LIMIT ${most}`}`;

/** Some of a person's contacts become nobody's: when, how long and by whom they were handled stays. @returns how many; fewer than `CONTACTS_A_STEP` were the last */
export async function eraseSomeContactsOf(tx: Writer, customerId: CustomerId, numbers: readonly string[], most = CONTACTS_A_STEP): Promise<number> {
  const { rows } = await contactsOf(customerId, numbers, most).execute(tx);
  await anonymise(tx, rows.map(({ contact_id }) => contact_id));
  return rows.length;
}

/** A number goes out of what was set aside, and out of others' contacts that it was called in to. */
export async function eraseNumber(tx: Writer, number: string): Promise<void> {
  await tx.deleteFrom('set_aside').where('content', 'like', `%${number}%`).execute();
  const contactIds = await eraseNumberFromLegs(tx, number);
  if (contactIds.length === 0) return;
  let revision = await nextRevision(tx, contactIds.length);
  for (const contactId of contactIds) await tx.updateTable('contacts').set({ revision: revision++ }).where('contact_id', '=', contactId).execute();
}

export interface Erasure {
  customerId: CustomerId;
  by: AgentId;
  /** Network address of who asked for it. */
  address: string;
  /** In words, for the audit log; of the person it says nothing. */
  reason: string;
}

export interface Erased {
  numbers: number;
  contacts: number;
  /** Columns where one of the numbers stands nevertheless, as in another customer's memo: for a person to see to. */
  left: string[];
}

/** At last the card and its numbers go, and the audit log has who wanted it and why. @returns why not, or null */
export async function eraseCard(tx: Writer, { customerId, by, address, reason }: Erasure, found: Erased, now: number): Promise<ErasureRefused | null> {
  const numbers = await numbersOf(tx, customerId);
  if ((await tx.selectFrom('customers').select('customer_id').where('customer_id', '=', customerId).executeTakeFirst()) === undefined) return 'customer.not-found';
  if (await isOnCall(tx, customerId, numbers)) return 'contact.action-not-allowed';
  // Of a call that ended meanwhile.
  const late = await eraseSomeContactsOf(tx, customerId, numbers, LINES_A_STEP);
  for (const number of numbers) await eraseNumber(tx, number);
  await tx.deleteFrom('customer_numbers').where('customer_id', '=', customerId).execute();
  await tx.deleteFrom('customers').where('customer_id', '=', customerId).execute();
  await tx.insertInto('removed_customers').values({ customer_id: customerId, revision: await nextRevision(tx) }).execute();
  await eraseAuditNotes(tx, customerId);
  await addAudit(tx, { at: now, actor: by, action: ERASED, subject: customerId, address, details: { ...found, contacts: found.contacts + late }, note: reason });
  return null;
}

/** In the audit log, when it is done. */
const ERASED = 'customers.erased';
const ErasedDetails = jsonColumn(z.object({ numbers: z.number(), contacts: z.number(), left: z.array(z.string()) }));

/** What was erased of somebody who is gone; null for who was never there. */
export async function erasedOf(db: Reader, customerId: CustomerId): Promise<Erased | null> {
  const entry = await db.selectFrom('audit').select('details').where('subject', '=', customerId).where('action', '=', ERASED).orderBy('id', 'desc').limit(1).executeTakeFirst();
  return entry === undefined ? null : (ErasedDetails.safeParse(entry.details).data ?? null);
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
  await sql`INSERT INTO retention (of, before) VALUES ('events', ${Math.round(before)}) ON CONFLICT (of) DO UPDATE SET before = CASE WHEN excluded.before > retention.before THEN excluded.before ELSE retention.before END`.execute(tx);
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

async function isOnCall(db: Reader, customerId: CustomerId, numbers: readonly string[]): Promise<boolean> {
  const live = await db.selectFrom('live_contacts').select('saved').execute();
  return live.some(({ saved }) => [customerId, ...numbers].some((trace) => saved.includes(JSON.stringify(trace))));
}

function namesThem(reason: string, name: string, numbers: readonly string[]): boolean {
  const digits = reason.replace(/\D/g, '');
  return reason.includes(name) || numbers.some((number) => digits.includes(number.slice(-8)));
}

/**
 * Columns in which a text holds one of these numbers, but for the card of whose they are; the center's own numbers and phones
 * are nobody's. Looks at every text of the store, a column at a time: for the worker.
 */
export async function* tracesOf(db: Reader, customerId: CustomerId, numbers: readonly string[]): AsyncGenerator<string | null> {
  const words = wordsOf(db);
  const { rows: columns } = await words.textColumns().execute(db);
  for (const { table_name, column_name } of columns) {
    if (table_name === 'configuration') continue;
    const others = CARD.has(table_name) ? sql`customer_id <> ${customerId}` : sql`true`;
    let isFound = false;
    for (const number of numbers) isFound ||= (await sql`SELECT 1 FROM ${sql.table(table_name)} WHERE ${words.contains(column_name, number)} AND ${others} LIMIT 1`.execute(db)).rows.length > 0;
    yield isFound ? `${table_name}.${column_name}` : null;
  }
}

const CARD = new Set(['customers', 'customer_numbers']);
