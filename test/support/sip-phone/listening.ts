import { setTimeout as delay } from 'node:timers/promises';

const SAMPLE_RATE_HZ = 8000;
/** 400 ms: tones that are multiples of 2.5 Hz do not leak into each other. */
const WINDOW_SAMPLES = 3200;
/** A stretch this long without packets is silence. */
const STALE_MS = 200;
/** Share of the window's energy that makes a tone "heard": three parties talking at once pass, noise does not. */
const HEARD_SHARE = 0.1;
const AUDIBLE_RMS = 100;
/** Less than this says nothing about tones (200 ms). */
const FRESH_SAMPLES = 1600;
const SILENCE_MS = 300;
const POLL_MS = 20;
/** Says that it will never be, not how long it may take: a busy machine takes many times as long as an idle one. */
const PATIENCE_MS = 20_000;

/** Waits until `condition` holds; fails naming what was waited for. The one way to wait in these tests. */
export async function until(what: string, condition: () => boolean | Promise<boolean>, timeoutMs = PATIENCE_MS): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`waited ${timeoutMs} ms in vain: ${what}`);
    await delay(POLL_MS);
  }
}

function shareOf(samples: ArrayLike<number>, hz: number): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * hz) / SAMPLE_RATE_HZ);
  let [before, last, energy] = [0, 0, 0];
  for (let i = 0; i < samples.length; i++) {
    const sample = samples[i] ?? 0;
    [before, last] = [last, sample + coefficient * last - before];
    energy += sample * sample;
  }
  const power = last * last + before * before - coefficient * last * before;
  return energy === 0 ? 0 : (2 * power) / (samples.length * energy);
}

/** What one ear has heard lately, and which tones were in it. */
export class Ear {
  private readonly ring = new Int16Array(WINDOW_SAMPLES);
  private written = 0;
  private lastAt = 0;
  private readonly watches = new Set<(samples: Int16Array, timestamp: number) => void>();

  /** @param timestamp of RTP, in samples, where they came by it */
  push(samples: Int16Array, timestamp = 0): void {
    for (const sample of samples) {
      this.ring[this.written % WINDOW_SAMPLES] = sample;
      this.written++;
    }
    this.lastAt = performance.now();
    for (const watch of this.watches) watch(samples, timestamp);
  }

  /**
   * Watches a tone that is heard now.
   * @returns ends the watch and tells the longest stretch without it, in milliseconds; a packet's length is none, and
   *   nothing that only this machine was late for: a gap is one by the clock and by RTP's timestamps, too
   */
  watch(hz: number): () => number {
    let heardAt = performance.now();
    let heardTimestamp: number | null = null;
    let longestMs = 0;
    const watch = (samples: Int16Array, timestamp: number): void => {
      if (shareOf(samples, hz) <= HEARD_SHARE) return;
      const sentMs = Math.abs((timestamp - (heardTimestamp ?? timestamp)) | 0) / (SAMPLE_RATE_HZ / 1000);
      longestMs = Math.max(longestMs, Math.min(performance.now() - heardAt, sentMs));
      heardAt = performance.now();
      heardTimestamp = timestamp;
    };
    this.watches.add(watch);
    return () => {
      this.watches.delete(watch);
      return heardTimestamp === null ? Number.POSITIVE_INFINITY : longestMs;
    };
  }

  /** Share (0–1) of the energy of the last `count` samples that is a tone of `hz` (Goertzel's algorithm). */
  share(hz: number, count = WINDOW_SAMPLES): number {
    return shareOf([...this.recent(count)], hz);
  }

  /** Nothing came lately, or nothing but silence. */
  isSilent(count = WINDOW_SAMPLES): boolean {
    return performance.now() - this.lastAt > STALE_MS || Math.sqrt(this.energy(count) / count) < AUDIBLE_RMS;
  }

  /** Waits for all of `tones` and for none of `not`, in one window that began after the call of this method. */
  hears(tones: readonly number[], not: readonly number[] = [], timeoutMs?: number): Promise<void> {
    const from = this.written;
    const what = `hearing ${tones.join(' + ')} Hz${not.length > 0 ? ` and not ${not.join(', ')} Hz` : ''}`;
    return until(what, () => {
      const count = Math.min(this.written - from, WINDOW_SAMPLES);
      if (count < FRESH_SAMPLES || this.isSilent(count)) return false;
      const has = (hz: number): boolean => this.share(hz, count) > HEARD_SHARE;
      return tones.every(has) && !not.some(has);
    }, timeoutMs);
  }

  /** Waits for 300 ms of silence that began after the call of this method. */
  silent(timeoutMs?: number): Promise<void> {
    const from = performance.now();
    return until('silence', () => performance.now() - from > SILENCE_MS && this.isSilent(FRESH_SAMPLES), timeoutMs);
  }

  private *recent(count: number): Generator<number> {
    for (let i = WINDOW_SAMPLES - count; i < WINDOW_SAMPLES; i++) yield this.ring[(this.written + i) % WINDOW_SAMPLES] ?? 0;
  }

  private energy(count: number): number {
    let energy = 0;
    for (const sample of this.recent(count)) energy += sample * sample;
    return energy;
  }
}
