import { z } from 'zod';
import { AgentId, DurationMs, EpochMs } from './ids.ts';
import { MediaId } from './media.ts';

export const JobId = z.uuid().brand<'JobId'>();
export type JobId = z.infer<typeof JobId>;

export const JobState = z.enum(['waiting', 'running', 'done', 'failed', 'cancelled']);
export type JobState = z.infer<typeof JobState>;

const Count = z.number().int().nonnegative();

/** How far it is; `total` is null where nobody knows. */
export const JobProgress = z.object({ done: Count, total: Count.nullable() });
export type JobProgress = z.infer<typeof JobProgress>;

/** `hung`: it stood still each time; `unexpected`: a defect, which the center's log explains. */
export const JobFailure = z.enum(['hung', 'unexpected']);
export type JobFailure = z.infer<typeof JobFailure>;

/**
 * What came of it. `sound`: an object fit for a telephone; `unreadable`: what was to be read is not what it says it is, nothing is to be heard in it, or it is longer than an announcement is. `check`: of a log's chain, with the first entry that is not as it was written; `erasure`: of a person, with
 * the columns where one of their numbers stands nevertheless, as in another's memo; `refused`: it could not be done when its turn
 * came; `file`: to be read
 * part by part until `expiresAt`, and not at all once it was `withdrawn` because somebody in it was erased.
 */
export const JobResult = z.discriminatedUnion('of', [
  z.object({ of: z.literal('nothing') }),
  z.object({ of: z.literal('sound'), mediaId: MediaId, durationMs: DurationMs }),
  z.object({ of: z.literal('unreadable'), why: z.enum(['damaged', 'silent', 'too-long']).default('damaged') }),
  z.object({ of: z.literal('check'), checked: Count, brokenAt: Count.nullable() }),
  z.object({ of: z.literal('erasure'), numbers: Count, contacts: Count, left: z.array(z.string()) }),
  z.object({ of: z.literal('refused'), why: z.enum(['customer.not-found', 'contact.action-not-allowed']) }),
  z.object({ of: z.literal('file'), name: z.string(), rows: Count, bytes: Count, parts: Count, expiresAt: EpochMs, withdrawn: z.boolean() }),
]);
export type JobResult = z.infer<typeof JobResult>;

/** Something that takes its time, as who asked for it sees it. */
export const Job = z.object({
  jobId: JobId,
  kind: z.string(),
  state: JobState,
  /** It has been cancelled, and has not noticed yet. */
  cancelling: z.boolean(),
  /** Null for what the center does by itself. */
  askedBy: AgentId.nullable(),
  createdAt: EpochMs,
  finishedAt: EpochMs.nullable(),
  attempts: Count,
  progress: JobProgress.nullable(),
  result: JobResult.nullable(),
  failure: JobFailure.nullable(),
});
export type Job = z.infer<typeof Job>;

export const isFinished = ({ state }: Pick<Job, 'state'>): boolean => state === 'done' || state === 'failed' || state === 'cancelled';
