import type { DialFact } from './fraud.ts';
import type { AlarmSettings } from './rules.ts';

const within = (facts: readonly DialFact[], now: number, { emergencyWindowMs }: AlarmSettings): readonly DialFact[] => facts.filter(({ dialClass, at }) => dialClass === 'emergency' && at > now - emergencyWindowMs);

/**
 * Until when somebody's next emergency call waits, milliseconds; 0 for nothing. Nobody in need is kept from help: it takes
 * more calls than a person makes, and then there is one call every half a minute and no longer one a second. Pure.
 * @param facts of one account
 */
export function emergencyWaitMs(facts: readonly DialFact[], now: number, settings: AlarmSettings): number {
  const recent = within(facts, now, settings);
  const last = recent.at(-1);
  return last === undefined || recent.length < settings.emergencyMost ? 0 : Math.max(0, last.at + settings.emergencyEveryMs - now);
}

/**
 * Whether those in charge hear of emergency calls now: of so many within minutes, and of each as many more. Pure.
 * @param facts of an account, or of the center in total, the newest among them
 */
export function isManyEmergencies(facts: readonly DialFact[], now: number, settings: AlarmSettings, inTotal: boolean): boolean {
  const many = inTotal ? settings.emergencyInTotal : settings.emergency;
  return within(facts, now, settings).length % many === 0;
}
