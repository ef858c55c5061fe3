const WINDOW_MS = 60_000;
const MAX_RELOADS = 3;

/** A page that Chromium says hangs is given this much longer before it is ended and loaded anew. */
export const HANG_PATIENCE_MS = 5000;

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

/** Whether calls are talked in a window of this address: a wallboard on the wall has none. */
export const carriesCalls = (url: string): boolean => !URL.canParse(url) || new URL(url).pathname !== '/wallboard';
