import type { ParticipantState } from '../../contract/participant-state.ts';
import type { Contact, Leg, Participant } from './contact.ts';
import { isAway } from './layout.ts';

/** What a moment of a contact counts as, whoever and however many take part in it. */
export type TalkPhase = 'talk' | 'hold' | 'none';

/** How long a contact was talked in and held. Each moment counts once, so neither is ever longer than the call. */
export interface TalkTime {
  phase: TalkPhase;
  /** On the monotonic clock. */
  since: number;
  talkMs: number;
  holdMs: number;
  /** What of it a group has been told of already. */
  toldTalkMs: number;
  toldHoldMs: number;
}

export const noTalkTime = (now: number, talkMs = 0): TalkTime => ({ phase: 'none', since: now, talkMs, holdMs: 0, toldTalkMs: 0, toldHoldMs: 0 });

const IN_CALL: ReadonlySet<ParticipantState> = new Set(['talking', 'held', 'consultDialling', 'consulting', 'swapped', 'conference']);
const isOurs = ({ participant, target }: Leg): boolean => participant !== null || target.kind === 'phone';

/**
 * Pure. Talk: somebody of ours and the customer hear each other; without a customer, two of whom one is ours do, or an
 * agent hears a flow. Hold: an agent is in the call and that is not so: on hold, in private with somebody else.
 */
export function talkPhaseOf(contact: Pick<Contact, 'legs'>): TalkPhase {
  const up = contact.legs.filter(({ state }) => state === 'up');
  const together = up.filter((leg) => leg.place === 'main' && !isAway(leg));
  const customer = up.find(({ party }) => party === 'customer');
  const isHeard = customer === undefined || together.includes(customer);
  if (isHeard && together.length >= 2 && together.some(isOurs)) return 'talk';
  if (up.some(({ place, participant }) => place === 'flow' && participant !== null)) return 'talk';
  return up.some(({ participant }) => participant !== null && IN_CALL.has(participant.state)) ? 'hold' : 'none';
}

/** What a moment of an agent's own part counts as. */
export type PartPhase = TalkPhase | 'consult';

/** Pure. Talk is with the customer, or in a conference; whoever is asked in private, or asks, consults; and who is swapped away waits. */
export function partPhaseOf({ consultation }: Pick<Contact, 'consultation'>, leg: Leg): PartPhase {
  const { participant, held, parked, aside } = leg;
  if (participant === null || !IN_CALL.has(participant.state)) return 'none';
  const isAsked = consultation?.target === leg;
  if (isAsked && consultation.state === 'swapped') return 'hold';
  if (held || parked || aside || participant.state === 'held') return 'hold';
  return isAsked || participant.state === 'consulting' || participant.state === 'consultDialling' ? 'consult' : 'talk';
}

/** Adds the interval of an agent's own part that ends now. */
export function settlePart(participant: Participant, now: number): void {
  const elapsedMs = now - participant.phaseSince;
  participant.phaseSince = now;
  if (participant.phase === 'talk') participant.talkMs += elapsedMs;
  if (participant.phase === 'hold') participant.holdMs += elapsedMs;
  if (participant.phase === 'consult') participant.consultMs += elapsedMs;
}

/** Adds the interval that ends now. */
export function settleTalkTime({ talkTime }: Contact, now: number): void {
  const elapsedMs = now - talkTime.since;
  talkTime.since = now;
  if (talkTime.phase === 'talk') talkTime.talkMs += elapsedMs;
  if (talkTime.phase === 'hold') talkTime.holdMs += elapsedMs;
}

/** What nobody has been told of yet: for the group of the agent whose part is over. Settled first. */
export function takeTalkTime({ talkTime }: Contact): { talkMs: number; holdMs: number } {
  const taken = { talkMs: talkTime.talkMs - talkTime.toldTalkMs, holdMs: talkTime.holdMs - talkTime.toldHoldMs };
  talkTime.toldTalkMs = talkTime.talkMs;
  talkTime.toldHoldMs = talkTime.holdMs;
  return taken;
}
