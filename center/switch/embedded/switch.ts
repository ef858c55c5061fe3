import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { IncomingInviteRequest } from 'sip.js/lib/core/index.js';
import { done, fail, ok, type Disposer, type Result } from '../../../contract/errors.ts';
import type { Clock } from '../../ports.ts';
import type {
  BridgeId,
  BridgeInfo,
  ChannelId,
  ChannelInfo,
  Destination,
  EndpointRecord,
  HangUpCause,
  OriginateRequest,
  PlaybackId,
  RecordingId,
  Sound,
  SwitchEvent,
  TransferId,
} from '../port.ts';
import { Announcements } from './announcements.ts';
import { Bridges } from './bridges.ts';
import { Channel, type ChannelParts } from './channel.ts';
import type { EmbeddedSwitchOptions, EmbeddedSwitchServer } from './index.ts';
import { ChannelMedia } from './media/channel-media.ts';
import { isDigit } from './media/dtmf.ts';
import { Ticker } from './media/ticker.ts';
import { Playout } from './playout.ts';
import type { SipConnection } from './sip/connection.ts';
import { Registrar } from './sip/registrar.ts';
import { SipServer } from './sip/server.ts';
import { headerLine, isUriUser, ownHeaders, parseReplaces } from './sip/text.ts';
import { Transfers, type TransferProgress } from './transfers.ts';

const DEFAULT_DOMAIN = 'sangdam.local';
const DEFAULT_ORPHAN_GRACE_MS = 30_000;
const DEFAULT_MEDIA_TIMEOUT_MS = 60_000;
const MAX_DIGITS = 64;
const channelGone = fail('switch.channel-gone', 'no such channel');

const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimeout: (run, delayMs) => {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

/** The engine: owns all channels, and says in events what happens to them. */
export class EmbeddedSwitch implements EmbeddedSwitchServer {
  private readonly options: EmbeddedSwitchOptions;
  private readonly clock: Clock;
  private readonly server: SipServer;
  private readonly registrar: Registrar;
  private readonly ticker: Ticker;
  private readonly playout: Playout;
  private readonly bridges: Bridges;
  private readonly channels = new Map<ChannelId, Channel>();
  private readonly transfers: Transfers;
  private readonly listeners = new Set<(event: SwitchEvent) => void>();
  private running = false;
  private cancelWatch: Disposer = () => {};

  constructor(options: EmbeddedSwitchOptions) {
    this.options = options;
    this.clock = options.clock ?? systemClock;
    const onError = (error: unknown, doing: string): void => this.report(error, doing);
    const emit = (event: SwitchEvent): void => this.emit(event);
    const domain = options.domain ?? DEFAULT_DOMAIN;
    this.ticker = new Ticker(() => performance.now(), (error) => onError(error, 'mixing'));
    this.playout = new Playout({ ticker: this.ticker, announcements: new Announcements(options.announcementsDir), emit });
    this.bridges = new Bridges({ ticker: this.ticker, emit, onError });
    this.transfers = new Transfers({ emit, channelNamed: (replaces) => this.channelNamed(replaces) });
    this.registrar = new Registrar({
      realm: domain,
      clock: this.clock,
      onChanged: (user, registered) => this.endpointChanged(user, registered),
    });
    this.server = new SipServer({
      domain,
      now: () => this.clock.monotonic(),
      onRegister: (request, connection) => this.registrar.register(request, connection),
      onInvite: (request, connection) => this.invited(request, connection),
      onConnectionClosed: (connection) => this.connectionClosed(connection),
      onRefused: (why) => options.logger.info({ why }, 'sip message refused'),
      onError,
    });
  }

  get available(): boolean {
    return this.running;
  }

  /** A switch that was stopped stays stopped: make another. */
  async start(): Promise<void> {
    if (this.running) return;
    this.running = true;
    this.watchMedia();
    this.emit({ type: 'switch.changed', available: true });
  }

  async stop(): Promise<void> {
    if (!this.running) return;
    this.running = false;
    this.cancelWatch();
    for (const channel of this.channels.values()) channel.hangUp('normal');
    await this.bridges.stop();
    this.registrar.clear();
    this.server.stop();
    this.ticker.stop();
    this.emit({ type: 'switch.changed', available: false });
    this.listeners.clear();
  }

  onEvent(listener: (event: SwitchEvent) => void): Disposer {
    const own = (event: SwitchEvent): void => listener(event);
    this.listeners.add(own);
    return () => this.listeners.delete(own);
  }

  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (this.running) this.server.handleUpgrade(request, socket, head);
    else socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
  }

  async putEndpoint(endpoint: EndpointRecord): Promise<Result<null>> {
    if (!isUriUser(endpoint.user) || !isUriUser(endpoint.callerNumber)) return fail('input.invalid', 'a user or number no SIP URI can have');
    this.registrar.put(endpoint);
    return done();
  }

  async removeEndpoint(user: string): Promise<Result<null>> {
    this.registrar.remove(user);
    return done();
  }

  isRegistered(user: string): boolean {
    return this.registrar.binding(user) !== undefined;
  }

  async originate(request: OriginateRequest): Promise<Result<null>> {
    if (!this.running) return fail('switch.unavailable', 'the switch is stopped');
    if (this.channels.has(request.channelId)) return fail('input.invalid', 'the channel exists already');
    if (!isUriUser(request.callerNumber)) return fail('input.invalid', 'a caller number no SIP URI can have');
    const lines = Object.entries(request.headers ?? {}).map(([name, value]) => headerLine(name, value));
    const headers = lines.filter((line) => line !== null);
    if (headers.length !== lines.length) return fail('input.invalid', 'headers must be X-Sangdam-* on one line');
    const user = this.userAt(request.destination);
    const binding = user === null ? undefined : this.registrar.binding(user);
    if (user === null || binding === undefined) {
      const cause: HangUpCause = user === null ? 'unknownNumber' : 'unreachable';
      setImmediate(() => this.emit({ type: 'channel.ended', channelId: request.channelId, cause }));
      return done();
    }
    const { channelId, callerNumber, callerName, destination } = request;
    const endpoint = destination.kind === 'endpoint' ? user : null;
    const identity = { channelId, endpoint, user, callerNumber, callerName, dialled: '', headers: request.headers ?? {} };
    const channel = Channel.dialling(identity, binding.connection, this.channelParts(channelId));
    this.channels.set(channelId, channel);
    await channel.dial(binding.contact, headers, request.ringTimeoutMs);
    return done();
  }

  async ring(channelId: ChannelId): Promise<Result<null>> {
    return this.channels.get(channelId)?.ring() ?? channelGone;
  }

  async answer(channelId: ChannelId): Promise<Result<null>> {
    return (await this.channels.get(channelId)?.answer()) ?? channelGone;
  }

  async hangUp(channelId: ChannelId, cause: HangUpCause): Promise<Result<null>> {
    const channel = this.channels.get(channelId);
    if (channel === undefined) return channelGone;
    channel.hangUp(cause);
    return done();
  }

  async createBridge(bridgeId: BridgeId): Promise<Result<null>> {
    return this.bridges.create(bridgeId);
  }

  async joinBridge(bridgeId: BridgeId, channelId: ChannelId): Promise<Result<null>> {
    const channel = this.channels.get(channelId);
    if (channel === undefined || !channel.isUp) return channelGone;
    const joined = this.bridges.join(bridgeId, channel);
    if (joined.ok) this.playout.release(channelId);
    return joined;
  }

  async waitInBridge(bridgeId: BridgeId, channelId: ChannelId): Promise<Result<null>> {
    const channel = this.channels.get(channelId);
    if (channel === undefined || !channel.isUp) return channelGone;
    const joined = this.bridges.wait(bridgeId, channel);
    if (!joined.ok) return joined;
    this.playout.release(channelId);
    return this.playout.startMusic(channelId, channel.media.leg, () => channel.isUp && this.bridges.isWaiting(channel));
  }

  async leaveBridge(channelId: ChannelId): Promise<Result<null>> {
    const channel = this.channels.get(channelId);
    if (channel === undefined) return channelGone;
    if (this.bridges.isWaiting(channel)) this.playout.stopMusic(channelId);
    this.bridges.leave(channel);
    return done();
  }

  async destroyBridge(bridgeId: BridgeId): Promise<Result<null>> {
    return this.bridges.destroy(bridgeId);
  }

  async play(playbackId: PlaybackId, channelId: ChannelId, sound: Sound, repeat: boolean): Promise<Result<null>> {
    const channel = this.channels.get(channelId);
    if (channel === undefined || !channel.isUp) return channelGone;
    if (this.bridges.has(channel)) return fail('switch.failed', 'the channel is in a bridge');
    const wanted = (): boolean => channel.isUp && !this.bridges.has(channel);
    return this.playout.play(playbackId, channelId, channel.media.leg, sound, repeat, wanted);
  }

  async stopPlayback(playbackId: PlaybackId): Promise<Result<null>> {
    this.playout.stop(playbackId);
    return done();
  }

  async startMusic(channelId: ChannelId): Promise<Result<null>> {
    const channel = this.channels.get(channelId);
    if (channel === undefined || !channel.isUp) return channelGone;
    if (this.bridges.has(channel)) return fail('switch.failed', 'the channel is in a bridge');
    const wanted = (): boolean => channel.isUp && !this.bridges.has(channel);
    return this.playout.startMusic(channelId, channel.media.leg, wanted);
  }

  async stopMusic(channelId: ChannelId): Promise<Result<null>> {
    const channel = this.channels.get(channelId);
    if (channel === undefined) return channelGone;
    this.playout.stopMusic(channelId);
    this.bridges.stopWaiting(channel);
    return done();
  }

  async setMuted(channelId: ChannelId, muted: boolean): Promise<Result<null>> {
    const channel = this.channels.get(channelId);
    if (channel === undefined) return channelGone;
    this.bridges.setMuted(channel, muted);
    return done();
  }

  async sendDigits(channelId: ChannelId, digits: string): Promise<Result<null>> {
    const channel = this.channels.get(channelId);
    if (channel === undefined || !channel.isUp) return channelGone;
    if (digits.length > MAX_DIGITS || !Array.from(digits).every(isDigit)) return fail('input.invalid', 'not a string of keys');
    this.pressKeys(channel, digits);
    return done();
  }

  startRecording(recordingId: RecordingId, bridgeId: BridgeId, file: string): Promise<Result<null>> {
    return this.bridges.startRecording(recordingId, bridgeId, file);
  }

  async pauseRecording(recordingId: RecordingId): Promise<Result<null>> {
    return this.bridges.setRecordingPaused(recordingId, true);
  }

  async resumeRecording(recordingId: RecordingId): Promise<Result<null>> {
    return this.bridges.setRecordingPaused(recordingId, false);
  }

  stopRecording(recordingId: RecordingId): Promise<Result<null>> {
    return this.bridges.stopRecording(recordingId);
  }

  async transferProgress(transferId: TransferId, progress: TransferProgress): Promise<Result<null>> {
    return this.transfers.progress(transferId, progress);
  }

  async listChannels(): Promise<Result<ChannelInfo[]>> {
    return ok([...this.channels.values()].map((channel) => channel.info));
  }

  async listBridges(): Promise<Result<BridgeInfo[]>> {
    return ok(this.bridges.list());
  }

  private userAt(destination: Destination): string | null {
    return destination.kind === 'endpoint' ? destination.user : (this.options.trunk(destination.number)?.user ?? null);
  }

  private invited(request: IncomingInviteRequest, connection: SipConnection): void {
    const { message } = request;
    const identified = this.registrar.identify(message, connection);
    if (identified.kind === 'challenge') {
      request.reject({ statusCode: 401, extraHeaders: [`WWW-Authenticate: ${identified.header}`] });
      return;
    }
    if (identified.kind === 'refused') {
      request.reject({ statusCode: 403, extraHeaders: [`Retry-After: ${identified.retryAfterS}`] });
      return;
    }
    // Replacing a dialog by INVITE is for phones that talk to each other; here REFER does it (RFC 3891 §3).
    const replaces = message.getHeader('replaces');
    if (replaces !== undefined) {
      request.reject({ statusCode: this.channelNamed(replaces) === null ? 481 : 603 });
      return;
    }
    const channelId = randomUUID();
    const { user, callerNumber, displayName } = identified.account;
    const identity = { channelId, endpoint: user, user, callerNumber, callerName: displayName, dialled: message.ruri?.user ?? '', headers: ownHeaders(message) };
    const channel = Channel.arrived(request, identity, connection, this.channelParts(channelId));
    this.channels.set(channelId, channel);
    this.options.logger.info({ channelId, endpoint: user }, 'channel arrived');
    this.emit({ type: 'channel.arrived', channel: channel.info });
  }

  /** The channel whose dialog a Replaces value names. */
  private channelNamed(replaces: string): Channel | null {
    const name = parseReplaces(replaces);
    const owner = name === null ? undefined : this.server.ownerOf(name.callId, name.toTag, name.fromTag);
    return owner instanceof Channel ? owner : null;
  }

  private channelParts(channelId: ChannelId): ChannelParts {
    const onError = (error: unknown, doing: string): void => this.report(error, doing);
    return {
      server: this.server,
      clock: this.clock,
      media: new ChannelMedia({ address: this.options.mediaAddress, monotonic: () => performance.now(), onError }),
      orphanGraceMs: this.options.orphanGraceMs ?? DEFAULT_ORPHAN_GRACE_MS,
      onError,
      listener: {
        ringing: () => this.emit({ type: 'channel.ringing', channelId }),
        answered: () => this.emit({ type: 'channel.answered', channelId }),
        ended: (cause) => this.channelEnded(channelId, cause),
        held: () => this.emit({ type: 'channel.held', channelId }),
        resumed: () => this.emit({ type: 'channel.resumed', channelId }),
        digit: (digit) => this.digitPressed(channelId, digit),
        referred: (request) => {
          const channel = this.channels.get(channelId);
          if (channel === undefined) request.reject({ statusCode: 481 });
          else this.transfers.asked(channel, request);
        },
      },
    };
  }

  private channelEnded(channelId: ChannelId, cause: HangUpCause): void {
    const channel = this.channels.get(channelId);
    if (channel !== undefined) {
      this.bridges.leave(channel);
      this.transfers.channelEnded(channel);
    }
    this.channels.delete(channelId);
    this.playout.release(channelId);
    this.options.logger.info({ channelId, cause }, 'channel ended');
    this.emit({ type: 'channel.ended', channelId, cause });
  }

  private digitPressed(channelId: ChannelId, digit: string): void {
    this.emit({ type: 'channel.digit', channelId, digit });
    const channel = this.channels.get(channelId);
    const peer = channel === undefined ? null : this.bridges.peerOf(channel);
    if (peer !== null && channel?.muted === false) this.pressKeys(peer, digit);
  }

  private pressKeys(channel: Channel, digits: string): void {
    if (channel.sendDigits(digits) === 'sent') return;
    const stop = this.ticker.onTick(() => {
      if (!channel.media.leg.tickDigits()) stop();
    });
  }

  private endpointChanged(user: string, registered: boolean): void {
    const connection = this.registrar.binding(user)?.connection;
    if (registered && connection !== undefined) {
      for (const channel of this.channels.values()) if (channel.identity.user === user) channel.registeredOn(connection);
    }
    this.emit({ type: 'endpoint.changed', user, registered });
  }

  private connectionClosed(connection: SipConnection): void {
    this.registrar.connectionClosed(connection);
    for (const channel of this.channels.values()) channel.connectionClosed(connection);
  }

  /** Ends calls whose far end has fallen silent for good though its socket lives. */
  private watchMedia(): void {
    const timeoutMs = this.options.mediaTimeoutMs ?? DEFAULT_MEDIA_TIMEOUT_MS;
    this.cancelWatch = this.clock.setTimeout(() => {
      for (const channel of this.channels.values()) {
        if (channel.isUp && channel.media.leg.silentMs > timeoutMs) channel.hangUp('networkLost');
      }
      this.watchMedia();
    }, timeoutMs / 4);
  }

  private emit(event: SwitchEvent): void {
    for (const listener of this.listeners) {
      try {
        listener(event);
      } catch (error) {
        this.report(error, `listening to ${event.type}`);
      }
    }
  }

  /** Error text is not logged: a library's may quote a SIP message, and with it a number. */
  private report(error: unknown, doing: string): void {
    const name = error instanceof Error ? error.name : typeof error;
    const at = error instanceof Error ? (error.stack?.split('\n')[1]?.trim() ?? '') : '';
    this.options.logger.warn({ doing, error: name, at }, 'switch error');
  }
}
