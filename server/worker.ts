import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { FromWorker, JobRunner, jobKinds, type JobSettings, type ToWorker } from '../center/jobs/index.ts';
import type { Media } from '../center/media/index.ts';
import type { Clock } from '../center/ports.ts';
import { freeLeases, type Database } from '../center/store/index.ts';
import type { Disposer } from '../contract/errors.ts';
import type { CustomerId } from '../contract/ids.ts';
import type { Logger } from './logger.ts';

const PROGRAM = join(import.meta.dirname, '../worker/main.ts');
/** First wait before it is started again; each further one doubles, up to the longest. */
const RESTART_MS = 1000;
const LONGEST_RESTART_MS = 60_000;
/** One that ran so long has recovered. */
const STEADY_MS = 60_000;
/** One that says nothing for so long stands still, and is ended. */
const SILENT_MS = 60_000;
/** A job's step takes well below it. */
const STOP_MS = 1500;

interface JobParts {
  settings: JobSettings;
  clock: Clock;
  logger: Logger;
  customersChanged: (customerIds: CustomerId[]) => void;
}

export interface WorkerParts extends JobParts {
  /** The database. */
  place: { file: string } | { url: string };
  /** Of the file, and of what is sealed beside either database: 32 bytes. */
  key: Uint8Array | null;
}

export interface Worker {
  start(): void;
  /** What keeps jobs from being done, for the operator; null for nothing. */
  trouble(): string | null;
  /** Of the process, for tests of what becomes of it; null while there is none. */
  readonly pid: number | null;
  stop(): Promise<void>;
}

/** A worker in this process, on its connection, for where a process of its own is not the point. */
export function embedWorker({ db, ...parts }: JobParts & { db: Database; media: Media }): Worker {
  const runner = new JobRunner({ ...parts, db, kinds: jobKinds });
  let begun = Promise.resolve();
  return {
    start: () => void (begun = freeLeases(db).then(() => runner.start())),
    trouble: () => null,
    pid: null,
    stop: () => begun.then(() => runner.stop()),
  };
}

/**
 * A worker in a process of its own, which is started again, after a pause that grows, whenever it ends or stands still. Calls
 * need none of it: what is missing meanwhile is done later.
 */
export const forkWorker = (parts: WorkerParts): Worker => new ForkedWorker(parts);

class ForkedWorker implements Worker {
  private readonly parts: WorkerParts;
  private child: ChildProcess | null = null;
  private waitMs = RESTART_MS;
  private why: string | null = null;
  private stopping = false;
  private stopRestarting: Disposer = () => {};
  private stopListening: Disposer = () => {};

  constructor(parts: WorkerParts) {
    this.parts = parts;
  }

  trouble(): string | null {
    return this.why;
  }

  get pid(): number | null {
    return this.child?.pid ?? null;
  }

  start(): void {
    const { place, key, settings, clock, logger } = this.parts;
    const startedAt = clock.monotonic();
    // The inspector's port is the center's.
    const child = fork(PROGRAM, [], { execArgv: process.execArgv.filter((arg) => !arg.startsWith('--inspect')), stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.child = child;
    child.on('error', (error) => {
      // One that is gone already need not be told to stop.
      if (!this.stopping) logger.error({ err: error }, 'the worker could not be started or told');
    });
    child.on('message', (message) => this.heard(child, FromWorker.parse(message)));
    child.once('exit', (code, signal) => this.ended(`the worker has ended (${signal ?? code})`, clock.monotonic() - startedAt));
    child.send({ type: 'begin', place: 'url' in place ? { url: place.url } : { file: place.file }, key: key === null ? null : Buffer.from(key).toString('hex'), settings } satisfies ToWorker);
    this.listen(child);
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.stopRestarting();
    this.stopListening();
    const { child } = this;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    if (child.connected) child.send({ type: 'stop' } satisfies ToWorker);
    const stopWaiting = this.parts.clock.setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await gone;
    stopWaiting();
  }

  private heard(child: ChildProcess, said: FromWorker): void {
    this.listen(child);
    if (said.type === 'alive') this.why = null;
    else if (said.type === 'customers.changed') this.parts.customersChanged(said.customerIds);
    else this.parts.logger[said.level](said.fields, said.message);
  }

  /** Ends the process unless it is heard of again in time. */
  private listen(child: ChildProcess): void {
    this.stopListening();
    if (this.stopping) return;
    this.stopListening = this.parts.clock.setTimeout(() => {
      this.parts.logger.error({}, 'the worker stands still: it is ended');
      child.kill('SIGKILL');
    }, SILENT_MS);
  }

  private ended(why: string, ranMs: number): void {
    this.stopListening();
    this.child = null;
    if (this.stopping) return;
    if (ranMs > STEADY_MS) this.waitMs = RESTART_MS;
    this.why = `${why}: jobs wait`;
    this.parts.logger.error({ againInMs: this.waitMs }, why);
    this.stopRestarting = this.parts.clock.setTimeout(() => this.start(), this.waitMs);
    this.waitMs = Math.min(this.waitMs * 2, LONGEST_RESTART_MS);
  }
}
