import { done, type Disposer, type Result } from '../../../contract/errors.ts';
import { isStopKey, levelOf, SILENT_BELOW } from '../recording.ts';
import type { ChannelId, ChannelRecording, RecordingEnd, RecordingId, SwitchEvent } from '../port.ts';
import { FRAME_MS } from './media/g711.ts';
import type { Leg } from './media/leg.ts';
import { newFrame, samplesSource, toneSamples, type Source } from './media/sources.ts';
import type { Ticker } from './media/ticker.ts';
import { PcmQueue } from './pcm-queue.ts';

interface Parts {
  ticker: Ticker;
  emit: (event: SwitchEvent) => void;
  onError: (error: unknown, doing: string) => void;
}

interface Running {
  request: ChannelRecording;
  leg: Leg;
  /** Before what is recorded; null once it is over. */
  beep: Source | null;
  pcm: PcmQueue;
  kept: Promise<Result<unknown>> | null;
  frames: number;
  /** Heard last, and kept only if it does not end with them. */
  silent: Buffer[];
  stopTicking: Disposer;
}

/** Recordings of single channels: what one says is handed on while it says it. */
export class Recorder {
  private readonly parts: Parts;
  private readonly running = new Map<ChannelId, Running>();
  private readonly ending = new Set<Promise<void>>();
  private readonly frame = newFrame();

  constructor(parts: Parts) {
    this.parts = parts;
  }

  has(recordingId: RecordingId): boolean {
    return [...this.running.values()].some(({ request }) => request.recordingId === recordingId);
  }

  start(request: ChannelRecording, leg: Leg): Result<null> {
    this.end(request.channelId, 'stopped');
    const running: Running = {
      request,
      leg,
      beep: request.beep ? samplesSource(toneSamples('beep'), false) : null,
      pcm: new PcmQueue(),
      kept: null,
      frames: 0,
      silent: [],
      stopTicking: this.parts.ticker.onTick(() => this.tick(running)),
    };
    this.running.set(request.channelId, running);
    if (!request.beep) leg.keepAudio(true);
    return done();
  }

  stop(recordingId: RecordingId): void {
    for (const [channelId, { request }] of this.running) if (request.recordingId === recordingId) this.end(channelId, 'stopped');
  }

  digit(channelId: ChannelId, digit: string): void {
    const running = this.running.get(channelId);
    if (running !== undefined && isStopKey(running.request.stopKey, digit)) this.end(channelId, 'key');
  }

  /** Ends what is recorded of a channel, if anything is. */
  end(channelId: ChannelId, reason: RecordingEnd): void {
    const running = this.running.get(channelId);
    if (running === undefined) return;
    this.running.delete(channelId);
    running.stopTicking();
    running.leg.keepAudio(false);
    if (reason !== 'silence') this.flush(running);
    running.pcm.end();
    const told = this.told(running, reason);
    this.ending.add(told);
    void told.finally(() => this.ending.delete(told));
  }

  /** Answers once everything that was recorded is kept, or is not. */
  async settled(): Promise<void> {
    await Promise.all(this.ending);
  }

  private async told({ request, kept, frames, silent }: Running, reason: RecordingEnd): Promise<void> {
    const result = await (kept ?? Promise.resolve(null));
    const durationMs = (frames - (reason === 'silence' ? silent.length : 0)) * FRAME_MS;
    this.parts.emit({ type: 'channel.recorded', recordingId: request.recordingId, channelId: request.channelId, reason, durationMs, kept: result?.ok === true });
  }

  private tick(running: Running): void {
    const { request, leg, beep } = running;
    if (beep !== null) {
      if (beep.next(this.frame)) return leg.sendFrame(this.frame);
      running.beep = null;
      leg.keepAudio(true);
    }
    leg.read(this.frame);
    running.frames += 1;
    const bytes = Buffer.alloc(this.frame.length * 2);
    this.frame.forEach((sample, i) => bytes.writeInt16LE(sample, 2 * i));
    running.silent.push(bytes);
    const isSilent = request.silenceMs !== null && levelOf(this.frame) < SILENT_BELOW;
    if (!isSilent) this.flush(running);
    if (request.silenceMs !== null && running.silent.length * FRAME_MS >= request.silenceMs) this.end(request.channelId, 'silence');
    else if (running.frames * FRAME_MS >= request.longestMs) this.end(request.channelId, 'longest');
  }

  /** What was heard is kept. */
  private flush(running: Running): void {
    for (const bytes of running.silent.splice(0)) running.pcm.push(bytes);
    if (running.kept !== null || running.pcm.isEmpty) return;
    const { request, pcm } = running;
    const failed = (error: unknown): { ok: false; error: { code: 'unexpected'; message: string } } => {
      this.parts.onError(error, 'keeping a recording');
      return { ok: false, error: { code: 'unexpected', message: 'the recording could not be kept' } };
    };
    running.kept = request.into(pcm).catch(failed);
    // Who takes no more has refused it.
    void running.kept.then(() => this.running.get(request.channelId) === running && this.end(request.channelId, 'failed'));
  }
}
