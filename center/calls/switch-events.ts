import { unreachable } from '../../contract/errors.ts';
import type { SwitchEvent } from '../switch/port.ts';
import { channelAnswered } from './answers.ts';
import { channelArrived } from './arrivals.ts';
import { farEndRings, farEndSpeaks } from './before-answer.ts';
import type { Calls } from './calls.ts';
import type { Contact, Leg } from './contact.ts';
import { channelEnded } from './departures.ts';
import { holdChanged } from './holding.ts';
import { transferRequested } from './refer.ts';
import { rejoined, rejoinFailed } from './rejoining.ts';

type CallEvent = Exclude<SwitchEvent, { type: 'endpoint.changed' | 'switch.changed' | 'channels.lost' }>;

/** What happened on the switch, as far as calls are concerned. Words of channels that are nobody's change nothing. */
export function heardFromSwitch(calls: Calls, event: CallEvent): void {
  if (calls.supervisions.heard(event)) return;
  switch (event.type) {
    case 'channel.arrived':
      if (calls.onChannel(event.channel.channelId) === undefined) channelArrived(calls, event.channel);
      return;
    case 'channel.transferRequested':
      transferRequested(calls, event);
      return;
    case 'channel.ringing':
      onLeg(calls, event.channelId, (contact, leg) => farEndRings(calls, contact, leg));
      return;
    case 'channel.progressed':
      onLeg(calls, event.channelId, (contact, leg) => farEndSpeaks(calls, contact, leg));
      return;
    case 'recording.finished':
    case 'channel.recorded':
    case 'snoop.ended':
      return;
    case 'channel.answered':
      if (!rejoined(calls, event.channelId)) onLeg(calls, event.channelId, (contact, leg) => channelAnswered(calls, contact, leg));
      return;
    case 'channel.ended':
      if (!rejoinFailed(calls, event.channelId, event.cause)) onLeg(calls, event.channelId, (contact, leg) => channelEnded(calls, contact, leg, event.cause));
      return;
    case 'channel.digit':
      onLeg(calls, event.channelId, ({ contactId }) => calls.parts.flows.digit(contactId, event.digit));
      return;
    case 'playback.finished':
      onLeg(calls, event.channelId, ({ contactId }) => calls.parts.flows.playbackFinished(contactId, event.playbackId));
      return;
    case 'channel.held':
    case 'channel.resumed':
      onLeg(calls, event.channelId, (contact, leg) => holdChanged(calls, contact, leg, event.type === 'channel.held'));
      return;
    default:
      unreachable(event);
  }
}

function onLeg(calls: Calls, channelId: string, act: (contact: Contact, leg: Leg) => void): void {
  const found = calls.onChannel(channelId);
  if (found !== undefined) act(found.contact, found.leg);
}
