import { done, fail, ok, type Disposer, type Result } from '../../../contract/errors.ts';
import { Listeners } from '../listeners.ts';
import type {
  BridgeId, BridgeInfo, ChannelId, ChannelInfo, EndpointRecord, HangUpCause, OriginateRequest, PlaybackId, RecordingId, Sound, SwitchEvent, TransferId,
} from '../port.ts';
import { areKeys } from '../text.ts';
import { infoOf, isUp } from './channel.ts';
import { dial } from './dialling.ts';
import { dispatch } from './dispatch.ts';
import { assemble, type Engine } from './engine.ts';
import type { AsteriskSwitch, AsteriskSwitchOptions } from './index.ts';
import { Link } from './link.ts';
import type { TransferProgress } from './transfers.ts';

const channelGone = fail('switch.channel-gone', 'no such channel');
const unavailable = fail('switch.unavailable', 'Asterisk cannot be reached');

/** One Asterisk behind the Switch port: the port's commands, each carried out by the part it concerns. */
export class AsteriskNode implements AsteriskSwitch {
  readonly rejoin = 'redial';
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
    const answered = await this.engine.client.answer(channelId);
    if (answered.ok) this.engine.channels.answered(channel);
    return answered;
  }

  async hangUp(channelId: ChannelId, cause: HangUpCause): Promise<Result<null>> {
    const channel = this.engine.channels.get(channelId);
    return channel === undefined ? channelGone : this.engine.channels.hangUp(channel, cause);
  }

  async createBridge(bridgeId: BridgeId): Promise<Result<null>> {
    return this.link.isUp ? this.engine.bridges.create(bridgeId) : unavailable;
  }

  async joinBridge(bridgeId: BridgeId, channelId: ChannelId): Promise<Result<null>> {
    const channel = this.engine.channels.get(channelId);
    if (!isUp(channel)) return channelGone;
    if (this.engine.bridges.has(bridgeId)) this.engine.playout.release(channel);
    return this.engine.bridges.join(bridgeId, channel);
  }

  async waitInBridge(bridgeId: BridgeId, channelId: ChannelId): Promise<Result<null>> {
    const { channels, playout, bridges } = this.engine;
    const channel = channels.get(channelId);
    if (!isUp(channel)) return channelGone;
    playout.silence(channel);
    const [joined] = await Promise.all([bridges.join(bridgeId, channel), playout.startMusic(channel)]);
    return joined;
  }

  async leaveBridge(channelId: ChannelId): Promise<Result<null>> {
    const channel = this.engine.channels.get(channelId);
    if (channel === undefined) return channelGone;
    if (channel.bridgeId !== null) this.engine.playout.release(channel);
    return this.engine.bridges.leave(channel);
  }

  async destroyBridge(bridgeId: BridgeId): Promise<Result<null>> {
    await this.engine.recordings.stopOf(bridgeId);
    const members = await this.engine.bridges.destroy(bridgeId);
    if (!members.ok) return members;
    for (const id of members.value) {
      const channel = this.engine.channels.all.get(id);
      if (channel?.bridgeId === bridgeId) channel.bridgeId = null;
    }
    return done();
  }

  async play(playbackId: PlaybackId, channelId: ChannelId, sound: Sound, repeat: boolean): Promise<Result<null>> {
    const channel = this.engine.channels.get(channelId);
    // Before the answer it is early media: a ringback tone of the number's own.
    if (channel === undefined || (channel.state !== 'up' && channel.state !== 'incoming')) return channelGone;
    if (channel.bridgeId !== null) return fail('switch.failed', 'the channel is in a bridge');
    return this.engine.playout.play(playbackId, channel, sound, repeat, () => channel.ending === null && channel.bridgeId === null);
  }

  async stopPlayback(playbackId: PlaybackId): Promise<Result<null>> {
    this.engine.playout.stop(playbackId);
    return done();
  }

  async startMusic(channelId: ChannelId): Promise<Result<null>> {
    const channel = this.engine.channels.get(channelId);
    if (!isUp(channel)) return channelGone;
    return channel.bridgeId === null ? this.engine.playout.startMusic(channel) : fail('switch.failed', 'the channel is in a bridge');
  }

  async stopMusic(channelId: ChannelId): Promise<Result<null>> {
    const channel = this.engine.channels.get(channelId);
    return channel === undefined ? channelGone : this.engine.playout.stopMusic(channel);
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

  pauseRecording(recordingId: RecordingId): Promise<Result<null>> {
    return this.engine.recordings.setPaused(recordingId, true);
  }

  resumeRecording(recordingId: RecordingId): Promise<Result<null>> {
    return this.engine.recordings.setPaused(recordingId, false);
  }

  stopRecording(recordingId: RecordingId): Promise<Result<null>> {
    return this.engine.recordings.stop(recordingId);
  }

  transferProgress(transferId: TransferId, progress: TransferProgress): Promise<Result<null>> {
    return this.engine.transfers.progress(transferId, progress);
  }

  async listChannels(): Promise<Result<ChannelInfo[]>> {
    if (!this.link.isUp) return unavailable;
    const present = await this.engine.client.channels();
    if (!present.ok) return present;
    this.engine.channels.compare(new Set(present.value.map(({ id }) => id)));
    return ok([...this.engine.channels.all.values()].filter(({ ending }) => ending === null).map(infoOf));
  }

  async listBridges(): Promise<Result<BridgeInfo[]>> {
    return this.link.isUp ? ok(this.engine.bridges.list()) : unavailable;
  }
}
