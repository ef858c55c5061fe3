import { open, readFile, stat, type FileHandle } from 'node:fs/promises';
import { fail, ok, type Result } from '../../contract/errors.ts';
import type { Pcm } from './port.ts';

/*
 * Both engines' sounds and recordings are WAV files of one kind: mono, 8 kHz, 16-bit PCM.
 */

export const SAMPLE_RATE_HZ = 8000;
export const WAV_HEADER_BYTES = 44;
const HEADER_BYTES = WAV_HEADER_BYTES;
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
    await handle.write(wavHeader(0), 0, HEADER_BYTES, 0);
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
      await this.handle.write(wavHeader(total), 0, HEADER_BYTES, 0);
    } catch (error) {
      this.failure ??= error;
    }
  }
}

/** The bytes of a whole WAV file. */
export function wavOf(samples: Int16Array): Buffer {
  const body = Buffer.alloc(samples.length * 2);
  samples.forEach((sample, i) => body.writeInt16LE(sample, 2 * i));
  return Buffer.concat([wavHeader(body.length), body]);
}

/** The header of a file with so many bytes of samples. */
export function wavHeader(dataBytes: number): Buffer {
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

/** No chunk before the samples is longer; some programs put pictures there. */
const MOST_BEFORE_SAMPLES = 1024 * 1024;

/**
 * The samples of a WAV file that comes in pieces, of whole samples each. A length that says more than there is ends with the file.
 * @returns `input.invalid` for what is no mono 8 kHz 16-bit PCM
 */
export async function pcmOfWav(file: AsyncIterable<Uint8Array>): Promise<Result<Pcm>> {
  const pieces = file[Symbol.asyncIterator]();
  let head: Buffer = Buffer.alloc(0);
  for (;;) {
    const found = samplesIn(head);
    if (found === 'none' || head.length > MOST_BEFORE_SAMPLES) return fail('input.invalid', 'not a mono 8 kHz 16-bit WAV file');
    if (found !== 'unknown') return ok(evenPieces(head.subarray(found.at), pieces, found.length));
    const next = await pieces.next();
    if (next.done === true) return fail('input.invalid', 'not a whole WAV file');
    head = Buffer.concat([head, next.value]);
  }
}

/** Where a file's samples begin, as far as its beginning says. */
function samplesIn(head: Buffer): { at: number; length: number } | 'unknown' | 'none' {
  if (head.length < 12) return 'unknown';
  if (head.toString('latin1', 0, 4) !== 'RIFF' || head.toString('latin1', 8, 12) !== 'WAVE') return 'none';
  let supported = false;
  for (let at = 12; at + 8 <= head.length; ) {
    const [name, length, start] = [head.toString('latin1', at, at + 4), head.readUInt32LE(at + 4), at + 8];
    if (name === 'data') return supported ? { at: start, length } : 'none';
    if (name === 'fmt ') {
      if (start + 16 > head.length) return 'unknown';
      supported = head.readUInt16LE(start) === 1 && head.readUInt16LE(start + 2) === 1 && head.readUInt32LE(start + 4) === SAMPLE_RATE_HZ && head.readUInt16LE(start + 14) === 16;
    }
    at = start + length + (length & 1);
  }
  return 'unknown';
}

async function* evenPieces(first: Buffer, rest: AsyncIterator<Uint8Array>, length: number): AsyncGenerator<Uint8Array> {
  let left = length - (length % 2);
  let odd: Buffer = Buffer.alloc(0);
  try {
    for (let piece: Uint8Array | null = first; piece !== null && left > 0; ) {
      const bytes: Buffer = Buffer.concat([odd, piece]).subarray(0, left);
      const whole = bytes.length & ~1;
      if (whole > 0) yield bytes.subarray(0, whole);
      odd = bytes.subarray(whole);
      left -= whole;
      const next: IteratorResult<Uint8Array> = await rest.next();
      piece = next.done === true ? null : next.value;
    }
  } finally {
    await rest.return?.();
  }
}
