import type { ContactOutcome } from '../../contract/customer.ts';
import { unreachable } from '../../contract/errors.ts';
import type { HangUpCause } from '../switch/port.ts';
import { directUnanswered } from './arrivals.ts';
import type { Calls } from './calls.ts';
import { consultUnanswered, goOnWithoutCustomer, hungUpWhileConsulting, invitedUnanswered, passToTarget, returnFromConsultation } from './consultation.ts';
import { mainLegs, upLegs, type Contact, type Leg } from './contact.ts';
import { endContact, settleAnswered } from './endings.ts';
import { offerEnded } from './group-offers.ts';
import { queueAgain } from './queueing.ts';
import { isHandedOnInVain } from './refer.ts';
import { transferUnanswered } from './transfers.ts';

/** A channel has ended by itself: its phone hung up, refused, or was lost. */
export function channelEnded(calls: Calls, contact: Contact, leg: Leg, cause: HangUpCause): void {
  if (leg.state === 'ended') return;
  // Its phone is being dialled again, and did not hang up: the call goes on with the new channel.
  if (leg.rejoin !== null && cause !== 'normal') {
    leg.rejoin.formerGone = true;
    return;
  }
  const wasUp = leg.state === 'up';
  calls.isGone(leg);
  if (wasUp) departed(calls, contact, leg, cause);
  else unanswered(calls, contact, leg, cause);
  // Whatever was meant to come next: without anybody who talks, waits or calls it comes to nothing.
  const isAnybodyThere = contact.legs.some(({ state, role }) => state === 'up' || (state === 'ringing' && role === 'caller'));
  if (!isAnybodyThere && contact.outcome === null) endContact(calls, contact, contact.answered ? 'answered' : abandonedAs(calls, contact), 'normal');
  calls.arrange(contact);
}

function unanswered(calls: Calls, contact: Contact, leg: Leg, cause: HangUpCause): void {
  const rejected = cause === 'rejected' || cause === 'busy';
  switch (leg.role) {
    case 'caller':
      settleAnswered(calls, contact, leg);
      endContact(calls, contact, contact.refusal?.outcome ?? (contact.kind === 'outbound' ? 'noAnswer' : abandonedAs(calls, contact)), 'cancelled');
      return;
    case 'groupOffer':
      offerEnded(calls, contact, leg, rejected ? 'rejected' : 'rona');
      return;
    case 'direct':
      directUnanswered(calls, contact, leg, cause);
      return;
    case 'consult':
      consultUnanswered(calls, contact, leg, cause);
      return;
    case 'transfer':
      transferUnanswered(calls, contact, leg, cause);
      return;
    case 'conference':
      invitedUnanswered(calls, contact, leg, cause);
      return;
    default:
      unreachable(leg.role);
  }
}

/** Somebody who talked, waited or listened is gone. Who is left goes on as long as there are two of them. */
function departed(calls: Calls, contact: Contact, leg: Leg, cause: HangUpCause): void {
  settleAnswered(calls, contact, leg);
  contact.lastLeft = leg;
  const { consultation } = contact;
  if (leg.party === 'customer') customerLeft(calls, contact);
  else if (consultation?.by === leg) (cause === 'normal' ? hungUpWhileConsulting : passToTarget)(calls, contact, leg);
  else if (consultation?.target === leg) returnFromConsultation(calls, contact, 'consultFailed');
  else if (cause === 'networkLost' && leg.participant !== null && queueAgain(calls, contact, 'networkLost')) return;
  else if (cause !== 'normal' || !isHandedOnInVain(calls, contact, leg)) partyLeft(calls, contact, cause);
}

function customerLeft(calls: Calls, contact: Contact): void {
  const { consultation } = contact;
  if (consultation !== null && consultation.state !== 'dialling') {
    // The customer hanging up during a consultation leaves the two talking, and both are told.
    goOnWithoutCustomer(calls, contact);
    tellCustomerLeft(calls, contact, consultation.by, consultation.target);
    tellCustomerLeft(calls, contact, consultation.target, consultation.by);
    return;
  }
  const left = mainLegs(contact);
  if (left.length >= 2 && contact.transfer === null && consultation === null) {
    for (const each of left) if (each.participant?.state === 'conference' && left.length === 2) calls.move(each, 'customerLeft');
    return;
  }
  endContact(calls, contact, contact.answered ? 'answered' : abandonedAs(calls, contact), 'normal');
}

function tellCustomerLeft(calls: Calls, contact: Contact, leg: Leg, other: Leg): void {
  const agent = calls.agentOf(leg);
  if (agent !== undefined) calls.parts.desks.notify(agent, 'customerLeftConsultation', contact.contactId, other.name === '' ? other.number : other.name);
}

function partyLeft(calls: Calls, contact: Contact, cause: HangUpCause): void {
  const left = mainLegs(contact);
  if (left.length >= 2) {
    if (left.length === 2) for (const each of left) leaveConference(calls, each);
    return;
  }
  // A customer who waits for the target of a blind transfer, or in a queue, is not alone for long.
  const waits = contact.transfer !== null || calls.parts.acd.isWaiting(contact.contactId);
  if (waits && upLegs(contact).length > 0) return;
  endContact(calls, contact, contact.answered ? 'answered' : cause === 'networkLost' ? 'networkLost' : 'abandonedInFlow', 'normal');
}

/** Of three two are left; who held the conference holds the other now. */
function leaveConference(calls: Calls, leg: Leg): void {
  if (leg.participant?.state !== 'conference') return;
  calls.move(leg, 'partyLeft');
  if (leg.held || leg.parked) calls.move(leg, 'held');
}

/** What it is called when the caller gives up now; it is counted where they waited in a group. */
function abandonedAs(calls: Calls, contact: Contact): ContactOutcome {
  const rings = contact.legs.some(({ state, role }) => state === 'ringing' && role !== 'caller');
  if (contact.queuedAt === null || !calls.parts.acd.isWaiting(contact.contactId)) return rings ? 'abandonedRinging' : 'abandonedInFlow';
  const waitedMs = Math.round(calls.parts.clock.monotonic() - contact.queuedMonotonic);
  const short = waitedMs < calls.parts.office.configuration.shortAbandonMs;
  contact.waitedMs = waitedMs;
  calls.parts.journal.write('contact.abandoned', { waitedMs, short, ringing: rings }, { contactId: contact.contactId, groupId: contact.groupId });
  return rings ? 'abandonedRinging' : 'abandonedWaiting';
}
