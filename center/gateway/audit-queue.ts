import type { Result } from '../../contract/errors.ts';
import type { Clock } from '../ports.ts';
import { appendAudit, type AuditEntry } from '../store/audit-log.ts';
import { causeOf, type Database } from '../store/index.ts';
import { Buckets } from './buckets.ts';
import type { GatewayLogger } from './logger.ts';

/** A disk that is full is asked again after this. */
const RETRY_MS = 1000;
/** Entries that may wait; beyond that, what would be audited is refused. */
const MOST_WAITING = 10_000;

/** Of one person and one action. */
const REFUSALS = { count: 10, perS: 60 };

/** Somebody or something as the log may name them for good: an id, and nothing that a person has written. */
export const auditable = (subject: unknown): string => (typeof subject === 'string' && /^[\w.:-]{1,64}$/.test(subject) ? subject : '');

/**
 * What was done goes into the audit log, in order. While the disk is full it waits: what has been done cannot be
 * undone for want of an entry, and an answer that it failed would be a lie.
 */
export class AuditQueue {
  private readonly db: Database;
  private readonly clock: Pick<Clock, 'setTimeout'>;
  private readonly refusals: Buckets;
  private readonly logger: GatewayLogger;
  private waiting: AuditEntry[] = [];

  constructor(db: Database, clock: Pick<Clock, 'setTimeout' | 'monotonic'>, logger: GatewayLogger) {
    this.db = db;
    this.clock = clock;
    this.refusals = new Buckets(REFUSALS, clock);
    this.logger = logger;
  }

  /** Durable when it resolves, unless the disk is full. @throws for any other reason that it cannot be written */
  async write(entry: AuditEntry): Promise<void> {
    if (this.waiting.length > 0) return this.wait(entry);
    try {
      await appendAudit(this.db, entry);
    } catch (error) {
      if (causeOf(error) === null) throw error;
      this.logger.error({ err: error }, 'the audit log could not be written: its entries wait');
      this.wait(entry);
    }
  }

  /** What was asked, and how it ended. */
  async ended(entry: AuditEntry, result: Result<unknown>): Promise<void> {
    const ended = { ...entry, details: { outcome: result.ok ? 'ok' : result.error.code, ...entry.details } };
    await (result.ok ? this.write(ended) : this.refused(entry.actor ?? '', ended));
  }

  /** What came to nothing, whyever: of one person and action some lines a minute, as a flood of them must not fill the log. */
  async refused(who: string, entry: AuditEntry): Promise<void> {
    const key = `${who} ${entry.action}`;
    if (this.refusals.waitMs(key) > 0) return;
    this.refusals.take(key);
    await this.write(entry);
  }

  /** Each entry that waits is tried once more. */
  async close(): Promise<void> {
    while (this.waiting[0] !== undefined && (await appendAudit(this.db, this.waiting[0]).then(() => true, () => false))) this.waiting.shift();
    if (this.waiting.length > 0) this.logger.error({ actions: this.waiting.map(({ action }) => action) }, 'the disk took no more: entries of the audit log are lost');
    this.waiting = [];
  }

  private wait(entry: AuditEntry): void {
    if (this.waiting.length >= MOST_WAITING) throw new Error('too many entries of the audit log wait to be written');
    this.waiting.push(entry);
    if (this.waiting.length === 1) this.clock.setTimeout(() => void this.retry(), RETRY_MS);
  }

  private async retry(): Promise<void> {
    const [entry] = this.waiting;
    if (entry === undefined) return;
    try {
      await appendAudit(this.db, entry);
      this.waiting.shift();
      await this.retry();
    } catch (error) {
      if (causeOf(error) === null) {
        this.logger.error({ err: error, action: entry.action }, 'an entry was refused by the audit log: it is lost');
        this.waiting.shift();
      }
      this.clock.setTimeout(() => void this.retry(), RETRY_MS);
    }
  }
}
