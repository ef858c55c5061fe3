import type { AgentId, ContactId, GroupId } from '../contract/ids.ts';
import type { CenterEvent, CenterEventData, CenterEventType } from './events.ts';
import type { CenterLogger } from './logger.ts';
import type { Clock, LoggedEvent, Records } from './ports.ts';
import { lastOfEach, WriteQueue } from './write-queue.ts';

/** Lines that may wait for a disk: some thousand calls, at about a kilobyte a line. */
const MOST_WAITING = 100_000;

export interface Subject {
  contactId?: ContactId;
  agentId?: AgentId | null;
  groupId?: GroupId | null;
}

interface JournalParts {
  records: Pick<Records, 'append' | 'setAside'>;
  clock: Clock;
  logger: CenterLogger;
  /** Hears each line as it is written down, before it is durable. */
  onEvent: (event: CenterEvent) => void;
}

/**
 * Writes the event log. Lines of one turn of the event loop become one transaction, after what that turn has to say to
 * the switch and to desks; a failed write is tried again with everything that came meanwhile, so no line is lost and
 * none overtakes another.
 */
export class Journal {
  private readonly parts: JournalParts;
  private readonly queue: WriteQueue<LoggedEvent>;
  private due: NodeJS.Immediate | null = null;

  constructor(parts: JournalParts) {
    this.parts = parts;
    this.queue = new WriteQueue({
      clock: parts.clock,
      logger: parts.logger,
      what: 'the event log',
      write: (events) => parts.records.append(events),
      setAside: (event, { message }) => parts.records.setAside({ what: event.type, contactId: event.contactId, content: event, why: message }),
      // A contact is kept whole each time: the last one is what a center that starts anew goes on from.
      withoutOutdated: (events) => lastOfEach(events, ({ type, contactId }) => (type === 'contact.saved' ? contactId : null)),
      most: MOST_WAITING,
    });
  }

  write<Type extends CenterEventType>(type: Type, data: CenterEventData<Type>, { contactId, agentId, groupId }: Subject): void {
    const event = { type, data, at: this.parts.clock.now(), contactId: contactId ?? null, agentId: agentId ?? null, groupId: groupId ?? null };
    this.queue.add(event);
    // A generic pair of type and data is one of the union, which the compiler cannot follow.
    this.parts.onEvent(event as CenterEvent);
    this.due ??= setImmediate(() => this.hasten());
  }

  /** Begins to write what there is: before a command is answered that brought it about. */
  hasten(): void {
    clearImmediate(this.due ?? undefined);
    this.due = null;
    this.queue.hasten();
  }

  /** What has waited for the disk is tried again now. */
  retryNow(): void {
    this.queue.retryNow();
  }

  /** Answers within a time whether everything written so far is durable. */
  durable(deadlineMs: number): Promise<boolean> {
    this.hasten();
    return this.queue.durable(deadlineMs);
  }

  /** Everything written so far is tried once more. @returns how many lines could not be written */
  async close(): Promise<number> {
    this.hasten();
    return (await this.queue.close()).length;
  }
}
