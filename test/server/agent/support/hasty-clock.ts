import { systemClock, type Clock } from '../../../../agent/index.ts';

/** The system's clock, whose waits pass `haste` times as fast where a test has nothing to see in the meantime. */
export function hastyClock(): Clock & { haste: number } {
  const clock = {
    ...systemClock,
    haste: 1,
    setTimeout: (run: () => void, delayMs: number) => systemClock.setTimeout(run, delayMs / clock.haste),
  };
  return clock;
}
