import type { Clock } from '../center/ports.ts';
import { eraseContactsBefore, eraseEventsBefore } from '../center/store/erasure.ts';
import type { Database } from '../center/store/index.ts';
import type { Disposer } from '../contract/errors.ts';
import type { DataSettings } from './data-settings.ts';
import type { Logger } from './logger.ts';

const DAY_MS = 86_400_000;
/** Statistics compare with the same weekday a week ago: events are needed so long in any case. */
const LEAST_EVENTS_DAYS = 8;

/** Erases what has been kept long enough: soon after the start, and once a day. @returns what ends it */
export function keepNoLonger(db: Database, clock: Clock, { keepContactsDays, keepEventsDays }: DataSettings, logger: Logger): Disposer {
  let stopWaiting: Disposer = () => {};
  const before = (days: number): number => clock.now() - days * DAY_MS;
  const run = async (): Promise<void> => {
    try {
      const contacts = keepContactsDays === null ? 0 : await eraseContactsBefore(db, before(keepContactsDays));
      const events = keepEventsDays === null ? 0 : await eraseEventsBefore(db, before(Math.max(keepEventsDays, LEAST_EVENTS_DAYS)));
      if (contacts + events > 0) logger.info({ contacts, events }, 'what was kept long enough is erased');
    } catch (error) {
      logger.error({ err: error }, 'what was kept long enough could not be erased: it is tried again tomorrow');
    }
    stopWaiting = clock.setTimeout(() => void run(), DAY_MS);
  };
  if (keepContactsDays !== null || keepEventsDays !== null) stopWaiting = clock.setTimeout(() => void run(), 60_000);
  return () => stopWaiting();
}
