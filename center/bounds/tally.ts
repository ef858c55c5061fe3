import { hash, randomBytes } from 'node:crypto';
import type { BucketSize } from './leaky-bucket.ts';

const CELLS = 4096;

/**
 * Leaky buckets for any number of keys in a fixed space: each key has a cell in each of two rows, by a hash nobody can
 * predict, and counts as the lower of the two (a count-min sketch). Nothing is ever pushed out, whatever keys are
 * invented; keys that share both cells with others are counted too high, never too low.
 */
export class Tally {
  private readonly size: BucketSize;
  private readonly now: () => number;
  private readonly seed = randomBytes(16).toString('hex');
  private readonly cells: number;
  private readonly levels: Float64Array;
  private readonly times: Float64Array;

  /**
   * @param now milliseconds of a monotonic clock
   * @param cells in each row: far more than keys that count at one time
   */
  constructor(size: BucketSize, now: () => number, cells: number = CELLS) {
    this.size = size;
    this.now = now;
    this.cells = cells;
    this.levels = new Float64Array(2 * cells);
    this.times = new Float64Array(2 * cells);
  }

  /** Milliseconds until so many more fit; 0 when they do now. */
  waitMs(key: string, more = 1): number {
    const level = Math.min(...this.cellsOf(key).map((cell) => this.level(cell)));
    return Math.max(0, ((level + more - this.size.capacity) / this.size.leakPerS) * 1000);
  }

  /** Only the lower cell, and another as low, is raised: a higher one is somebody else's. */
  take(key: string): void {
    const cells = this.cellsOf(key);
    const raised = Math.min(...cells.map((cell) => this.level(cell))) + 1;
    for (const cell of cells) this.levels[cell] = Math.min(this.size.capacity, Math.max(this.level(cell), raised));
  }

  private cellsOf(key: string): [number, number] {
    // Cells are told to nobody, so that a hash behind a secret does as well as an HMAC, at a tenth of its time.
    const hashed = hash('sha256', this.seed + key, 'buffer');
    return [hashed.readUInt32LE(0) % this.cells, this.cells + (hashed.readUInt32LE(4) % this.cells)];
  }

  private level(cell: number): number {
    const now = this.now();
    const level = Math.max(0, (this.levels[cell] ?? 0) - ((now - (this.times[cell] ?? 0)) / 1000) * this.size.leakPerS);
    this.levels[cell] = level;
    this.times[cell] = now;
    return level;
  }
}
