import type { Disposer } from '../../../contract/errors.ts';
import type { Clock } from '../../ports.ts';
import type { SwitchLogger } from '../logger.ts';
import type { ChannelId } from '../port.ts';
import type { AriClient } from './ari/client.ts';
import type { Channel } from './channel.ts';

/** An answered call of which nothing has come by then is one that nobody hears anything in. */
const MEDIA_DUE_MS = 3000;

interface Parts {
  client: Pick<AriClient, 'rtpStatistics'>;
  clock: Clock;
  logger: SwitchLogger;
}

/** Looks once at each answered channel whether RTP has come of it, and says where not. How far ICE and DTLS are ARI does not tell. */
export class MuteLegs {
  private readonly parts: Parts;
  private readonly due = new Map<ChannelId, Disposer>();

  constructor(parts: Parts) {
    this.parts = parts;
  }

  answered(channel: Channel): void {
    this.gone(channel);
    this.due.set(channel.id, this.parts.clock.setTimeout(() => void this.look(channel), MEDIA_DUE_MS));
  }

  gone({ id }: Channel): void {
    this.due.get(id)?.();
    this.due.delete(id);
  }

  stop(): void {
    for (const cancel of this.due.values()) cancel();
    this.due.clear();
  }

  private async look(channel: Channel): Promise<void> {
    this.due.delete(channel.id);
    const statistics = await this.parts.client.rtpStatistics(channel.id);
    if (!statistics.ok || statistics.value.rxcount > 0 || channel.held || channel.ending !== null) return;
    const { rxcount, txcount } = statistics.value;
    this.parts.logger.warn({ channelId: channel.id, endpoint: channel.resource, media: `RTP received ${rxcount}, sent ${txcount}` }, 'an answered channel has no media');
  }
}
