import { decodeInto, type Codec } from './g711.ts';

/*
 * Samples of one incoming stream in a ring addressed by RTP timestamp, read at our own pace. Order, loss and
 * packet length take care of themselves: a late or lost packet is a stretch of silence, nothing shifts.
 *
 *      written up to ──────────────────────────────┐
 *   ───┬──────────── depth ────────────────────────┤
 *      └ read position (starts TARGET behind, re-anchored when it runs dry or falls LIMIT behind)
 */

const RING_SAMPLES = 8192;
const TARGET_SAMPLES = 320;
const MAX_TARGET_SAMPLES = 800;
const LIMIT_SAMPLES = 2400;
const TARGET_STEP_SAMPLES = 80;
/** Every so many reads (5 s) the depth is looked at again. */
const REVIEW_READS = 250;
/** Dropped at a review when the stream never came closer than this to running dry: a sender with a faster clock. */
const DRIFT_SAMPLES = 160;

/** Difference of two RTP timestamps as a signed 32-bit number. */
const ahead = (a: number, b: number): number => (a - b) | 0;

export class JitterBuffer {
  private readonly ring = new Int16Array(RING_SAMPLES);
  private readAt = 0;
  private writtenTo = 0;
  private anchored = false;
  /** Grows when the stream runs dry, so that a jittery sender gets more room (40–100 ms), and shrinks again after. */
  private target = TARGET_SAMPLES;
  private reads = 0;
  private leastDepth = RING_SAMPLES;

  /** Takes one G.711 packet. Packets older than the read position are dropped. */
  write(payload: Uint8Array, codec: Codec, timestamp: number): void {
    const end = (timestamp + payload.length) >>> 0;
    const jumped = Math.abs(ahead(timestamp, this.writtenTo)) > RING_SAMPLES / 2;
    if (!this.anchored || jumped) this.anchor(timestamp);
    if (ahead(timestamp, this.readAt) < 0) return;
    const start = timestamp % RING_SAMPLES;
    const first = Math.min(payload.length, RING_SAMPLES - start);
    decodeInto(this.ring, start, payload.subarray(0, first), codec);
    decodeInto(this.ring, 0, payload.subarray(first), codec);
    if (ahead(end, this.writtenTo) > 0) this.writtenTo = end;
    if (ahead(this.writtenTo, this.readAt) > LIMIT_SAMPLES) this.skipTo((this.writtenTo - this.target) >>> 0);
  }

  /**
   * Moves the next `frame.length` samples into `frame`, silence where none came.
   * @returns whether there was anything to hear
   */
  read(frame: Int16Array): boolean {
    if (!this.anchored) {
      frame.fill(0);
      return false;
    }
    const depth = ahead(this.writtenTo, this.readAt);
    this.leastDepth = Math.min(this.leastDepth, depth);
    if (depth < frame.length) {
      this.anchored = false;
      this.reads = 0;
      this.target = Math.min(this.target + TARGET_STEP_SAMPLES, MAX_TARGET_SAMPLES);
      frame.fill(0);
      this.ring.fill(0);
      return false;
    }
    for (let i = 0; i < frame.length; i++) {
      const at = (this.readAt + i) % RING_SAMPLES;
      frame[i] = this.ring[at] ?? 0;
      this.ring[at] = 0;
    }
    this.readAt = (this.readAt + frame.length) >>> 0;
    this.reads++;
    if (this.reads >= REVIEW_READS) this.review();
    return true;
  }

  /** Gives back delay that turned out to be needless. */
  private review(): void {
    if (this.leastDepth > this.target + DRIFT_SAMPLES) this.skipTo((this.readAt + DRIFT_SAMPLES) >>> 0);
    else this.target = Math.max(TARGET_SAMPLES, this.target - TARGET_STEP_SAMPLES);
    this.reads = 0;
    this.leastDepth = RING_SAMPLES;
  }

  private anchor(timestamp: number): void {
    this.ring.fill(0);
    this.readAt = (timestamp - this.target) >>> 0;
    this.writtenTo = timestamp;
    this.anchored = true;
  }

  private skipTo(position: number): void {
    while (ahead(position, this.readAt) > 0) {
      this.ring[this.readAt % RING_SAMPLES] = 0;
      this.readAt = (this.readAt + 1) >>> 0;
    }
  }
}
