import type { AgentId } from '../../contract/ids.ts';
import type { Agent } from '../agents/agent.ts';
import type { GroupRecord } from '../configuration/records.ts';
import type { Calls } from './calls.ts';
import { upLegs, type Contact, type Leg } from './contact.ts';
import { settleUnanswered, type Unanswered } from './endings.ts';
import { stopsWaiting } from './parts.ts';
import { ring } from './ringing.ts';

/** Rings a waiting contact at these agents. Answers whom it really rings at. */
export function offerToAgents(calls: Calls, contact: Contact, agents: readonly Agent[], group: GroupRecord): AgentId[] {
  calls.arrangementOf(contact).prepare();
  return agents
    .filter(({ agentId }) => ring(calls, contact, { role: 'groupOffer', target: { kind: 'agent', agentId }, via: 'group', from: '', by: null, ringMs: group.offerTimeoutMs }, (leg) => offerEnded(calls, contact, leg, 'rona')).ok)
    .map(({ agentId }) => agentId);
}

/** An offer was not taken: the agent is settled, and the contact waits again at its old place. */
export function offerEnded(calls: Calls, contact: Contact, leg: Leg, how: 'rona' | 'rejected'): void {
  const agentId = leg.participant?.agentId;
  const agent = calls.agentOf(leg);
  // Cut off from phone or desk they could not answer: that is not theirs, and they are offered nothing until they are back.
  const isCutOff = agent !== undefined && !(agent.registered && agent.connected);
  const why: Unanswered = how === 'rona' && isCutOff ? 'deskLost' : how;
  calls.hangUp(leg, why === 'rejected' ? 'rejected' : 'noAnswer');
  settleUnanswered(calls, contact, leg, why);
  if (agentId !== undefined) calls.parts.acd.offerEnded(contact.contactId, agentId);
  calls.publish(contact);
}

/** The switch could not ring them: that is nobody's fault here. The agent stays as they were, the contact at its place. */
export function offerFailed(calls: Calls, contact: Contact, leg: Leg): void {
  const agentId = leg.participant?.agentId;
  calls.isGone(leg);
  settleUnanswered(calls, contact, leg, 'switchFailed');
  if (agentId !== undefined) calls.parts.acd.offerFailed(contact.contactId, agentId);
  calls.arrange(contact);
}

/** An agent took it: the others stop ringing, and customer and agent talk. */
export function offerAnswered(calls: Calls, contact: Contact, leg: Leg): void {
  const { clock, journal, acd, office } = calls.parts;
  const agent = calls.agentOf(leg);
  acd.remove(contact.contactId);
  for (const other of contact.legs) {
    if (other === leg || other.role !== 'groupOffer' || other.state !== 'ringing') continue;
    calls.hangUp(other, 'answeredElsewhere');
    settleUnanswered(calls, contact, other, 'answeredElsewhere');
  }
  const delayMs = Math.max(0, Math.round(clock.monotonic() - contact.queuedMonotonic));
  contact.waitedMs = delayMs;
  stopsWaiting(calls, contact);
  contact.answered = true;
  calls.isUp(leg);
  calls.move(leg, 'answered');
  agent?.apply({ type: 'answered' });
  for (const each of upLegs(contact)) each.place = 'main';
  const threshold = contact.groupId === null ? undefined : office.group(contact.groupId)?.serviceLevelMs;
  journal.write('contact.answered', { delayMs, inTime: threshold !== undefined && delayMs <= threshold }, { contactId: contact.contactId, agentId: agent?.agentId ?? null, groupId: contact.groupId });
  calls.arrange(contact);
}
