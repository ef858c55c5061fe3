import type { Disposer } from '../contract/errors.ts';
import type { Clock } from './ports.ts';

/** A clock whose timers end with what they were set for: stopped, it runs none of them and takes no new ones. */
export class StoppableClock implements Clock {
  private readonly clock: Clock;
  private readonly timers = new Set<Disposer>();
  private stopped = false;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  now(): number {
    return this.clock.now();
  }

  monotonic(): number {
    return this.clock.monotonic();
  }

  setTimeout(run: () => void, delayMs: number): Disposer {
    if (this.stopped) return () => {};
    const cancel = this.clock.setTimeout(() => {
      this.timers.delete(cancel);
      run();
    }, delayMs);
    this.timers.add(cancel);
    return () => {
      this.timers.delete(cancel);
      cancel();
    };
  }

  stop(): void {
    this.stopped = true;
    for (const cancel of this.timers) cancel();
    this.timers.clear();
  }
}
