import type { Clock, Records } from '../ports.ts';
import { causeOf, notWritten, type Condition } from './condition.ts';
import { changeConfiguration, forgetRemovedPeople, readConfiguration, setDispositionRequired, setGroupOpen } from './configuration.ts';
import { correctEntry, timelineEntry, writeLate } from './corrections.ts';
import { createCustomer, findCustomer, findCustomerByNumber, givenNumbers, updateCustomer } from './customers.ts';
import { putDialBlock, removeDialBlock } from './dialling.ts';
import { appendEvents } from './event-log.ts';
import { formerRun } from './former.ts';
import { giveNumber, takeNumberBack } from './given-numbers.ts';
import { currentRevision } from './revision.ts';
import { countedHours, countedLines, countedSince } from './rollups.ts';
import { setAside } from './set-aside.ts';
import type { Database } from './tables.ts';
import { contactsOnRecord, putTimelineEntries } from './contacts.ts';

/** The store as the core sees it. */
export function createRecords(db: Database, clock: Pick<Clock, 'now'>, condition: Condition): Records {
  /** @throws NotWritten */
  async function write<Value>(run: () => Promise<Value>): Promise<Value> {
    try {
      return await run();
    } catch (error) {
      // The disk was full, and has been given the reserve for this.
      if (causeOf(error) === null || condition.current.state !== 'low') throw notWritten(error);
      return run().catch((again: unknown) => Promise.reject(notWritten(again)));
    }
  }

  return {
    health: condition,
    configuration: () => readConfiguration(db),
    changeConfiguration: (changes, writer) => write(() => changeConfiguration(db, changes, writer)),
    forgetRemovedPeople: (isKept) => write(() => forgetRemovedPeople(db, isKept)),
    setGroupOpen: (groupId, open) => write(() => setGroupOpen(db, groupId, open)),
    setDispositionRequired: (groupId, required) => write(() => setDispositionRequired(db, groupId, required)),
    putDialBlock: (block) => write(() => putDialBlock(db, block)),
    removeDialBlock: (subject, id) => write(() => removeDialBlock(db, subject, id)),
    append: (events) => write(() => db.transaction().execute((tx) => appendEvents(tx, events))),
    formerRun: (since) => formerRun(db, since),
    countedSince: (timeZone, fromMs, margin) => countedSince(db, timeZone, fromMs, margin),
    countedLines: (after, to) => countedLines(db, after, to),
    countedHours: (timeZone, fromMs, toMs) => countedHours(db, timeZone, fromMs, toMs),
    customerByNumber: (e164) => findCustomerByNumber(db, e164),
    customer: (customerId) => findCustomer(db, customerId),
    createCustomer: (draft) => write(() => createCustomer(db, draft, clock.now())),
    updateCustomer: (customerId, version, draft) => write(() => updateCustomer(db, customerId, version, draft, clock.now())),
    givenNumbers: async (customerId) => [...(await givenNumbers(db, customerId, clock.now())).keys()],
    giveNumber: (customerId, e164) => write(() => giveNumber(db, customerId, e164, clock.now())),
    takeNumberBack: (customerId, e164) => write(() => takeNumberBack(db, customerId, e164, clock.now())),
    contactsOnRecord: (contactIds) => contactsOnRecord(db, contactIds),
    putTimelineEntries: (entries) => write(() => db.transaction().execute((tx) => putTimelineEntries(tx, entries))),
    timelineEntry: (contactId) => timelineEntry(db, contactId),
    writeLate: (late) => write(() => writeLate(db, late)),
    correctEntry: (correction) => write(() => correctEntry(db, correction)),
    setAside: (what) => write(() => setAside(db, what, clock)),
    customersCursor: () => currentRevision(db),
  };
}
