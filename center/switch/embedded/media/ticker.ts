import type { Disposer } from '../../../../contract/errors.ts';
import { FRAME_MS } from './g711.ts';

/** After a stall (a long garbage collection, a suspended machine) at most this many frames are made up for. */
const MAX_CATCH_UP = 10;

/**
 * One 20 ms beat for everything that is paced by us (mixes, announcements, music, recordings), without drift:
 * deadlines are multiples of 20 ms from the first, whatever the timer's lateness. Idle while nobody listens.
 */
export class Ticker {
  private readonly listeners = new Set<() => void>();
  private timer: NodeJS.Timeout | null = null;
  /** A beat is under way: it decides at its end whether there will be another. */
  private beating = false;
  private nextAt = 0;
  private readonly monotonic: () => number;
  private readonly onError: (error: unknown) => void;

  /** @param monotonic milliseconds with a fraction, never going back */
  constructor(monotonic: () => number, onError: (error: unknown) => void) {
    this.monotonic = monotonic;
    this.onError = onError;
  }

  /** Calls `listener` every 20 ms until disposed. */
  onTick(listener: () => void): Disposer {
    const own = (): void => listener();
    this.listeners.add(own);
    if (this.timer === null && !this.beating) {
      this.nextAt = this.monotonic() + FRAME_MS;
      this.schedule();
    }
    return () => {
      this.listeners.delete(own);
      if (this.listeners.size === 0) this.stop();
    };
  }

  stop(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  private schedule(): void {
    this.timer = setTimeout(() => this.run(), Math.max(0, this.nextAt - this.monotonic()));
  }

  private run(): void {
    const now = this.monotonic();
    if (now - this.nextAt > MAX_CATCH_UP * FRAME_MS) this.nextAt = now;
    this.beating = true;
    while (this.nextAt <= now) {
      this.nextAt += FRAME_MS;
      for (const listener of this.listeners) {
        try {
          listener();
        } catch (error) {
          this.onError(error);
        }
      }
    }
    this.beating = false;
    this.timer = null;
    if (this.listeners.size > 0) this.schedule();
  }
}
