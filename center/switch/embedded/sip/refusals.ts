import type { Clock } from '../../../ports.ts';
import type { SwitchLogger } from '../../logger.ts';

const WINDOW_MS = 10_000;

/** A line in the log for each kind of refused message, and one ten seconds later for all that followed: no more, however many come. */
export class Refusals {
  private readonly clock: Clock;
  private readonly logger: SwitchLogger;
  private readonly further = new Map<string, number>();

  constructor(clock: Clock, logger: SwitchLogger) {
    this.clock = clock;
    this.logger = logger;
  }

  /** @param why one of a few texts of ours: no number, no secret, nothing that was sent */
  refused(why: string): void {
    const further = this.further.get(why);
    this.further.set(why, further === undefined ? 0 : further + 1);
    if (further !== undefined) return;
    this.logger.info({ why }, 'sip message refused');
    this.clock.setTimeout(() => {
      const times = this.further.get(why) ?? 0;
      this.further.delete(why);
      if (times > 0) this.logger.info({ why, times }, 'sip messages refused');
    }, WINDOW_MS);
  }
}
