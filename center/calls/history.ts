import type { TimelineEntry } from '../../contract/customer.ts';
import type { Disposer } from '../../contract/errors.ts';
import type { ContactId, CustomerId } from '../../contract/ids.ts';
import type { Roster } from '../agents/roster.ts';
import type { CenterLogger } from '../logger.ts';
import type { Office } from '../office.ts';
import type { Clock, Records } from '../ports.ts';
import type { Contact } from './contact.ts';

/** Desks fetch what changed: told of each of many changes, all of them would ask far more often than they may. */
const TELL_EVERY_MS = 250;

interface HistoryParts {
  records: Pick<Records, 'putTimelineEntry' | 'customersCursor'>;
  office: Office;
  roster: Roster;
  clock: Pick<Clock, 'setTimeout'>;
  logger: CenterLogger;
  /** Desks may fetch what changed up to `cursor`. */
  onChanged: (cursor: number, customerIds: CustomerId[]) => void;
}

/** Contacts in the customers' histories. */
export class History {
  private readonly parts: HistoryParts;
  /** The latest write of each contact that is not durable yet. */
  private readonly writes = new Map<ContactId, Promise<void>>();
  /** Customers that desks are to be told of with the next word; null: a word may go at once. */
  private untold: Set<CustomerId> | null = null;
  private hasNews = false;
  private stopTelling: Disposer = () => {};

  constructor(parts: HistoryParts) {
    this.parts = parts;
  }

  /** Writes a contact, once it is over; every desk is told. */
  keep(contact: Contact): void {
    if (contact.foreign || contact.outcome === null) return;
    const { contactId } = contact;
    const entry = this.entryOf(contact);
    const write = (this.writes.get(contactId) ?? Promise.resolve()).catch(() => {}).then(() => this.write(entry));
    this.writes.set(contactId, write);
    write
      .catch((error: unknown) => this.parts.logger.error({ err: error, contactId }, 'a contact could not be written to the history'))
      .finally(() => {
        if (this.writes.get(contactId) === write) this.writes.delete(contactId);
      });
  }

  /** Resolves when what was written of this contact is durable. @throws when it could not be written */
  async settled(contactId: ContactId): Promise<void> {
    await this.writes.get(contactId);
  }

  /** Everything written so far is durable, or has failed and was logged. */
  async flush(): Promise<void> {
    await Promise.allSettled(this.writes.values());
    this.stopTelling();
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
    if (untold === null || !hasNews) return;
    this.changed([...untold]).catch((error: unknown) => this.parts.logger.error({ err: error }, 'desks could not be told of changes'));
  }

  private async write(entry: TimelineEntry): Promise<void> {
    await this.parts.records.putTimelineEntry(entry);
    await this.changed(entry.customerId === null ? [] : [entry.customerId]);
  }

  private entryOf(contact: Contact): TimelineEntry {
    const { office, roster } = this.parts;
    const { contactId, customerId, number, kind, startedAt, groupId, handledBy, dispositionId, memo, talkMs } = contact;
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
      talkMs: Math.round(talkMs),
      disposition: office.dispositions.find((one) => one.dispositionId === dispositionId)?.name ?? '',
      memo,
    };
  }
}
