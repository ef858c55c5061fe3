import { createHash, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../ports.ts';

/** Whoever sets a center up is at hand when it starts. */
export const SETUP_CODE_LIFE_MS = 24 * 3_600_000;

const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest();
/** What counts of a code as it is read out or copied: case, spaces and hyphens do not matter. */
export const spoken = (code: string): string => code.normalize('NFC').replaceAll(/[\s-]/g, '').toLowerCase();

/** The code by which a center is set up for the first time: known to whoever started it, good for a day. Kept as a digest. */
export class SetUpCode {
  private readonly digest: Buffer;
  private readonly until: number;
  private readonly clock: Pick<Clock, 'monotonic'>;

  constructor(code: string, clock: Pick<Clock, 'monotonic'>) {
    this.digest = digestOf(spoken(code));
    this.clock = clock;
    this.until = clock.monotonic() + SETUP_CODE_LIFE_MS;
  }

  get isExpired(): boolean {
    return this.clock.monotonic() >= this.until;
  }

  /** Whether this is the code, in a time that tells nothing of it. */
  matches(given: string): boolean {
    return timingSafeEqual(digestOf(spoken(given)), this.digest);
  }
}
