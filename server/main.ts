import { readCommandLine, USAGE } from './command-line.ts';
import { createLogger } from './logger.ts';
import { readOwnSettings, readSettings } from './settings.ts';
import { makeSetUpCode, setUpWords } from './set-up-code.ts';
import type { RunningServer } from './server.ts';

/** A stop that takes longer than this, beside what calls were given, is a crash that has not noticed. */
const STOP_DEADLINE_MS = 3000;
/** One Ctrl+C comes by the terminal, by npm and by the script that started us; only what comes later is a second wish. */
const SAME_WISH_MS = 1000;

const asked = readCommandLine(process.argv.slice(2));
if (!asked.ok) {
  console.error(asked.error.message);
  process.exit(2);
}
if (asked.value === 'help') {
  console.log(USAGE);
  process.exit(0);
}
const isOwn = asked.value === 'serve';
const settings = isOwn ? readOwnSettings(process.env) : readSettings(process.env);
if (!settings.ok) {
  console.error(`Cannot start: ${settings.error.message}`);
  process.exit(2);
}
const { logLevel, drainMs, setUpCode: chosenCode, ...options } = settings.value;
const setUpCode = chosenCode ?? makeSetUpCode();
const logger = createLogger(logLevel);

// Most of a start is reading the program: a wrong setting is told before.
const [{ startServer, StartError }, { StoreError }] = await Promise.all([import('./server.ts'), import('../center/store/index.ts')]);
let server: RunningServer;
try {
  server = await startServer({ ...options, setUpCode, ownCenter: isOwn, worker: 'process', logger });
} catch (error) {
  if (error instanceof StartError || error instanceof StoreError) console.error(`Cannot start: ${error.message}`);
  else logger.fatal({ err: error }, 'cannot start');
  process.exit(1);
}
// `npm start` waits for this, and tells the person who started it.
const address = options.access.publicUrl ?? server.origin;
process.send?.({ origin: address }, undefined, undefined, () => {});
if (server.setUpNeeded) console.log(setUpWords(address, chosenCode === null ? setUpCode : null));
else if (isOwn) console.log(`\nSangdam is running: ${address}\n`);

let stoppingSince: number | null = null;
function stop(why: string): void {
  if (stoppingSince !== null) return;
  stoppingSince = performance.now();
  logger.info({ why }, 'stopping');
  setTimeout(() => {
    logger.error('not stopped in time');
    process.exit(1);
  }, drainMs + STOP_DEADLINE_MS).unref();
  server.stop(drainMs).then(
    () => process.exit(0),
    (error: unknown) => {
      logger.error({ err: error }, 'did not stop cleanly');
      process.exit(1);
    },
  );
}
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (stoppingSince !== null && performance.now() - stoppingSince > SAME_WISH_MS) {
      logger.warn({ why: signal }, 'told to stop once more: stopping at once');
      process.exit(1);
    }
    stop(signal);
  });
}
// Whoever started us as a part of theirs is gone.
process.on('disconnect', () => stop('the parent process is gone'));
process.on('unhandledRejection', (error) => logger.error({ err: error }, 'a promise was rejected and nobody looked'));
