import type { AccessReport } from '../contract/customer.ts';
import type { Disposer, Result } from '../contract/errors.ts';
import type { CustomerId } from '../contract/ids.ts';
import type { Clock } from './clock.ts';
import type { Logger } from './logger.ts';

type Entry = AccessReport['entries'][number];
/** An entry by the moment it is of, which becomes its age when it is sent. */
type Kept = { at: number } & (Omit<Extract<Entry, { kind: 'customer' }>, 'agoMs'> | Omit<Extract<Entry, { kind: 'search' }>, 'agoMs'>);

/** What is opened soon after goes with it. */
const TOGETHER_MS = 5000;
/** The center is away, or refuses: asked again after this time. */
const AGAIN_MS = 30_000;
/** The same customer opened again within this time is one look at them. */
const SAME_LOOK_MS = 60_000;
const MOST_IN_A_REPORT = 200;
const MOST_SHOWN = 1000;
/** Beyond so many the oldest are forgotten: a center that is away for days. */
const MOST_KEPT = 5000;

/** Tells the center whom this person has opened beyond their calls: it answers for that in its access log. */
export class AccessReporter {
  private readonly clock: Clock;
  private readonly log: Logger;
  private readonly send: (report: AccessReport) => Promise<Result<null>>;
  private kept: Kept[] = [];
  private readonly looks = new Map<CustomerId, number>();
  private stopWaiting: Disposer | null = null;
  private sending: Promise<void> | null = null;

  constructor(parts: { clock: Clock; log: Logger; send: (report: AccessReport) => Promise<Result<null>> }) {
    this.clock = parts.clock;
    this.log = parts.log;
    this.send = parts.send;
  }

  opened(customerId: CustomerId): void {
    const now = this.clock.monotonic();
    if (now - (this.looks.get(customerId) ?? -Infinity) < SAME_LOOK_MS) return;
    this.looks.set(customerId, now);
    this.add({ kind: 'customer', customerId, at: now });
  }

  /** A page of a search: as many cards as were shown. Pages of one moment are one entry. */
  listed(customers: number): void {
    if (customers === 0) return;
    const last = this.kept.at(-1);
    if (last?.kind !== 'search' || this.sending !== null) this.add({ kind: 'search', customers, at: this.clock.monotonic() });
    else last.customers = Math.min(MOST_SHOWN, last.customers + customers);
  }

  /** Sends what there is. */
  async flush(): Promise<void> {
    this.stopWaiting?.();
    this.stopWaiting = null;
    await (this.sending ??= this.sendAll().finally(() => (this.sending = null)));
  }

  /** The sign-in is over: what was not told never will be. */
  stop(): void {
    this.stopWaiting?.();
    if (this.kept.length > 0) this.log.warn({ entries: this.kept.length }, 'the center was not told of customers that were opened');
  }

  private add(entry: Kept): void {
    this.kept.push(entry);
    if (this.kept.length > MOST_KEPT) this.kept.shift();
    this.flushIn(TOGETHER_MS);
  }

  private flushIn(delayMs: number): void {
    this.stopWaiting ??= this.clock.setTimeout(() => void this.flush(), delayMs);
  }

  private async sendAll(): Promise<void> {
    while (this.kept.length > 0) {
      const batch = this.kept.slice(0, MOST_IN_A_REPORT);
      const now = this.clock.monotonic();
      const answer = await this.send({ entries: batch.map(({ at, ...entry }): Entry => ({ ...entry, agoMs: Math.max(0, Math.round(now - at)) })) });
      if (!answer.ok) {
        this.log.warn({ code: answer.error.code }, 'the center could not be told of customers that were opened');
        this.flushIn(AGAIN_MS);
        return;
      }
      this.kept = this.kept.slice(batch.length);
    }
    this.looks.forEach((at, customerId) => this.clock.monotonic() - at >= SAME_LOOK_MS && this.looks.delete(customerId));
  }
}
