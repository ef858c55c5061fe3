/** What the contract says of a contact's line; what is written is never longer. */
const MOST = { number: 40, name: 120, memo: 4000 } as const;

const CUT = '…';

/**
 * A text as it may be kept: no longer than the contract allows, and text at all, for a lone surrogate is none. What was
 * cut ends in `…`, so that nobody takes it for the whole.
 */
export function clamped(text: string, kind: keyof typeof MOST): string {
  const whole = text.toWellFormed();
  const most = MOST[kind];
  if (whole.length <= most) return whole;
  // Cut between two characters, never through one of two code units.
  const cut = whole.slice(0, most - CUT.length);
  return (cut.isWellFormed() ? cut : cut.slice(0, -1)) + CUT;
}

/** A time or a length of time as it may be kept: a clock that jumped must not cost a record. */
export const clampedMs = (ms: number): number => (Number.isFinite(ms) ? Math.max(0, ms) : 0);
