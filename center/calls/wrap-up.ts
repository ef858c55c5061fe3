import type { AgentId } from '../../contract/ids.ts';
import { done, fail, type Result } from '../../contract/errors.ts';
import type { Agent } from '../agents/agent.ts';
import type { GroupRecord } from '../configuration/records.ts';
import type { Calls } from './calls.ts';
import type { Contact, Leg } from './contact.ts';

/** What an agent may add to their after-call work once a contact. */
export const EXTENSION_MS = 60_000;

/** The group whose rules hold for what comes after the call: the contact's; of a call they made, that of their groups which gives most time. */
export function wrapUpGroupOf(calls: Calls, contact: Contact, agent: Agent): GroupRecord | undefined {
  const { office } = calls.parts;
  if (contact.groupId !== null) return office.group(contact.groupId);
  if (contact.kind !== 'outbound') return undefined;
  const own = agent.groupIds.flatMap((groupId) => office.group(groupId) ?? []);
  return own.toSorted((a, b) => b.wrapUpMs - a.wrapUpMs)[0];
}

/** Whether this agent has to choose a disposition still. */
export const needsDisposition = (calls: Calls, contact: Contact, agent: Agent): boolean => contact.dispositionId === null && asksDisposition(calls, contact, agent);

/** Whether a disposition is asked for, and there is one to choose. */
export function asksDisposition(calls: Calls, contact: Contact, agent: Agent): boolean {
  if (wrapUpGroupOf(calls, contact, agent)?.dispositionRequired !== true) return false;
  return calls.parts.office.dispositions.some(({ groupId }) => groupId === null || groupId === contact.groupId || (contact.groupId === null && agent.isMemberOf(groupId)));
}

/** The leg whose agent writes it up. */
const legInWrapUp = (contact: Contact, agentId: AgentId): Leg | undefined => contact.legs.findLast(({ participant }) => participant?.agentId === agentId && participant.state === 'afterCall');

/** `contact.disposition-required` where the agent would leave after-call work without the disposition that it asks for. */
export function whyNotDone(calls: Calls, agent: Agent): Result<never> | null {
  const { state } = agent;
  const contact = state.name === 'AFTER_CALL' ? calls.contact(state.contactId) : undefined;
  return contact !== undefined && needsDisposition(calls, contact, agent) ? fail('contact.disposition-required', 'this group asks for a disposition') : null;
}

/** After-call work goes on for as long as that: the timer that is about to end it begins anew. */
export function startWrapUpTimer(calls: Calls, leg: Leg, agent: Agent, ms: number): void {
  leg.stopTimer();
  leg.stopTimer = calls.parts.clock.setTimeout(() => {
    const contactId = agent.state.name === 'AFTER_CALL' ? agent.state.contactId : null;
    if (agent.apply({ type: 'wrapUpExpired' }).ok) calls.parts.desks.notify(agent, 'wrapUpOver', contactId);
  }, ms);
}

/** One minute more, once a contact. */
export function extendWrapUp(calls: Calls, contact: Contact, agent: Agent): Result<null> {
  const leg = legInWrapUp(contact, agent.agentId);
  const participant = leg?.participant;
  if (leg === undefined || !participant || participant.wrapUpDeadline === null || participant.wrapUpEndsAt === null || contact.extended.has(agent.agentId)) return fail('contact.action-not-allowed', 'once a contact, and only where there is a limit');
  const deadline = participant.wrapUpDeadline + EXTENSION_MS;
  const extended = agent.apply({ type: 'wrapUpExtended', deadline });
  if (!extended.ok) return extended;
  contact.extended.add(agent.agentId);
  participant.wrapUpDeadline = deadline;
  participant.wrapUpEndsAt += EXTENSION_MS;
  startWrapUpTimer(calls, leg, agent, participant.wrapUpEndsAt - calls.parts.clock.monotonic());
  calls.publish(contact);
  return done();
}
