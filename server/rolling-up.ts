import type { Clock } from '../center/ports.ts';
import { readTimeZone } from '../center/store/configuration.ts';
import type { Database } from '../center/store/index.ts';
import { rollUp } from '../center/store/rollups.ts';
import type { Disposer } from '../contract/errors.ts';
import type { Logger } from './logger.ts';

const EVERY_MS = 60_000;
/** A few milliseconds of the event loop, in which nothing else moves. */
const LINES_A_TURN = 500;
const BREATH_MS = 10;

/** Counts the log into its hours: each minute what has come since. @returns what ends it */
export function keepRolledUp(db: Database, clock: Clock, logger: Logger): Disposer {
  let stopWaiting: Disposer = () => {};
  const run = async (): Promise<void> => {
    let left = 0;
    try {
      left = await rollUp(db, await readTimeZone(db), LINES_A_TURN);
    } catch (error) {
      logger.error({ err: error }, 'the log could not be counted into its hours: it is tried again in a minute');
    }
    stopWaiting = clock.setTimeout(() => void run(), left > 0 ? BREATH_MS : EVERY_MS);
  };
  stopWaiting = clock.setTimeout(() => void run(), BREATH_MS);
  return () => stopWaiting();
}
