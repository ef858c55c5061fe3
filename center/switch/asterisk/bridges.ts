import { done, fail, type Result } from '../../../contract/errors.ts';
import type { Clock } from '../../ports.ts';
import type { BridgeId, BridgeInfo, ChannelId } from '../port.ts';
import type { AriClient } from './ari/client.ts';
import type { AriBridge } from './ari/messages.ts';
import type { Channel } from './channel.ts';

const LINGERING_TRIES = 20;
const LINGERING_MS = 25;
const bridgeGone = fail('switch.bridge-gone', 'no such bridge');

type Client = Pick<AriClient, 'createBridge' | 'destroyBridge' | 'addToBridge' | 'removeFromBridge'>;

/** Our bridges in Asterisk and who is in which, in the order in which they came. */
export class Bridges {
  private readonly client: Client;
  private readonly clock: Clock;
  private readonly bridges = new Map<BridgeId, Set<ChannelId>>();
  private readonly onChanged: (bridgeId: BridgeId) => void;

  /** @param onChanged told after Asterisk has let somebody into a bridge, or out */
  constructor(client: Client, clock: Clock, onChanged: (bridgeId: BridgeId) => void) {
    this.client = client;
    this.clock = clock;
    this.onChanged = onChanged;
  }

  has(bridgeId: BridgeId): boolean {
    return this.bridges.has(bridgeId);
  }

  async create(bridgeId: BridgeId): Promise<Result<null>> {
    if (this.bridges.has(bridgeId)) return fail('input.invalid', 'the bridge exists already');
    this.bridges.set(bridgeId, new Set());
    let created = await this.client.createBridge(bridgeId);
    // A former bridge of this id, destroyed a moment ago, may still be letting its last channel out.
    for (let tries = 0; !created.ok && created.error.code === 'input.invalid' && tries < LINGERING_TRIES; tries++) {
      await this.client.destroyBridge(bridgeId);
      await new Promise<void>((resolve) => this.clock.setTimeout(resolve, LINGERING_MS));
      created = await this.client.createBridge(bridgeId);
    }
    if (!created.ok) this.bridges.delete(bridgeId);
    return created;
  }

  /** Asterisk takes the channel out of its former bridge by itself. */
  async join(bridgeId: BridgeId, channel: Channel): Promise<Result<null>> {
    const members = this.bridges.get(bridgeId);
    if (members === undefined) return bridgeGone;
    if (channel.bridgeId === bridgeId && !channel.waits) return done();
    const former = channel.waits ? null : channel.bridgeId;
    // Told before it is true, so that a second command on its way sees it.
    this.move(channel, bridgeId);
    const added = await this.client.addToBridge(bridgeId, channel.id);
    if (!added.ok && channel.bridgeId === bridgeId) this.move(channel, former);
    if (!added.ok && added.error.code === 'switch.bridge-gone') this.bridges.delete(bridgeId);
    this.onChanged(bridgeId);
    if (former !== null) this.onChanged(former);
    return added;
  }

  /** Counts as in the bridge from now on, and is let into it by `join`. */
  async wait(bridgeId: BridgeId, channel: Channel): Promise<Result<null>> {
    if (!this.bridges.has(bridgeId)) return bridgeGone;
    if (channel.bridgeId === bridgeId) return done();
    const left = await this.leave(channel);
    if (!left.ok) return left;
    if (!this.bridges.has(bridgeId)) return bridgeGone;
    this.move(channel, bridgeId);
    channel.waits = true;
    return done();
  }

  async leave(channel: Channel): Promise<Result<null>> {
    const { bridgeId, waits } = channel;
    if (bridgeId === null) return done();
    this.move(channel, null);
    if (waits) return done();
    const removed = await this.client.removeFromBridge(bridgeId, channel.id);
    this.onChanged(bridgeId);
    // A bridge that is gone has let its members out already.
    return removed.ok || removed.error.code === 'switch.bridge-gone' ? done() : removed;
  }

  /** @returns the channels that were in it, alive and apart now */
  async destroy(bridgeId: BridgeId): Promise<Result<ChannelId[]>> {
    const members = this.bridges.get(bridgeId);
    if (members === undefined) return bridgeGone;
    this.bridges.delete(bridgeId);
    const destroyed = await this.client.destroyBridge(bridgeId);
    if (!destroyed.ok && destroyed.error.code !== 'switch.bridge-gone') return destroyed;
    return { ok: true, value: [...members] };
  }

  /** The channel is gone, or in a bridge of others: Asterisk has taken it out of ours by itself. */
  taken(channel: Channel): void {
    const { bridgeId } = channel;
    this.move(channel, null);
    if (bridgeId !== null) this.onChanged(bridgeId);
  }

  /** The one other party in its bridge, where there is one. */
  peerOf({ id, bridgeId }: Channel): ChannelId | null {
    const others = bridgeId === null ? [] : [...(this.bridges.get(bridgeId) ?? [])].filter((member) => member !== id);
    return others.length === 1 ? (others[0] ?? null) : null;
  }

  list(): BridgeInfo[] {
    return [...this.bridges].map(([bridgeId, channels]) => ({ bridgeId, channels: [...channels] }));
  }

  /** They are gone with their Asterisk. */
  forget(): void {
    this.bridges.clear();
  }

  /** What Asterisk says there is, after a lost link or at the start. */
  adopt(found: readonly AriBridge[], channels: ReadonlyMap<ChannelId, Channel>): void {
    const known = new Map([...this.bridges].map(([bridgeId, members]) => [bridgeId, [...members]]));
    const waiting = [...channels.values()].flatMap((channel) => (channel.waits && channel.bridgeId !== null ? [{ channel, bridgeId: channel.bridgeId }] : []));
    this.bridges.clear();
    for (const channel of channels.values()) [channel.bridgeId, channel.waits] = [null, false];
    for (const { id, channels: present } of found) {
      if (present.length === 0 && !known.has(id)) {
        // Nobody's any more, or just on its way out: a bridge of ours never waits for members across a restart.
        void this.client.destroyBridge(id);
        continue;
      }
      // Those we knew keep their order.
      const ordered = [...(known.get(id) ?? []).filter((member) => present.includes(member)), ...present.filter((member) => !(known.get(id) ?? []).includes(member))];
      this.bridges.set(id, new Set());
      for (const member of ordered) {
        const channel = channels.get(member);
        if (channel !== undefined) this.move(channel, id);
      }
    }
    for (const { channel, bridgeId } of waiting) {
      if (channel.bridgeId !== null || !this.bridges.has(bridgeId)) continue;
      this.move(channel, bridgeId);
      channel.waits = true;
    }
  }

  private move(channel: Channel, to: BridgeId | null): void {
    if (channel.bridgeId !== null) this.bridges.get(channel.bridgeId)?.delete(channel.id);
    channel.bridgeId = to;
    channel.waits = false;
    if (to !== null) this.bridges.get(to)?.add(channel.id);
  }
}
