import type { Clock } from '../ports.ts';
import type { Allowance } from './limits.ts';

/** More keys than this are not remembered, unless said otherwise: the one unused for longest goes. */
const MAX_KEYS = 20_000;

interface Bucket {
  tokens: number;
  /** On the monotonic clock: when `tokens` was true. */
  at: number;
}

/** A bucket of tokens for each key: `count` at once, and as many again within `perS` seconds, one by one. */
export class Buckets {
  private readonly count: number;
  private readonly perMs: number;
  private readonly clock: Pick<Clock, 'monotonic'>;
  private readonly maxKeys: number;
  private readonly buckets = new Map<string, Bucket>();

  constructor({ count, perS }: Allowance, clock: Pick<Clock, 'monotonic'>, maxKeys: number = MAX_KEYS) {
    this.maxKeys = maxKeys;
    this.count = count;
    this.perMs = count / (perS * 1000);
    this.clock = clock;
  }

  /** Takes one whether there is one or not; look at `waitMs` first. */
  take(key: string): void {
    this.put(key, this.tokensOf(key) - 1);
  }

  /** What was taken has turned out not to count. */
  giveBack(key: string): void {
    this.put(key, Math.min(this.count, this.tokensOf(key) + 1));
  }

  /** As if nothing had ever been taken. */
  forget(key: string): void {
    this.buckets.delete(key);
  }

  /** Milliseconds until one can be taken; 0: now. */
  waitMs(key: string): number {
    const tokens = this.tokensOf(key);
    return tokens >= 1 ? 0 : Math.ceil((1 - tokens) / this.perMs);
  }

  private tokensOf(key: string): number {
    const known = this.buckets.get(key);
    if (known === undefined) return this.count;
    return Math.min(this.count, known.tokens + (this.clock.monotonic() - known.at) * this.perMs);
  }

  private put(key: string, tokens: number): void {
    this.buckets.delete(key);
    if (tokens >= this.count) return;
    this.buckets.set(key, { tokens, at: this.clock.monotonic() });
    for (const oldest of this.buckets.keys()) {
      if (this.buckets.size <= this.maxKeys) break;
      this.buckets.delete(oldest);
    }
  }
}
