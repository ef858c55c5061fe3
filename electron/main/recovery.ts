const WINDOW_MS = 60_000;
const MAX_RELOADS = 3;

/** How often a crashed renderer is brought back: three times a minute, then no more, lest it loops. */
export class RecoveryPolicy {
  private readonly now: () => number;
  private crashes: number[] = [];

  /** @param now monotonic milliseconds */
  constructor(now: () => number) {
    this.now = now;
  }

  /** Notes a crash. @returns whether to load the page again */
  crashed(): boolean {
    const now = this.now();
    this.crashes = [...this.crashes.filter((at) => now - at < WINDOW_MS), now];
    return this.crashes.length <= MAX_RELOADS;
  }
}
