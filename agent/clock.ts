import type { Disposer } from '../contract/errors.ts';

/** Time, as a collaborator, so that a test may own it. */
export interface Clock {
  /** Wall clock, epoch milliseconds: for what people read. */
  now(): number;
  /** Monotonic milliseconds: for durations and deadlines. */
  monotonic(): number;
  /** Runs once after `delayMs`, unless disposed of before. */
  setTimeout(run: () => void, delayMs: number): Disposer;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimeout(run, delayMs) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

/** Resolves after `delayMs`. */
export const pause = (clock: Clock, delayMs: number): Promise<void> => new Promise((resolve) => void clock.setTimeout(resolve, delayMs));
