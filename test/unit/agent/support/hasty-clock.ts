import { systemClock, type Clock } from '../../../../agent/index.ts';

/** The system's clock, whose waits pass `haste` times as fast where a test has nothing to see in the meantime. */
export function hastyClock(): Clock & { haste: number } {
  return {
    ...systemClock,
    haste: 1,
    setTimeout(run, delayMs) {
      return systemClock.setTimeout(run, delayMs / this.haste);
    },
  };
}
