import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LeakyBucket } from '../../../../../../center/bounds/leaky-bucket.ts';
import { Intake, PHONES_READS, STRANGERS_READS } from '../../../../../../center/switch/embedded/sip/intake.ts';
import { systemClock } from '../../../../../../server/clock.ts';

const COST = 10;

describe('the reading of a socket', () => {
  let heard: number[];
  let isPaused: boolean;
  let pauses: number;
  let budget: LeakyBucket;
  let intake: Intake<number>;
  beforeEach(() => {
    vi.useFakeTimers();
    [heard, isPaused, pauses] = [[], false, 0];
    budget = new LeakyBucket({ capacity: 1000, leakPerS: 100 }, () => systemClock.monotonic());
    const socket = {
      pause: () => {
        isPaused = true;
        pauses++;
      },
      resume: () => {
        isPaused = false;
      },
    };
    const onMessage = (message: number): void => {
      heard.push(message);
      budget.pour(COST);
    };
    intake = new Intake({ clock: systemClock, socket, owedMs: () => budget.waitMs(0), onMessage }, STRANGERS_READS);
  });
  afterEach(() => {
    intake.stop();
    vi.useRealTimers();
  });

  const read = (...messages: number[]): void => {
    intake.wasRead();
    for (const message of messages) intake.take(message);
  };

  it('is at once for what sets up calls, and for a phone that comes back with half a dozen of them: two messages to register, six for each', () => {
    intake.become(PHONES_READS);
    for (let i = 0; i < 2 + 6 * 6; i++) read(i);
    expect([heard.length, isPaused]).toEqual([38, false]);
  });

  it('is at once for a phone that says something every other second, for as long as it does', () => {
    intake.become(PHONES_READS);
    for (let i = 0; i < 100; i++) {
      read(i);
      vi.advanceTimersByTime(500);
    }
    expect([heard.length, pauses]).toEqual([100, 0]);
  });

  it('is a few times a second beyond that: what a read brought is handled at once, the rest waits where it is', () => {
    intake.become(PHONES_READS);
    for (let i = 0; i < 41; i++) read(i);
    expect([heard.length, isPaused]).toEqual([41, true]);
    vi.advanceTimersByTime(249);
    expect(isPaused).toBe(true);
    vi.advanceTimersByTime(1);
    expect(isPaused).toBe(false);
    read(41, 42, 43);
    expect(heard).toEqual(Array.from({ length: 44 }, (_, i) => i));
  });

  it('costs sixty messages a second a few reads', () => {
    intake.become(PHONES_READS);
    let reads = 0;
    let waiting = 0;
    for (let ms = 0; ms < 30_000; ms += 10) {
      waiting += 0.6;
      if (!isPaused && waiting >= 1) {
        reads++;
        read(...Array.from({ length: Math.floor(waiting) }, () => 0));
        waiting %= 1;
      }
      vi.advanceTimersByTime(10);
      // What they cost is another matter.
      budget = new LeakyBucket({ capacity: 1000, leakPerS: 100 }, () => systemClock.monotonic());
    }
    expect(heard.length).toBeGreaterThan(1700);
    expect(reads).toBeLessThan(30 * 8);
  });

  it('goes on when what was read is paid for, in the order it came', () => {
    read(...Array.from({ length: 200 }, (_, i) => i));
    expect([heard.length, isPaused]).toEqual([101, true]);
    vi.advanceTimersByTime(5000);
    expect(heard.length).toBeGreaterThan(101);
    vi.advanceTimersByTime(10_000);
    expect(heard).toEqual(Array.from({ length: 200 }, (_, i) => i));
    expect(isPaused).toBe(false);
  });

  it('ends where it is when it is stopped', () => {
    read(...Array.from({ length: 200 }, (_, i) => i));
    intake.stop();
    vi.advanceTimersByTime(60_000);
    intake.take(1);
    expect([heard.length, isPaused]).toEqual([101, true]);
  });
});
