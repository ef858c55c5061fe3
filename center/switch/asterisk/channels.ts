import type { Result } from '../../../contract/errors.ts';
import type { Clock } from '../../ports.ts';
import type { ChannelId, HangUpCause, SwitchEvent } from '../port.ts';
import type { AriClient } from './ari/client.ts';
import type { AriChannel } from './ari/messages.ts';
import { causeOfStatus, q850Of, statusOf } from '../causes.ts';
import { causeOfEnd, causeOfQ850 } from './causes.ts';
import { channelOf, infoOf, isIncoming, isKind, stateOf, type Channel } from './channel.ts';

/** Asterisk tells of a channel's end at once; should it not, the center is told all the same. */
const END_DEADLINE_MS = 2000;
const END_ALL_DEADLINE_MS = 1500;
const END_ALL_POLL_MS = 10;

interface Parts {
  client: AriClient;
  clock: Clock;
  orphanGraceMs: number;
  emit: (event: SwitchEvent) => void;
  isRegistered: (user: string) => boolean;
  /** Settles when a phone can be hung up without missing what it waits to be told. */
  beforeHangUp: (channelId: ChannelId) => Promise<void>;
  /** A channel was answered, at either side. */
  onUp: (channel: Channel) => void;
  /** A channel is gone: whatever belonged to it goes, before the center is told. */
  onGone: (channel: Channel) => void;
}

/**
 * The life of channels, as Asterisk's events tell it and the center's commands shape it:
 *
 *   incoming: StasisStart ─▶ arrived ──answer──▶ up ──┐
 *   outgoing: originate ─▶ dialling ─▶ ringing ─▶ up ─┴─ ChannelDestroyed ─▶ ended
 *
 * A phone that we dial is in our application once it has answered. A call over a trunk is made in it and then dialled,
 * to be heard before it is answered.
 *
 * An event that comes twice, late, or for a channel nobody knows changes nothing.
 */
export class Channels {
  private readonly parts: Parts;
  private readonly channels = new Map<ChannelId, Channel>();
  private absent = new Set<ChannelId>();

  constructor(parts: Parts) {
    this.parts = parts;
  }

  get all(): ReadonlyMap<ChannelId, Channel> {
    return this.channels;
  }

  /** A channel that commands may act on: not one that is being hung up. */
  get(channelId: ChannelId): Channel | undefined {
    const channel = this.channels.get(channelId);
    return channel === undefined || channel.ending !== null ? undefined : channel;
  }

  add(channel: Channel): void {
    this.channels.set(channel.id, channel);
  }

  /** A channel came into our application: a call that came in, or one of ours that was answered. */
  async entered(ari: AriChannel, [kind, ...rest]: string[]): Promise<void> {
    const known = this.channels.get(ari.id);
    if (known !== undefined) {
      if (known.kind === 'to-trunk') known.onEntered();
      else this.answered(known);
      return;
    }
    if (!isKind(kind)) return;
    // Dialled before a restart of the center, and answered only now: nobody waits for it. And what is no SIP call is what
    // Asterisk makes of a redirection (302): whoever we call does not make us call somebody else.
    if (kind === 'to-phone' || kind === 'to-trunk' || !ari.name.startsWith('PJSIP/')) {
      await this.parts.client.hangUp(ari.id, q850Of('cancelled'));
      return;
    }
    const channel = channelOf(ari, kind);
    this.add(channel);
    // An empty list is one empty argument.
    const headerNames = rest.filter((name) => name !== '');
    if (headerNames.length > 0) channel.headers = await this.headersOf(ari.id, headerNames);
    if (this.channels.get(ari.id) !== channel || channel.announced) return;
    channel.announced = true;
    this.parts.emit({ type: 'channel.arrived', channel: infoOf(channel) });
  }

  stateChanged(ari: AriChannel): void {
    const channel = this.channels.get(ari.id);
    if (channel === undefined || channel.state === 'up') return;
    const incoming = isIncoming(channel.kind);
    const state = stateOf(ari.state, incoming);
    if (state === 'ringing' && channel.state === 'dialling') {
      channel.state = 'ringing';
      this.parts.emit({ type: 'channel.ringing', channelId: channel.id });
    }
    // A phone that has answered can be commanded only once it is in our application.
    if (state === 'up' && channel.kind !== 'to-phone') this.answered(channel);
  }

  /** What a channel leads to sends audio before its answer. */
  progressed(channelId: ChannelId): void {
    const channel = this.channels.get(channelId);
    if (channel?.kind !== 'to-trunk' || channel.state === 'up' || channel.progressed || channel.ending !== null) return;
    channel.progressed = true;
    this.parts.emit({ type: 'channel.progressed', channelId });
  }

  answered(channel: Channel): void {
    if (channel.state === 'up') return;
    channel.state = 'up';
    this.stopTimers(channel);
    this.parts.onUp(channel);
    if (channel.ending === null) this.parts.emit({ type: 'channel.answered', channelId: channel.id });
  }

  /** Why Asterisk is about to hang a channel up; its end itself does not say. */
  hangingUp(channelId: ChannelId, cause: number): void {
    const channel = this.channels.get(channelId);
    if (channel !== undefined) channel.hangUpCause = cause;
  }

  /**
   * A channel left our application. Of one that came in that is the last we hear; one of ours is over only when it is
   * destroyed, and its phone free for the next call.
   */
  left(channelId: ChannelId): void {
    const channel = this.channels.get(channelId);
    if (channel !== undefined && isIncoming(channel.kind)) this.end(channel, this.causeOf(channel, channel.hangUpCause, 0));
  }

  /** ChannelDestroyed. @param techCause SIP status of an INVITE that was refused */
  destroyed(channelId: ChannelId, cause: number, techCause: number): void {
    const channel = this.channels.get(channelId);
    if (channel !== undefined) this.end(channel, this.causeOf(channel, cause, techCause));
  }

  /** Ends it from our side; the far end is told in the way its state allows. */
  async hangUp(channel: Channel, cause: HangUpCause): Promise<Result<null>> {
    channel.ending = cause;
    this.stopTimers(channel);
    channel.cancelTimers.push(this.parts.clock.setTimeout(() => this.end(channel, cause), END_DEADLINE_MS));
    const { client } = this.parts;
    await this.parts.beforeHangUp(channel.id);
    const refused = channel.state === 'incoming' && !channel.answering;
    // Q.850 causes lead to a few SIP statuses only; the dialplan can send any.
    const hung = await (refused ? client.continueAt(channel.id, 'sangdam-refuse', String(statusOf(cause))) : client.hangUp(channel.id, q850Of(cause)));
    if (!hung.ok && hung.error.code === 'switch.channel-gone') this.end(channel, cause);
    return { ok: true, value: null };
  }

  /** Hangs up whatever there is and waits, not for long, until Asterisk has. */
  async endAll(): Promise<void> {
    const { clock } = this.parts;
    const all = [...this.channels.values()];
    await Promise.all(all.filter(({ ending }) => ending === null).map((channel) => this.hangUp(channel, 'normal')));
    const deadline = clock.monotonic() + END_ALL_DEADLINE_MS;
    while (this.channels.size > 0 && clock.monotonic() < deadline) await new Promise<void>((resolve) => clock.setTimeout(resolve, END_ALL_POLL_MS));
    for (const channel of this.channels.values()) this.end(channel, channel.ending ?? 'normal');
  }

  /** Rings no longer than that. */
  limitRinging(channel: Channel, ringTimeoutMs: number): void {
    if (channel.ending === null && channel.state !== 'up') channel.cancelTimers.push(this.parts.clock.setTimeout(() => void this.hangUp(channel, 'noAnswer'), ringTimeoutMs));
  }

  /** A phone's last registration is gone: its calls are, unless it comes back in time. */
  phoneLost(user: string): void {
    for (const channel of this.channels.values()) {
      if (channel.resource !== user || channel.kind === 'trunk' || channel.ending !== null) continue;
      if (channel.state !== 'up') void this.hangUp(channel, channel.state === 'incoming' ? 'networkLost' : 'unreachable');
      else channel.cancelTimers.push(this.parts.clock.setTimeout(() => void this.endIfLost(channel), this.parts.orphanGraceMs));
    }
  }

  /** Ends channels that Asterisk did not list twice running: their end was missed. */
  compare(present: ReadonlySet<ChannelId>): void {
    const absent = [...this.channels.values()].filter(({ id }) => !present.has(id));
    for (const channel of absent) if (this.absent.has(channel.id)) this.end(channel, this.causeOf(channel, channel.hangUpCause, 0));
    this.absent = new Set(absent.map(({ id }) => id));
  }

  phoneBack(user: string): void {
    for (const channel of this.channels.values()) if (channel.resource === user && channel.state === 'up') this.stopTimers(channel);
  }

  end(channel: Channel, cause: HangUpCause): void {
    if (this.channels.get(channel.id) !== channel) return;
    this.channels.delete(channel.id);
    channel.ending ??= cause;
    this.stopTimers(channel);
    channel.onEntered();
    this.parts.onGone(channel);
    if (channel.announced) this.parts.emit({ type: 'channel.ended', channelId: channel.id, cause });
  }

  /** These are gone with their Asterisk. The center is told of all at once, lest it take one party's end for a hang-up. */
  lose(lost: readonly Channel[]): void {
    const channelIds = lost.filter(({ announced, ending }) => announced && ending === null).map(({ id }) => id);
    if (channelIds.length > 0) this.parts.emit({ type: 'channels.lost', channelIds });
    for (const channel of lost) this.end(channel, channel.ending ?? 'networkLost');
  }

  private async endIfLost(channel: Channel): Promise<void> {
    if (channel.ending === null && this.channels.get(channel.id) === channel && !this.parts.isRegistered(channel.resource)) await this.hangUp(channel, 'networkLost');
  }

  private causeOf(channel: Channel, cause: number, techCause: number): HangUpCause {
    if (channel.ending !== null) return channel.ending;
    if (channel.state === 'up') return causeOfEnd(cause);
    if (channel.state === 'incoming') return 'cancelled';
    return techCause >= 300 ? causeOfStatus(techCause) : causeOfQ850(cause);
  }

  private async headersOf(channelId: ChannelId, names: string[]): Promise<Record<string, string>> {
    const found: Record<string, string> = {};
    await Promise.all(names.map(async (name) => {
      const value = await this.parts.client.channelVariable(channelId, `PJSIP_HEADER(read,${name})`);
      if (value.ok && value.value !== '') found[name.toLowerCase()] = value.value;
    }));
    return found;
  }

  private stopTimers(channel: Channel): void {
    for (const cancel of channel.cancelTimers.splice(0)) cancel();
  }
}
