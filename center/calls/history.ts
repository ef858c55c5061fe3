import type { EndedBy, TimelineEntry } from '../../contract/customer.ts';
import type { Disposer } from '../../contract/errors.ts';
import type { ContactId, CustomerId } from '../../contract/ids.ts';
import type { Roster } from '../agents/roster.ts';
import type { CenterLogger } from '../logger.ts';
import type { Office } from '../office.ts';
import type { Clock, Records } from '../ports.ts';
import { lastOfEach, WriteQueue } from '../write-queue.ts';
import type { Contact } from './contact.ts';
import { waitedBefore } from './parts.ts';

/** Desks fetch what changed: told of each of many changes, all of them would ask far more often than they may. */
const TELL_EVERY_MS = 250;
/** Contacts that may wait for a disk: a busy day of a large center, some tens of megabytes. */
const MOST_WAITING = 20_000;
/** A large center's contacts of some ten minutes. */
const MOST_LATELY = 5000;

interface HistoryParts {
  records: Pick<Records, 'putTimelineEntries' | 'customersCursor' | 'setAside'>;
  office: Office;
  roster: Roster;
  clock: Pick<Clock, 'setTimeout' | 'monotonic'>;
  logger: CenterLogger;
  /** Desks may fetch what changed up to `cursor`. */
  onChanged: (cursor: number, customerIds: CustomerId[]) => void;
}

/** Contacts in the customers' histories. */
export class History {
  private readonly parts: HistoryParts;
  private readonly queue: WriteQueue<TimelineEntry>;
  /** When the latest contacts were kept last, on the monotonic clock, the oldest first. */
  private readonly lately = new Map<ContactId, number>();
  /** Customers that desks are to be told of with the next word; null: a word may go at once. */
  private untold: Set<CustomerId> | null = null;
  private hasNews = false;
  private stopTelling: Disposer = () => {};

  constructor(parts: HistoryParts) {
    this.parts = parts;
    this.queue = new WriteQueue({
      clock: parts.clock,
      logger: parts.logger,
      what: 'the history',
      write: (entries) => this.write(entries),
      setAside: (entry, { message }) => parts.records.setAside({ what: 'timeline', contactId: entry.contactId, content: entry, why: message }),
      withoutOutdated: (entries) => lastOfEach(entries, ({ contactId }) => contactId),
      most: MOST_WAITING,
    });
  }

  /** Writes a contact, once it is over, as it is now; every desk is told. */
  keep(contact: Contact): void {
    if (contact.foreign || contact.outcome === null) return;
    this.queue.add(this.entryOf(contact));
    this.lately.delete(contact.contactId);
    this.lately.set(contact.contactId, this.parts.clock.monotonic());
    const [oldest] = this.lately.keys();
    if (oldest !== undefined && this.lately.size > MOST_LATELY) this.lately.delete(oldest);
    this.queue.hasten();
  }

  /** When the contact was kept last, on the monotonic clock; undefined where that is long ago. */
  keptAt(contactId: ContactId): number | undefined {
    return this.lately.get(contactId);
  }

  /** Answers within a time whether everything kept so far is durable. */
  durable(deadlineMs: number): Promise<boolean> {
    return this.queue.durable(deadlineMs);
  }

  /** What has waited for the disk is tried again now. */
  retryNow(): void {
    this.queue.retryNow();
  }

  /** Everything kept so far is tried once more. @returns the contacts whose line could not be written */
  async close(): Promise<readonly TimelineEntry[]> {
    const left = await this.queue.close();
    this.stopTelling();
    return left;
  }

  /** Tells desks that customers or histories changed: at once, and what follows soon in one word with what else does. */
  async changed(customerIds: CustomerId[]): Promise<void> {
    if (this.untold !== null) {
      this.hasNews = true;
      for (const customerId of customerIds) this.untold.add(customerId);
      return;
    }
    this.untold = new Set();
    this.stopTelling = this.parts.clock.setTimeout(() => this.tellTheRest(), TELL_EVERY_MS);
    this.parts.onChanged(await this.parts.records.customersCursor(), customerIds);
  }

  private tellTheRest(): void {
    const { untold, hasNews } = this;
    this.untold = null;
    this.hasNews = false;
    if (untold !== null && hasNews) this.tell([...untold]);
  }

  private tell(customerIds: CustomerId[]): void {
    this.changed(customerIds).catch((error: unknown) => this.parts.logger.error({ err: error }, 'desks could not be told of changes'));
  }

  private async write(entries: readonly TimelineEntry[]): Promise<void> {
    await this.parts.records.putTimelineEntries(entries);
    this.tell(entries.flatMap(({ customerId }) => customerId ?? []));
  }

  private entryOf(contact: Contact): TimelineEntry {
    const { office, roster } = this.parts;
    const { contactId, customerId, number, kind, startedAt, groupId, handledBy, dispositionId, memo, talkTime } = contact;
    return {
      contactId,
      customerId,
      number,
      kind,
      startedAt,
      groupId,
      groupName: groupId === null ? '' : (office.group(groupId)?.name ?? ''),
      agentId: handledBy,
      agentName: handledBy === null ? '' : (roster.agent(handledBy)?.record.name ?? ''),
      outcome: contact.outcome ?? 'failed',
      talkMs: Math.round(talkTime.talkMs),
      disposition: office.dispositions.find((one) => one.dispositionId === dispositionId)?.name ?? '',
      memo,
      version: '',
      parts: contact.parts.toSorted((a, b) => a.at - b.at),
      waitedMs: waitedBefore(contact),
      endedBy: endedByOf(contact),
      dispositionMissing: contact.dispositionMissing && dispositionId === null,
      corrected: null,
    };
  }
}

/** Whoever left last brought it to its end; where nobody had left, the center did. */
function endedByOf({ outcome, lastLeft }: Contact): EndedBy {
  if (outcome === 'networkLost') return 'network';
  if (lastLeft === null) return 'center';
  if (lastLeft.party === 'customer') return 'customer';
  return lastLeft.participant === null ? 'other' : 'agent';
}
