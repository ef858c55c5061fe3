/** How much fits, and how much of it runs out in a second. */
export interface BucketSize {
  capacity: number;
  leakPerS: number;
}

/** What was poured in and has not run out yet. Costs no timer. */
export class LeakyBucket {
  private readonly now: () => number;
  private readonly size: BucketSize;
  private level = 0;
  private at: number;

  /** @param now milliseconds of a monotonic clock */
  constructor(size: BucketSize, now: () => number) {
    this.size = size;
    this.now = now;
    this.at = now();
  }

  /** Pours in, if it fits. @returns whether it did */
  take(amount: number): boolean {
    if (this.current() + amount > this.size.capacity) return false;
    this.level += amount;
    return true;
  }

  /** Pours in, whether it fits or not: `waitMs(0)` says until when it is too full. */
  pour(amount: number): void {
    this.level = this.current() + amount;
  }

  /** Takes back what was poured in. */
  giveBack(amount: number): void {
    this.level = Math.max(0, this.current() - amount);
  }

  get isEmpty(): boolean {
    return this.current() === 0;
  }

  /** Milliseconds until `amount` fits; 0 when it does now. */
  waitMs(amount: number): number {
    return Math.max(0, ((this.current() + amount - this.size.capacity) / this.size.leakPerS) * 1000);
  }

  private current(): number {
    const now = this.now();
    this.level = Math.max(0, this.level - ((now - this.at) / 1000) * this.size.leakPerS);
    this.at = now;
    return this.level;
  }
}
