import type { AgentId, ContactId, GroupId } from '../contract/ids.ts';
import type { CenterEvent, CenterEventData, CenterEventType } from './events.ts';
import type { CenterLogger } from './logger.ts';
import type { Clock, LoggedEvent, Records } from './ports.ts';

/** First wait after a failed write; each further one doubles, up to the longest. */
const RETRY_MS = 200;
const LONGEST_RETRY_MS = 10_000;

export interface Subject {
  contactId?: ContactId;
  agentId?: AgentId | null;
  groupId?: GroupId | null;
}

interface JournalParts {
  records: Pick<Records, 'append'>;
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
  private pending: LoggedEvent[] = [];
  private writing: Promise<void> | null = null;
  private due: NodeJS.Immediate | null = null;
  private closing = false;

  constructor(parts: JournalParts) {
    this.parts = parts;
  }

  write<Type extends CenterEventType>(type: Type, data: CenterEventData<Type>, { contactId, agentId, groupId }: Subject): void {
    const event = { type, data, at: this.parts.clock.now(), contactId: contactId ?? null, agentId: agentId ?? null, groupId: groupId ?? null };
    this.pending.push(event);
    // A generic pair of type and data is one of the union, which the compiler cannot follow.
    this.parts.onEvent(event as CenterEvent);
    this.due ??= setImmediate(() => this.hasten());
  }

  /** Begins to write what there is: before a command is answered that brought it about. */
  hasten(): void {
    clearImmediate(this.due ?? undefined);
    this.due = null;
    if (this.pending.length > 0) this.writing ??= this.drain();
  }

  /** Resolves when everything written so far is durable. */
  async flush(): Promise<void> {
    this.hasten();
    while (this.writing !== null) await this.writing;
  }

  /** The last lines; what cannot be written now never will be. */
  async close(): Promise<void> {
    this.closing = true;
    await this.flush();
  }

  private async drain(): Promise<void> {
    let waitMs = RETRY_MS;
    while (this.pending.length > 0) {
      const batch = this.pending;
      this.pending = [];
      try {
        await this.parts.records.append(batch);
        waitMs = RETRY_MS;
      } catch (error) {
        this.parts.logger.error({ err: error, lines: batch.length }, 'the event log could not be written');
        this.pending = [...batch, ...this.pending];
        if (this.closing) break;
        await this.pause(waitMs);
        waitMs = Math.min(waitMs * 2, LONGEST_RETRY_MS);
      }
    }
    this.writing = null;
  }

  private pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.parts.clock.setTimeout(resolve, delayMs));
  }
}
