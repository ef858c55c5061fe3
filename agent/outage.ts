import type { Disposer } from '../contract/errors.ts';
import type { Clock } from './clock.ts';

/** Without the switch for this long, nobody waits at the other end any more. */
export const OUTAGE_ENDS_CALLS_MS = 6 * 60_000;
const LOOK_AGAIN_MS = 10_000;

/** How long the switch has been out of reach. After six minutes calls end here, without waiting until it is back. */
export class Outage {
  private readonly clock: Clock;
  private readonly endCalls: () => boolean;
  private stopTimer: Disposer | null = null;

  /** @param endCalls ends what is cut off; answers whether calls are left that may be cut off later */
  constructor(clock: Clock, endCalls: () => boolean) {
    this.clock = clock;
    this.endCalls = endCalls;
  }

  /** The switch is away. Told again meanwhile, it began at the first time. */
  began(): void {
    this.stopTimer ??= this.clock.setTimeout(() => this.look(), OUTAGE_ENDS_CALLS_MS);
  }

  over(): void {
    this.stopTimer?.();
    this.stopTimer = null;
  }

  private look(): void {
    // Also without any: a call that is made meanwhile cannot be, and one that is left may lose its audio.
    const callsAreLeft = this.endCalls();
    this.stopTimer = this.clock.setTimeout(() => this.look(), callsAreLeft ? LOOK_AGAIN_MS : OUTAGE_ENDS_CALLS_MS);
  }
}
