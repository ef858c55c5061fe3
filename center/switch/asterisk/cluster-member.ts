import type { Disposer } from '../../../contract/errors.ts';
import type { BridgeInfo, ChannelId, ChannelInfo, SwitchEvent, SwitchPort } from '../port.ts';

/** One Asterisk of several, as much of it as the cluster uses beside the port. */
export interface ClusterNode extends SwitchPort {
  /** What keeps us from it and which setting puts it right; null when nothing does. */
  readonly trouble: string | null;
  /** What its operator should put right though it works; null where nothing is. */
  readonly warning: string | null;
  /** Nobody listens at its address: no Asterisk runs there. */
  readonly refused: boolean;
  /** What it had when it was last heard of. */
  known(): { channels: ChannelInfo[]; bridges: BridgeInfo[] };
  /** It will not be heard of any more as it was: its calls end as lost with the network. */
  abandon(): void;
}

/** How Asterisk itself names a channel: the second it began and a number, the same at two nodes at any time. */
const GIVEN_BY_ASTERISK = /\.\d+$/;

/**
 * A node in its cluster. Ids that the center chose are unique; those of calls that came in get the node's number
 * before them, but for the first node's.
 */
export class Member {
  readonly name: string;
  readonly node: ClusterNode;
  private readonly prefix: string;
  lostAt = 0;
  stopLooking: Disposer = () => {};

  /** @param position of the node in its list, from 0 */
  constructor(name: string, node: ClusterNode, position: number) {
    this.name = name;
    this.node = node;
    this.prefix = position === 0 ? '' : `n${position + 1}-`;
  }

  /** What the center calls a channel that the node calls so. */
  named(channelId: ChannelId): ChannelId {
    return this.prefix !== '' && GIVEN_BY_ASTERISK.test(channelId) ? this.prefix + channelId : channelId;
  }

  /** What the node calls a channel that the center calls so. */
  idOf(channelId: ChannelId): ChannelId {
    return this.prefix !== '' && channelId.startsWith(this.prefix) ? channelId.slice(this.prefix.length) : channelId;
  }

  infoOf = (channel: ChannelInfo): ChannelInfo => ({ ...channel, channelId: this.named(channel.channelId) });
  bridgeOf = ({ bridgeId, channels }: BridgeInfo): BridgeInfo => ({ bridgeId, channels: channels.map((id) => this.named(id)) });

  /** An event of the node in the center's words. */
  told(event: SwitchEvent): SwitchEvent {
    if (this.prefix === '') return event;
    switch (event.type) {
      case 'channel.arrived':
        return { ...event, channel: this.infoOf(event.channel) };
      case 'channels.lost':
        return { ...event, channelIds: event.channelIds.map((id) => this.named(id)) };
      case 'channel.transferRequested':
        return { ...event, channelId: this.named(event.channelId), replaces: event.replaces === null ? null : this.named(event.replaces) };
      case 'recording.finished':
      case 'endpoint.changed':
      case 'switch.changed':
        return event;
      default:
        return { ...event, channelId: this.named(event.channelId) };
    }
  }
}
