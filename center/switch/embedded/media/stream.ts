import { ok, type Result } from '../../../../contract/errors.ts';
import type { Pcm } from '../../port.ts';
import { SAMPLE_RATE_HZ } from '../../wav.ts';
import type { Source } from './sources.ts';

/** Two seconds are kept ahead of what is heard: what comes late by less is not missed. */
const AHEAD_BYTES = 2 * SAMPLE_RATE_HZ * 2;

type Open = () => Promise<Result<Pcm>>;

/**
 * Sound that comes in pieces while it is heard: an hour takes no more memory than a word. Where a piece is late there is
 * silence, and it goes on; where it breaks off, it is over.
 */
export class StreamSource implements Source {
  /** It ended before its end. */
  broken = false;
  private readonly open: Open;
  private readonly repeat: boolean;
  private pieces: AsyncIterator<Uint8Array>;
  private readonly ahead: Buffer[] = [];
  private aheadBytes = 0;
  /** Of the first piece, heard already. */
  private at = 0;
  private ended = false;
  private closed = false;
  private filling = false;
  /** Bytes; what is empty is not opened again and again. */
  private sinceOpened = 0;

  private constructor(open: Open, pcm: Pcm, repeat: boolean) {
    this.open = open;
    this.repeat = repeat;
    this.pieces = pcm[Symbol.asyncIterator]();
  }

  /** Answers once there is something to hear. */
  static async begin(open: Open, repeat: boolean): Promise<Result<StreamSource>> {
    const pcm = await open();
    if (!pcm.ok) return pcm;
    const source = new StreamSource(open, pcm.value, repeat);
    await source.fill();
    return ok(source);
  }

  next(frame: Int16Array): boolean {
    if (this.aheadBytes < AHEAD_BYTES && !this.ended && !this.filling) void this.fill();
    if (this.aheadBytes < 2 && this.ended) return false;
    for (let i = 0; i < frame.length; i++) frame[i] = this.sample();
    return true;
  }

  close(): void {
    this.closed = true;
    this.ended = true;
    this.ahead.length = 0;
    this.aheadBytes = 0;
    // What it was read from may have broken already.
    void this.pieces.return?.().catch(() => {});
  }

  private sample(): number {
    const [piece] = this.ahead;
    if (piece === undefined) return 0;
    const sample = piece.readInt16LE(this.at);
    this.at += 2;
    this.aheadBytes -= 2;
    if (this.at >= piece.length) {
      this.ahead.shift();
      this.at = 0;
    }
    return sample;
  }

  private async fill(): Promise<void> {
    this.filling = true;
    try {
      while (this.aheadBytes < AHEAD_BYTES && !this.closed) {
        const piece = await this.pieces.next();
        if (this.closed) return;
        if (piece.done !== true) {
          const bytes = Buffer.from(piece.value.buffer, piece.value.byteOffset, piece.value.length);
          if (bytes.length > 0) this.ahead.push(bytes);
          this.aheadBytes += bytes.length;
          this.sinceOpened += bytes.length;
          continue;
        }
        const again = this.repeat && this.sinceOpened > 0 ? await this.open() : null;
        if (again === null || !again.ok) {
          this.ended = true;
          this.broken = again !== null;
          return;
        }
        this.pieces = again.value[Symbol.asyncIterator]();
        this.sinceOpened = 0;
      }
    } catch {
      this.ended = true;
      this.broken = true;
    } finally {
      this.filling = false;
    }
  }
}
