import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { done, fail, ok, type Disposer, type Result } from '../../../contract/errors.ts';
import type { Clock } from '../../ports.ts';
import { Listeners } from '../listeners.ts';
import type {
  BridgeId,
  BridgeInfo,
  ChannelId,
  ChannelInfo,
  ChannelRecording,
  EndpointRecord,
  HangUpCause,
  OriginateRequest,
  PlaybackId,
  RecordingId,
  SnoopId,
  SnoopRequest,
  Sound,
  SwitchEvent,
  TransferId,
} from '../port.ts';
import { areKeys, isUriUser } from '../text.ts';
import { Announcements } from './announcements.ts';
import { Bridges } from './bridges.ts';
import type { Channel } from './channel.ts';
import { Channels } from './channels.ts';
import { EarlyMedia } from './early-media.ts';
import type { EmbeddedSwitchOptions, EmbeddedSwitchServer } from './index.ts';
import { Ticker } from './media/ticker.ts';
import { Playout } from './playout.ts';
import { checkRecording } from '../recording.ts';
import { Recorder } from './recorder.ts';
import { Refusals } from './sip/refusals.ts';
import { Registrar } from './sip/registrar.ts';
import { refuseUpgrade, SipServer } from './sip/server.ts';
import { Snoops } from './snoops.ts';
import { Transfers, type TransferProgress } from './transfers.ts';

const DEFAULT_DOMAIN = 'sangdam.local';
const DEFAULT_STRANGER_MS = 10_000;
const channelGone = fail('switch.channel-gone', 'no such channel');
const engaged = fail('switch.failed', 'the channel is in a bridge, or listens in');

const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimeout: (run, delayMs) => {
    const timer = setTimeout(run, delayMs).unref();
    return () => clearTimeout(timer);
  },
};

/** The engine behind the Switch port: the port's commands, each carried out by the part it concerns. */
export class EmbeddedSwitch implements EmbeddedSwitchServer {
  readonly rejoin = 'reinvite';
  readonly keepsCalls = false;
  private readonly options: EmbeddedSwitchOptions;
  private readonly server: SipServer;
  private readonly registrar: Registrar;
  private readonly ticker: Ticker;
  private readonly playout: Playout;
  private readonly recorder: Recorder;
  private readonly bridges: Bridges;
  private readonly channels: Channels;
  private readonly transfers: Transfers;
  private readonly snoops: Snoops;
  private readonly early = new EarlyMedia();
  private readonly listeners: Listeners;
  private running = false;

  constructor(options: EmbeddedSwitchOptions) {
    this.options = options;
    const { logger, clock = systemClock, domain = DEFAULT_DOMAIN } = options;
    const onError = (error: unknown, doing: string): void => this.report(error, doing);
    const emit = (event: SwitchEvent): void => this.listeners.tell(event);
    this.listeners = new Listeners(onError);
    this.ticker = new Ticker(() => performance.now(), (error) => onError(error, 'mixing'));
    this.playout = new Playout({ ticker: this.ticker, announcements: new Announcements(options.announcementsDir), emit });
    this.recorder = new Recorder({ ticker: this.ticker, emit, onError });
    this.bridges = new Bridges({ ticker: this.ticker, emit, onError });
    this.snoops = new Snoops({ ticker: this.ticker, emit });
    this.transfers = new Transfers({ emit, channelNamed: (replaces) => this.channels.channelNamed(replaces) });
    this.registrar = new Registrar({
      realm: domain,
      clock,
      onChanged: (user, registered) => this.endpointChanged(user, registered),
    });
    const refusals = new Refusals(clock, logger);
    this.server = new SipServer({
      domain,
      clock,
      strangerMs: options.strangerMs ?? DEFAULT_STRANGER_MS,
      identify: (request, connection) => this.registrar.identify(request, connection),
      onRegister: (request, connection, account) => this.registrar.register(request, connection, account),
      onInvite: (request, connection, account) => this.channels.invited(request, connection, account),
      onConnectionClosed: (connection) => {
        this.registrar.connectionClosed(connection);
        this.channels.connectionClosed(connection);
      },
      onRefused: (why) => refusals.refused(why),
      onError,
    });
    const { ticker, server, registrar, transfers } = this;
    this.channels = new Channels({
      ...options,
      ticker, server, registrar, transfers, clock, emit, onError,
      onDigit: (channel, digit) => this.digitPressed(channel, digit),
      onGone: (channel) => {
        this.early.release(channel);
        this.recorder.end(channel.identity.channelId, 'hungUp');
        this.snoops.channelEnded(channel);
        this.bridges.leave(channel);
        this.transfers.channelEnded(channel);
        this.playout.release(channel.identity.channelId);
      },
    });
  }

  get available(): boolean {
    return this.running;
  }

  /** A switch that was stopped stays stopped: make another. */
  async start(): Promise<void> {
    if (this.running) return;
    this.running = true;
    this.channels.watchMedia();
    this.listeners.tell({ type: 'switch.changed', available: true });
  }

  async stop(): Promise<void> {
    if (!this.running) return;
    this.running = false;
    this.channels.stop();
    await this.bridges.stop();
    await this.recorder.settled();
    this.registrar.clear();
    this.server.stop();
    this.ticker.stop();
    this.listeners.tell({ type: 'switch.changed', available: false });
    this.listeners.clear();
  }

  detach(): Promise<void> {
    return this.stop();
  }

  onEvent(listener: (event: SwitchEvent) => void): Disposer {
    return this.listeners.add(listener);
  }

  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, address = request.socket.remoteAddress ?? ''): void {
    if (this.running) this.server.handleUpgrade(request, socket, head, address);
    else refuseUpgrade(socket, '503 Service Unavailable');
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

  /** It begins without any, and nobody but this center gives it some. */
  keepEndpoints(): Promise<void> {
    return Promise.resolve();
  }

  isRegistered(user: string): boolean {
    return this.registrar.binding(user) !== undefined;
  }

  async originate(request: OriginateRequest): Promise<Result<null>> {
    return this.running ? this.channels.dial(request) : fail('switch.unavailable', 'the switch is stopped');
  }

  async ring(channelId: ChannelId): Promise<Result<null>> {
    return this.channels.get(channelId)?.ring() ?? channelGone;
  }

  async answer(channelId: ChannelId): Promise<Result<null>> {
    const channel = this.channels.get(channelId);
    if (channel === undefined) return channelGone;
    if (!channel.isUp) this.playout.release(channelId);
    return channel.answer();
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
    this.early.release(channel);
    this.recorder.end(channelId, 'stopped');
    const joined = this.bridges.join(bridgeId, channel);
    if (joined.ok) this.stopHearing(channel);
    return joined;
  }

  async waitInBridge(bridgeId: BridgeId, channelId: ChannelId): Promise<Result<null>> {
    const channel = this.channels.get(channelId);
    if (channel === undefined || !channel.isUp) return channelGone;
    this.early.release(channel);
    this.recorder.end(channelId, 'stopped');
    const joined = this.bridges.wait(bridgeId, channel);
    if (!joined.ok) return joined;
    this.stopHearing(channel);
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
    if (channel === undefined) return channelGone;
    const opened = channel.isUp ? done() : await channel.openEarly();
    if (!opened.ok) return opened;
    if (this.isEngaged(channel)) return engaged;
    this.early.release(channel);
    this.recorder.end(channelId, 'stopped');
    const wanted = (): boolean => !channel.hasEnded && !this.isEngaged(channel);
    return this.playout.play(playbackId, channelId, channel.media.leg, sound, repeat, wanted);
  }

  async beep(channelId: ChannelId): Promise<Result<null>> {
    const channel = this.channels.get(channelId);
    if (channel === undefined || !channel.isUp) return channelGone;
    this.recorder.end(channelId, 'stopped');
    return this.playout.play(randomUUID(), channelId, channel.media.leg, { kind: 'tone', tone: 'beep' }, false, () => channel.isUp);
  }

  async stopPlayback(playbackId: PlaybackId): Promise<Result<null>> {
    this.playout.stop(playbackId);
    return done();
  }

  async hearEarly(channelId: ChannelId, targetId: ChannelId): Promise<Result<null>> {
    const channel = this.channels.get(channelId);
    const target = this.channels.get(targetId);
    if (channel === undefined || target === undefined) return channelGone;
    const opened = channel.isUp ? done() : await channel.openEarly();
    if (!opened.ok) return opened;
    if (!target.isHeardEarly || channel.hasEnded) return channelGone;
    if (this.isEngaged(channel)) return engaged;
    this.playout.release(channelId);
    this.recorder.end(channelId, 'stopped');
    this.early.start(channel, target);
    return done();
  }

  async startMusic(channelId: ChannelId): Promise<Result<null>> {
    const channel = this.channels.get(channelId);
    if (channel === undefined || !channel.isUp) return channelGone;
    if (this.isEngaged(channel)) return engaged;
    this.recorder.end(channelId, 'stopped');
    const wanted = (): boolean => channel.isUp && !this.isEngaged(channel);
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
    if (!areKeys(digits)) return fail('input.invalid', 'not a string of keys');
    this.channels.pressKeys(channel, digits);
    return done();
  }

  startRecording(recordingId: RecordingId, bridgeId: BridgeId, file: string): Promise<Result<null>> {
    return this.bridges.startRecording(recordingId, bridgeId, file);
  }

  async recordChannel(request: ChannelRecording): Promise<Result<null>> {
    const { channelId, recordingId } = request;
    const channel = this.channels.get(channelId);
    if (channel === undefined || !channel.isUp) return channelGone;
    if (this.isEngaged(channel)) return engaged;
    if (this.recorder.has(recordingId)) return fail('input.invalid', 'the recording exists already');
    const checked = checkRecording(request);
    if (!checked.ok) return checked;
    this.playout.release(channelId);
    return this.recorder.start(request, channel.media.leg);
  }

  async stopChannelRecording(recordingId: RecordingId): Promise<Result<null>> {
    this.recorder.stop(recordingId);
    return done();
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

  async snoop({ snoopId, channelId, targetId, whispering }: SnoopRequest): Promise<Result<null>> {
    const listener = this.channels.get(channelId);
    const target = this.channels.get(targetId);
    if (listener === undefined || target === undefined || !listener.isUp || !target.isUp) return channelGone;
    if (listener === target || this.snoops.has(snoopId)) return fail('input.invalid', 'a channel of its own, and an id of its own');
    this.bridges.leave(listener);
    this.early.release(listener);
    this.recorder.end(channelId, 'stopped');
    this.playout.release(channelId);
    this.snoops.start(snoopId, listener, target, whispering);
    return done();
  }

  async setWhispering(snoopId: SnoopId, whispering: boolean): Promise<Result<null>> {
    return this.snoops.setWhispering(snoopId, whispering);
  }

  async stopSnoop(snoopId: SnoopId): Promise<Result<null>> {
    this.snoops.stop(snoopId);
    return done();
  }

  async transferProgress(transferId: TransferId, progress: TransferProgress): Promise<Result<null>> {
    return this.transfers.progress(transferId, progress);
  }

  async listChannels(): Promise<Result<ChannelInfo[]>> {
    return ok([...this.channels.all.values()].map((channel) => channel.info));
  }

  async listBridges(): Promise<Result<BridgeInfo[]>> {
    return ok(this.bridges.list());
  }

  /** Nothing else may be played to it. */
  private isEngaged(channel: Channel): boolean {
    return this.bridges.has(channel) || this.snoops.isListening(channel);
  }

  /** For a channel that joins a bridge: whatever it heard before is over. */
  private stopHearing(channel: Channel): void {
    this.playout.release(channel.identity.channelId);
    this.snoops.release(channel);
  }

  /** Who talks to one other is heard by them with the keys they press. */
  private digitPressed(channel: Channel, digit: string): void {
    this.recorder.digit(channel.identity.channelId, digit);
    const peer = this.bridges.peerOf(channel);
    if (peer !== null && !channel.muted) this.channels.pressKeys(peer, digit);
  }

  private endpointChanged(user: string, registered: boolean): void {
    const connection = this.registrar.binding(user)?.connection;
    if (registered && connection !== undefined) this.channels.registered(user, connection);
    this.listeners.tell({ type: 'endpoint.changed', user, registered });
  }

  /** Error text is not logged: a library's may quote a SIP message, and with it a number. */
  private report(error: unknown, doing: string): void {
    const name = error instanceof Error ? error.name : typeof error;
    const at = error instanceof Error ? (error.stack?.split('\n')[1]?.trim() ?? '') : '';
    this.options.logger.warn({ doing, error: name, at }, 'switch error');
  }
}
