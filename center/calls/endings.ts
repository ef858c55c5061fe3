import type { ContactOutcome } from '../../contract/customer.ts';
import type { AgentId } from '../../contract/ids.ts';
import type { Agent } from '../agents/agent.ts';
import { isLive } from '../../contract/participant-state.ts';
import type { HangUpCause } from '../switch/port.ts';
import type { Calls } from './calls.ts';
import { causeOfOutcome } from './causes.ts';
import { liveLegs, type Contact, type Leg } from './contact.ts';
import { missedBy, stopsWaiting, talkedUntilNow } from './parts.ts';
import { takeTalkTime } from './talk-time.ts';
import { needsDisposition, startWrapUpTimer, wrapUpGroupOf } from './wrap-up.ts';

/** How an agent's ringing leg came to nothing. */
export type Unanswered = 'callerGone' | 'rona' | 'rejected' | 'answeredElsewhere' | 'deskLost' | 'switchFailed';

export const unansweredAs = (cause: HangUpCause): Unanswered => {
  if (cause === 'rejected' || cause === 'busy') return 'rejected';
  return cause === 'cancelled' ? 'callerGone' : 'rona';
};

/**
 * An agent's leg rang and will not be answered: the agent goes where the state machine says, and the desk drops
 * the offer.
 */
export function settleUnanswered(calls: Calls, contact: Contact, leg: Leg, why: Unanswered): void {
  const { participant } = leg;
  const agent = calls.agentOf(leg);
  if (participant === null || agent === undefined) return;
  const direct = leg.role !== 'groupOffer';
  calls.move(leg, 'ended');
  calls.parts.journal.write('contact.offerEnded', { why }, { contactId: contact.contactId, agentId: agent.agentId, groupId: direct ? null : contact.groupId });
  calls.withdraw(contact, agent.agentId);
  if (why === 'rona' || why === 'rejected') missedBy(contact, leg, why);
  if (participant.secondary) return;
  if (why === 'callerGone' || why === 'answeredElsewhere') agent.apply({ type: 'callerGone' });
  if (why === 'deskLost' || why === 'switchFailed') agent.apply({ type: 'deskLost' });
  if (why === 'rejected') agent.apply({ type: 'rejected', direct });
  if (why === 'rona') agent.apply({ type: 'offerTimedOut', direct });
  if (why === 'rona' && !direct) calls.parts.desks.notify(agent, 'rona', contact.contactId);
  if (why === 'callerGone' || (why === 'rona' && direct)) calls.parts.desks.notify(agent, 'callerGone', contact.contactId);
}

/** An agent's leg that was answered (or dialled) is over: after-call work where the group has some, else back to rest. */
export function settleAnswered(calls: Calls, contact: Contact, leg: Leg): void {
  const { participant } = leg;
  const agent = calls.agentOf(leg);
  if (participant === null || agent === undefined || !isLive(participant.state)) return;
  calls.settleClock(participant);
  calls.settleTalk(contact);
  talkedUntilNow(calls, contact, leg);
  // Now, for during after-call work the contact may be another group's already.
  if (participant.spoke && contact.groupId !== null) participant.counted = { groupId: contact.groupId, ...takeTalkTime(contact) };
  if (!participant.secondary && goOnInSecondCall(calls, contact, leg, agent)) return;
  const group = wrapUpGroupOf(calls, contact, agent);
  const hasWrapUp = participant.spoke && group !== undefined && group.wrapUpMs > 0 && !participant.secondary;
  if (!hasWrapUp) {
    calls.move(leg, 'ended');
    calls.withdraw(contact, agent.agentId);
    writeHandled(calls, contact, leg, 0);
    if (!participant.secondary) agent.apply({ type: 'callEnded', wrapUp: null });
    return;
  }
  participant.wrapUpDeadline = calls.parts.clock.now() + group.wrapUpMs;
  participant.wrapUpEndsAt = calls.parts.clock.monotonic() + group.wrapUpMs;
  calls.move(leg, 'endedWithWrapUp');
  agent.apply({ type: 'callEnded', wrapUp: { deadline: participant.wrapUpDeadline, restore: contact.kind === 'outbound' } });
  startWrapUpTimer(calls, leg, agent, group.wrapUpMs);
  calls.publish(contact);
}

/** The first of an agent's two calls is over: the second is what they do now. Answers whether there is one. */
function goOnInSecondCall(calls: Calls, contact: Contact, leg: Leg, agent: Agent): boolean {
  for (const other of calls.all) {
    const second = other === contact ? undefined : other.legs.find(({ state, participant }) => state !== 'ended' && participant?.agentId === agent.agentId && participant.secondary);
    if (!second?.participant) continue;
    second.participant.secondary = false;
    calls.move(leg, 'ended');
    calls.withdraw(contact, agent.agentId);
    writeHandled(calls, contact, leg, 0);
    agent.apply({ type: 'moved', contactId: other.contactId });
    return true;
  }
  return false;
}

/** The agent has left AFTER_CALL, by whatever way: their part in the contact is done, and what they wrote is kept. */
export function finishWrapUp(calls: Calls, contact: Contact, agentId: AgentId): void {
  const leg = contact.legs.findLast(({ participant }) => participant?.agentId === agentId && participant.state === 'afterCall');
  if (!leg?.participant) return;
  const afterCallMs = calls.parts.clock.monotonic() - leg.participant.enteredAt;
  leg.stopTimer();
  leg.participant.wrapUpDeadline = null;
  calls.move(leg, 'completed');
  const agent = calls.parts.roster.agent(agentId);
  if (agent !== undefined && needsDisposition(calls, contact, agent)) contact.dispositionMissing = true;
  writeHandled(calls, contact, leg, afterCallMs);
  // The contact may have come back to its own sender: then another leg of theirs is live.
  if (!contact.legs.some(({ participant }) => participant?.agentId === agentId && participant.state !== 'ended')) calls.withdraw(contact, agentId);
  calls.parts.history.keep(contact);
  forgetIfDone(calls, contact);
}

function writeHandled(calls: Calls, contact: Contact, { participant }: Leg, afterCallMs: number): void {
  if (participant === null || contact.foreign || participant.answeredAt === null) return;
  const { talkMs, holdMs, consultMs, agentId, counted } = participant;
  const ofContact = counted === null ? {} : { contactTalkMs: Math.round(counted.talkMs), contactHoldMs: Math.round(counted.holdMs) };
  calls.parts.journal.write('contact.handled', { talkMs: Math.round(talkMs + consultMs), holdMs: Math.round(holdMs), afterCallMs: Math.round(afterCallMs), ...ofContact }, { contactId: contact.contactId, agentId, groupId: counted?.groupId ?? null });
}

/** Nobody talks, rings or writes any more. */
export function forgetIfDone(calls: Calls, contact: Contact): void {
  const isWorkedOn = contact.legs.some(({ state, participant }) => state !== 'ended' || (participant !== null && participant.state !== 'ended'));
  if (contact.outcome !== null && !isWorkedOn) calls.forget(contact);
}

/** The contact is lost with the network, or with us: its agents are told before they notice. */
export function loseContact(calls: Calls, contact: Contact, cause?: HangUpCause): void {
  if (contact.outcome !== null) return;
  for (const leg of contact.legs) {
    const agent = leg.participant?.state === 'ended' ? undefined : calls.agentOf(leg);
    if (agent !== undefined) calls.parts.desks.notify(agent, 'networkLost', contact.contactId);
  }
  endContact(calls, contact, 'networkLost', cause);
}

/**
 * The contact is over for everybody: who still rings stops, who still talks hears the end, agents go on to what
 * comes next, and the record is written.
 * @param cause how those who are still connected are told; by the outcome unless given
 */
export function endContact(calls: Calls, contact: Contact, outcome: ContactOutcome, cause: HangUpCause = causeOfOutcome[outcome]): void {
  if (contact.outcome !== null) return;
  contact.outcome = outcome;
  calls.parts.acd.remove(contact.contactId);
  calls.parts.flows.cancel(contact.contactId);
  contact.consultation = null;
  contact.transfer = null;
  stopsWaiting(calls, contact);
  for (const leg of liveLegs(contact)) {
    const rang = leg.state === 'ringing';
    calls.hangUp(leg, rang && leg.role !== 'caller' ? 'cancelled' : cause);
    if (rang && leg.role !== 'caller') settleUnanswered(calls, contact, leg, 'callerGone');
    else settleAnswered(calls, contact, leg);
  }
  calls.arrange(contact);
  if (!contact.foreign) {
    calls.parts.journal.write('contact.ended', { outcome, talkMs: Math.round(contact.talkTime.talkMs), kind: contact.kind }, { contactId: contact.contactId, agentId: contact.handledBy, groupId: contact.groupId });
    calls.parts.logger.info({ contactId: contact.contactId, outcome }, 'contact ended');
    calls.parts.history.keep(contact);
  }
  forgetIfDone(calls, contact);
}
