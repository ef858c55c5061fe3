import type { ContactKind, TimelineEntry } from '../../contract/customer.ts';
import type { ContactId, GroupId } from '../../contract/ids.ts';
import { parseCenterEvent, type CenterEvent } from '../events.ts';
import type { Journal } from '../journal.ts';
import type { Office } from '../office.ts';
import type { Clock, Records } from '../ports.ts';

/** No call is longer; what began before was closed by an earlier start. */
const LOOK_BACK_MS = 24 * 3600 * 1000;

interface Open {
  contactId: ContactId;
  startedAt: number;
  kind: ContactKind;
  number: string;
  groupId: GroupId | null;
  answered: CenterEvent | null;
}

/**
 * Closes the record of contacts that a center before us began and could not end, so that each has one line in the
 * history and one end in the log. @param isAlive those whose calls go on are left alone
 */
export async function closeInterrupted(parts: { records: Records; journal: Journal; office: Office; clock: Clock }, isAlive: (contactId: ContactId) => boolean): Promise<number> {
  const { records, journal, office, clock } = parts;
  const now = clock.now();
  const events = (await records.eventsBetween(now - LOOK_BACK_MS, now + 1)).map(parseCenterEvent).filter((event) => event !== null);
  const open = openContacts(events).filter(({ contactId }) => !isAlive(contactId));
  for (const contact of open) {
    const { contactId, startedAt, kind, number, groupId, answered } = contact;
    const customer = /^\+\d+$/.test(number) ? await records.customerByNumber(number) : null;
    const entry: TimelineEntry = {
      contactId,
      customerId: customer?.customerId ?? null,
      number,
      kind,
      startedAt,
      groupId,
      groupName: groupId === null ? '' : (office.group(groupId)?.name ?? ''),
      agentId: answered?.agentId ?? null,
      agentName: office.configuration.agents.find(({ agentId }) => agentId === answered?.agentId)?.name ?? '',
      outcome: 'networkLost',
      talkMs: 0,
      disposition: '',
      memo: '',
    };
    await records.putTimelineEntry(entry);
    journal.write('contact.ended', { outcome: 'networkLost', talkMs: 0 }, { contactId, agentId: entry.agentId, groupId });
  }
  return open.length;
}

function openContacts(events: readonly CenterEvent[]): Open[] {
  const open = new Map<ContactId, Open>();
  for (const event of events) {
    if (event.contactId === null) continue;
    if (event.type === 'contact.started') {
      open.set(event.contactId, { contactId: event.contactId, startedAt: event.at, kind: event.data.kind, number: event.data.number, groupId: null, answered: null });
      continue;
    }
    const contact = open.get(event.contactId);
    if (contact === undefined) continue;
    if (event.type === 'contact.queued') contact.groupId = event.groupId;
    if (event.type === 'contact.answered') contact.answered = event;
    if (event.type === 'contact.ended') open.delete(event.contactId);
  }
  return [...open.values()];
}
