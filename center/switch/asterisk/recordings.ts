import { open, type FileHandle } from 'node:fs/promises';
import { done, fail, type Result } from '../../../contract/errors.ts';
import type { Clock } from '../../ports.ts';
import type { BridgeId, RecordingId, SwitchEvent } from '../port.ts';
import type { AriClient } from './ari/client.ts';

const HEADER_BYTES = 44;
const BYTES_PER_MS = 16;
const UNANNOUNCED_MS = 1000;

interface Recording {
  recordingId: RecordingId;
  bridgeId: BridgeId;
  file: string;
  /** The file at our end, made at the start so that a disk or a folder that refuses is known then. */
  handle: FileHandle;
  /** Settles once the file is whole and has been told of. */
  finished: PromiseWithResolvers<Result<null>>;
  fetching: boolean;
}

interface Parts {
  client: AriClient;
  clock: Clock;
  emit: (event: SwitchEvent) => void;
  onError: (error: unknown, doing: string) => void;
}

const noRecording = fail('not-found', 'no such recording');

/**
 * Recordings of bridges. Asterisk writes them on its own disk, and the center fetches each when it is over: the two
 * need not share a file system.
 */
export class Recordings {
  private readonly parts: Parts;
  private readonly recordings = new Map<RecordingId, Recording>();

  constructor(parts: Parts) {
    this.parts = parts;
  }

  async start(recordingId: RecordingId, bridgeId: BridgeId, file: string): Promise<Result<null>> {
    if (this.recordings.has(recordingId)) return fail('input.invalid', 'the recording exists already');
    let handle: FileHandle;
    try {
      handle = await open(file, 'w');
    } catch (error) {
      this.parts.onError(error, 'creating a recording');
      return fail('switch.failed', 'the recording file cannot be written');
    }
    const recording: Recording = { recordingId, bridgeId, file, handle, finished: Promise.withResolvers(), fetching: false };
    this.recordings.set(recordingId, recording);
    const started = await this.parts.client.record(bridgeId, recordingId);
    if (started.ok) return started;
    this.recordings.delete(recordingId);
    await handle.close();
    return started;
  }

  async setPaused(recordingId: RecordingId, paused: boolean): Promise<Result<null>> {
    if (!this.recordings.has(recordingId)) return noRecording;
    return this.parts.client.liveRecording(paused ? 'POST' : 'DELETE', recordingId, 'pause');
  }

  /** Answers when the file is whole. */
  async stop(recordingId: RecordingId): Promise<Result<null>> {
    const recording = this.recordings.get(recordingId);
    if (recording === undefined) return noRecording;
    const stopped = await this.parts.client.liveRecording('POST', recordingId, 'stop');
    if (!stopped.ok) this.over(recordingId);
    // One that is stopped before its first sound ends without a word.
    const cancel = this.parts.clock.setTimeout(() => this.over(recordingId), UNANNOUNCED_MS);
    const result = await recording.finished.promise;
    cancel();
    return result;
  }

  /** Ends the recordings of a bridge that is about to go: Asterisk would leave them unannounced. */
  async stopOf(bridgeId: BridgeId): Promise<void> {
    const own = [...this.recordings.values()].filter((recording) => recording.bridgeId === bridgeId);
    await Promise.all(own.map(({ recordingId }) => this.stop(recordingId)));
  }

  /** Asterisk has finished writing it: stopped, or ended with its bridge. */
  over(recordingId: RecordingId): void {
    const recording = this.recordings.get(recordingId);
    if (recording === undefined || recording.fetching) return;
    recording.fetching = true;
    this.recordings.delete(recordingId);
    void this.fetch(recording).then((result) => recording.finished.resolve(result));
  }

  /** After a lost link: what ended meanwhile is fetched now. */
  async refresh(): Promise<void> {
    await Promise.all([...this.recordings.keys()].map(async (recordingId) => {
      if (!(await this.parts.client.hasLiveRecording(recordingId))) this.over(recordingId);
    }));
  }

  private async fetch({ recordingId, file, handle }: Recording): Promise<Result<null>> {
    let bytes = 0;
    try {
      const response = await this.parts.client.storedRecording(recordingId);
      if (!response.ok || response.body === null) throw new Error(`ARI ${response.status}`);
      for await (const chunk of response.body) {
        await handle.write(chunk);
        bytes += chunk.byteLength;
      }
      await this.parts.client.deleteStoredRecording(recordingId);
      return done();
    } catch (error) {
      this.parts.onError(error, 'fetching a recording');
      return fail('switch.failed', 'the recording is incomplete: it could not be fetched or written');
    } finally {
      await handle.close().catch((error: unknown) => this.parts.onError(error, 'closing a recording'));
      this.parts.emit({ type: 'recording.finished', recordingId, file, durationMs: Math.max(0, bytes - HEADER_BYTES) / BYTES_PER_MS });
    }
  }
}
