import type { Clock } from '../center/ports.ts';

/** The clock of this machine. Timers keep the process alive only as long as something else does. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimeout: (run, delayMs) => {
    const timer = setTimeout(run, delayMs).unref();
    return () => clearTimeout(timer);
  },
};
