import { randomUUID } from 'node:crypto';
import { done, fail, ok, type Disposer, type Result } from '../../../contract/errors.ts';
import { Listeners } from '../listeners.ts';
import type {
  BridgeId, BridgeInfo, ChannelId, ChannelInfo, ChannelRecording, EndpointRecord, HangUpCause, OriginateRequest, PlaybackId, RecordingId, SnoopId, SnoopRequest, Sound, SwitchEvent, TransferId,
} from '../port.ts';
import { checkRecording } from '../recording.ts';
import { areKeys } from '../text.ts';
import { infoOf, isUp, type Channel } from './channel.ts';
import type { ClusterNode } from './cluster-member.ts';
import { dial } from './dialling.ts';
import { dispatch } from './dispatch.ts';
import { assemble, type Engine } from './engine.ts';
import type { AsteriskSwitch, AsteriskSwitchOptions } from './index.ts';
import { Link } from './link.ts';
import type { TransferProgress } from './transfers.ts';

const channelGone = fail('switch.channel-gone', 'no such channel');
const engaged = fail('switch.failed', 'the channel is in a bridge, or listens in');
const unavailable = fail('switch.unavailable', 'Asterisk cannot be reached');

/** One Asterisk behind the Switch port: the port's commands, each carried out by the part it concerns. */
export class AsteriskNode implements AsteriskSwitch, ClusterNode {
  readonly rejoin = 'redial';
  readonly keepsCalls = true;
  readonly firstAvailable = 0;
  private readonly engine: Engine;
  private readonly link: Link;
  private readonly listeners: Listeners;
  private stopped = false;

  constructor(options: AsteriskSwitchOptions) {
    const report = (error: unknown, doing: string): void => options.logger.warn({ err: error, doing }, 'the switch had trouble');
    this.listeners = new Listeners(report);
    this.engine = assemble(options, {
      emit: (event) => this.listeners.tell(event),
      report,
      listener: {
        connected: () => void this.link.synchronise(),
        disconnected: (trouble, detail) => this.link.lost(trouble, detail),
        event: (event) => dispatch(this.engine, event),
      },
    });
    this.link = new Link(this.engine);
  }

  get available(): boolean {
    return this.link.isUp;
  }

  get trouble(): string | null {
    return this.link.trouble;
  }

  get warning(): string | null {
    return this.engine.phoneTransfers.warning;
  }

  get refused(): boolean {
    return this.link.refused;
  }

  start(): Promise<void> {
    return this.link.start();
  }

  async stop(): Promise<void> {
    if (this.stopped) return;
    this.stopped = true;
    this.link.stop();
    await this.engine.channels.endAll();
    await Promise.all(this.engine.bridges.list().map(({ bridgeId }) => this.destroyBridge(bridgeId)));
    await this.link.close();
    this.listeners.clear();
  }

  async detach(): Promise<void> {
    if (this.stopped) return;
    this.stopped = true;
    this.link.stop();
    await this.link.close();
    this.listeners.clear();
  }

  onEvent(listener: (event: SwitchEvent) => void): Disposer {
    return this.listeners.add(listener);
  }

  async putEndpoint(endpoint: EndpointRecord): Promise<Result<null>> {
    const put = await this.engine.endpoints.put(endpoint, this.engine.connection.isOpen);
    await this.link.subscribe();
    return put;
  }

  removeEndpoint(user: string): Promise<Result<null>> {
    return this.engine.endpoints.remove(user, this.engine.connection.isOpen);
  }

  async keepEndpoints(users: ReadonlySet<string>): Promise<void> {
    if (this.link.isUp) await this.engine.endpoints.keep(users);
  }

  isRegistered(user: string): boolean {
    return this.link.isUp && this.engine.endpoints.isRegistered(user);
  }

  async originate(request: OriginateRequest): Promise<Result<null>> {
    return this.link.isUp ? dial(this.engine, request) : unavailable;
  }

  async ring(channelId: ChannelId): Promise<Result<null>> {
    const channel = this.engine.channels.get(channelId);
    return channel?.state === 'incoming' ? this.engine.client.ring(channelId) : channelGone;
  }

  async answer(channelId: ChannelId): Promise<Result<null>> {
    const channel = this.engine.channels.get(channelId);
    if (channel?.state !== 'incoming' || channel.answering) return channelGone;
    channel.answering = true;
    // Asterisk works off what a channel is told one after the other, and would play to the end first.
    this.engine.playout.release(channel);
    const answered = await this.engine.client.answer(channelId);
    if (answered.ok) this.engine.channels.answered(channel);
    return answered;
  }

  async hangUp(channelId: ChannelId, cause: HangUpCause): Promise<Result<null>> {
    const channel = this.engine.channels.get(channelId);
    if (channel === undefined) return channelGone;
    // To be refused with its cause, and not to hear the announcement out.
    if (channel.state === 'incoming') this.engine.playout.release(channel);
    this.engine.channelRecordings.hangingUp(channelId);
    await this.engine.early.leave(channel);
    return this.engine.channels.hangUp(channel, cause);
  }

  async createBridge(bridgeId: BridgeId): Promise<Result<null>> {
    return this.link.isUp ? this.engine.bridges.create(bridgeId) : unavailable;
  }

  async joinBridge(bridgeId: BridgeId, channelId: ChannelId): Promise<Result<null>> {
    const { channels, playout, bridges, early, snoops } = this.engine;
    const channel = channels.get(channelId);
    if (!isUp(channel)) return channelGone;
    this.engine.channelRecordings.end(channelId, 'stopped');
    if (bridges.has(bridgeId)) playout.release(channel);
    const joined = await bridges.join(bridgeId, channel);
    if (joined.ok) early.taken(channel);
    // Not before: who barges in hears all the time.
    if (joined.ok) snoops.release(channel);
    return joined;
  }

  async waitInBridge(bridgeId: BridgeId, channelId: ChannelId): Promise<Result<null>> {
    const { channels, playout, bridges, early, snoops } = this.engine;
    const channel = channels.get(channelId);
    if (!isUp(channel)) return channelGone;
    this.engine.channelRecordings.end(channelId, 'stopped');
    playout.silence(channel);
    // Not in it for Asterisk: there another thread than the one that plays ends the music, and where it comes while a
    // frame is being made, the music goes on for good.
    const [waits] = await Promise.all([bridges.wait(bridgeId, channel), early.leave(channel)]);
    if (!waits.ok) return waits;
    snoops.release(channel);
    return playout.startMusic(channel);
  }

  async leaveBridge(channelId: ChannelId): Promise<Result<null>> {
    const channel = this.engine.channels.get(channelId);
    if (channel === undefined) return channelGone;
    if (channel.bridgeId !== null) this.engine.playout.release(channel);
    const left = await this.engine.bridges.leave(channel);
    this.engine.playout.rest(channel);
    return left;
  }

  async destroyBridge(bridgeId: BridgeId): Promise<Result<null>> {
    await this.engine.recordings.stopOf(bridgeId);
    const members = await this.engine.bridges.destroy(bridgeId);
    if (!members.ok) return members;
    for (const id of members.value) {
      const channel = this.engine.channels.all.get(id);
      if (channel?.bridgeId !== bridgeId) continue;
      [channel.bridgeId, channel.waits] = [null, false];
      this.engine.playout.rest(channel);
    }
    return done();
  }

  async play(playbackId: PlaybackId, channelId: ChannelId, sound: Sound, repeat: boolean): Promise<Result<null>> {
    const channel = this.engine.channels.get(channelId);
    // Before the answer it is early media: a ringback tone of the number's own.
    if (channel === undefined || (channel.state !== 'up' && channel.state !== 'incoming')) return channelGone;
    if (this.isEngaged(channel)) return engaged;
    this.engine.channelRecordings.end(channelId, 'stopped');
    await this.engine.early.leave(channel);
    return this.engine.playout.play(playbackId, channel, sound, repeat, () => channel.ending === null && !this.isEngaged(channel));
  }

  async beep(channelId: ChannelId): Promise<Result<null>> {
    const channel = this.engine.channels.get(channelId);
    if (!isUp(channel)) return channelGone;
    this.engine.channelRecordings.end(channelId, 'stopped');
    // What is played to a channel in a bridge, Asterisk plays in place of the bridge.
    return this.engine.playout.play(randomUUID(), channel, { kind: 'tone', tone: 'beep' }, false, () => channel.ending === null);
  }

  async stopPlayback(playbackId: PlaybackId): Promise<Result<null>> {
    this.engine.playout.stop(playbackId);
    return done();
  }

  async hearEarly(channelId: ChannelId, targetId: ChannelId): Promise<Result<null>> {
    const { channels, early, playout } = this.engine;
    const channel = channels.get(channelId);
    const target = channels.get(targetId);
    if (channel === undefined || (channel.state !== 'up' && channel.state !== 'incoming')) return channelGone;
    if (target?.progressed !== true || target.state === 'up') return channelGone;
    if (this.isEngaged(channel)) return engaged;
    this.engine.channelRecordings.end(channelId, 'stopped');
    playout.release(channel);
    return early.start(channel, target);
  }

  async startMusic(channelId: ChannelId): Promise<Result<null>> {
    const channel = this.engine.channels.get(channelId);
    if (!isUp(channel)) return channelGone;
    if (this.isEngaged(channel)) return engaged;
    this.engine.channelRecordings.end(channelId, 'stopped');
    return this.engine.playout.startMusic(channel);
  }

  async stopMusic(channelId: ChannelId): Promise<Result<null>> {
    const channel = this.engine.channels.get(channelId);
    if (channel === undefined) return channelGone;
    // One after the other on the channel's own lane.
    const stopped = this.engine.playout.stopMusic(channel);
    if (channel.waits && channel.bridgeId !== null) return this.joinBridge(channel.bridgeId, channelId);
    return stopped;
  }

  async setMuted(channelId: ChannelId, muted: boolean): Promise<Result<null>> {
    const channel = this.engine.channels.get(channelId);
    return channel === undefined ? channelGone : this.engine.silence.setMuted(channel, muted);
  }

  async sendDigits(channelId: ChannelId, digits: string): Promise<Result<null>> {
    const channel = this.engine.channels.get(channelId);
    if (!isUp(channel)) return channelGone;
    if (!areKeys(digits)) return fail('input.invalid', 'not a string of keys');
    return digits === '' ? done() : this.engine.client.sendDtmf(channelId, digits);
  }

  async startRecording(recordingId: RecordingId, bridgeId: BridgeId, file: string): Promise<Result<null>> {
    return this.engine.bridges.has(bridgeId) ? this.engine.recordings.start(recordingId, bridgeId, file) : fail('switch.bridge-gone', 'no such bridge');
  }

  async recordChannel(request: ChannelRecording): Promise<Result<null>> {
    const channel = this.engine.channels.get(request.channelId);
    if (!isUp(channel)) return channelGone;
    if (this.isEngaged(channel)) return engaged;
    const checked = checkRecording(request);
    if (!checked.ok) return checked;
    this.engine.playout.release(channel);
    return this.engine.channelRecordings.start(request);
  }

  async stopChannelRecording(recordingId: RecordingId): Promise<Result<null>> {
    this.engine.channelRecordings.stop(recordingId);
    return done();
  }

  pauseRecording(recordingId: RecordingId): Promise<Result<null>> {
    return this.engine.recordings.setPaused(recordingId, true);
  }

  resumeRecording(recordingId: RecordingId): Promise<Result<null>> {
    return this.engine.recordings.setPaused(recordingId, false);
  }

  stopRecording(recordingId: RecordingId): Promise<Result<null>> {
    return this.engine.recordings.stop(recordingId);
  }

  async snoop(request: SnoopRequest): Promise<Result<null>> {
    const { channels, snoops } = this.engine;
    const listener = channels.get(request.channelId);
    const target = channels.get(request.targetId);
    return isUp(listener) && isUp(target) ? snoops.start(request, listener, target) : channelGone;
  }

  setWhispering(snoopId: SnoopId, whispering: boolean): Promise<Result<null>> {
    return this.engine.snoops.setWhispering(snoopId, whispering);
  }

  async stopSnoop(snoopId: SnoopId): Promise<Result<null>> {
    this.engine.snoops.stop(snoopId);
    return done();
  }

  transferProgress(transferId: TransferId, progress: TransferProgress): Promise<Result<null>> {
    return this.engine.transfers.progress(transferId, progress);
  }

  async listChannels(): Promise<Result<ChannelInfo[]>> {
    if (!this.link.isUp) return unavailable;
    const present = await this.engine.client.channels();
    if (!present.ok) return present;
    this.engine.channels.compare(new Set(present.value.map(({ id }) => id)));
    await this.engine.intruders.listed(present.value);
    return ok(this.known().channels);
  }

  async listBridges(): Promise<Result<BridgeInfo[]>> {
    return this.link.isUp ? ok(this.engine.bridges.list()) : unavailable;
  }

  known(): { channels: ChannelInfo[]; bridges: BridgeInfo[] } {
    const { channels, bridges } = this.engine;
    return { channels: [...channels.all.values()].filter(({ ending }) => ending === null).map(infoOf), bridges: bridges.list() };
  }

  abandon(): void {
    const { channels, bridges } = this.engine;
    channels.lose([...channels.all.values()]);
    bridges.forget();
  }

  /** Nothing else may be played to it. */
  private isEngaged(channel: Channel): boolean {
    return channel.bridgeId !== null || this.engine.snoops.isListening(channel);
  }
}
