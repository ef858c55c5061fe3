import type { ChannelId } from '../port.ts';
import type { AriEvent } from './ari/messages.ts';
import type { Engine } from './engine.ts';
import { SNOOP } from './snoops.ts';

/** Brings each event of Asterisk to the part of the engine that it concerns. */
export function dispatch(engine: Engine, event: AriEvent): void {
  const { channels, playout, recordings, channelRecordings, snoops, transfers, endpoints } = engine;
  switch (event.type) {
    case 'StasisStart':
      if (event.args[0] === SNOOP) snoops.entered(event.channel.id);
      else channels.entered(event.channel, event.args).catch((error: unknown) => engine.report(error, 'taking a channel in'));
      return;
    case 'ChannelStateChange':
      channels.stateChanged(event.channel);
      return;
    case 'ChannelEnteredBridge':
      engine.intruders.entered(event.channel, event.bridge).catch((error: unknown) => engine.report(error, 'looking at who is in a bridge'));
      return;
    case 'Dial':
      if (event.dialstatus === 'PROGRESS') channels.progressed(event.peer.id);
      return;
    case 'StasisEnd':
      snoops.left(event.channel.id);
      channels.left(event.channel.id);
      return;
    case 'ChannelHangupRequest':
      channelRecordings.hangingUp(event.channel.id);
      channels.hangingUp(event.channel.id, event.cause);
      return;
    case 'ChannelDestroyed':
      snoops.left(event.channel.id);
      channels.destroyed(event.channel.id, event.cause, event.tech_cause ?? 0);
      return;
    case 'ChannelDtmfReceived':
      channelRecordings.digit(event.channel.id, event.digit);
      if (channels.get(event.channel.id)?.announced === true) engine.emit({ type: 'channel.digit', channelId: event.channel.id, digit: event.digit });
      return;
    case 'ChannelHold':
      // The interception of hold says so, too, of the one who is put on hold, and then knows no class.
      if (event.musicclass !== 'N/A') setHeld(engine, event.channel.id, true);
      return;
    case 'ChannelUnhold':
      setHeld(engine, event.channel.id, false);
      return;
    case 'ChannelTransfer':
      if (event.state === undefined) transfers.asked(event.referred_by.source_channel.id, event.refer_to.requested_destination?.destination ?? '', event.refer_to.destination_channel?.id ?? null);
      return;
    case 'PlaybackStarted':
      playout.started(event.playback.id);
      channelRecordings.beeping(event.playback.id);
      return;
    case 'PlaybackFinished':
      playout.finished(event.playback.id, event.playback.state === 'done');
      return;
    case 'RecordingStarted':
      channelRecordings.started(event.recording.name);
      return;
    case 'RecordingFinished':
    case 'RecordingFailed':
      recordings.finished(event.recording.name);
      channelRecordings.finished(event.recording.name, event.type === 'RecordingFailed');
      return;
    case 'ContactStatusChange':
      endpoints.contactChanged(event.endpoint.resource, event.contact_info.uri, event.contact_info.contact_status);
      return;
    case 'ApplicationReplaced':
      engine.options.logger.warn({}, 'another center has taken over this Asterisk: two of them must not share one');
  }
}

function setHeld({ channels, silence }: Engine, channelId: ChannelId, held: boolean): void {
  const channel = channels.get(channelId);
  if (channel !== undefined) silence.held(channel, held);
}
