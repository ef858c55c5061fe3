import type { Tone } from '../../ui/tone.ts';

/** How a figure stands against what was agreed; `none` before anything happened. */
export type Level = 'good' | 'fair' | 'poor' | 'none';

interface Limits {
  /** At or above it all is well. */
  good: number;
  /** At or above it there is something to watch; below it something to do. */
  fair: number;
}

export const SERVICE_LEVEL: Limits = { good: 0.8, fair: 0.7 };
export const ANSWER_RATE: Limits = { good: 0.85, fair: 0.7 };

/** A wait becomes `poor` when it has lasted so many times the threshold T. */
const PATIENCE = 3;

/** @param share 0 … 1, null before the first call */
export function levelOfShare(share: number | null, { good, fair }: Limits): Level {
  if (share === null) return 'none';
  if (share >= good) return 'good';
  return share >= fair ? 'fair' : 'poor';
}

/** @param waitMs age of the oldest waiting contact, null while nobody waits @param thresholdMs the group's T */
export function levelOfWait(waitMs: number | null, thresholdMs: number): Level {
  if (waitMs === null) return 'none';
  if (waitMs <= thresholdMs) return 'good';
  return waitMs <= PATIENCE * thresholdMs ? 'fair' : 'poor';
}

/** A queue is `poor` while nobody is there to take from it, `fair` while it is longer than hands are free. */
export function levelOfQueue(waiting: number, ready: number, onDuty: number): Level {
  if (waiting === 0) return 'none';
  if (onDuty === 0) return 'poor';
  return waiting > ready ? 'fair' : 'good';
}

/** Circle, diamond, triangle: each level has a shape besides its colour. */
export const toneOfLevel: Record<Level, Tone> = { good: 'ready', fair: 'ringing', poor: 'danger', none: 'neutral' };

const RANK: Record<Level, number> = { none: 0, good: 0, fair: 1, poor: 2 };

/** The worst of several levels. */
export const worst = (...levels: Level[]): Level => levels.reduce<Level>((most, level) => (RANK[level] > RANK[most] ? level : most), 'none');
