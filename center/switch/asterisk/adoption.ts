import { q850Of } from '../causes.ts';
import type { HangUpCause } from '../port.ts';
import type { AriClient } from './ari/client.ts';
import type { AriChannel } from './ari/messages.ts';
import { channelOf, isIncoming, kindIn, stateOf, type Channel } from './channel.ts';
import type { Channels } from './channels.ts';

interface Parts {
  client: AriClient;
  channels: Channels;
  app: string;
}

/**
 * Brings what we know of channels into line with what Asterisk has, at the start and after a lost link: unknown ones
 * of ours are taken in, those that are no more are ended.
 * @param restarted Asterisk is another process than before: whatever we knew went with the old one
 */
export async function adoptChannels({ client, channels, app }: Parts, found: readonly AriChannel[], restarted: boolean): Promise<void> {
  const present = new Map(found.map((channel) => [channel.id, channel]));
  if (restarted) channels.lose([...channels.all.values()].filter(({ id }) => !present.has(id)));
  for (const channel of channels.all.values()) {
    const ari = present.get(channel.id);
    if (ari === undefined) channels.end(channel, channel.ending ?? endedUnseen(channel, restarted));
    else if (stateOf(ari.state, isIncoming(channel.kind)) === 'up' && kindIn(ari, app) !== null) channels.answered(channel);
  }
  for (const ari of found) {
    const kind = kindIn(ari, app);
    if (kind === null || channels.all.has(ari.id)) continue;
    // Dialled before a restart of the center, and not answered: nobody waits for it.
    if (kind === 'to-trunk' && ari.state !== 'Up') {
      await client.hangUp(ari.id, q850Of('cancelled'));
      continue;
    }
    const channel = channelOf(ari, kind);
    channel.announced = true;
    channels.add(channel);
  }
  // The application forgot what it listened to when its socket went. What cannot be listened to is gone by now.
  const known = [...channels.all.values()];
  await Promise.all(known.map(async (channel) => {
    const listening = await client.subscribe(app, `channel:${channel.id}`);
    if (!listening.ok && listening.error.code !== 'switch.unavailable') channels.end(channel, channel.ending ?? endedUnseen(channel, restarted));
  }));
}

/** Why a channel is gone that ended while nobody watched. */
function endedUnseen(channel: Channel, restarted: boolean): HangUpCause {
  if (restarted) return 'networkLost';
  if (channel.state === 'up') return 'normal';
  return channel.state === 'incoming' ? 'cancelled' : 'noAnswer';
}
