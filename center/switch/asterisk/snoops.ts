import { done, fail, type Result } from '../../../contract/errors.ts';
import type { Clock } from '../../ports.ts';
import type { BridgeId, ChannelId, SnoopId, SnoopRequest, SwitchEvent } from '../port.ts';
import type { AriClient } from './ari/client.ts';
import type { AriBridge, AriChannel } from './ari/messages.ts';
import type { Channel } from './channel.ts';
import { q850Of } from '../causes.ts';

/** First argument of our Stasis application on a snoop channel, and the name of the bridges they are in. */
export const SNOOP = 'snoop';
export const SNOOP_BRIDGE = 'sangdam-snoop';
/** Asterisk has a snoop channel in our application within a few milliseconds. */
const ENTER_DEADLINE_MS = 2000;

/** Asterisk lets go of a snoop channel's hooks with the next frame of its target. */
const UNHOOK_MS = 100;

interface Snoop {
  snoopId: SnoopId;
  listener: Channel;
  target: Channel;
  whispering: boolean;
  /** The listener hears. */
  begun: boolean;
  over: boolean;
  /** The snoop channel of Asterisk; null while there is none. */
  ear: Ear | null;
}

interface Ear {
  id: ChannelId;
  /** Settles when the channel is in our application, or will not come. */
  entered: PromiseWithResolvers<void>;
  /** It can be told whether it whispers; before, it will be by what the snoop says then. */
  isIn: boolean;
}

interface Parts {
  client: Pick<AriClient, 'snoop' | 'createBridge' | 'addToBridge' | 'destroyBridge' | 'hangUp' | 'mute' | 'unmute' | 'subscribe'>;
  clock: Clock;
  app: string;
  emit: (event: SwitchEvent) => void;
  /** The listener is in no bridge of the center's any more, and hears nothing else. */
  take: (listener: Channel) => void;
  /** Whether somebody listens to the channel, and may whisper. */
  listened: (target: Channel, listened: boolean) => void;
  /** The one other party in its bridge, where there is one. */
  peerOf: (target: Channel) => ChannelId | null;
}

const channelGone = fail('switch.channel-gone', 'who listens or is listened to is gone');
const noSnoop = fail('not-found', 'no such snoop');

const bridgeOf = (snoopId: SnoopId): string => `${SNOOP}-${snoopId}`;

/**
 * Who listens in on whom. Asterisk's snoop channel hears its target and whispers to it; with the listener it is in a
 * bridge of its own. A snoop channel's directions are fixed when it is made, so each may whisper and is muted towards
 * its target where it shall not: whispering begins and ends without a gap.
 *
 *   snoop ─▶ POST snoop, POST bridge ─▶ StasisStart ─▶ muted ─▶ both in the bridge ─▶ … ─▶ snoop channel hung up,
 *                                                                        ▲   │             bridge destroyed: over
 *                                                        made anew ──────┘   └──▶ the target has another partner
 *
 * Asterisk's hooks on a channel grow deaf to what it is sent when its partner in a bridge of two gives way to one whose
 * RTP counts lower, and stay so until the last hook is off. So all snoop channels of a target are made anew then.
 */
export class Snoops {
  private readonly parts: Parts;
  private readonly snoops = new Map<SnoopId, Snoop>();
  /** The last partner that a target's hooks have heard. */
  private readonly partners = new Map<Channel, ChannelId | null>();
  /** Targets whose snoop channels are being made anew. */
  private readonly renewing = new Set<Channel>();
  private next = 1;

  constructor(parts: Parts) {
    this.parts = parts;
  }

  isListening(channel: Channel): boolean {
    return this.of(channel) !== undefined;
  }

  async start({ snoopId, whispering }: SnoopRequest, listener: Channel, target: Channel): Promise<Result<null>> {
    if (listener === target || this.snoops.has(snoopId)) return fail('input.invalid', 'a channel of its own, and an id of its own');
    const snoop: Snoop = { snoopId, listener, target, whispering, begun: false, over: false, ear: null };
    this.snoops.set(snoopId, snoop);
    const begun = await this.begin(snoop);
    if (begun.ok) return begun;
    // Its own bridge goes with it, and is what a step that came too late misses.
    if (snoop.over) return channelGone;
    this.end(snoop);
    return begun;
  }

  async setWhispering(snoopId: SnoopId, whispering: boolean): Promise<Result<null>> {
    const snoop = this.snoops.get(snoopId);
    if (snoop === undefined) return noSnoop;
    snoop.whispering = whispering;
    const set = snoop.ear?.isIn === true ? await this.whisper(snoop.ear, whispering) : done();
    return !set.ok && snoop.over ? noSnoop : set;
  }

  stop(snoopId: SnoopId): void {
    const snoop = this.snoops.get(snoopId);
    if (snoop !== undefined) this.end(snoop);
  }

  /** The listener goes elsewhere. */
  release(listener: Channel): void {
    for (const snoop of this.snoops.values()) if (snoop.listener === listener) this.end(snoop);
  }

  /** A channel is gone, whether it listened or was listened to. */
  channelEnded(channel: Channel): void {
    for (const snoop of this.snoops.values()) if (snoop.listener === channel || snoop.target === channel) this.end(snoop);
  }

  /** Somebody came into a bridge, or left it. */
  bridgeChanged(bridgeId: BridgeId): void {
    for (const [target, known] of this.partners) {
      const partner = target.bridgeId === bridgeId ? this.parts.peerOf(target) : null;
      if (partner === null || partner === known) continue;
      this.partners.set(target, partner);
      if (known !== null) void this.renew(target);
    }
  }

  /** A snoop channel came into our application; one that nobody asked for, or no more, goes. */
  entered(id: ChannelId): void {
    const ear = this.withEar(id)?.ear;
    if (ear === undefined || ear === null) void this.parts.client.hangUp(id, q850Of('normal'));
    else {
      ear.isIn = true;
      ear.entered.resolve();
    }
  }

  /** A channel left our application or is no more: where it is a snoop channel, its target may have gone unnoticed. */
  left(id: ChannelId): void {
    const snoop = this.withEar(id);
    if (snoop !== undefined) this.end(snoop);
  }

  /** Brings what we know into line with what Asterisk has: what a center before us left is cleared away. */
  adopt(channels: readonly AriChannel[], bridges: readonly AriBridge[]): void {
    const { client, app } = this.parts;
    const present = new Set(channels.map(({ id }) => id));
    for (const snoop of this.snoops.values()) if (snoop.ear !== null && !present.has(snoop.ear.id)) this.end(snoop);
    for (const { id } of channels.filter((channel) => isSnoop(channel, app))) {
      // The application forgot what it listened to when its socket went.
      if (this.withEar(id) !== undefined) void client.subscribe(app, `channel:${id}`);
      else void client.hangUp(id, q850Of('normal'));
    }
    const own = new Set([...this.snoops.keys()].map(bridgeOf));
    for (const { id } of bridges.filter(isSnoopBridge)) if (!own.has(id)) void client.destroyBridge(id);
  }

  private async begin(snoop: Snoop): Promise<Result<null>> {
    const { client, take, listened, peerOf } = this.parts;
    const { snoopId, listener, target } = snoop;
    const [hooked, bridged] = await Promise.all([this.hook(snoop), client.createBridge(bridgeOf(snoopId), SNOOP_BRIDGE)]);
    if (!hooked.ok || !bridged.ok) return hooked.ok ? bridged : hooked;
    const joined = await this.join(snoop);
    if (!joined.ok) return joined;
    const former = this.of(listener);
    take(listener);
    const heard = await client.addToBridge(bridgeOf(snoopId), listener.id);
    if (former !== undefined) this.end(former);
    if (snoop.over) return channelGone;
    snoop.begun = heard.ok;
    if (!heard.ok) return heard;
    if (!this.partners.has(target)) this.partners.set(target, peerOf(target));
    listened(target, true);
    return heard;
  }

  /** Makes a snoop channel, which nobody is heard through yet unless they shall be. */
  private async hook(snoop: Snoop): Promise<Result<null>> {
    const { client, clock, app } = this.parts;
    const ear: Ear = { id: `${SNOOP}-${snoop.snoopId}-${this.next++}`, entered: Promise.withResolvers(), isIn: false };
    snoop.ear = ear;
    const cancel = clock.setTimeout(ear.entered.resolve, ENTER_DEADLINE_MS);
    const made = await client.snoop(snoop.target.id, ear.id, { spy: 'both', whisper: 'out', app, appArgs: SNOOP });
    if (made.ok) await ear.entered.promise;
    cancel();
    if (snoop.over) return channelGone;
    return made.ok && !snoop.whispering ? this.whisper(ear, false) : made;
  }

  private async join({ snoopId, ear, over }: Snoop): Promise<Result<null>> {
    return ear === null || over ? channelGone : this.parts.client.addToBridge(bridgeOf(snoopId), ear.id);
  }

  private async renew(target: Channel): Promise<void> {
    const { client, clock } = this.parts;
    if (this.renewing.has(target)) return;
    this.renewing.add(target);
    const own = [...this.snoops.values()].filter((snoop) => snoop.target === target && snoop.begun);
    const ears = own.flatMap(({ ear }) => (ear === null ? [] : [ear.id]));
    for (const snoop of own) snoop.ear = null;
    await Promise.all(ears.map((id) => client.hangUp(id, q850Of('normal'))));
    await new Promise<void>((resolve) => clock.setTimeout(resolve, UNHOOK_MS));
    this.renewing.delete(target);
    const partner = this.partners.get(target);
    await Promise.all(own.map(async (snoop) => {
      if (snoop.over) return;
      const hooked = await this.hook(snoop);
      const joined = hooked.ok ? await this.join(snoop) : hooked;
      if (!joined.ok) this.end(snoop);
    }));
    // The partner has changed once more while they were made.
    if (this.partners.has(target) && this.partners.get(target) !== partner) void this.renew(target);
  }

  private whisper({ id }: Ear, whispering: boolean): Promise<Result<null>> {
    const { client } = this.parts;
    return whispering ? client.unmute(id, 'out') : client.mute(id, 'out');
  }

  private of(listener: Channel): Snoop | undefined {
    for (const snoop of this.snoops.values()) if (snoop.listener === listener && snoop.begun) return snoop;
    return undefined;
  }

  private withEar(id: ChannelId): Snoop | undefined {
    for (const snoop of this.snoops.values()) if (snoop.ear?.id === id) return snoop;
    return undefined;
  }

  private end(snoop: Snoop): void {
    if (snoop.over) return;
    snoop.over = true;
    this.snoops.delete(snoop.snoopId);
    const { client, emit, listened } = this.parts;
    if (snoop.ear !== null) {
      snoop.ear.entered.resolve();
      void client.hangUp(snoop.ear.id, q850Of('normal'));
    }
    void client.destroyBridge(bridgeOf(snoop.snoopId));
    const isListenedTo = [...this.snoops.values()].some(({ target, begun }) => target === snoop.target && begun);
    if (!isListenedTo) this.partners.delete(snoop.target);
    listened(snoop.target, isListenedTo);
    if (snoop.begun) emit({ type: 'snoop.ended', snoopId: snoop.snoopId, channelId: snoop.listener.id });
  }
}

const isSnoop = ({ dialplan }: AriChannel, app: string): boolean => dialplan.app_name === 'Stasis' && dialplan.app_data === `${app},${SNOOP}`;
const isSnoopBridge = ({ name }: AriBridge): boolean => name === SNOOP_BRIDGE;
