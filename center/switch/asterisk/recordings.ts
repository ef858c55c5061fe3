import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { done, fail, type Disposer, type Result } from '../../../contract/errors.ts';
import type { Clock } from '../../ports.ts';
import type { BridgeId, RecordingId, SwitchEvent } from '../port.ts';
import type { AriClient } from './ari/client.ts';
import type { SwitchLogger } from '../logger.ts';

const HEADER_BYTES = 44;
const BYTES_PER_MS = 16;
const UNANNOUNCED_MS = 1000;
const RETRY_MS = 5000;
const RETRY_AT_MOST_MS = 600_000;
/** By which our recordings are known among others that this Asterisk may have. */
const PREFIX = 'sangdam-';
const nameOf = (recordingId: RecordingId): string => `${PREFIX}${recordingId}`;
const idOf = (name: string): RecordingId => name.slice(PREFIX.length);

/** What is to be fetched, and where to. */
interface Wanted {
  recordingId: RecordingId;
  file: string;
}

interface Recording extends Wanted {
  bridgeId: BridgeId;
  /** The file at our end, made at the start so that a disk or a folder that refuses is known then. */
  handle: FileHandle;
  /** Settles once the file is whole and has been told of. */
  finished: PromiseWithResolvers<Result<null>>;
  fetching: boolean;
}

interface Parts {
  client: Pick<AriClient, 'record' | 'liveRecording' | 'hasLiveRecording' | 'storedRecording' | 'storedRecordings' | 'deleteStoredRecording'>;
  clock: Clock;
  logger: SwitchLogger;
  emit: (event: SwitchEvent) => void;
  onError: (error: unknown, doing: string) => void;
  /** Whether somebody else sees to what Asterisk knows by this name. */
  isTaken: (name: string) => boolean;
}

const noRecording = fail('not-found', 'no such recording');

/**
 * Recordings of bridges. Asterisk writes them on its own disk, and the center fetches each when it is over: the two
 * need not share a file system.
 */
export class Recordings {
  private readonly parts: Parts;
  private readonly recordings = new Map<RecordingId, Recording>();
  /** Over, and not yet at our end. */
  private readonly unfetched = new Map<RecordingId, { retry: () => void; cancel: Disposer }>();

  constructor(parts: Parts) {
    this.parts = parts;
  }

  async start(recordingId: RecordingId, bridgeId: BridgeId, file: string): Promise<Result<null>> {
    if (this.recordings.has(recordingId) || this.unfetched.has(recordingId)) return fail('input.invalid', 'the recording exists already');
    let handle: FileHandle;
    try {
      handle = await open(file, 'w');
    } catch (error) {
      this.parts.onError(error, 'creating a recording');
      return fail('switch.failed', 'the recording file cannot be written');
    }
    const recording: Recording = { recordingId, bridgeId, file, handle, finished: Promise.withResolvers(), fetching: false };
    this.recordings.set(recordingId, recording);
    const started = await this.parts.client.record(bridgeId, nameOf(recordingId));
    if (started.ok) return started;
    this.recordings.delete(recordingId);
    await handle.close();
    return started;
  }

  async setPaused(recordingId: RecordingId, paused: boolean): Promise<Result<null>> {
    if (!this.recordings.has(recordingId)) return noRecording;
    return this.parts.client.liveRecording(paused ? 'POST' : 'DELETE', nameOf(recordingId), 'pause');
  }

  /** Answers when the file is whole. */
  async stop(recordingId: RecordingId): Promise<Result<null>> {
    const recording = this.recordings.get(recordingId);
    if (recording === undefined) return noRecording;
    const stopped = await this.parts.client.liveRecording('POST', nameOf(recordingId), 'stop');
    if (!stopped.ok) this.over(recordingId);
    const cancel = this.watchUnannounced(recordingId);
    const result = await recording.finished.promise;
    cancel();
    return result;
  }

  /**
   * One that is stopped before its first sound ends without a word. One that Asterisk is still busy with does not, however
   * long that takes: fetched by then it would be missed, or half of it taken for the whole. And one that Asterisk has taken
   * on and not begun is, when stopped, marked as cancelled, recorded all the same (`record_file` does not look at the mark),
   * and never ends: it is stopped again.
   */
  private watchUnannounced(recordingId: RecordingId): Disposer {
    const { client, clock } = this.parts;
    let cancel: Disposer = () => {};
    const watch = (): void => {
      cancel = clock.setTimeout(() => {
        void client.hasLiveRecording(nameOf(recordingId)).then((live) => {
          if (!live) return this.over(recordingId);
          if (!this.recordings.has(recordingId)) return;
          void client.liveRecording('POST', nameOf(recordingId), 'stop');
          watch();
        });
      }, UNANNOUNCED_MS);
    };
    watch();
    return () => cancel();
  }

  /** Ends the recordings of a bridge that is about to go: Asterisk would leave them unannounced. */
  async stopOf(bridgeId: BridgeId): Promise<void> {
    const own = [...this.recordings.values()].filter((recording) => recording.bridgeId === bridgeId);
    await Promise.all(own.map(({ recordingId }) => this.stop(recordingId)));
  }

  /** Asterisk has finished writing a file of this name: stopped, or ended with its bridge. */
  finished(name: string): void {
    if (name.startsWith(PREFIX)) this.over(idOf(name));
  }

  private over(recordingId: RecordingId): void {
    const recording = this.recordings.get(recordingId);
    if (recording === undefined || recording.fetching) return;
    recording.fetching = true;
    this.recordings.delete(recordingId);
    void this.fetch(recording).then((result) => recording.finished.resolve(result));
  }

  /** After a lost link: what ended meanwhile is fetched now, and what could not be fetched. */
  async refresh(): Promise<void> {
    for (const { retry } of this.unfetched.values()) retry();
    await Promise.all([...this.recordings.keys()].map(async (recordingId) => {
      if (!(await this.parts.client.hasLiveRecording(nameOf(recordingId)))) this.over(recordingId);
    }));
  }

  /**
   * Recordings of a center before us, which did not live to fetch them: nobody knows any more where they were to go, so
   * each becomes a file of its own name in `folder`; null: they stay, and the log says so.
   */
  async takeLeftBehind(folder: string | null): Promise<void> {
    const { client, logger } = this.parts;
    const stored = await client.storedRecordings();
    if (!stored.ok) return;
    const left = stored.value.filter((name) => name.startsWith(PREFIX) && !this.parts.isTaken(name) && !this.recordings.has(idOf(name)) && !this.unfetched.has(idOf(name)));
    if (left.length === 0) return;
    logger.warn({ recordings: left.length, folder }, folder === null ? 'recordings of an earlier run are still on Asterisk' : 'recordings of an earlier run are fetched from Asterisk');
    if (folder === null) return;
    await mkdir(folder, { recursive: true });
    for (const name of left) {
      const recordingId = idOf(name);
      // The name comes from another machine; and what is still being written is fetched when it is over, at the next start.
      if (/^[\w-]{1,128}$/.test(recordingId) && !(await client.hasLiveRecording(name))) await this.attempt({ recordingId, file: join(folder, `${recordingId}.wav`) }, 0);
    }
  }

  /** Tries no more; what is not fetched by now stays on Asterisk until the next start. */
  close(): void {
    for (const { cancel } of this.unfetched.values()) cancel();
    this.unfetched.clear();
  }

  private async fetch({ recordingId, file, handle }: Recording): Promise<Result<null>> {
    await handle.close().catch((error: unknown) => this.parts.onError(error, 'closing a recording'));
    return this.attempt({ recordingId, file }, 0);
  }

  /** Fetches a recording that is over. Where that fails it stays on Asterisk and is tried again, ever more seldom. */
  private async attempt(wanted: Wanted, tries: number): Promise<Result<null>> {
    const { recordingId, file } = wanted;
    const { client, clock, logger, emit } = this.parts;
    this.unfetched.get(recordingId)?.cancel();
    // One attempt at a time.
    this.unfetched.set(recordingId, { retry: () => {}, cancel: () => {} });
    try {
      const bytes = await this.copy(recordingId, file);
      this.unfetched.delete(recordingId);
      // Nothing was ever said: a recording stopped before its first sound has no file.
      if (bytes === null) logger.warn({ recordingId }, 'Asterisk has nothing of a recording');
      else await client.deleteStoredRecording(nameOf(recordingId));
      emit({ type: 'recording.finished', recordingId, file, durationMs: Math.max(0, (bytes ?? 0) - HEADER_BYTES) / BYTES_PER_MS });
      return bytes === null ? fail('not-found', 'nothing was recorded') : done();
    } catch (error) {
      const inMs = Math.min(RETRY_MS * 2 ** tries, RETRY_AT_MOST_MS);
      logger.warn({ err: error, recordingId, inMs }, 'a recording could not be fetched; it stays on Asterisk and is tried again');
      const retry = (): void => void this.attempt(wanted, tries + 1);
      this.unfetched.set(recordingId, { retry, cancel: clock.setTimeout(retry, inMs) });
      return fail('switch.failed', 'the recording could not be fetched or written yet; it is tried again');
    }
  }

  /** @returns how many bytes it has; null where Asterisk has none of it. @throws when the file is not whole */
  private async copy(recordingId: RecordingId, file: string): Promise<number | null> {
    const response = await this.parts.client.storedRecording(nameOf(recordingId));
    if (response.status === 404) return null;
    if (!response.ok || response.body === null) throw new Error(`ARI ${response.status}`);
    const handle = await open(file, 'w');
    let bytes = 0;
    try {
      for await (const chunk of response.body) {
        await handle.write(chunk);
        bytes += chunk.byteLength;
      }
    } finally {
      await handle.close();
    }
    return bytes;
  }
}
