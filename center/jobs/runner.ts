import { statfsSync } from 'node:fs';
import type { Disposer } from '../../contract/errors.ts';
import type { Media } from '../media/index.ts';
import type { Clock } from '../ports.ts';
import { causeOf } from '../store/condition.ts';
import { readTimeZone } from '../store/configuration.ts';
import { dueAt, finishJob, forgetDone, holdLease, putOffJob, queueDue, takeJob, type Leased } from '../store/jobs.ts';
import type { Database } from '../store/tables.ts';
import { JobOver, lanes, NoRoom, type JobContext, type JobKind, type JobSettings, type Lane, type Outcome } from './job.ts';
import { nextDue } from './schedule.ts';

export interface RunnerLogger {
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
  error(fields: Record<string, unknown>, message: string): void;
}

interface RunnerParts {
  /** A connection of its own: it is closed by whoever opened it. */
  db: Database;
  kinds: readonly JobKind[];
  settings: JobSettings;
  media: Media;
  clock: Clock;
  logger: RunnerLogger;
  /** Tells the center. */
  customersChanged: JobContext['customersChanged'];
  /** Of waits before another attempt, 0 to 1. */
  random?: () => number;
}

/** So often is looked for what is to be done. */
const LOOK_EVERY_MS = 250;
/** Between two steps: longer than one holds the store, so that whoever waits for it finds it free at the next look or the one after. */
const BREATH_MS = 10;
/** First wait after a failure; each further one doubles, up to the longest. */
const RETRY_MS = 2000;
const LONGEST_RETRY_MS = 300_000;
const NO_ROOM_MS = 30_000;
/** Below this the rest of the disk is for what calls write (the store's own reserve is of 16 MB). */
const ROOM_BYTES = 64 * 1024 * 1024;

/**
 * Does the jobs of a store, of each lane one at a time. Any number of them may work on one store: who has taken a job has it
 * alone, as long as it takes its steps in time.
 */
export class JobRunner {
  private readonly parts: RunnerParts;
  private readonly kinds: ReadonlyMap<string, JobKind>;
  private stopped = false;
  private readonly sleepers = new Set<() => void>();
  private working: Promise<void>[] = [];

  constructor(parts: RunnerParts) {
    this.parts = parts;
    this.kinds = new Map(parts.kinds.map((kind) => [kind.kind, kind]));
  }

  start(): void {
    this.working = lanes.map((lane) => this.work(lane));
  }

  /** Jobs under way end at their next step, and are left for whoever comes next. */
  async stop(): Promise<void> {
    this.stopped = true;
    for (const wake of this.sleepers) wake();
    await Promise.all(this.working);
  }

  private async work(lane: Lane): Promise<void> {
    const kinds = this.parts.kinds.filter((kind) => kind.lane === lane).map(({ kind }) => kind);
    while (!this.stopped) {
      try {
        if (lane === 'upkeep') await this.plan();
        const taken = kinds.length === 0 ? null : await this.take(kinds);
        if (taken !== null) {
          await this.attempt(taken);
          continue;
        }
      } catch (error) {
        this.parts.logger.error({ err: error, lane }, 'the jobs could not be looked after: it is tried again');
      }
      await this.pause(LOOK_EVERY_MS);
    }
  }

  private take(kinds: readonly string[]): Promise<Leased | null> {
    const of = (kind: string): Pick<JobKind, 'leaseMs' | 'mostAttempts'> => this.kinds.get(kind) ?? { leaseMs: 0, mostAttempts: 0 };
    return takeJob(this.parts.db, kinds, { now: this.parts.clock.now(), leaseMs: (kind) => of(kind).leaseMs, mostAttempts: (kind) => of(kind).mostAttempts });
  }

  /** Queues what is due by itself. */
  private async plan(): Promise<void> {
    const { db, clock, kinds } = this.parts;
    const now = clock.now();
    let timeZone: string | null = null;
    for (const { kind, schedule } of kinds) {
      if (schedule === undefined) continue;
      const due = await dueAt(db, kind);
      if (due !== null && due > now && due <= now + LONGEST_SCHEDULE_MS) continue;
      const zone = (timeZone ??= await readTimeZone(db));
      await queueDue(db, kind, now, () => nextDue(schedule, now, zone));
    }
  }

  private async attempt(leased: Leased): Promise<void> {
    const kind = this.kinds.get(leased.kind);
    if (kind === undefined) return;
    const { db, clock, logger } = this.parts;
    const about = { jobId: leased.jobId, kind: leased.kind, attempt: leased.attempts };
    try {
      const { result, secret } = await this.run(kind, leased);
      const isOurs = await db.transaction().execute(async (tx) => {
        const done = await finishJob(tx, leased, { state: 'done', result, secret, now: clock.now() });
        if (done && kind.schedule !== undefined) await forgetDone(tx, kind.kind, leased.jobId);
        return done;
      });
      if (!isOurs) logger.warn(about, 'a job was finished by somebody else');
      else if (kind.schedule === undefined) logger.info(about, 'a job is done');
    } catch (error) {
      await this.failed(kind, leased, error);
    }
  }

  private async failed(kind: JobKind, leased: Leased, error: unknown): Promise<void> {
    const { db, clock, logger, random = Math.random } = this.parts;
    const about = { jobId: leased.jobId, kind: leased.kind, attempt: leased.attempts };
    const now = clock.now();
    if (error instanceof JobOver) {
      if (error.why === 'cancelled') await finishJob(db, leased, { state: 'cancelled', now });
      if (error.why === 'stopped') await putOffJob(db, leased, now, false);
      return logger.info({ ...about, why: error.why }, 'a job does not go on here');
    }
    if (error instanceof NoRoom || causeOf(error) !== null) {
      logger.warn({ ...about, err: error }, 'a job waits until the store can be written');
      // Where even this is not written, its lease runs out.
      return putOffJob(db, leased, now + NO_ROOM_MS, false);
    }
    if (leased.attempts >= kind.mostAttempts) {
      logger.error({ ...about, err: error }, 'a job has failed');
      await finishJob(db, leased, { state: 'failed', failure: 'unexpected', now });
      return;
    }
    const wait = Math.min(RETRY_MS * 2 ** (leased.attempts - 1), LONGEST_RETRY_MS);
    logger.warn({ ...about, err: error }, 'a job has failed, and is tried again');
    await putOffJob(db, leased, now + wait * (0.5 + random() / 2), true);
  }

  /** Runs until the job is done, fails, or takes no step for longer than its lease. */
  private async run(kind: JobKind, leased: Leased): Promise<Outcome> {
    const { db, settings, media, clock, customersChanged } = this.parts;
    let isOver = false;
    let stopWatching: Disposer = () => {};
    let standsStill: (error: JobOver) => void = () => {};
    const hung = new Promise<never>((_resolve, reject) => (standsStill = reject));
    const watch = (): void => {
      stopWatching();
      stopWatching = clock.setTimeout(() => standsStill(new JobOver('lost')), kind.leaseMs);
    };
    const context: JobContext = {
      jobId: leased.jobId,
      db,
      settings,
      media,
      now: () => clock.now(),
      customersChanged,
      needsRoom: () => {
        if (freeBytes(settings.filesFolder) < ROOM_BYTES) throw new NoRoom();
      },
      step: async (progress, act) => {
        if (isOver) throw new JobOver('lost');
        if (this.stopped) throw new JobOver('stopped');
        const value = await db.transaction().execute(async (tx) => {
          const held = await holdLease(tx, leased, clock.now() + kind.leaseMs, progress);
          if (held !== 'held') throw new JobOver(held);
          return act?.(tx);
        });
        watch();
        // The center's turn to write.
        await new Promise<void>((resolve) => clock.setTimeout(resolve, BREATH_MS));
        return value as never;
      },
    };
    watch();
    try {
      const running = kind.run(context, kind.payload.parse(leased.payload));
      // One that was left standing says nothing any more.
      running.catch(() => {});
      return await Promise.race([running, hung]);
    } finally {
      isOver = true;
      stopWatching();
    }
  }

  private pause(delayMs: number): Promise<void> {
    if (this.stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        stop();
        this.sleepers.delete(wake);
        resolve();
      };
      const stop = this.parts.clock.setTimeout(wake, delayMs);
      this.sleepers.add(wake);
    });
  }
}

/** A clock that was set back has not made what is due daily due in years. */
const LONGEST_SCHEDULE_MS = 2 * 24 * 3600_000;

function freeBytes(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return Infinity;
  }
}
