import { z } from 'zod';
import { AgentId, ContactId, CustomerId, DispositionId, DurationMs, EpochMs, GroupId, LegId } from './ids.ts';
import { ContactKind, ContactOutcome, MemoText } from './customer.ts';
import { Action, ParticipantState } from './participant-state.ts';
import { SupervisorPresence } from './supervision.ts';

export const LegParty = z.enum(['customer', 'agent', 'target']);
export type LegParty = z.infer<typeof LegParty>;

export const LegState = z.enum(['ringing', 'up', 'held', 'ended']);
export type LegState = z.infer<typeof LegState>;

/** One party's channel in a contact. */
export const LegView = z.object({
  legId: LegId,
  party: LegParty,
  /** Name of an agent or a customer where known, else empty. */
  name: z.string(),
  /** E.164 number or extension. */
  number: z.string(),
  agentId: AgentId.nullable(),
  state: LegState,
  /** Of its being there, or of its being on hold. */
  since: EpochMs,
  /** By somebody else of a conference: the others do not hear it. */
  muted: z.boolean(),
  /** On hold by somebody else of a conference, who can take it off; else it holds at its own phone. */
  aside: z.boolean(),
});
export type LegView = z.infer<typeof LegView>;

/** What one of a conference may do to another. */
export const PartyChange = z.enum(['hold', 'resume', 'mute', 'unmute', 'remove']);
export type PartyChange = z.infer<typeof PartyChange>;

/** Why a call is presented to this agent, and until when. */
export const Offer = z.object({
  via: z.enum(['group', 'consult', 'transfer', 'direct']),
  /** Who consults or transfers; empty for a group's offer. */
  from: z.string(),
  deadline: EpochMs,
});

/**
 * A contact as one agent's desk sees it. The center sends it whole at each change;
 * buttons follow `allowed` and guess nothing.
 */
export const ContactView = z.object({
  contactId: ContactId,
  kind: ContactKind,
  startedAt: EpochMs,
  groupId: GroupId.nullable(),
  /** The representative number or extension that was dialled. */
  dialled: z.string(),
  /** The other party: the customer's E.164 number, or an extension for an internal call. */
  number: z.string(),
  customerId: CustomerId.nullable(),
  /** Customer's name as the center knows it; the desk's own cache knows more. */
  customerName: z.string(),
  /** Labels of what the caller chose in the flow, in order. */
  flowPath: z.array(z.string()),
  /** Since when the caller waits in a queue at this time; null while somebody has them. */
  queuedAt: EpochMs.nullable(),
  /** What they had waited in queues before that, all together; null for who never had. */
  waitedMs: DurationMs.nullable(),
  /** Who asks whom in private while the customer waits; null for nobody. `swapped`: the customer is talked to, and the target waits. */
  consultation: z.object({ by: LegId, target: LegId, state: z.enum(['dialling', 'private', 'swapped']) }).nullable(),
  legs: z.array(LegView),
  /** Supervisors who hear this call at this moment. They are no party to it, and nobody listens unseen. */
  supervisors: z.array(SupervisorPresence),
  /** This agent's own part. */
  me: z.object({
    legId: LegId,
    /** Matches the `X-Sangdam-Leg` header of the SIP dialog that carries this leg's audio. */
    dialogKey: z.string(),
    state: ParticipantState,
    since: EpochMs,
    allowed: z.array(Action),
    offer: Offer.nullable(),
    answeredAt: EpochMs.nullable(),
    /** End of after-call work; null: no limit or not in after-call. */
    wrapUpDeadline: EpochMs.nullable(),
    /** After-call work does not end by the agent's wish before a disposition is chosen. */
    dispositionRequired: z.boolean(),
  }),
  dispositionId: DispositionId.nullable(),
  memo: MemoText,
  /** Set when the contact is over. */
  outcome: ContactOutcome.nullable(),
});
export type ContactView = z.infer<typeof ContactView>;

/** How long the customer had waited in queues at a moment, all together; null for who never did. */
export const waitedUntil = ({ queuedAt, waitedMs }: Pick<ContactView, 'queuedAt' | 'waitedMs'>, at: number): number | null =>
  queuedAt === null ? waitedMs : (waitedMs ?? 0) + Math.max(0, at - queuedAt);

/** Whom to consult, transfer to or call. A number may be an extension or any outside number. */
export const Target = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('agent'), agentId: AgentId }),
  z.object({ kind: z.literal('group'), groupId: GroupId }),
  z.object({ kind: z.literal('number'), number: z.string().min(1).max(40) }),
]);
export type Target = z.infer<typeof Target>;
