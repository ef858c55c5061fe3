import type { DialClass } from '../../contract/dial-rights.ts';
import type { AlarmSettings } from './rules.ts';

/** One call to the outside, or the attempt that was refused. */
export interface DialFact {
  at: number;
  /** Minute of the day in the center's zone. */
  minute: number;
  dialClass: DialClass;
  /** How long it was up; null while it goes on, or was refused. */
  talkMs: number | null;
}

export type Suspicion = 'many' | 'short' | 'foreign' | 'night';

export const isForeign = (dialClass: DialClass): boolean => dialClass === 'international' || dialClass === 'premium';

/**
 * What a pattern of calls looks like, the worst first; null for nothing. Pure.
 * @param inTotal the calls are the whole center's
 */
export function suspicionOf(facts: readonly DialFact[], now: number, settings: AlarmSettings, inTotal = false): Suspicion | null {
  const recent = facts.filter(({ at }) => at > now - settings.windowMs);
  const foreign = recent.filter(({ dialClass }) => isForeign(dialClass));
  if (!inTotal && foreign.filter(({ minute }) => isNight(minute, settings)).length >= settings.nightForeign) return 'night';
  if (foreign.length >= (inTotal ? settings.foreignInTotal : settings.foreign)) return 'foreign';
  if (!inTotal && recent.filter(({ talkMs }) => talkMs !== null && talkMs > 0 && talkMs < settings.shortMs).length >= settings.short) return 'short';
  return recent.length >= (inTotal ? settings.manyInTotal : settings.many) ? 'many' : null;
}

const isNight = (minute: number, { nightFromMinute: from, nightToMinute: to }: AlarmSettings): boolean =>
  from <= to ? minute >= from && minute < to : minute >= from || minute < to;
