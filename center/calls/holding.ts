import { done, fail, type Result } from '../../contract/errors.ts';
import { joinConference } from './answers.ts';
import type { Calls } from './calls.ts';
import type { Contact, Leg } from './contact.ts';

/** Hold is the phone's; what the others hear follows from it, and the agent's part where it is a plain call. */
export function holdChanged(calls: Calls, contact: Contact, leg: Leg, held: boolean): void {
  if (leg.held === held || leg.state === 'ended') return;
  leg.held = held;
  follow(calls, contact, leg);
}

/** A phone of the desk's own has the leg from now on: whether it holds is what counts. */
export function holdsFromNow(calls: Calls, contact: Contact, leg: Leg, held: boolean): void {
  leg.parked = false;
  leg.held = held;
  follow(calls, contact, leg);
}

/** The agent holds by their desk, and their phone knows nothing of it: the others hear music, the agent nothing. */
export function hold(calls: Calls, contact: Contact, leg: Leg): Result<null> {
  leg.parked = true;
  follow(calls, contact, leg);
  return done();
}

/** `contact.held-at-phone`: the phone holds as well, and only the person can take it off. */
export function resume(calls: Calls, contact: Contact, leg: Leg): Result<null> {
  leg.parked = false;
  follow(calls, contact, leg);
  return leg.held ? fail('contact.held-at-phone', 'the phone itself holds') : done();
}

function follow(calls: Calls, contact: Contact, leg: Leg): void {
  const isHeld = leg.held || leg.parked;
  const state = leg.participant?.state;
  if (isHeld && state === 'talking') calls.move(leg, 'held');
  if (!isHeld && state === 'held') {
    calls.move(leg, 'resumed');
    // Somebody joined meanwhile.
    joinConference(calls, contact);
  }
  calls.arrange(contact);
}
