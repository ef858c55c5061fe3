import { plainLine, type ContactKind, type ContactOutcome, type TimelineEntry } from '../../contract/customer.ts';
import type { AgentId, ContactId, GroupId } from '../../contract/ids.ts';
import type { FormerRun } from '../former-run.ts';
import type { Journal } from '../journal.ts';
import type { Office } from '../office.ts';
import type { Records } from '../ports.ts';
import { waitedBefore } from './parts.ts';
import type { SavedContact } from './saved-contact.ts';

/** What the store says of one contact. */
export interface LoggedContact {
  contactId: ContactId;
  startedAt: number;
  kind: ContactKind;
  groupId: GroupId | null;
  /** Who talked last, as far as is known. */
  agentId: AgentId | null;
  /** As it was last kept; null once it is in the history. */
  saved: SavedContact | null;
  ended: { outcome: ContactOutcome; talkMs: number; at: number } | null;
}

/**
 * Makes the records of a run that was cut short whole: a contact it began and could not end is closed as lost with
 * the network, and one that it ended has the line in the history that its log says. What agents had saved stays.
 * @param isSeenTo those whose calls outlived that run are left alone
 * @returns how many contacts were closed
 */
export async function closeInterrupted(parts: { records: Records; journal: Journal; office: Office }, former: Pick<FormerRun, 'unfinished' | 'live'>, isSeenTo: (contactId: ContactId) => boolean): Promise<number> {
  const { records, journal } = parts;
  let closed = 0;
  const contacts = contactsOf(former).filter(({ contactId }) => !isSeenTo(contactId));
  // The history may be behind the log by as long as the disk was full.
  const onRecord = await records.contactsOnRecord(contacts.map(({ contactId }) => contactId));
  for (const contact of contacts) {
    const { contactId, kind, groupId, agentId, ended } = contact;
    const { outcome, talkMs } = ended ?? { outcome: 'networkLost' as const, talkMs: 0 };
    if (!onRecord.has(contactId)) await records.putTimelineEntries([{ ...(await entryOf(parts, contact)), outcome, talkMs }]);
    if (ended !== null) continue;
    journal.write('contact.ended', { outcome, talkMs, kind }, { contactId, agentId, groupId });
    closed += 1;
  }
  return closed;
}

async function entryOf({ records, office }: { records: Records; office: Office }, contact: LoggedContact): Promise<Omit<TimelineEntry, 'outcome' | 'talkMs'>> {
  const { contactId, kind, startedAt, groupId, agentId, saved } = contact;
  const number = saved?.number ?? '';
  const customer = /^\+\d+$/.test(number) ? await records.customerByNumber(number) : null;
  return {
    contactId,
    customerId: saved?.customerId ?? customer?.customerId ?? null,
    number,
    kind,
    startedAt,
    groupId,
    groupName: groupId === null ? '' : (office.group(groupId)?.name ?? ''),
    agentId,
    agentName: office.configuration.people.find((agent) => agent.agentId === agentId)?.name ?? '',
    disposition: office.dispositions.find(({ dispositionId }) => dispositionId === saved?.dispositionId)?.name ?? '',
    memo: saved?.memo ?? '',
    ...plainLine,
    parts: saved?.parts ?? [],
    waitedMs: waitedBefore({ parts: saved?.parts ?? [] }),
  };
}

/** The contacts that are still to be seen to, in the order they began. */
export function contactsOf({ unfinished, live }: Pick<FormerRun, 'unfinished' | 'live'>): LoggedContact[] {
  const contacts = new Map<ContactId, LoggedContact>();
  for (const { contactId, startedAt, kind, ended } of unfinished) contacts.set(contactId, { contactId, startedAt, kind, groupId: ended?.groupId ?? null, agentId: ended?.agentId ?? null, saved: null, ended });
  for (const { contactId, saved } of live) {
    const { startedAt, kind, groupId, handledBy } = saved;
    const known = contacts.get(contactId);
    contacts.set(contactId, { contactId, startedAt, kind, groupId, agentId: known?.agentId ?? handledBy, saved, ended: known?.ended ?? null });
  }
  return [...contacts.values()].toSorted((a, b) => a.startedAt - b.startedAt);
}
