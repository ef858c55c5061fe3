import { randomUUID } from 'node:crypto';
import { fail, type Disposer, type Result } from '../../../contract/errors.ts';
import type { Clock } from '../../ports.ts';
import type { SwitchLogger } from '../logger.ts';
import type { ChannelId, ChannelRecording, RecordingEnd, RecordingId, SwitchEvent } from '../port.ts';
import { isStopKey } from '../recording.ts';
import { pcmOfWav, SAMPLE_RATE_HZ } from '../wav.ts';
import type { AriClient } from './ari/client.ts';
import { CADENCE_MS, TONES } from './tones.ts';

/** By which Asterisk knows them; other recordings of ours begin with the first word alone. */
const PREFIX = 'sangdam-channel-';
const nameOf = (recordingId: RecordingId): string => `${PREFIX}${recordingId}`;
/** Asterisk measures in whole seconds. */
const INEXACT_MS = 500;
const UNANNOUNCED_MS = 1000;

interface Running {
  request: ChannelRecording;
  startedAt: number;
  /** Why it ends, as far as that was told before its end. */
  reason: RecordingEnd | null;
  over: boolean;
  stopWatching: Disposer;
}

interface Parts {
  client: Pick<AriClient, 'play' | 'stopPlayback' | 'recordChannel' | 'liveRecording' | 'hasLiveRecording' | 'storedRecording' | 'deleteStoredRecording'>;
  clock: Clock;
  logger: SwitchLogger;
  emit: (event: SwitchEvent) => void;
}

/**
 * Recordings of single channels. Asterisk writes them on its own disk; when one is over the center takes it from there, and
 * removes it. One that could not be kept stays, and is found at the next start.
 */
export class ChannelRecordings {
  private readonly parts: Parts;
  private readonly running = new Map<RecordingId, Running>();
  /** Beeps before recordings, and whose ear they are in. */
  private readonly beeps = new Map<string, ChannelId>();

  constructor(parts: Parts) {
    this.parts = parts;
  }

  /** Whether a recording on Asterisk is one of these, and not left behind. */
  isTaken(name: string): boolean {
    return name.startsWith(PREFIX) && this.running.has(name.slice(PREFIX.length));
  }

  async start(request: ChannelRecording): Promise<Result<null>> {
    const { recordingId, channelId, beep, longestMs, silenceMs, stopKey } = request;
    const { client, clock } = this.parts;
    if (this.running.has(recordingId)) return fail('input.invalid', 'the recording exists already');
    this.end(channelId, 'stopped');
    this.running.set(recordingId, { request, startedAt: clock.monotonic(), reason: null, over: false, stopWatching: () => {} });
    // What a channel is told is done one after the other.
    if (beep) this.beep(channelId);
    const started = await client.recordChannel(channelId, nameOf(recordingId), { maxDurationSeconds: longestMs / 1000, maxSilenceSeconds: silenceMs === null ? 0 : silenceMs / 1000, terminateOn: stopKey ?? 'none' });
    if (!started.ok) this.running.delete(recordingId);
    return started;
  }

  /** Asterisk plays a tone until it is stopped, whatever its cadence says. */
  beeping(playbackId: string): void {
    const channelId = this.beeps.get(playbackId);
    if (channelId === undefined) return;
    this.beeps.delete(playbackId);
    this.parts.clock.setTimeout(() => void this.parts.client.stopPlayback(channelId, playbackId), CADENCE_MS.beep);
  }

  /** Asterisk has begun with it: the beep is over. */
  started(name: string): void {
    const running = this.named(name);
    if (running !== undefined) running.startedAt = this.parts.clock.monotonic();
  }

  digit(channelId: ChannelId, digit: string): void {
    for (const running of this.of(channelId)) if (isStopKey(running.request.stopKey, digit)) running.reason ??= 'key';
  }

  stop(recordingId: RecordingId): void {
    const running = this.running.get(recordingId);
    if (running !== undefined) this.stopNow(running, 'stopped');
  }

  /** Ends what is recorded of a channel, if anything is. */
  end(channelId: ChannelId, reason: RecordingEnd): void {
    for (const running of this.of(channelId)) this.stopNow(running, reason);
  }

  /** The channel is about to go, and its recording ends before. */
  hangingUp(channelId: ChannelId): void {
    for (const running of this.of(channelId)) running.reason ??= 'hungUp';
  }

  /** The channel is gone; Asterisk says that its recording is over, or it never began. */
  channelEnded(channelId: ChannelId): void {
    for (const [playbackId, at] of this.beeps) if (at === channelId) this.beeps.delete(playbackId);
    for (const running of this.of(channelId)) {
      running.reason ??= 'hungUp';
      this.watch(running);
    }
  }

  /** Asterisk has finished writing a file of this name. */
  finished(name: string, failed: boolean): void {
    const running = this.named(name);
    if (running === undefined) return;
    if (failed) running.reason ??= 'failed';
    this.over(running);
  }

  /** After a lost link: what ended meanwhile. */
  async refresh(): Promise<void> {
    await Promise.all([...this.running.values()].map(async (running) => {
      if (!running.over && !(await this.parts.client.hasLiveRecording(nameOf(running.request.recordingId)))) this.over(running);
    }));
  }

  private beep(channelId: ChannelId): void {
    const playbackId = randomUUID();
    this.beeps.set(playbackId, channelId);
    void this.parts.client.play(channelId, playbackId, [`tone:${TONES.beep}`]).then(({ ok }) => ok || this.beeps.delete(playbackId));
  }

  private named(name: string): Running | undefined {
    return name.startsWith(PREFIX) ? this.running.get(name.slice(PREFIX.length)) : undefined;
  }

  private of(channelId: ChannelId): Running[] {
    return [...this.running.values()].filter(({ request, over }) => request.channelId === channelId && !over);
  }

  private stopNow(running: Running, reason: RecordingEnd): void {
    running.reason ??= reason;
    this.askToStop(running);
    this.watch(running);
  }

  private askToStop(running: Running): void {
    void this.parts.client.liveRecording('POST', nameOf(running.request.recordingId), 'stop');
  }

  /** One that is stopped before its first sound ends without a word; one that Asterisk had not begun goes on, and is stopped again. */
  private watch(running: Running): void {
    running.stopWatching();
    running.stopWatching = this.parts.clock.setTimeout(() => {
      void this.parts.client.hasLiveRecording(nameOf(running.request.recordingId)).then((live) => {
        if (!live) return this.over(running);
        if (running.over) return;
        this.askToStop(running);
        this.watch(running);
      });
    }, UNANNOUNCED_MS);
  }

  private over(running: Running): void {
    if (running.over) return;
    running.over = true;
    running.stopWatching();
    const { request: { recordingId, channelId, longestMs, silenceMs }, startedAt } = running;
    const ranMs = this.parts.clock.monotonic() - startedAt;
    const reason = running.reason ?? (silenceMs !== null && ranMs < longestMs - INEXACT_MS ? 'silence' : 'longest');
    void this.take(running).then(({ kept, durationMs }) => {
      this.running.delete(recordingId);
      this.parts.emit({ type: 'channel.recorded', recordingId, channelId, reason, durationMs, kept });
    });
  }

  private async take({ request: { recordingId, into } }: Running): Promise<{ kept: boolean; durationMs: number }> {
    const { client, logger } = this.parts;
    let bytes = 0;
    try {
      const response = await client.storedRecording(nameOf(recordingId));
      if (response.status === 404) return { kept: false, durationMs: 0 };
      if (!response.ok || response.body === null) throw new Error(`ARI ${response.status}`);
      const pcm = await pcmOfWav(response.body);
      if (!pcm.ok) throw new Error(pcm.error.message);
      const counted = async function* (): AsyncGenerator<Uint8Array> {
        for await (const piece of pcm.value) {
          bytes += piece.length;
          yield piece;
        }
      };
      const kept = await into(counted());
      if (kept.ok || bytes === 0) await client.deleteStoredRecording(nameOf(recordingId));
      else logger.warn({ recordingId, error: kept.error.code }, 'a recording could not be kept; it stays on Asterisk until the next start');
      return { kept: kept.ok, durationMs: (bytes / 2 / SAMPLE_RATE_HZ) * 1000 };
    } catch (error) {
      logger.warn({ err: error, recordingId }, 'a recording could not be taken from Asterisk; it stays there until the next start');
      return { kept: false, durationMs: 0 };
    }
  }
}
