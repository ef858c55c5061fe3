import type { Clock, Records } from '../ports.ts';
import { readConfiguration, setGroupOpen } from './configuration.ts';
import { createCustomer, findCustomer, findCustomerByNumber, updateCustomer } from './customers.ts';
import { putDialBlock, removeDialBlock } from './dialling.ts';
import { appendEvents, eventsBetween } from './event-log.ts';
import { currentRevision } from './revision.ts';
import type { Database } from './tables.ts';
import { findTimelineEntry, putTimelineEntry } from './timeline.ts';

/** The store as the core sees it. */
export const createRecords = (db: Database, clock: Pick<Clock, 'now'>): Records => ({
  configuration: () => readConfiguration(db),
  setGroupOpen: (groupId, open) => setGroupOpen(db, groupId, open),
  putDialBlock: (block) => putDialBlock(db, block),
  removeDialBlock: (subject, id) => removeDialBlock(db, subject, id),
  append: (events) => db.transaction().execute((tx) => appendEvents(tx, events)),
  eventsBetween: (fromMs, toMs) => eventsBetween(db, fromMs, toMs),
  customerByNumber: (e164) => findCustomerByNumber(db, e164),
  customer: (customerId) => findCustomer(db, customerId),
  createCustomer: (draft) => createCustomer(db, draft, clock.now()),
  updateCustomer: (customerId, version, draft) => updateCustomer(db, customerId, version, draft, clock.now()),
  timelineEntry: (contactId) => findTimelineEntry(db, contactId),
  putTimelineEntry: (entry) => putTimelineEntry(db, entry),
  customersCursor: () => currentRevision(db),
});
