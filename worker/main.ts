import { setPriority } from 'node:os';
import { ALIVE_EVERY_MS, jobKinds, JobRunner, ToWorker, type FromWorker, type RunnerLogger } from '../center/jobs/index.ts';
import { openMedia } from '../center/media/index.ts';
import { freeLeases, openBeside } from '../center/store/index.ts';
import { systemClock } from '../server/clock.ts';

/*
 * The worker: does the jobs of a center, which forks it. It ends with the center, however that ends; a job under way is gone on
 * with by the next worker.
 */

/** Audio comes first; but whoever is pushed aside in the middle of a step keeps the center from writing. */
const NICENESS = 5;

/** A center that is gone hears nothing, and this process ends with it. */
const tell = (message: FromWorker, told: () => void = () => {}): void => void process.send?.(message, undefined, undefined, told);

/** An error does not travel as one. */
const plain = (value: unknown): unknown => (value instanceof Error ? { type: value.name, message: value.message, stack: value.stack } : value);

const logAt =
  (level: 'info' | 'warn' | 'error'): RunnerLogger['info'] =>
  (fields, message) =>
    tell({ type: 'log', level, fields: Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, plain(value)])), message });
const logger: RunnerLogger = { info: logAt('info'), warn: logAt('warn'), error: logAt('error') };

try {
  setPriority(NICENESS);
} catch {
  // Where a system does not let us, the kernel's scheduling has to do.
}

let runner: JobRunner | null = null;

async function begin({ place, key, settings }: Extract<ToWorker, { type: 'begin' }>): Promise<void> {
  const storeKey = key === null ? null : Buffer.from(key, 'hex');
  const db = await openBeside('url' in place ? place : { file: place.file, key: storeKey });
  await freeLeases(db);
  const media = openMedia({ db, key: storeKey, settings: settings.media, clock: systemClock });
  runner = new JobRunner({ db, media, kinds: jobKinds, settings, clock: systemClock, logger, customersChanged: (customerIds) => tell({ type: 'customers.changed', customerIds }) });
  runner.start();
  setInterval(() => tell({ type: 'alive' }), ALIVE_EVERY_MS);
  tell({ type: 'alive' });
}

process.on('message', (message) => {
  const asked = ToWorker.parse(message);
  if (asked.type === 'begin') {
    begin(asked).catch((error: unknown) => tell({ type: 'log', level: 'error', fields: { err: plain(error) }, message: 'the worker cannot begin' }, () => process.exit(1)));
  } else void (runner?.stop() ?? Promise.resolve()).then(() => process.exit(0));
});
// A Ctrl+C, or the end of a service, comes to every process: the center says when it is our turn.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});
// Whatever is under way is in the store as far as it came.
process.on('disconnect', () => process.exit(0));
