import type { Target } from '../../contract/contact.ts';
import { done, fail, type Result } from '../../contract/errors.ts';
import type { DialAccount } from '../dialling/rules.ts';
import type { HangUpCause } from '../switch/port.ts';
import type { Calls } from './calls.ts';
import { outcomeOfCause } from './causes.ts';
import { accountOf, upLegs, type CallTarget, type Contact, type Leg } from './contact.ts';
import { endContact, settleAnswered, settleUnanswered, unansweredAs } from './endings.ts';
import { queueAgain, queueInGroup } from './queueing.ts';
import { handedTo } from './parts.ts';
import { DIRECT_RING_MS, nameOfTarget, ring } from './ringing.ts';
import { resolveTarget } from './targets.ts';

/**
 * Blind transfer: whoever is left waits with music while the target rings, in a group's queue, or in the flow of a
 * representative number. The sender is out of the call as soon as it is on its way.
 * @param onAccepted called when it is on its way and the sender's channel still lives
 */
export function transfer(calls: Calls, contact: Contact, by: Leg, target: Target, onAccepted: () => void = () => {}): Result<null> {
  const resolved = resolveTarget(calls, target);
  if (!resolved.ok) return resolved;
  const left = upLegs(contact).filter((leg) => leg !== by);
  if (left.length === 0) return fail('contact.action-not-allowed', 'there is nobody to hand over');
  const where = resolved.value;
  if (where.kind === 'call') {
    if (left.some((leg) => sameTarget(leg.target, where.target))) return fail('target.busy', 'they are in this call');
    const rung = ringTransfer(calls, contact, where.target, by.name, accountOf(by));
    if (!rung.ok) return rung;
    onAccepted();
    contact.transfer = { target: rung.value, sender: { target: by.target, name: by.name } };
    sendOff(calls, contact, by, nameOfTarget(calls, where.target));
    return done();
  }
  onAccepted();
  if (where.kind === 'group') {
    sendOff(calls, contact, by, calls.parts.office.group(where.groupId)?.name ?? '');
    // Asked a moment ago: there is room.
    queueInGroup(calls, contact, where.groupId);
    return done();
  }
  sendOff(calls, contact, by, where.flow.name);
  for (const leg of upLegs(contact)) leg.place = 'flow';
  calls.arrange(contact);
  calls.parts.flows.prepare(contact.contactId, where.flow.steps);
  calls.parts.flows.begin(contact.contactId);
  return done();
}

function sameTarget(a: CallTarget, b: CallTarget): boolean {
  if (a.kind === 'agent') return b.kind === 'agent' && a.agentId === b.agentId;
  return a.kind !== 'phone' ? b.kind === 'outside' && a.number === b.number : b.kind === 'phone' && a.user === b.user;
}

const ringTransfer = (calls: Calls, contact: Contact, target: CallTarget, from: string, by: DialAccount | null): Result<Leg> =>
  ring(calls, contact, { role: 'transfer', target, via: 'transfer', from, by, ringMs: DIRECT_RING_MS }, (leg) => transferUnanswered(calls, contact, leg, 'noAnswer'));

/** The sender goes; the others hear music until somebody takes them. */
function sendOff(calls: Calls, contact: Contact, by: Leg, to: string): void {
  calls.parts.journal.write('contact.transferred', {}, { contactId: contact.contactId, agentId: by.participant?.agentId ?? null, groupId: contact.groupId });
  for (const leg of upLegs(contact)) if (leg !== by) leg.place = 'music';
  calls.arrange(contact);
  calls.hangUp(by, 'normal');
  settleAnswered(calls, contact, by);
  handedTo(contact, by.participant?.agentId, to);
  calls.arrange(contact);
}

/**
 * Nobody took the transfer: the customer goes back to who sent them, who is told why; does the sender not take
 * them either, back to the group's queue; and where there is none, the call is over.
 */
export function transferUnanswered(calls: Calls, contact: Contact, leg: Leg, cause: HangUpCause): void {
  calls.hangUp(leg, 'noAnswer');
  settleUnanswered(calls, contact, leg, unansweredAs(cause));
  if (contact.transfer?.target !== leg) return;
  const { sender } = contact.transfer;
  contact.transfer = null;
  if (sender !== null && bringBack(calls, contact, sender, cause)) return;
  if (queueAgain(calls, contact, 'unanswered')) return;
  endContact(calls, contact, contact.answered ? 'answered' : outcomeOfCause[cause], 'normal');
}

/** @param cause why nobody else took them; null: the agent hung up, and is told nothing of what they did */
function bringBack(calls: Calls, contact: Contact, sender: { target: CallTarget; name: string }, cause: HangUpCause | null): boolean {
  const rung = ringTransfer(calls, contact, sender.target, sender.name, null);
  const agent = sender.target.kind === 'agent' ? calls.parts.roster.agent(sender.target.agentId) : undefined;
  if (agent !== undefined && cause !== null) calls.parts.desks.notify(agent, rung.ok ? 'callReturned' : 'transferFailed', contact.contactId, outcomeOfCause[cause]);
  if (!rung.ok) return false;
  contact.transfer = { target: rung.value, sender: null };
  calls.parts.journal.write('contact.returned', {}, { contactId: contact.contactId, agentId: agent?.agentId ?? null, groupId: contact.groupId });
  calls.publish(contact);
  return true;
}

/**
 * The customer, who waits with music, rings at the agent who had them.
 * @param cause why nobody else has them, for the agent; null where the agent knows
 * @returns whether they do, or wait in the group again
 */
export function ringBack(calls: Calls, contact: Contact, by: Leg, cause: HangUpCause | null = null): boolean {
  if (upLegs(contact).length === 0) return false;
  for (const leg of upLegs(contact)) leg.place = 'music';
  return bringBack(calls, contact, { target: by.target, name: by.name }, cause) || queueAgain(calls, contact, 'unanswered');
}
