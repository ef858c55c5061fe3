import type { z } from 'zod';
import type { CustomerId } from '../../contract/ids.ts';
import type { JobProgress, JobResult } from '../../contract/job.ts';
import type { Media, MediaSettings } from '../media/index.ts';
import type { Database, Writer } from '../store/tables.ts';

/**
 * When a job is done by itself: again and again, or once a day at a minute of the center's zone. What was due while nothing
 * ran is made up for once.
 */
export type Schedule = { everyMs: number } | { dailyAtMinute: number };

/** Jobs of one lane are done one after the other: what people wait for does not wait for the center's own. */
export type Lane = 'upkeep' | 'asked';
export const lanes: readonly Lane[] = ['upkeep', 'asked'];

/** What the worker knows of the installation. */
export interface JobSettings {
  /** Where jobs put the files that they make. */
  filesFolder: string;
  /** Where the center keeps bytes. */
  media: MediaSettings;
  /** Contacts are nobody's after so many days, and lines of the event log go; null: never. */
  keepContactsDays: number | null;
  keepEventsDays: number | null;
}

/** What a job made of its time. `secret` opens a file that it made. */
export interface Outcome {
  result: JobResult;
  secret?: string;
}

/** What a job has while it runs. */
export interface JobContext {
  readonly jobId: string;
  readonly db: Database;
  readonly settings: JobSettings;
  /** Where the center keeps bytes. */
  readonly media: Media;
  readonly now: () => number;
  /**
   * One step, a few milliseconds of writing at most: the center waits for it. Says how far the job is, keeps the lease, and
   * does `act` in the same transaction: a step that was cut short has done nothing, and one that was done is not done again
   * by whoever goes on with the job.
   * @throws JobOver when the job was cancelled, is somebody else's by now, or the worker ends: let it through
   */
  readonly step: <Value = void>(progress: JobProgress | null, act?: (tx: Writer) => Promise<Value>) => Promise<Value>;
  /** Customers or their histories are others now: desks fetch what changed. */
  readonly customersChanged: (customerIds: CustomerId[]) => void;
  /** @throws NoRoom when the disk is so full that what is left is for calls */
  readonly needsRoom: () => void;
}

/** A kind of job: a plain value, listed in `kinds.ts`. */
export interface JobKind<Payload extends z.ZodType = z.ZodType> {
  kind: string;
  lane: Lane;
  payload: Payload;
  schedule?: Schedule;
  /** It stands still when it takes no step for so long. */
  leaseMs: number;
  /** After so many failures it is failed. */
  mostAttempts: number;
  run(context: JobContext, payload: z.output<Payload>): Promise<Outcome>;
}

/** A kind whose `run` fits its payload, as the list takes it. */
export const jobKind = <Payload extends z.ZodType>(kind: JobKind<Payload>): JobKind => kind;

/** Ends a job that is not to go on. */
export class JobOver extends Error {
  readonly why: 'cancelled' | 'lost' | 'stopped';

  constructor(why: JobOver['why']) {
    super(`the job is ${why}`);
    this.name = 'JobOver';
    this.why = why;
  }
}

/** The disk is too full for this: it is tried again when there may be room. */
export class NoRoom extends Error {
  constructor() {
    super('the disk is too full');
    this.name = 'NoRoom';
  }
}
