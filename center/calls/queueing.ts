import type { GroupId } from '../../contract/ids.ts';
import type { Refusal } from '../acd/acd.ts';
import type { Calls } from './calls.ts';
import { liveLegs, upLegs, type Contact } from './contact.ts';
import { startsWaiting } from './parts.ts';
import { workOf } from './work.ts';

/** The contact enters a group's queue, with music. Answers why it cannot. */
export function queueInGroup(calls: Calls, contact: Contact, groupId: GroupId): Refusal | null {
  const refusal = calls.parts.acd.refusal(groupId);
  if (refusal !== null) return refusal;
  contact.groupId = groupId;
  contact.queuedAt = calls.parts.clock.now();
  contact.queuedMonotonic = calls.parts.clock.monotonic();
  contact.waitedMs = null;
  calls.parts.journal.write('contact.queued', {}, { contactId: contact.contactId, groupId });
  wait(calls, contact, groupId);
  return null;
}

/** The caller goes back to the place in the queue they once had. Answers whether there is a caller and a group. */
export function queueAgain(calls: Calls, contact: Contact, why: 'networkLost' | 'unanswered'): boolean {
  const waiting = upLegs(contact);
  const others = liveLegs(contact).filter(({ participant }) => participant !== null);
  if (contact.groupId === null || contact.queuedAt === null || waiting.length === 0 || others.length > 0) return false;
  calls.parts.journal.write('contact.requeued', { why }, { contactId: contact.contactId, groupId: contact.groupId });
  wait(calls, contact, contact.groupId);
  return true;
}

function wait(calls: Calls, contact: Contact, groupId: GroupId): void {
  for (const leg of upLegs(contact)) leg.place = 'music';
  startsWaiting(calls, contact);
  calls.arrange(contact);
  calls.parts.acd.enqueue(workOf(contact, groupId, calls.parts.clock.now()));
}
