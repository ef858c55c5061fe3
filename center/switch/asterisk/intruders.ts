import { q850Of } from '../causes.ts';
import type { SwitchLogger } from '../logger.ts';
import type { ChannelId } from '../port.ts';
import type { AriClient } from './ari/client.ts';
import type { AriBridge, AriChannel } from './ari/messages.ts';
import { isUp, type Channel } from './channel.ts';
import { PHONES_CONTEXT } from './endpoints.ts';

/** What Asterisk says a channel of a phone does that ARI dials. */
const DIALLED = 'AppDial2';

interface Parts {
  client: Pick<AriClient, 'hangUp' | 'addToBridge'>;
  channels: ReadonlyMap<ChannelId, Channel>;
  app: string;
  logger: SwitchLogger;
}

/**
 * Asterisk gives a call's place to whoever names its dialog in an INVITE with Replaces (RFC 3891), past dialplan, ARI and
 * `allow_transfer`: somebody talks or listens of whom the center knows nothing. What is in a bridge of ours, or in our
 * part of Asterisk, and was never told of, is hung up, and who was put out of their bridge by it is let in again.
 */
export class Intruders {
  private readonly parts: Parts;
  /** Unknown when the channels were listed last: a call that has just come may not have been told of yet. */
  private suspects: ReadonlySet<ChannelId> = new Set();

  constructor(parts: Parts) {
    this.parts = parts;
  }

  /** Somebody is in a bridge, and who is in it now. */
  async entered(ari: AriChannel, bridge: AriBridge): Promise<void> {
    const { client, channels } = this.parts;
    // A bridge that was made by ARI is the center's.
    if (bridge.creator !== 'Stasis' || this.isKnown(ari)) return;
    await this.end(ari);
    const putOut = [...channels.values()].filter((channel) => channel.bridgeId === bridge.id && !channel.waits && isUp(channel) && !bridge.channels.includes(channel.id));
    await Promise.all(putOut.map(({ id }) => client.addToBridge(bridge.id, id)));
  }

  /** All that Asterisk has. */
  async listed(found: readonly AriChannel[]): Promise<void> {
    const unknown = found.filter((ari) => this.isInOurPlace(ari) && !this.isKnown(ari));
    const confirmed = unknown.filter(({ id }) => this.suspects.has(id));
    this.suspects = new Set(unknown.map(({ id }) => id));
    await Promise.all(confirmed.map((ari) => this.end(ari)));
  }

  /** In our application, or being dialled as one of our phones; a call that the operator's own dialplan leads elsewhere is in neither. */
  private isInOurPlace({ dialplan: { context, app_name: does, app_data: data } }: AriChannel): boolean {
    return does === 'Stasis' ? data.split(',')[0] === this.parts.app : does === DIALLED && context === PHONES_CONTEXT;
  }

  /** What is no telephone (snoops, a question's channel) comes from us. */
  private isKnown({ id, name }: AriChannel): boolean {
    return this.parts.channels.has(id) || !name.startsWith('PJSIP/');
  }

  private async end({ id, name }: AriChannel): Promise<void> {
    this.parts.logger.warn({ channel: name }, 'somebody took a place in a call past the center (INVITE with Replaces): hung up');
    await this.parts.client.hangUp(id, q850Of('rejected'));
  }
}
