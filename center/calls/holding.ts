import type { Calls } from './calls.ts';
import type { Contact, Leg } from './contact.ts';

/** Hold is the phone's; what the others hear follows from it, and the agent's part where it is a plain call. */
export function holdChanged(calls: Calls, contact: Contact, leg: Leg, held: boolean): void {
  if (leg.held === held || leg.state === 'ended') return;
  leg.held = held;
  const state = leg.participant?.state;
  if (held && state === 'talking') calls.move(leg, 'held');
  if (!held && state === 'held') calls.move(leg, 'resumed');
  calls.arrange(contact);
}
