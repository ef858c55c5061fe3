import { StoreError } from '../center/store/index.ts';
import { createLogger } from './logger.ts';
import { readSettings } from './settings.ts';
import { startServer, StartError, type RunningServer } from './server.ts';

/** Longer than this a stop is a crash that has not noticed. */
const STOP_DEADLINE_MS = 3000;

const settings = readSettings(process.env);
if (!settings.ok) {
  console.error(`Cannot start: ${settings.error.message}`);
  process.exit(2);
}
const { logLevel, ...options } = settings.value;
const logger = createLogger(logLevel);

let server: RunningServer;
try {
  server = await startServer({ ...options, logger });
} catch (error) {
  if (error instanceof StartError || error instanceof StoreError) console.error(`Cannot start: ${error.message}`);
  else logger.fatal({ err: error }, 'cannot start');
  process.exit(1);
}
// `npm start` waits for this, and tells the person who started it.
process.send?.({ origin: server.origin });

let stopping = false;
function stop(why: string): void {
  if (stopping) return;
  stopping = true;
  logger.info({ why }, 'stopping');
  setTimeout(() => {
    logger.error('not stopped in time');
    process.exit(1);
  }, STOP_DEADLINE_MS).unref();
  server.stop().then(
    () => process.exit(0),
    (error: unknown) => {
      logger.error({ err: error }, 'did not stop cleanly');
      process.exit(1);
    },
  );
}
process.on('SIGTERM', () => stop('SIGTERM'));
process.on('SIGINT', () => stop('SIGINT'));
// Whoever started us as a part of theirs is gone.
process.on('disconnect', () => stop('the parent process is gone'));
process.on('unhandledRejection', (error) => logger.error({ err: error }, 'a promise was rejected and nobody looked'));
