import { open, readFile, stat, type FileHandle } from 'node:fs/promises';
import { fail, ok, type Result } from '../../contract/errors.ts';

/*
 * Both engines' sounds and recordings are WAV files of one kind: mono, 8 kHz, 16-bit PCM.
 */

export const SAMPLE_RATE_HZ = 8000;
const HEADER_BYTES = 44;
/** Twenty minutes: longer than any announcement, short enough to keep in memory. */
const MAX_FILE_BYTES = 20 * 60 * SAMPLE_RATE_HZ * 2;

/**
 * Reads a mono 8 kHz 16-bit PCM WAV file.
 * @returns `not-found` for a missing file, `input.invalid` for one that is not what its name says,
 *   `input.too-large` for one over twenty minutes
 */
export async function readWav(file: string): Promise<Result<Int16Array>> {
  let bytes: Buffer;
  try {
    const { size } = await stat(file);
    if (size > MAX_FILE_BYTES) return fail('input.too-large', 'audio file over twenty minutes');
    bytes = await readFile(file);
  } catch {
    return fail('not-found', 'no such audio file');
  }
  return parseWav(bytes);
}

/** The samples of a WAV file's bytes; chunks other than `fmt ` and `data` are skipped, false lengths refused. */
export function parseWav(bytes: Buffer): Result<Int16Array> {
  const tag = (at: number): string => bytes.toString('latin1', at, at + 4);
  if (bytes.length < HEADER_BYTES || tag(0) !== 'RIFF' || tag(8) !== 'WAVE') return fail('input.invalid', 'not a WAV file');
  let supported = false;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const length = bytes.readUInt32LE(at + 4);
    const start = at + 8;
    if (tag(at) === 'fmt ' && start + 16 <= bytes.length) {
      const [format, channels] = [bytes.readUInt16LE(start), bytes.readUInt16LE(start + 2)];
      supported = format === 1 && channels === 1 && bytes.readUInt32LE(start + 4) === SAMPLE_RATE_HZ && bytes.readUInt16LE(start + 14) === 16;
    }
    if (tag(at) === 'data') {
      if (!supported) return fail('input.invalid', 'not mono 8 kHz 16-bit PCM');
      if (start + length > bytes.length) return fail('input.invalid', 'the WAV file is shorter than it says');
      if (length < 2) return fail('input.invalid', 'the WAV file is empty');
      return ok(Int16Array.from({ length: length >> 1 }, (_, i) => bytes.readInt16LE(start + 2 * i)));
    }
    at = start + length + (length & 1);
  }
  return fail('input.invalid', 'the WAV file has no samples');
}

/** Writes a mono 8 kHz 16-bit WAV file as it grows; its header is right again after every flush and at the end. */
export class WavWriter {
  private readonly handle: FileHandle;
  private pending: Buffer[] = [];
  private pendingBytes = 0;
  private writtenBytes = 0;
  private queue: Promise<void> = Promise.resolve();
  private failure: unknown = null;

  private constructor(handle: FileHandle) {
    this.handle = handle;
  }

  /** @throws what the file system says when the file cannot be made */
  static async create(file: string): Promise<WavWriter> {
    const handle = await open(file, 'w');
    const writer = new WavWriter(handle);
    await handle.write(header(0), 0, HEADER_BYTES, 0);
    return writer;
  }

  get durationMs(): number {
    return ((this.writtenBytes + this.pendingBytes) / 2 / SAMPLE_RATE_HZ) * 1000;
  }

  /** What went wrong on the disk, once it did; later samples are dropped. */
  get error(): unknown {
    return this.failure;
  }

  /** Buffers the samples and flushes about once a second. */
  write(samples: Int16Array): void {
    if (this.failure !== null) return;
    const bytes = Buffer.allocUnsafe(samples.length * 2);
    for (let i = 0; i < samples.length; i++) bytes.writeInt16LE(samples[i] ?? 0, 2 * i);
    this.pending.push(bytes);
    this.pendingBytes += bytes.length;
    if (this.pendingBytes >= SAMPLE_RATE_HZ * 2) this.flush();
  }

  /** Flushes and closes. The file is then complete, unless `error` tells otherwise. */
  async close(): Promise<void> {
    this.flush();
    await this.queue;
    await this.handle.close();
  }

  private flush(): void {
    const bytes = Buffer.concat(this.pending);
    const at = HEADER_BYTES + this.writtenBytes;
    this.pending = [];
    this.pendingBytes = 0;
    this.writtenBytes += bytes.length;
    const total = this.writtenBytes;
    this.queue = this.queue.then(() => this.store(bytes, at, total));
  }

  private async store(bytes: Buffer, at: number, total: number): Promise<void> {
    try {
      await this.handle.write(bytes, 0, bytes.length, at);
      await this.handle.write(header(total), 0, HEADER_BYTES, 0);
    } catch (error) {
      this.failure ??= error;
    }
  }
}

/** The bytes of a whole WAV file. */
export function wavOf(samples: Int16Array): Buffer {
  const body = Buffer.alloc(samples.length * 2);
  samples.forEach((sample, i) => body.writeInt16LE(sample, 2 * i));
  return Buffer.concat([header(body.length), body]);
}

function header(dataBytes: number): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES);
  bytes.write('RIFF', 0, 'latin1');
  bytes.writeUInt32LE(HEADER_BYTES - 8 + dataBytes, 4);
  bytes.write('WAVEfmt ', 8, 'latin1');
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(SAMPLE_RATE_HZ, 24);
  bytes.writeUInt32LE(SAMPLE_RATE_HZ * 2, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36, 'latin1');
  bytes.writeUInt32LE(dataBytes, 40);
  return bytes;
}
