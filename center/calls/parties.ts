import type { PartyChange } from '../../contract/contact.ts';
import { done, fail, unreachable, type Result } from '../../contract/errors.ts';
import type { LegId } from '../../contract/ids.ts';
import type { Calls } from './calls.ts';
import { liveLegs, mainLegs, type Contact, type Leg } from './contact.ts';
import { channelEnded } from './departures.ts';
import { settleUnanswered } from './endings.ts';

/** One of a conference does something to another: on hold they hear music, muted they hear and are not heard. */
export function changeParty(calls: Calls, contact: Contact, by: Leg, legId: LegId, change: PartyChange): Result<null> {
  const party = liveLegs(contact).find((leg) => leg.legId === legId && leg !== by);
  if (party === undefined) return fail('not-found', 'no such party in this call');
  if (change === 'remove') return remove(calls, contact, party);
  if (party.state !== 'up') return fail('contact.action-not-allowed', `${change} of a party who is ${party.state}`);
  switch (change) {
    case 'hold':
    case 'resume':
      party.aside = change === 'hold';
      break;
    case 'mute':
    case 'unmute':
      setMuted(calls, party, change === 'mute');
      break;
    default:
      return unreachable(change);
  }
  calls.arrange(contact);
  return done();
}

/** Two who are left are a plain call, in which nobody is on hold by another's hand, or muted. */
export function releaseParties(calls: Calls, contact: Contact): void {
  if (mainLegs(contact).length >= 3) return;
  for (const leg of contact.legs) {
    leg.aside = false;
    if (leg.muted) setMuted(calls, leg, false);
  }
}

function setMuted(calls: Calls, leg: Leg, muted: boolean): void {
  leg.muted = muted;
  if (leg.state === 'up') void calls.parts.switchPort.setMuted(leg.channelId, muted);
}

function remove(calls: Calls, contact: Contact, party: Leg): Result<null> {
  if (party.state === 'ringing') {
    calls.hangUp(party, 'cancelled');
    settleUnanswered(calls, contact, party, 'callerGone');
    calls.arrange(contact);
    return done();
  }
  const { channelId } = party;
  channelEnded(calls, contact, party, 'normal');
  calls.hangUpChannel(channelId, 'normal');
  return done();
}
