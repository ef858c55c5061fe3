import type { ErrorCode } from '../../contract/errors.ts';
import type { HangUpCause } from '../switch/port.ts';
import type { Calls } from './calls.ts';
import { outcomeOfCause } from './causes.ts';
import type { Contact, Leg, Place } from './contact.ts';
import { endContact } from './endings.ts';

/** How long who dialled is told by a tone that it came to nothing: two turns of the slower one. */
export const REFUSAL_TONE_MS = 2000;

/** A line that is taken, and a call that cannot be carried there. Whoever may not dial is refused at once, and holds no line. */
const TONE_OF: Readonly<Partial<Record<HangUpCause, Place>>> = {
  busy: 'busy',
  rejected: 'busy',
  noAnswer: 'busy',
  unreachable: 'congestion',
  unknownNumber: 'congestion',
  networkLost: 'congestion',
  failed: 'congestion',
};

/** Who dialled this leg and waits for its answer. */
const callerOf = (contact: Contact, { role, state }: Leg): Leg | undefined =>
  role === 'direct' && state === 'ringing' ? contact.legs.find((leg) => leg.role === 'caller' && leg.state === 'ringing') : undefined;

/** It rings there: who dialled is told so, and hears it. */
export function farEndRings(calls: Calls, contact: Contact, leg: Leg): void {
  const caller = callerOf(contact, leg);
  if (caller === undefined || caller.place !== 'silence') return;
  caller.place = 'ringback';
  void calls.parts.switchPort.ring(caller.channelId).then((told) => {
    if (!told.ok && told.error.code !== 'switch.channel-gone') calls.channelFailed(caller.channelId, told.error);
  });
  calls.arrange(contact);
}

/** It is heard before it answers: by who dialled it, and by who is about to consult it. Nothing else begins with that. */
export function farEndSpeaks(calls: Calls, contact: Contact, leg: Leg): void {
  if (leg.state !== 'ringing' || leg.early) return;
  leg.early = true;
  const caller = callerOf(contact, leg);
  if (caller?.place === 'silence') caller.place = 'ringback';
  calls.arrange(contact);
}

/**
 * The call did not come about. The agent who dialled is told why in words, and by a tone whatever phone they have; after
 * that the call is over. No tone for whoever has heard it from the far end, nor for a second call beside another.
 * @param why an error's code where that says more than the outcome
 */
export function dialFailed(calls: Calls, contact: Contact, caller: Leg, cause: HangUpCause, why?: ErrorCode): void {
  const agent = calls.agentOf(caller);
  const outcome = outcomeOfCause[cause];
  if (agent !== undefined) calls.parts.desks.notify(agent, 'dialFailed', contact.contactId, why ?? outcome);
  const tone = TONE_OF[cause];
  const wasTold = contact.legs.some(({ early }) => early);
  if (tone === undefined || wasTold || contact.foreign || caller.state !== 'ringing' || caller.participant?.secondary === true) {
    endContact(calls, contact, outcome, cause);
    return;
  }
  contact.refusal = { outcome, cause };
  caller.place = tone;
  caller.stopTimer = calls.parts.clock.setTimeout(() => endContact(calls, contact, outcome, cause), REFUSAL_TONE_MS);
  calls.arrange(contact);
}
