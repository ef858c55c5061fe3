import { done, fail, type Result } from '../../../contract/errors.ts';
import type { Clock } from '../../ports.ts';
import type { SnoopId, SnoopRequest, SwitchEvent } from '../port.ts';
import type { AriClient } from './ari/client.ts';
import type { AriBridge, AriChannel } from './ari/messages.ts';
import type { Channel } from './channel.ts';
import { q850Of } from '../causes.ts';

/** First argument of our Stasis application on a snoop channel, and the name of the bridges they are in. */
export const SNOOP = 'snoop';
export const SNOOP_BRIDGE = 'sangdam-snoop';
/** Asterisk has a snoop channel in our application within a few milliseconds. */
const ENTER_DEADLINE_MS = 2000;

interface Snoop {
  snoopId: SnoopId;
  listener: Channel;
  target: Channel;
  /** The listener hears. */
  begun: boolean;
  over: boolean;
  /** Settles when the snoop channel is in our application, or will not come. */
  entered: PromiseWithResolvers<void>;
}

interface Parts {
  client: AriClient;
  clock: Clock;
  app: string;
  emit: (event: SwitchEvent) => void;
  /** The listener is in no bridge of the center's any more, and hears nothing else. */
  take: (listener: Channel) => void;
  /** Whether somebody listens to the channel, and may whisper. */
  listened: (target: Channel, listened: boolean) => void;
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
 *                                                                                       bridge destroyed: over
 */
export class Snoops {
  private readonly parts: Parts;
  private readonly snoops = new Map<SnoopId, Snoop>();

  constructor(parts: Parts) {
    this.parts = parts;
  }

  isListening(channel: Channel): boolean {
    return this.of(channel) !== undefined;
  }

  async start({ snoopId, whispering }: SnoopRequest, listener: Channel, target: Channel): Promise<Result<null>> {
    if (listener === target || this.snoops.has(snoopId)) return fail('input.invalid', 'a channel of its own, and an id of its own');
    const snoop: Snoop = { snoopId, listener, target, begun: false, over: false, entered: Promise.withResolvers() };
    this.snoops.set(snoopId, snoop);
    const begun = await this.begin(snoop, whispering);
    if (!begun.ok) this.end(snoop);
    return begun;
  }

  async setWhispering(snoopId: SnoopId, whispering: boolean): Promise<Result<null>> {
    const snoop = this.snoops.get(snoopId);
    if (snoop === undefined) return noSnoop;
    const set = await this.whisper(snoopId, whispering);
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

  /** A snoop channel came into our application; one that nobody asked for, or no more, goes. */
  entered(id: string): void {
    const snoop = this.snoops.get(id);
    if (snoop === undefined) void this.parts.client.hangUp(id, q850Of('normal'));
    else snoop.entered.resolve();
  }

  /** A channel left our application or is no more: where it is a snoop channel, its target may have gone unnoticed. */
  left(id: string): void {
    const snoop = this.snoops.get(id);
    if (snoop !== undefined) this.end(snoop);
  }

  /** Brings what we know into line with what Asterisk has: what a center before us left is cleared away. */
  adopt(channels: readonly AriChannel[], bridges: readonly AriBridge[]): void {
    const present = new Set(channels.map(({ id }) => id));
    for (const snoop of this.snoops.values()) if (!present.has(snoop.snoopId)) this.end(snoop);
    for (const { id } of channels.filter((channel) => isSnoop(channel, this.parts.app))) {
      // The application forgot what it listened to when its socket went.
      if (this.snoops.has(id)) void this.parts.client.subscribe(this.parts.app, `channel:${id}`);
      else void this.parts.client.hangUp(id, q850Of('normal'));
    }
    const own = new Set([...this.snoops.keys()].map(bridgeOf));
    for (const { id } of bridges.filter(isSnoopBridge)) if (!own.has(id)) void this.parts.client.destroyBridge(id);
  }

  private async begin(snoop: Snoop, whispering: boolean): Promise<Result<null>> {
    const { client, clock, app, take } = this.parts;
    const { snoopId, listener, target } = snoop;
    const bridgeId = bridgeOf(snoopId);
    const cancel = clock.setTimeout(snoop.entered.resolve, ENTER_DEADLINE_MS);
    const [made, bridged] = await Promise.all([
      client.snoop(target.id, snoopId, { spy: 'both', whisper: 'out', app, appArgs: SNOOP }),
      client.createBridge(bridgeId, SNOOP_BRIDGE),
    ]);
    if (made.ok) await snoop.entered.promise;
    cancel();
    if (!made.ok || !bridged.ok) return made.ok ? bridged : made;
    // Before anybody can be heard through it.
    const silenced = whispering ? done() : await this.whisper(snoopId, false);
    const joined = silenced.ok ? await client.addToBridge(bridgeId, snoopId) : silenced;
    if (snoop.over || !joined.ok) return snoop.over ? channelGone : joined;
    const former = this.of(listener);
    take(listener);
    const heard = await client.addToBridge(bridgeId, listener.id);
    if (former !== undefined) this.end(former);
    if (snoop.over) return channelGone;
    snoop.begun = heard.ok;
    if (heard.ok) this.parts.listened(target, true);
    return heard;
  }

  private whisper(snoopId: SnoopId, whispering: boolean): Promise<Result<null>> {
    const { client } = this.parts;
    return whispering ? client.unmute(snoopId, 'out') : client.mute(snoopId, 'out');
  }

  private of(listener: Channel): Snoop | undefined {
    for (const snoop of this.snoops.values()) if (snoop.listener === listener && snoop.begun) return snoop;
    return undefined;
  }

  private end(snoop: Snoop): void {
    if (snoop.over) return;
    snoop.over = true;
    this.snoops.delete(snoop.snoopId);
    snoop.entered.resolve();
    const { client, emit, listened } = this.parts;
    void client.hangUp(snoop.snoopId, q850Of('normal'));
    void client.destroyBridge(bridgeOf(snoop.snoopId));
    listened(snoop.target, [...this.snoops.values()].some(({ target, begun }) => target === snoop.target && begun));
    if (snoop.begun) emit({ type: 'snoop.ended', snoopId: snoop.snoopId, channelId: snoop.listener.id });
  }
}

const isSnoop = ({ dialplan }: AriChannel, app: string): boolean => dialplan.app_name === 'Stasis' && dialplan.app_data === `${app},${SNOOP}`;
const isSnoopBridge = ({ name }: AriBridge): boolean => name === SNOOP_BRIDGE;
