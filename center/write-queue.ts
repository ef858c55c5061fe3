import type { CenterLogger } from './logger.ts';
import { NotWritten, type Clock } from './ports.ts';

/** First wait after a failed write; each further one doubles, up to the longest. */
const RETRY_MS = 200;
const LONGEST_RETRY_MS = 10_000;
/** Items of one transaction: it runs in the thread that mixes audio. */
const BATCH = 500;

interface WriteQueueParts<Item> {
  clock: Pick<Clock, 'setTimeout'>;
  logger: CenterLogger;
  /** What its items are, for the log. */
  what: string;
  /** All of them, or none: then it rejects, with `NotWritten` where the reason is known. */
  write: (items: readonly Item[]) => Promise<void>;
  /** Keeps an item apart that the store refuses for what it says. */
  setAside: (item: Item, why: Error) => Promise<void>;
  /** What still has to be written of items that have waited: a later one may say all that an earlier one did. */
  withoutOutdated: (items: readonly Item[]) => Item[];
  /** Beyond so many that wait, the oldest are given up. */
  most: number;
}

/**
 * What has to be written down, in order: written at once where that is possible, else tried again, with pauses that
 * grow, until it is. Nothing overtakes another, and an item that can never be written does not stand in the way of
 * the others: it is set aside.
 */
export class WriteQueue<Item> {
  private readonly parts: WriteQueueParts<Item>;
  private pending: Item[] = [];
  /** Number of the last item that came, and of the last one that needs no more writing. */
  private added = 0;
  private settled = 0;
  private waiters: { upTo: number; resolve: () => void }[] = [];
  private draining: Promise<void> | null = null;
  private wake: () => void = () => {};
  private closing = false;

  constructor(parts: WriteQueueParts<Item>) {
    this.parts = parts;
  }

  get length(): number {
    return this.pending.length;
  }

  add(item: Item): void {
    this.pending.push(item);
    this.added += 1;
  }

  /** Begins to write what there is. One that waits to try again goes on waiting. */
  hasten(): void {
    if (this.pending.length > 0) this.draining ??= this.drain();
  }

  /** Something has changed that may let it be written: it is tried now. */
  retryNow(): void {
    this.wake();
    this.hasten();
  }

  /** Resolves when everything added so far is durable, however long that takes. */
  flush(): Promise<void> {
    this.hasten();
    return this.settled >= this.added ? Promise.resolve() : new Promise((resolve) => this.waiters.push({ upTo: this.added, resolve }));
  }

  /** Answers within a time whether everything added so far is durable. */
  async durable(deadlineMs: number): Promise<boolean> {
    let stop = (): void => {};
    const late = new Promise<boolean>((resolve) => (stop = this.parts.clock.setTimeout(() => resolve(false), deadlineMs)));
    const written = await Promise.race([this.flush().then(() => true), late]);
    stop();
    return written;
  }

  /** Each item is tried once more, without a pause. @returns those that could not be written */
  async close(): Promise<readonly Item[]> {
    this.closing = true;
    this.retryNow();
    await this.draining;
    return this.pending;
  }

  private async drain(): Promise<void> {
    let waitMs = RETRY_MS;
    while (this.pending.length > 0) {
      const problem = await this.tryBatch(this.pending.slice(0, BATCH));
      if (problem === null) {
        waitMs = RETRY_MS;
        continue;
      }
      this.parts.logger.error({ err: problem, waiting: this.pending.length }, `${this.parts.what} could not be written`);
      this.tidy();
      if (this.closing) break;
      await this.pause(waitMs);
      waitMs = Math.min(waitMs * 2, LONGEST_RETRY_MS);
    }
    this.draining = null;
  }

  /** @returns why the rest has to wait; null when all of it is seen to */
  private async tryBatch(batch: readonly Item[]): Promise<Error | null> {
    try {
      await this.parts.write(batch);
      this.done(batch.length);
      return null;
    } catch (error) {
      if (!isRefused(error)) return asError(error);
      return batch.length === 1 && batch[0] !== undefined ? this.putAside(batch[0], error) : this.tryEach(batch);
    }
  }

  /** One of them was refused: the others go without it. */
  private async tryEach(batch: readonly Item[]): Promise<Error | null> {
    for (const item of batch) {
      const problem = await this.tryBatch([item]);
      if (problem !== null) return problem;
    }
    return null;
  }

  private async putAside(item: Item, why: Error): Promise<Error | null> {
    try {
      await this.parts.setAside(item, why);
      this.parts.logger.error({ err: why }, `one of ${this.parts.what} was refused by the store, and set aside`);
    } catch (error) {
      if (!isRefused(error)) return asError(error);
      this.parts.logger.error({ err: why }, `one of ${this.parts.what} was refused by the store, and could not even be set aside: it is lost`);
    }
    this.done(1);
    return null;
  }

  private done(count: number): void {
    this.pending = this.pending.slice(count);
    this.settled = this.added - this.pending.length;
    const due = this.waiters.filter(({ upTo }) => upTo <= this.settled);
    this.waiters = this.waiters.filter(({ upTo }) => upTo > this.settled);
    for (const { resolve } of due) resolve();
  }

  /** What waits grows no further than it must. */
  private tidy(): void {
    const before = this.pending.length;
    this.pending = this.parts.withoutOutdated(this.pending);
    // Whoever waited for what a later one says now waits for that.
    if (this.pending.length < before) for (const waiter of this.waiters) waiter.upTo = this.added;
    const tooMany = this.pending.length - this.parts.most;
    if (tooMany <= 0) return;
    this.pending = this.pending.slice(tooMany);
    this.parts.logger.error({ lost: tooMany }, `too much of ${this.parts.what} waits to be written: the oldest is given up`);
  }

  private pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const stop = this.parts.clock.setTimeout(resolve, delayMs);
      this.wake = () => {
        this.wake = () => {};
        stop();
        resolve();
      };
    });
  }
}

const isRefused = (error: unknown): error is NotWritten => error instanceof NotWritten && error.why === 'refused';

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

/** The last item of each key, in the order of those; all that have none. */
export function lastOfEach<Item>(items: readonly Item[], keyOf: (item: Item) => string | null): Item[] {
  const last = new Map(items.map((item, index) => [keyOf(item), index]));
  return items.filter((item, index) => keyOf(item) === null || last.get(keyOf(item)) === index);
}
