import { unreachable } from '../../contract/errors.ts';
import type { Calls } from './calls.ts';
import { mainLegs, type Contact, type Leg } from './contact.ts';
import { limitLength } from './longest.ts';
import { offerAnswered } from './group-offers.ts';

/** A channel was answered, at either side. A second word of the same changes nothing. */
export function channelAnswered(calls: Calls, contact: Contact, leg: Leg): void {
  if (leg.state !== 'ringing') return;
  switch (leg.role) {
    case 'caller':
      callerAnswered(calls, contact, leg);
      return;
    case 'groupOffer':
      offerAnswered(calls, contact, leg);
      return;
    case 'direct':
      directAnswered(calls, contact, leg);
      return;
    case 'consult':
      consultAnswered(calls, contact, leg);
      return;
    case 'transfer':
      transferAnswered(calls, contact, leg);
      return;
    case 'conference':
      invitedAnswered(calls, contact, leg);
      return;
    default:
      unreachable(leg.role);
  }
}

/** The agent's own part begins. */
function begin(calls: Calls, contact: Contact, leg: Leg): void {
  calls.isUp(leg);
  if (leg.dialledBy !== null) limitLength(calls, contact, leg, calls.parts.dialling.longestOf(leg.dialledBy));
  if (leg.participant === null) return;
  calls.move(leg, 'answered');
  if (!leg.participant.secondary) calls.agentOf(leg)?.apply({ type: 'answered' });
  contact.answered = true;
}

/** We answered the caller: a flow begins, or the one they dialled is there already. */
function callerAnswered(calls: Calls, contact: Contact, leg: Leg): void {
  calls.isUp(leg);
  // An agent who called a representative number talks with the flow.
  if (leg.place === 'flow' && leg.participant?.state === 'dialling') calls.move(leg, 'answered');
  calls.arrange(contact);
  calls.parts.flows.begin(contact.contactId);
}

function directAnswered(calls: Calls, contact: Contact, leg: Leg): void {
  const caller = contact.legs.find(({ role }) => role === 'caller');
  begin(calls, contact, leg);
  contact.answered = true;
  leg.place = 'main';
  if (caller?.state === 'ringing') void calls.parts.switchPort.answer(caller.channelId);
  // An engine that lets a caller hear before the answer may have answered them with it.
  if (caller !== undefined && caller.state !== 'ended' && caller.place !== 'main') {
    caller.place = 'main';
    if (caller.participant !== null) calls.move(caller, 'answered');
  }
  calls.arrange(contact);
}

function consultAnswered(calls: Calls, contact: Contact, leg: Leg): void {
  const { consultation } = contact;
  if (consultation?.target !== leg) return;
  begin(calls, contact, leg);
  consultation.state = 'private';
  calls.move(consultation.by, 'consultAnswered');
  leg.place = 'side';
  consultation.by.place = 'side';
  calls.arrange(contact);
}

function transferAnswered(calls: Calls, contact: Contact, leg: Leg): void {
  if (contact.transfer?.target !== leg) return;
  contact.transfer = null;
  begin(calls, contact, leg);
  leg.place = 'main';
  for (const other of contact.legs) if (other !== leg && other.state === 'up') other.place = 'main';
  calls.arrange(contact);
}

function invitedAnswered(calls: Calls, contact: Contact, leg: Leg): void {
  begin(calls, contact, leg);
  leg.place = 'main';
  joinConference(calls, contact);
  calls.arrange(contact);
}

/** Three or more in the main room: every agent among them is in a conference. */
export function joinConference(calls: Calls, contact: Contact): void {
  const together = mainLegs(contact);
  if (together.length < 3) return;
  for (const leg of together) if (leg.participant?.state === 'talking') calls.move(leg, 'partyJoined');
}
