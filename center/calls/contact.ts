import type { LegParty, Offer } from '../../contract/contact.ts';
import type { ContactKind, ContactOutcome, ContactPart, Customer } from '../../contract/customer.ts';
import type { AgentId, ContactId, CustomerId, DispositionId, GroupId, LegId } from '../../contract/ids.ts';
import type { ParticipantState } from '../../contract/participant-state.ts';
import type { Disposer } from '../../contract/errors.ts';
import type { DialAccount } from '../dialling/rules.ts';
import type { ChannelId, HangUpCause } from '../switch/port.ts';
import type { PartPhase, TalkTime } from './talk-time.ts';
import type { z } from 'zod';

/** Whom a leg leads to. */
export type CallTarget =
  | { kind: 'agent'; agentId: AgentId }
  /** A phone on the switch that is nobody's desk. */
  | { kind: 'phone'; user: string; number: string; name: string }
  /** E.164, or an emergency number. */
  | { kind: 'outside'; number: string };

/** What a leg is there for. After it is answered only `place` and the participant's state count. */
export type LegRole = 'caller' | 'groupOffer' | 'direct' | 'consult' | 'transfer' | 'conference';

/**
 * Where a leg is, once up: with the customer (`main`), in private consultation (`side`), or alone with something
 * to hear. `flow`: the flow decides what it hears. A caller who is not answered yet hears the tones already.
 */
export type Place = 'main' | 'side' | 'music' | 'ringback' | 'busy' | 'congestion' | 'flow' | 'silence';

/** An agent's part in a contact. */
export interface Participant {
  agentId: AgentId;
  state: ParticipantState;
  since: number;
  offer: z.infer<typeof Offer> | null;
  answeredAt: number | null;
  /** Talked with the customer, so that the group's after-call time applies. */
  spoke: boolean;
  /** End of after-call work on the wall clock, for people to see. */
  wrapUpDeadline: number | null;
  /** The same moment on the monotonic clock. */
  wrapUpEndsAt: number | null;
  /** Where their part counts, and what of the contact's time counts with it: set when they leave the call. */
  counted: { groupId: GroupId; talkMs: number; holdMs: number } | null;
  /** Their own times on the monotonic clock; the present interval, which counts as `phase`, is not in them. */
  talkMs: number;
  holdMs: number;
  /** In private with whom they ask or who asks them, and until that one answers. */
  consultMs: number;
  phase: PartPhase;
  phaseSince: number;
  enteredAt: number;
  /** The agent's second call beside another: their state follows the first alone. */
  secondary: boolean;
}

/** The phone of a leg that is up is dialled again, to go on in the same place: its former channel has no audio any more. */
export interface RejoinCall {
  readonly channelId: ChannelId;
  /** The phone will hold the new call. */
  readonly held: boolean;
  /** It takes longer than silence bears: whoever would be alone hears music. */
  slow: boolean;
  /** The former channel has ended meanwhile. */
  formerGone: boolean;
  stopTimers: Disposer;
}

/** One party's channel in a contact. */
export interface Leg {
  readonly legId: LegId;
  /** Another after the phone was dialled again. */
  channelId: ChannelId;
  rejoin: RejoinCall | null;
  /** Its phone asked by REFER for a transfer that could not be: when, on the monotonic clock, and why. */
  referFailed: { at: number; cause: HangUpCause } | null;
  readonly party: LegParty;
  readonly role: LegRole;
  readonly target: CallTarget;
  name: string;
  number: string;
  dialogKey: string;
  state: 'ringing' | 'up' | 'ended';
  since: number;
  /** The phone at the far end holds. */
  held: boolean;
  /** The center holds in its stead: a desk phone cannot be told to. */
  parked: boolean;
  /** On hold by somebody else of the conference: hears music, and is in the room for all that counts. */
  aside: boolean;
  /** By somebody else of the conference. */
  muted: boolean;
  /** On the wall clock, for people to see: since when it is on hold, whoever's doing that is. */
  heldSince: number | null;
  place: Place;
  /** It is rung, and heard before it answers. */
  early: boolean;
  /** Null for phones that are nobody's desk. */
  participant: Participant | null;
  /** Who answers for it, where the center dialled out. */
  dialledBy: DialAccount | null;
  stopTimer: Disposer;
}

export interface Consultation {
  by: Leg;
  target: Leg;
  state: 'dialling' | 'private' | 'swapped';
}

/** A blind transfer on its way. */
export interface PendingTransfer {
  target: Leg;
  /** Who gets the customer back when nobody takes it; null when it is already on its way back. */
  sender: { target: CallTarget; name: string } | null;
}

/** One customer interaction, from the first ring to the end of after-call work. */
export interface Contact {
  readonly contactId: ContactId;
  readonly kind: ContactKind;
  readonly startedAt: number;
  readonly dialled: string;
  /** Nobody of the center takes part: a call between two phones of the demo's outside world. */
  readonly foreign: boolean;
  number: string;
  groupId: GroupId | null;
  customerId: CustomerId | null;
  customerName: string;
  /** As the caller's side gave it; nobody has checked it. */
  callerName: string;
  flowPath: string[];
  queuedAt: number | null;
  /** The same moment on the monotonic clock. */
  queuedMonotonic: number;
  waitedMs: number | null;
  /** Since when the caller waits at this time, on the wall clock and on the monotonic one; null while somebody has them. */
  waiting: { at: number; since: number } | null;
  legs: Leg[];
  consultation: Consultation | null;
  transfer: PendingTransfer | null;
  dispositionId: DispositionId | null;
  memo: string;
  /** Somebody at the center talked with the customer, or with the other party of an internal call. */
  answered: boolean;
  /** The agent whose name stands in the history: the last who talked. */
  handledBy: AgentId | null;
  talkTime: TalkTime;
  outcome: ContactOutcome | null;
  /** What a call that was dialled came to, while its caller still hears so. */
  refusal: { outcome: ContactOutcome; cause: HangUpCause } | null;
  /** What is over of its way, in the order in which that ended. */
  parts: ContactPart[];
  /** The leg that left last, of those that had been up. */
  lastLeft: Leg | null;
  /** Agents who had their one extension of after-call work. */
  extended: Set<AgentId>;
  /** Somebody's time to choose a disposition ran out, and their group asks for one. */
  dispositionMissing: boolean;
}

/** The other party is this customer. */
export function nameCustomer(contact: Contact, { customerId, name }: Pick<Customer, 'customerId' | 'name'>): void {
  contact.customerId = customerId;
  contact.customerName = name;
  for (const leg of contact.legs) if (leg.party === 'customer') leg.name = name;
}

/** The other party is nobody who is known, after all. */
export function namelessAgain(contact: Contact): void {
  contact.customerId = null;
  contact.customerName = '';
  for (const leg of contact.legs) if (leg.party === 'customer') leg.name = '';
}

/** For whom the center would dial out by this leg's wish; null for whoever is not of the center. */
export function accountOf({ participant, target }: Pick<Leg, 'participant' | 'target'>): DialAccount | null {
  if (participant !== null) return { kind: 'person', id: participant.agentId };
  return target.kind === 'phone' ? { kind: 'phone', id: target.user } : null;
}

export const liveLegs = (contact: Contact): Leg[] => contact.legs.filter(({ state }) => state !== 'ended');
export const upLegs = (contact: Contact): Leg[] => contact.legs.filter(({ state }) => state === 'up');
export const customerLeg = (contact: Contact): Leg | undefined => contact.legs.find(({ party, state }) => party === 'customer' && state !== 'ended');
export const mainLegs = (contact: Contact): Leg[] => upLegs(contact).filter(({ place }) => place === 'main');

/** A channel beside which the contact's others belong: all of them are on one machine of the switch. */
export const anchorOf = (contact: Contact, except?: Leg): ChannelId | undefined => contact.legs.find((leg) => leg !== except && leg.state !== 'ended' && leg.rejoin?.formerGone !== true)?.channelId;

/** The newest leg of an agent in this contact that is live or has after-call work. */
export const legOfAgent = (contact: Contact, agentId: AgentId): Leg | undefined =>
  contact.legs.findLast(({ participant }) => participant?.agentId === agentId && participant.state !== 'ended');
