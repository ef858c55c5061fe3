import { fail, ok, type Result } from '../../contract/errors.ts';
import { MOST_NUMBERS, type Customer } from '../../contract/customer.ts';
import type { CustomerId } from '../../contract/ids.ts';
import { findCustomer, findCustomerByNumber, givenNumbers, written } from './customers.ts';
import { newVersion, nextRevision } from './revision.ts';
import type { Database, Writer } from './tables.ts';
import { disownTimeline } from './contacts.ts';

/**
 * The number of a caller whom nobody knew is this customer's from now on, and so are the contacts on record with it.
 * `customer.number-taken` with whose it is, `customer.numbers-full`, `customer.not-found`.
 * @param e164 one that the customer has already is no mistake, and nothing is written
 */
export async function giveNumber(db: Database, customerId: CustomerId, e164: string, now: number): Promise<Result<Customer>> {
  return db.transaction().execute(async (tx) => {
    const present = await findCustomer(tx, customerId);
    if (present === null) return fail('customer.not-found', customerId);
    const owner = await findCustomerByNumber(tx, e164);
    if (owner?.customerId === customerId) return ok(present);
    if (owner !== null) return { ok: false, error: { code: 'customer.number-taken', message: e164, present: owner } };
    if (present.numbers.length >= MOST_NUMBERS) return fail('customer.numbers-full', customerId);
    await tx.insertInto('customer_numbers').values({ e164, customer_id: customerId, label: '', position: present.numbers.length, given_at: now }).execute();
    await touch(tx, customerId, now);
    return written(tx, customerId);
  });
}

/** Undoes `giveNumber`, as long as that may be: `not-found` for a number that was not given, or long ago. */
export async function takeNumberBack(db: Database, customerId: CustomerId, e164: string, now: number): Promise<Result<Customer>> {
  return db.transaction().execute(async (tx) => {
    if (!(await givenNumbers(tx, customerId, now)).has(e164)) return fail('not-found', 'not given to this customer lately');
    await tx.deleteFrom('customer_numbers').where('e164', '=', e164).execute();
    await disownTimeline(tx, customerId, [e164]);
    await touch(tx, customerId, now);
    return written(tx, customerId);
  });
}

async function touch(tx: Writer, customerId: CustomerId, now: number): Promise<void> {
  await tx.updateTable('customers').set({ updated_at: now, revision: await nextRevision(tx), version: newVersion() }).where('customer_id', '=', customerId).execute();
}
