import { z } from 'zod';
import { AgentId, CustomerId } from '../../../contract/ids.ts';
import { emptyJournal } from '../../store/dialect/journal.ts';
import { CONTACTS_A_STEP, countContactsOf, eraseCard, erasedOf, eraseNumber, eraseSomeContactsOf, mayErase, numbersOf, tracesOf } from '../../store/erasure.ts';
import { findJob } from '../../store/jobs.ts';
import { jobKind } from '../job.ts';
import { JobId } from '../../../contract/job.ts';

/**
 * Erases a person: in the history whose number it was and what was written, then the card and its numbers. Every text of the
 * store is searched for the numbers before they are forgotten, and where one is found is told. What is deleted is overwritten in
 * the file (`secure_delete`), and the journal emptied. Cut short anywhere it begins anew, and finds what is left to do.
 */
export const eraseCustomerJob = jobKind({
  kind: 'customers.erase',
  lane: 'asked',
  // Of the person no more than the id: the row outlives them.
  payload: z.object({ customerId: CustomerId, by: AgentId, address: z.string(), reason: z.string() }),
  leaseMs: 60_000,
  mostAttempts: 5,
  async run({ jobId, db, now, step, customersChanged }, erasure) {
    const { customerId } = erasure;
    const may = await mayErase(db, customerId, erasure.reason);
    if (!may.ok && may.error.code === 'contact.action-not-allowed') return { result: { of: 'refused', why: may.error.code } };
    const numbers = await numbersOf(db, customerId);
    const before = (await findJob(db, JobId.parse(jobId)))?.progress?.done ?? 0;
    const total = before + (await countContactsOf(db, customerId, numbers));
    let contacts = before;
    for (let count = CONTACTS_A_STEP; count === CONTACTS_A_STEP; contacts += count) count = await step({ done: contacts, total }, (tx) => eraseSomeContactsOf(tx, customerId, numbers));
    for (const number of numbers) await step({ done: contacts, total }, (tx) => eraseNumber(tx, number));
    const left: string[] = [];
    for await (const column of tracesOf(db, customerId, numbers)) {
      if (column !== null) left.push(column);
      await step({ done: contacts, total });
    }
    const refused = await step({ done: contacts, total }, (tx) => eraseCard(tx, erasure, { numbers: numbers.length, contacts, left }, now()));
    await emptyJournal(db);
    // Whoever did this before and was killed then has done it all.
    const erased = refused === null || refused === 'customer.not-found' ? await erasedOf(db, customerId) : null;
    if (contacts > before || erased !== null) customersChanged([customerId]);
    return { result: erased === null ? { of: 'refused', why: refused ?? 'customer.not-found' } : { of: 'erasure', ...erased } };
  },
});
