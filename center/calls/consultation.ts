import type { Target } from '../../contract/contact.ts';
import { done, fail, type Result } from '../../contract/errors.ts';
import type { HangUpCause } from '../switch/port.ts';
import { joinConference } from './answers.ts';
import type { Calls } from './calls.ts';
import { outcomeOfCause } from './causes.ts';
import { accountOf, mainLegs, upLegs, type CallTarget, type Contact, type Leg } from './contact.ts';
import { endContact, settleAnswered, settleUnanswered, unansweredAs } from './endings.ts';
import { handedTo } from './parts.ts';
import { DIRECT_RING_MS, nameOfTarget, ring } from './ringing.ts';
import { resolveTarget } from './targets.ts';
import { ringBack } from './transfers.ts';
import { workOf } from './work.ts';

/** Who can be rung for this target; a group means whoever is free in it. */
function rung(calls: Calls, contact: Contact, target: Target): Result<CallTarget> {
  const resolved = resolveTarget(calls, target);
  if (!resolved.ok) return resolved;
  switch (resolved.value.kind) {
    case 'call':
      return { ok: true, value: resolved.value.target };
    case 'group': {
      const agent = calls.parts.acd.pick(workOf(contact, resolved.value.groupId, calls.parts.clock.now()));
      return agent === null ? fail('target.unavailable', 'nobody in the group is free') : { ok: true, value: { kind: 'agent', agentId: agent.agentId } };
    }
    default:
      return fail('target.unavailable', 'a representative number can be transferred to, not consulted');
  }
}

/** The agent asks somebody in private; the customer hears music. */
export function consult(calls: Calls, contact: Contact, by: Leg, target: Target): Result<null> {
  const chosen = rung(calls, contact, target);
  if (!chosen.ok) return chosen;
  const leg = ring(calls, contact, { role: 'consult', target: chosen.value, via: 'consult', from: by.name, by: accountOf(by), ringMs: DIRECT_RING_MS }, (unanswered) => consultUnanswered(calls, contact, unanswered, 'noAnswer'));
  if (!leg.ok) return leg;
  calls.move(by, 'consultStarted');
  // The customer has music from now on; what the center held for this phone is over with that.
  by.parked = false;
  contact.consultation = { by, target: leg.value, state: 'dialling' };
  for (const other of upLegs(contact)) other.place = other === by ? 'ringback' : 'music';
  calls.arrange(contact);
  return done();
}

/** The target does not answer: the agent is back with the customer, and told why. */
export function consultUnanswered(calls: Calls, contact: Contact, leg: Leg, cause: HangUpCause): void {
  calls.hangUp(leg, 'noAnswer');
  settleUnanswered(calls, contact, leg, unansweredAs(cause));
  const by = contact.consultation?.target === leg ? contact.consultation.by : null;
  if (by === null) return;
  returnFromConsultation(calls, contact, 'consultFailed');
  const agent = calls.agentOf(by);
  if (agent !== undefined) calls.parts.desks.notify(agent, 'consultFailed', contact.contactId, outcomeOfCause[cause]);
}

/** The consultation is over; the agent talks with the customer again. */
export function returnFromConsultation(calls: Calls, contact: Contact, event: 'consultFailed' | 'consultCancelled'): void {
  const { consultation } = contact;
  if (consultation === null) return;
  contact.consultation = null;
  calls.move(consultation.by, event);
  // A phone that went into the consultation on hold, and never came off it, holds the customer now.
  if (consultation.by.held) calls.move(consultation.by, 'held');
  for (const leg of upLegs(contact)) if (leg !== consultation.target) leg.place = 'main';
  calls.arrange(contact);
  if (mainLegs(contact).length < 2) endContact(calls, contact, 'answered');
}

export function cancelConsult(calls: Calls, contact: Contact): Result<null> {
  const { consultation } = contact;
  if (consultation === null) return fail('contact.action-not-allowed', 'no consultation');
  const { target } = consultation;
  const rang = target.state === 'ringing';
  calls.hangUp(target, rang ? 'cancelled' : 'normal');
  if (rang) settleUnanswered(calls, contact, target, 'callerGone');
  else settleAnswered(calls, contact, target);
  returnFromConsultation(calls, contact, 'consultCancelled');
  return done();
}

/**
 * Hang up during a consultation ends what the agent talks in, and hands nobody on: with the target in private, that;
 * with the customer, their call, and the two who consulted go on.
 */
export function hangUpInConsultation(calls: Calls, contact: Contact): Result<null> {
  const { consultation } = contact;
  if (consultation?.state !== 'swapped') return cancelConsult(calls, contact);
  const { by, target } = consultation;
  contact.lastLeft = by;
  for (const leg of upLegs(contact)) {
    if (leg === by || leg === target) continue;
    calls.hangUp(leg, 'normal');
    settleAnswered(calls, contact, leg);
  }
  goOnWithoutCustomer(calls, contact);
  calls.arrange(contact);
  return done();
}

/** The customer is gone: agent and target talk with each other. */
export function goOnWithoutCustomer(calls: Calls, contact: Contact): void {
  const { consultation } = contact;
  if (consultation === null) return;
  contact.consultation = null;
  calls.move(consultation.by, 'customerLeft');
  consultation.by.place = 'main';
  consultation.target.place = 'main';
}

/**
 * The consulting agent's own phone has hung up: what it talked in is over. With the target in private the customer is not
 * handed on unasked, and rings at the agent again; who talked with the customer has ended their call.
 */
export function hungUpWhileConsulting(calls: Calls, contact: Contact, by: Leg): void {
  const { consultation } = contact;
  if (consultation === null) return;
  const { target, state } = consultation;
  contact.consultation = null;
  const rang = target.state === 'ringing';
  calls.hangUp(target, rang ? 'cancelled' : 'normal');
  if (rang) settleUnanswered(calls, contact, target, 'callerGone');
  else settleAnswered(calls, contact, target);
  if (state === 'swapped' || !ringBack(calls, contact, by)) endContact(calls, contact, 'answered', 'normal');
}

/** Between the target in private and the customer; whoever is not talked to hears music. */
export function swap(calls: Calls, contact: Contact): Result<null> {
  const { consultation } = contact;
  if (consultation === null || consultation.state === 'dialling') return fail('contact.action-not-allowed', 'nobody to swap with');
  const toCustomer = consultation.state === 'private';
  calls.move(consultation.by, 'swapped');
  consultation.state = toCustomer ? 'swapped' : 'private';
  for (const leg of upLegs(contact)) {
    if (leg === consultation.by) leg.place = toCustomer ? 'main' : 'side';
    else if (leg === consultation.target) leg.place = toCustomer ? 'music' : 'side';
    else leg.place = toCustomer ? 'main' : 'music';
  }
  calls.arrange(contact);
  return done();
}

/** During a consultation: everyone together. Otherwise the target is called straight into the call. */
export function conference(calls: Calls, contact: Contact, by: Leg, target: Target | null): Result<null> {
  const { consultation } = contact;
  if (consultation !== null) {
    if (consultation.state === 'dialling') return fail('contact.action-not-allowed', 'the target has not answered yet');
    contact.consultation = null;
    calls.move(consultation.by, 'conferenced');
    for (const leg of upLegs(contact)) leg.place = 'main';
    joinConference(calls, contact);
    calls.arrange(contact);
    return done();
  }
  if (target === null) return fail('input.invalid', 'whom to call into the call?');
  const chosen = rung(calls, contact, target);
  if (!chosen.ok) return chosen;
  const leg = ring(calls, contact, { role: 'conference', target: chosen.value, via: 'consult', from: by.name, by: accountOf(by), ringMs: DIRECT_RING_MS }, (unanswered) => invitedUnanswered(calls, contact, unanswered, 'noAnswer'));
  return leg.ok ? done() : leg;
}

/** Whoever was called into the call does not answer: those who are in it go on. */
export function invitedUnanswered(calls: Calls, contact: Contact, leg: Leg, cause: HangUpCause): void {
  calls.hangUp(leg, 'noAnswer');
  settleUnanswered(calls, contact, leg, unansweredAs(cause));
  for (const each of mainLegs(contact)) {
    const agent = calls.agentOf(each);
    if (agent !== undefined) calls.parts.desks.notify(agent, 'consultFailed', contact.contactId, outcomeOfCause[cause]);
  }
  calls.publish(contact);
}

/** The customer is the target's from now on; the agent is done. */
export function completeTransfer(calls: Calls, contact: Contact): Result<null> {
  const { consultation } = contact;
  if (consultation === null || consultation.state === 'dialling') return fail('contact.action-not-allowed', 'the target has not answered yet');
  const { by } = consultation;
  calls.hangUp(by, 'normal');
  settleAnswered(calls, contact, by);
  passToTarget(calls, contact, by);
  return done();
}

/**
 * The agent who consulted is out of the call, by Complete transfer or because their desk was lost:
 * the customer goes on with the target, or waits for them where they still ring.
 */
export function passToTarget(calls: Calls, contact: Contact, by: Leg): void {
  const { consultation } = contact;
  if (consultation === null) return;
  const { target } = consultation;
  contact.consultation = null;
  const agentId = by.participant?.agentId ?? null;
  handedTo(contact, by.participant?.agentId, nameOfTarget(calls, target.target));
  calls.parts.journal.write('contact.transferred', {}, { contactId: contact.contactId, agentId, groupId: contact.groupId });
  if (consultation.state === 'dialling') {
    contact.transfer = { target, sender: { target: by.target, name: by.name } };
    for (const leg of upLegs(contact)) leg.place = 'music';
  } else {
    for (const leg of upLegs(contact)) leg.place = 'main';
    const agent = calls.agentOf(by);
    if (agent !== undefined) calls.parts.desks.notify(agent, 'transferCompleted', contact.contactId, nameOfTarget(calls, target.target));
  }
  calls.arrange(contact);
  if (contact.transfer === null && mainLegs(contact).length < 2) endContact(calls, contact, 'answered');
}
