import { z } from 'zod';
import { AgentId, ContactId, CustomerId, DurationMs, EpochMs, GroupId } from './ids.ts';

/** Name, company and the like: one line, no control characters, no bidirectional overrides. */
export const DisplayText = z
  .string()
  .normalize('NFC')
  .trim()
  .max(120)
  // eslint-disable-next-line no-control-regex
  .regex(/^[^\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069]*$/u);

/** Free text a person wrote: several lines allowed. What a field has cut in the middle of a character is mended, and not lost. */
export const MemoText = z.string().overwrite((text) => text.toWellFormed()).normalize('NFC').max(4000);

export const E164 = z.string().regex(/^\+\d{4,15}$/);

export const CustomerNumber = z.object({ e164: E164, label: DisplayText.default('') });

export const MOST_NUMBERS = 20;

export const Customer = z.object({
  customerId: CustomerId,
  name: DisplayText.min(1),
  company: DisplayText,
  numbers: z.array(CustomerNumber).max(MOST_NUMBERS),
  vip: z.boolean(),
  /** Shown in red on the screen pop; empty for none. */
  warning: DisplayText,
  note: MemoText,
  updatedAt: EpochMs,
  /** Another with each change: who changes a customer says which one they saw. */
  version: z.string().max(32),
});
export type Customer = z.infer<typeof Customer>;

/** Fillers, joiners, blanks and marks on nothing: a name of these alone is not seen. */
const INVISIBLE = /^[\p{C}\p{M}\p{Z}\u115f\u1160\u2800\u3164\uffa0]*$/u;

/** What an agent may enter; the center gives id, time and version. */
export const CustomerDraft = Customer.omit({ customerId: true, updatedAt: true, version: true }).extend({ name: DisplayText.min(1).refine((name) => !INVISIBLE.test(name), 'a name has to be seen') });
export type CustomerDraft = z.infer<typeof CustomerDraft>;

export const ContactOutcome = z.enum([
  'answered',
  'abandonedInFlow',
  'abandonedWaiting',
  'abandonedRinging',
  'closed',
  'noAgents',
  'queueFull',
  'busy',
  'noAnswer',
  'rejected',
  'unknownNumber',
  'networkLost',
  'failed',
]);
export type ContactOutcome = z.infer<typeof ContactOutcome>;

export const ContactKind = z.enum(['inbound', 'outbound', 'internal']);
export type ContactKind = z.infer<typeof ContactKind>;

/** Who brought a contact to its end; `other`: a third party who was called in. */
export const EndedBy = z.enum(['customer', 'agent', 'other', 'center', 'network']);
export type EndedBy = z.infer<typeof EndedBy>;

/** A stretch of a contact's way. */
export const ContactPart = z.discriminatedUnion('kind', [
  /** In a group's queue, until somebody answered or the caller gave up. */
  z.object({ kind: z.literal('waited'), at: EpochMs, groupId: GroupId.nullable().default(null), groupName: z.string(), ms: DurationMs }),
  /** It rang at an agent who did not take it. */
  z.object({ kind: z.literal('missed'), at: EpochMs, agentId: AgentId, name: z.string(), why: z.enum(['rona', 'rejected']) }),
  /** Somebody's own part; `agentId` null for a number outside that was called in. */
  z.object({
    kind: z.literal('talked'),
    at: EpochMs,
    agentId: AgentId.nullable(),
    name: z.string(),
    /** Of somebody outside; empty for an agent. */
    number: z.string().max(40),
    as: z.enum(['answered', 'dialled', 'consulted', 'transferred', 'joined']),
    /** Who asked for them; empty where nobody did. */
    from: z.string(),
    /** With the customer, or in the conference. */
    talkMs: DurationMs,
    holdMs: DurationMs,
    /** In private: with whom they asked, or who asked them. */
    consultMs: DurationMs.default(0),
    /** Whom they handed the customer to; empty where they did not. */
    to: z.string(),
  }),
]);
export type ContactPart = z.infer<typeof ContactPart>;

/** One contact in a customer's history, as every desk's cache holds it. */
export const TimelineEntry = z.object({
  contactId: ContactId,
  /** Null while the other party is no known customer; matched by `number` then. */
  customerId: CustomerId.nullable(),
  number: z.string().max(40),
  kind: ContactKind,
  startedAt: EpochMs,
  groupId: GroupId.nullable(),
  groupName: z.string(),
  agentId: AgentId.nullable(),
  agentName: z.string(),
  outcome: ContactOutcome,
  talkMs: DurationMs,
  disposition: z.string(),
  memo: MemoText,
  /** Another with each change: who corrects a contact says which one they saw. */
  version: z.string().max(32).default(''),
  /** In the order in which they began; none where a former program wrote the line. */
  parts: z.array(ContactPart).default([]),
  /** In queues, all together; null for who never waited. */
  waitedMs: DurationMs.nullable().default(null),
  endedBy: EndedBy.nullable().default(null),
  /** The group asks for a disposition, and the time to choose one ran out. */
  dispositionMissing: z.boolean().default(false),
  /** Who last put right what is written here, and when; null for nobody. */
  corrected: z.object({ at: EpochMs, by: z.string() }).nullable().default(null),
});
export type TimelineEntry = z.infer<typeof TimelineEntry>;

/** What a line says of which no more is known than who, when and how it ended. */
export const plainLine = { version: '', parts: [] as ContactPart[], waitedMs: null, endedBy: null, dispositionMissing: false, corrected: null } satisfies Partial<TimelineEntry>;

/** A page of what changed among customers and their histories: all that changed after `cursor`, oldest change first. */
export const CustomerChanges = z.object({
  customers: z.array(Customer),
  timeline: z.array(TimelineEntry),
  removed: z.array(CustomerId),
  /** Send it back as `cursor` for the next page, with `mark`. */
  cursor: z.number().int().nonnegative(),
  more: z.boolean(),
  /** Rows still to come after this page, for a progress bar. */
  remaining: z.number().int().nonnegative(),
  /** The state of the store that this page was read from; of no meaning to anybody but the center. */
  mark: z.string().max(80),
  /** What the cache holds is of another history than the center's (it was restored from a backup): this page begins anew. */
  reset: z.boolean(),
});
export type CustomerChanges = z.infer<typeof CustomerChanges>;

/**
 * What a person opened at a desk, from what it keeps, beyond the call they were on, for the center's access log; `agoMs`, for a desk keeps it
 * while the center is away.
 */
export const AccessReport = z.strictObject({
  entries: z
    .array(
      z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('customer'), customerId: CustomerId, agoMs: DurationMs.max(7 * 86_400_000) }),
        z.strictObject({ kind: z.literal('search'), customers: z.number().int().min(0).max(1000), agoMs: DurationMs.max(7 * 86_400_000) }),
      ]),
    )
    .min(1)
    .max(200),
});
export type AccessReport = z.infer<typeof AccessReport>;

/** Who erases a customer says why; the reason is kept, and says nothing of the person. */
export const EraseRequest = z.strictObject({ reason: z.string().trim().min(3).max(500) });

/** A customer with their history, newest first: what the screen pop shows. */
export const CustomerRecord = z.object({ customer: Customer, timeline: z.array(TimelineEntry) });
export type CustomerRecord = z.infer<typeof CustomerRecord>;

/** A line of the history: a contact, and whose number it was; empty for a stranger. */
export const HistoryLine = TimelineEntry.extend({
  customerName: z.string(),
  /** Of a caller who reached nobody: when somebody talked with them after all, and who; null where that is still to be done. */
  calledBack: z.object({ at: EpochMs, by: z.string() }).nullable().default(null),
});
export type HistoryLine = z.infer<typeof HistoryLine>;

/** Where a page of the history ended. The next one begins behind it, whatever has come in on top since. */
export const HistoryPosition = z.strictObject({ startedAt: EpochMs, contactId: ContactId });
export type HistoryPosition = z.infer<typeof HistoryPosition>;
