import { z } from 'zod';
import { DurationMs, EpochMs, GroupId } from './ids.ts';

const Count = z.number().int().nonnegative();
/** 0 … 1, or null where nothing has happened yet. */
const Share = z.number().min(0).max(1).nullable();

/** Raw counters, from which every formula is computed (domain: Statistics). */
export const Counters = z.object({
  offered: Count,
  answered: Count,
  /** Answered within the group's threshold T. */
  answeredInTime: Count,
  /** Abandoned after the short-abandon threshold. */
  abandoned: Count,
  shortAbandoned: Count,
  /** Offers to an agent that ran out unanswered; a contact may count several. */
  rona: Count,
  /** Turned away at the group's door: closed, nobody on duty, the queue full. None of them is offered. */
  closed: Count,
  noAgents: Count,
  queueFull: Count,
  transferredOut: Count,
  handled: Count,
  /** Σ queue + ring of answered contacts. */
  answerDelayMs: DurationMs,
  talkMs: DurationMs,
  holdMs: DurationMs,
  afterCallMs: DurationMs,
});
export type Counters = z.infer<typeof Counters>;

/** Calls that wait in no queue, by what they came to; `failed`: the network or the switch was lost before an answer. */
export const DirectCounters = z.object({
  attempted: Count,
  answered: Count,
  busy: Count,
  noAnswer: Count,
  rejected: Count,
  unknownNumber: Count,
  failed: Count,
  talkMs: DurationMs,
});
export type DirectCounters = z.infer<typeof DirectCounters>;

/** The center's calls today between its own phones, and those dialled to the outside. They belong to no group. */
export const DirectCalls = z.object({ internal: DirectCounters, outbound: DirectCounters });
export type DirectCalls = z.infer<typeof DirectCalls>;

export const HourCounters = z.object({ hour: z.number().int().min(0).max(23), offered: Count, answered: Count, abandoned: Count });

export const AgentsByState = z.object({
  ready: Count,
  reserved: Count,
  talking: Count,
  afterCall: Count,
  away: Count,
  loggedOut: Count,
});

/** One group today (the business day in the center's time zone), as the wallboard shows it. */
export const GroupStatistics = z.object({
  groupId: GroupId,
  waiting: Count,
  /** When the oldest waiting contact entered the queue. */
  oldestWaitingSince: EpochMs.nullable(),
  agents: AgentsByState,
  today: Counters,
  serviceLevel: Share,
  answerRate: Share,
  abandonRate: Share,
  asaMs: DurationMs.nullable(),
  ahtMs: DurationMs.nullable(),
  byHour: z.array(HourCounters),
  /** The same weekday last week, for comparison; empty where there is no history. */
  lastWeekByHour: z.array(HourCounters),
});
export type GroupStatistics = z.infer<typeof GroupStatistics>;
export type HourCounters = z.infer<typeof HourCounters>;

/** Callers turned away at the group's door, for whatever reason. */
export const turnedAway = (c: Counters): number => c.closed + c.noAgents + c.queueFull;
/** The reasons there were, each with how many. */
export const turnedAwayBy = (c: Counters): { reason: 'closed' | 'noAgents' | 'queueFull'; n: number }[] =>
  (['closed', 'noAgents', 'queueFull'] as const).map((reason) => ({ reason, n: c[reason] })).filter(({ n }) => n > 0);

/** Service level = answered within T / (answered + abandoned − short abandons); null before the first call. */
export const serviceLevel = (c: Counters): number | null => ratio(c.answeredInTime, c.answered + c.abandoned);
/** Answer rate = answered / offered without those who still wait, who tell nothing yet; null before the first that was decided. */
export const answerRate = (c: Counters): number | null => ratio(c.answered, decided(c));
/** Abandon rate = abandoned after the short-abandon threshold / the same. */
export const abandonRate = (c: Counters): number | null => ratio(c.abandoned, decided(c));

const decided = (c: Counters): number => c.answered + c.abandoned + c.shortAbandoned;
/** ASA = Σ (queue + ring) of answered / answered, in milliseconds. */
export const averageSpeedOfAnswerMs = (c: Counters): number | null => (c.answered === 0 ? null : c.answerDelayMs / c.answered);
/** AHT = Σ (talk + hold + after-call) / handled, in milliseconds. */
export const averageHandleTimeMs = (c: Counters): number | null =>
  c.handled === 0 ? null : (c.talkMs + c.holdMs + c.afterCallMs) / c.handled;

function ratio(part: number, whole: number): number | null {
  return whole <= 0 ? null : Math.min(1, part / whole);
}
