import { done, fail, type Result } from '../../../contract/errors.ts';
import type { BridgeId, BridgeInfo, RecordingId, SwitchEvent } from '../port.ts';
import { WavWriter } from '../wav.ts';
import type { Channel } from './channel.ts';
import { AudioBridge } from './media/bridge.ts';
import type { Ticker } from './media/ticker.ts';

interface Bridge {
  audio: AudioBridge;
  members: Set<Channel>;
  /** Members that neither hear the others yet nor are heard. */
  waiting: Set<Channel>;
}

interface Recording {
  bridgeId: BridgeId;
  file: string;
  writer: WavWriter;
  setPaused: (paused: boolean) => void;
  end: () => void;
}

interface Parts {
  ticker: Ticker;
  emit: (event: SwitchEvent) => void;
  onError: (error: unknown, doing: string) => void;
}

const bridgeGone = fail('switch.bridge-gone', 'no such bridge');
const noRecording = fail('not-found', 'no such recording');

/** The bridges of the switch, who is in which, and their recordings. */
export class Bridges {
  private readonly parts: Parts;
  private readonly bridges = new Map<BridgeId, Bridge>();
  private readonly recordings = new Map<RecordingId, Recording>();
  /** Recording ids whose file is being made. */
  private readonly starting = new Set<RecordingId>();

  constructor(parts: Parts) {
    this.parts = parts;
  }

  create(bridgeId: BridgeId): Result<null> {
    if (this.bridges.has(bridgeId)) return fail('input.invalid', 'the bridge exists already');
    this.bridges.set(bridgeId, { audio: new AudioBridge(this.parts.ticker), members: new Set(), waiting: new Set() });
    return done();
  }

  join(bridgeId: BridgeId, channel: Channel): Result<null> {
    const bridge = this.bridges.get(bridgeId);
    if (bridge === undefined) return bridgeGone;
    if (bridge.members.has(channel)) {
      this.stopWaiting(channel);
      return done();
    }
    this.leave(channel);
    bridge.members.add(channel);
    bridge.audio.add(channel.media.leg, channel.muted);
    return done();
  }

  /** Into a bridge, without hearing it before `stopWaiting`. */
  wait(bridgeId: BridgeId, channel: Channel): Result<null> {
    const bridge = this.bridges.get(bridgeId);
    if (bridge === undefined) return bridgeGone;
    this.leave(channel);
    bridge.members.add(channel);
    bridge.waiting.add(channel);
    return done();
  }

  isWaiting(channel: Channel): boolean {
    return this.of(channel)?.waiting.has(channel) === true;
  }

  stopWaiting(channel: Channel): void {
    const bridge = this.of(channel);
    if (bridge?.waiting.delete(channel) === true) bridge.audio.add(channel.media.leg, channel.muted);
  }

  leave(channel: Channel): void {
    const bridge = this.of(channel);
    bridge?.members.delete(channel);
    bridge?.waiting.delete(channel);
    bridge?.audio.remove(channel.media.leg);
  }

  async destroy(bridgeId: BridgeId): Promise<Result<null>> {
    const bridge = this.bridges.get(bridgeId);
    if (bridge === undefined) return bridgeGone;
    this.bridges.delete(bridgeId);
    bridge.audio.close();
    const own = [...this.recordings].filter(([, recording]) => recording.bridgeId === bridgeId);
    await Promise.all(own.map(([recordingId]) => this.stopRecording(recordingId)));
    return done();
  }

  /** Whether the channel is in a bridge. */
  has(channel: Channel): boolean {
    return this.of(channel) !== undefined;
  }

  setMuted(channel: Channel, muted: boolean): void {
    channel.muted = muted;
    const bridge = this.of(channel);
    if (bridge?.waiting.has(channel) === false) bridge.audio.setMuted(channel.media.leg, muted);
  }

  /** The one other party where two talk: keys pressed by the one are sent on to the other. */
  peerOf(channel: Channel): Channel | null {
    const members = this.of(channel)?.members;
    if (members?.size !== 2) return null;
    return [...members].find((member) => member !== channel) ?? null;
  }

  list(): BridgeInfo[] {
    return [...this.bridges].map(([bridgeId, { members }]) => ({
      bridgeId,
      channels: [...members].map((channel) => channel.identity.channelId),
    }));
  }

  async startRecording(recordingId: RecordingId, bridgeId: BridgeId, file: string): Promise<Result<null>> {
    if (!this.bridges.has(bridgeId)) return bridgeGone;
    if (this.recordings.has(recordingId) || this.starting.has(recordingId)) return fail('input.invalid', 'the recording exists already');
    this.starting.add(recordingId);
    let writer: WavWriter;
    try {
      writer = await WavWriter.create(file);
    } catch (error) {
      this.parts.onError(error, 'creating a recording');
      return fail('switch.failed', 'the recording file cannot be written');
    } finally {
      this.starting.delete(recordingId);
    }
    const bridge = this.bridges.get(bridgeId);
    if (bridge === undefined) {
      await writer.close();
      return bridgeGone;
    }
    this.recordings.set(recordingId, { bridgeId, file, writer, ...bridge.audio.record(writer) });
    return done();
  }

  setRecordingPaused(recordingId: RecordingId, paused: boolean): Result<null> {
    const recording = this.recordings.get(recordingId);
    if (recording === undefined) return noRecording;
    recording.setPaused(paused);
    return done();
  }

  async stopRecording(recordingId: RecordingId): Promise<Result<null>> {
    const recording = this.recordings.get(recordingId);
    if (recording === undefined) return noRecording;
    this.recordings.delete(recordingId);
    recording.end();
    await recording.writer.close().catch((error: unknown) => this.parts.onError(error, 'closing a recording'));
    const { file, writer } = recording;
    this.parts.emit({ type: 'recording.finished', recordingId, file, durationMs: writer.durationMs });
    if (writer.error === null) return done();
    this.parts.onError(writer.error, 'writing a recording');
    return fail('switch.failed', 'the recording is incomplete: its file could not be written');
  }

  async stop(): Promise<void> {
    await Promise.all([...this.bridges.keys()].map((bridgeId) => this.destroy(bridgeId)));
  }

  private of(channel: Channel): Bridge | undefined {
    for (const bridge of this.bridges.values()) if (bridge.members.has(channel)) return bridge;
    return undefined;
  }
}
