import { randomUUID } from 'node:crypto';
import type { IncomingInviteRequest } from 'sip.js/lib/core/index.js';
import { done, fail, type Disposer, type Result } from '../../../contract/errors.ts';
import type { Clock } from '../../ports.ts';
import type { SwitchLogger } from '../logger.ts';
import type { ChannelId, Destination, EndpointRecord, HangUpCause, OriginateRequest, SwitchEvent } from '../port.ts';
import { checkOriginate, headerLine } from '../text.ts';
import { Channel, type ChannelParts } from './channel.ts';
import type { Trunk } from './index.ts';
import { ChannelMedia } from './media/channel-media.ts';
import type { Ticker } from './media/ticker.ts';
import type { SipConnection } from './sip/connection.ts';
import type { Registrar } from './sip/registrar.ts';
import type { SipServer } from './sip/server.ts';
import { ownHeaders, parseReplaces } from './sip/text.ts';
import type { Transfers } from './transfers.ts';

const DEFAULT_ORPHAN_GRACE_MS = 30_000;
const DEFAULT_MEDIA_TIMEOUT_MS = 60_000;

interface Parts {
  server: SipServer;
  registrar: Registrar;
  transfers: Transfers;
  ticker: Ticker;
  clock: Clock;
  logger: SwitchLogger;
  mediaAddress: string;
  trunk: Trunk;
  orphanGraceMs?: number;
  mediaTimeoutMs?: number;
  emit: (event: SwitchEvent) => void;
  onError: (error: unknown, doing: string) => void;
  /** A key was pressed: it is for whoever the channel talks to, too. */
  onDigit: (channel: Channel, digit: string) => void;
  /** A channel is gone: whatever belonged to it goes, before the center is told. */
  onGone: (channel: Channel) => void;
}

/** The channels of the switch, from the INVITE that makes them to the event that ends them. */
export class Channels {
  private readonly parts: Parts;
  private readonly channels = new Map<ChannelId, Channel>();
  private cancelWatch: Disposer = () => {};

  constructor(parts: Parts) {
    this.parts = parts;
  }

  get all(): ReadonlyMap<ChannelId, Channel> {
    return this.channels;
  }

  get(channelId: ChannelId): Channel | undefined {
    return this.channels.get(channelId);
  }

  /** Calls a registered phone; one that is not there, or no such number, is an event like any other outcome. */
  async dial(request: OriginateRequest): Promise<Result<null>> {
    const { channelId, callerNumber, callerName, destination, headers = {} } = request;
    if (this.channels.has(channelId)) return fail('input.invalid', 'the channel exists already');
    const allowed = checkOriginate(request);
    if (!allowed.ok) return allowed;
    const user = this.userAt(destination);
    const binding = user === null ? undefined : this.parts.registrar.binding(user);
    if (user === null || binding === undefined) {
      const cause: HangUpCause = user === null ? 'unknownNumber' : 'unreachable';
      setImmediate(() => this.parts.emit({ type: 'channel.ended', channelId, cause }));
      return done();
    }
    const endpoint = destination.kind === 'endpoint' ? user : null;
    const identity = { channelId, endpoint, user, callerNumber, callerName, dialled: '', headers };
    const channel = Channel.dialling(identity, binding.connection, this.channelParts(channelId));
    this.channels.set(channelId, channel);
    const lines = Object.entries(headers).map(([name, value]) => headerLine(name, value)).filter((line) => line !== null);
    await channel.dial(binding.contact, lines, request.ringTimeoutMs);
    return done();
  }

  /** An INVITE outside of a dialog, of who has proved to be `account`: a new channel. */
  invited(request: IncomingInviteRequest, connection: SipConnection, account: EndpointRecord): void {
    const { message } = request;
    // Replacing a dialog by INVITE is for phones that talk to each other; here REFER does it (RFC 3891 §3).
    const replaces = message.getHeader('replaces');
    if (replaces !== undefined) {
      request.reject({ statusCode: this.channelNamed(replaces) === null ? 481 : 603 });
      return;
    }
    const channelId = randomUUID();
    const { user, callerNumber, displayName } = account;
    const identity = { channelId, endpoint: user, user, callerNumber, callerName: displayName, dialled: message.ruri?.user ?? '', headers: ownHeaders(message) };
    const channel = Channel.arrived(request, identity, connection, this.channelParts(channelId));
    this.channels.set(channelId, channel);
    this.parts.logger.info({ channelId, endpoint: user }, 'channel arrived');
    this.parts.emit({ type: 'channel.arrived', channel: channel.info });
  }

  /** The channel whose dialog a Replaces value names. */
  channelNamed(replaces: string): Channel | null {
    const name = parseReplaces(replaces);
    const owner = name === null ? undefined : this.parts.server.ownerOf(name.callId, name.toTag, name.fromTag);
    return owner instanceof Channel ? owner : null;
  }

  /** Keys for the phone at the far end. */
  pressKeys(channel: Channel, digits: string): void {
    if (channel.sendDigits(digits) === 'sent') return;
    const stop = this.parts.ticker.onTick(() => {
      if (!channel.media.leg.tickDigits()) stop();
    });
  }

  /** A phone registered anew: its calls go on over that connection, should theirs be gone. */
  registered(user: string, connection: SipConnection): void {
    for (const channel of this.channels.values()) if (channel.identity.user === user) channel.registeredOn(connection);
  }

  connectionClosed(connection: SipConnection): void {
    for (const channel of this.channels.values()) channel.connectionClosed(connection);
  }

  /** Ends calls whose far end has fallen silent for good though its socket lives. */
  watchMedia(): void {
    const timeoutMs = this.parts.mediaTimeoutMs ?? DEFAULT_MEDIA_TIMEOUT_MS;
    this.cancelWatch = this.parts.clock.setTimeout(() => {
      for (const channel of this.channels.values()) {
        if (channel.isUp && channel.media.leg.silentMs > timeoutMs) channel.hangUp('networkLost');
      }
      this.watchMedia();
    }, timeoutMs / 4);
  }

  stop(): void {
    this.cancelWatch();
    for (const channel of this.channels.values()) channel.hangUp('normal');
  }

  private userAt(destination: Destination): string | null {
    return destination.kind === 'endpoint' ? destination.user : (this.parts.trunk(destination.number)?.user ?? null);
  }

  private channelParts(channelId: ChannelId): ChannelParts {
    const { server, clock, mediaAddress, orphanGraceMs = DEFAULT_ORPHAN_GRACE_MS, emit, onError, onDigit, transfers } = this.parts;
    return {
      server,
      clock,
      media: new ChannelMedia({ address: mediaAddress, monotonic: () => performance.now(), onError }),
      orphanGraceMs,
      onError,
      listener: {
        ringing: () => emit({ type: 'channel.ringing', channelId }),
        progressed: () => emit({ type: 'channel.progressed', channelId }),
        answered: () => emit({ type: 'channel.answered', channelId }),
        ended: (cause) => this.ended(channelId, cause),
        held: () => emit({ type: 'channel.held', channelId }),
        resumed: () => emit({ type: 'channel.resumed', channelId }),
        digit: (digit) => {
          emit({ type: 'channel.digit', channelId, digit });
          const channel = this.channels.get(channelId);
          if (channel !== undefined) onDigit(channel, digit);
        },
        mute: (progress) => this.parts.logger.warn({ channelId, endpoint: this.channels.get(channelId)?.identity.endpoint, media: progress }, 'an answered channel has no media'),
        referred: (request) => {
          const channel = this.channels.get(channelId);
          if (channel === undefined) request.reject({ statusCode: 481 });
          else transfers.asked(channel, request);
        },
      },
    };
  }

  private ended(channelId: ChannelId, cause: HangUpCause): void {
    const channel = this.channels.get(channelId);
    this.channels.delete(channelId);
    if (channel !== undefined) this.parts.onGone(channel);
    this.parts.logger.info({ channelId, cause }, 'channel ended');
    this.parts.emit({ type: 'channel.ended', channelId, cause });
  }
}
