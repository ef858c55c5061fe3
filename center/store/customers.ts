import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { Customer, CustomerNumber, MOST_NUMBERS, type CustomerDraft, type CustomerRecord } from '../../contract/customer.ts';
import { CustomerId } from '../../contract/ids.ts';
import { conflict, fail, ok, type Result } from '../../contract/errors.ts';
import { newVersion, nextRevision } from './revision.ts';
import { flagColumn, readRows } from './rows.ts';
import type { Database, Reader, Writer } from './tables.ts';
import { adoptTimeline, disownTimeline, orphanTimeline, timelineOf } from './contacts.ts';

/** Exactly what desks take: a row that they would refuse would cost them the whole page. */
const Card = Customer.omit({ numbers: true });
const CustomerRow = z
  .object({ customer_id: z.string(), vip: flagColumn, updated_at: z.number(), revision: z.number().int() })
  .loose()
  .transform(({ customer_id, updated_at, revision, ...rest }) => ({ revision, card: { ...rest, customerId: customer_id, updatedAt: updated_at } }))
  .pipe(z.object({ revision: z.number(), card: Card }));

const NumberRow = CustomerNumber.extend({ customer_id: CustomerId });

/** A customer and the number of the change that made it what it is. */
export type RevisedCustomer = { customer: Customer; revision: number };

/** SQLite's parameter limit, with room to spare. */
const BATCH = 1000;

/** Rows of `customers` with their numbers, in the rows' order. */
export async function assemble(db: Reader, rows: readonly { customer_id: string }[]): Promise<RevisedCustomer[]> {
  const numbers = new Map<string, z.infer<typeof CustomerNumber>[]>();
  for (let from = 0; from < rows.length; from += BATCH) {
    const ids = rows.slice(from, from + BATCH).map((row) => row.customer_id);
    const found = await db.selectFrom('customer_numbers').select(['customer_id', 'e164', 'label']).where('customer_id', 'in', ids).orderBy('customer_id').orderBy('position').execute();
    for (const { customer_id, ...number } of readRows(db, 'customer_numbers', NumberRow, found)) {
      numbers.set(customer_id, [...(numbers.get(customer_id) ?? []), number]);
    }
  }
  return readRows(db, 'customers', CustomerRow, rows).map(({ revision, card }) => ({
    revision,
    customer: { ...card, numbers: (numbers.get(card.customerId) ?? []).slice(0, MOST_NUMBERS) },
  }));
}

export async function findCustomer(db: Reader, customerId: CustomerId): Promise<Customer | null> {
  const row = await db.selectFrom('customers').selectAll().where('customer_id', '=', customerId).executeTakeFirst();
  const [found] = await assemble(db, row ? [row] : []);
  return found?.customer ?? null;
}

/** A customer with the newest of their history; null for none. */
export async function customerRecord(db: Reader, customerId: CustomerId): Promise<CustomerRecord | null> {
  const customer = await findCustomer(db, customerId);
  return customer === null ? null : { customer, timeline: await timelineOf(db, customerId) };
}

export async function findCustomerByNumber(db: Reader, e164: string): Promise<Customer | null> {
  const row = await db
    .selectFrom('customers')
    .innerJoin('customer_numbers', 'customer_numbers.customer_id', 'customers.customer_id')
    .selectAll('customers')
    .where('customer_numbers.e164', '=', e164)
    .executeTakeFirst();
  const [found] = await assemble(db, row ? [row] : []);
  return found?.customer ?? null;
}

/** A new customer; contacts on record with their numbers become their history. `customer.number-taken` names the number. */
export async function createCustomer(db: Database, draft: CustomerDraft, now: number): Promise<Result<Customer>> {
  const customerId = CustomerId.parse(`cu-${randomUUID()}`);
  return db.transaction().execute(async (tx) => {
    const taken = await takenNumber(tx, customerId, draft);
    if (taken !== null) return taken;
    await insertCustomer(tx, { ...draft, numbers: distinct(draft.numbers), customerId, updatedAt: now }, await nextRevision(tx));
    return written(tx, customerId);
  });
}

/**
 * Replaces all that a person may enter about a customer. Whoever has seen another version than the present one gets
 * `customer.conflict` with that, unless both say the same.
 */
export async function updateCustomer(db: Database, customerId: CustomerId, version: string, draft: CustomerDraft, now: number): Promise<Result<Customer>> {
  return db.transaction().execute(async (tx) => {
    const present = await findCustomer(tx, customerId);
    if (present === null) return fail('customer.not-found', customerId);
    if (present.version !== version) return saysTheSame(present, draft) ? ok(present) : conflict('customer.conflict', customerId, present);
    const taken = await takenNumber(tx, customerId, draft);
    if (taken !== null) return taken;
    await tx
      .updateTable('customers')
      .set({ name: draft.name, company: draft.company, vip: draft.vip ? 1 : 0, warning: draft.warning, note: draft.note, updated_at: now, revision: await nextRevision(tx), version: newVersion() })
      .where('customer_id', '=', customerId)
      .execute();
    const given = await givenNumbers(tx, customerId, now);
    await tx.deleteFrom('customer_numbers').where('customer_id', '=', customerId).execute();
    await insertNumbers(tx, customerId, distinct(draft.numbers), given);
    await disownTimeline(tx, customerId, [...given.keys()].filter((e164) => !draft.numbers.some((number) => number.e164 === e164)));
    return written(tx, customerId);
  });
}

/** Removes a customer; their contacts stay on record, by number. Answers whether there was one. */
export async function removeCustomer(db: Database, customerId: CustomerId): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    await orphanTimeline(tx, customerId);
    const { numDeletedRows } = await tx.deleteFrom('customers').where('customer_id', '=', customerId).executeTakeFirst();
    if (numDeletedRows === 0n) return false;
    await tx.insertInto('removed_customers').values({ customer_id: customerId, revision: await nextRevision(tx) }).execute();
    return true;
  });
}

/** Writes a customer whose id and revision are decided. For transactions that write many. */
export async function insertCustomer(db: Writer, customer: Omit<Customer, 'version'>, revision: number): Promise<void> {
  const { customerId, numbers, vip, updatedAt, ...rest } = customer;
  await db.insertInto('customers').values({ ...rest, customer_id: customerId, vip: vip ? 1 : 0, updated_at: updatedAt, revision, version: newVersion() }).execute();
  await insertNumbers(db, customerId, numbers, new Map());
}

/** A number that was given to a customer from a call may be taken back for so long, and its contacts with it. */
const TAKEN_BACK_WITHIN_MS = 24 * 3_600_000;

/** The numbers of a customer that may still be taken back, and when they were given. */
export async function givenNumbers(db: Reader, customerId: CustomerId, now: number): Promise<ReadonlyMap<string, number>> {
  const rows = await db.selectFrom('customer_numbers').select(['e164', 'given_at']).where('customer_id', '=', customerId).where('given_at', '>', now - TAKEN_BACK_WITHIN_MS).execute();
  return new Map(rows.map(({ e164, given_at }) => [e164, given_at ?? now]));
}

async function insertNumbers(db: Writer, customerId: CustomerId, numbers: Customer['numbers'], given: ReadonlyMap<string, number>): Promise<void> {
  if (numbers.length === 0) return;
  await db.insertInto('customer_numbers').values(numbers.map(({ e164, label }, position) => ({ e164, label, position, customer_id: customerId, given_at: given.get(e164) ?? null }))).execute();
}

/** The customer as they are now, with the contacts on record that were nobody's and are of their numbers. */
export async function written(db: Writer, customerId: CustomerId): Promise<Result<Customer>> {
  const customer = await findCustomer(db, customerId);
  if (customer === null) return fail('customer.not-found', customerId);
  await adoptTimeline(db, customerId, customer.numbers.map(({ e164 }) => e164));
  return ok(customer);
}

async function takenNumber(db: Reader, customerId: CustomerId, { numbers }: CustomerDraft): Promise<Result<never> | null> {
  if (numbers.length === 0) return null;
  const row = await db
    .selectFrom('customer_numbers')
    .select('e164')
    .where('e164', 'in', numbers.map(({ e164 }) => e164))
    .where('customer_id', '!=', customerId)
    .executeTakeFirst();
  return row ? fail('customer.number-taken', row.e164) : null;
}

function saysTheSame(customer: Customer, draft: CustomerDraft): boolean {
  const said = ({ name, company, numbers, vip, warning, note }: CustomerDraft): string => JSON.stringify([name, company, vip, warning, note, distinct(numbers).map(({ e164, label }) => [e164, label])]);
  return said(customer) === said(draft);
}

const distinct = (numbers: Customer['numbers']): Customer['numbers'] => [...new Map(numbers.map((number) => [number.e164, number])).values()];
