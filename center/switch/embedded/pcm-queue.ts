/** Samples are handed on by the second, not by the frame. */
const PIECE_BYTES = 16_000;

/** Samples on their way from a ticker to whoever reads them in their own time. */
export class PcmQueue implements AsyncIterable<Uint8Array> {
  private frames: Buffer[] = [];
  private bytes = 0;
  private ended = false;
  private wake: () => void = () => {};
  private pushed = false;

  /** Whether nothing was ever pushed. */
  get isEmpty(): boolean {
    return !this.pushed;
  }

  push(frame: Buffer): void {
    this.pushed = true;
    this.frames.push(frame);
    this.bytes += frame.length;
    if (this.bytes >= PIECE_BYTES) this.wake();
  }

  end(): void {
    this.ended = true;
    this.wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for (;;) {
      if (this.bytes < PIECE_BYTES && !this.ended) await new Promise<void>((resolve) => (this.wake = resolve));
      const piece = Buffer.concat(this.frames);
      this.frames = [];
      this.bytes = 0;
      if (piece.length > 0) yield piece;
      if (this.ended && this.bytes === 0) return;
    }
  }
}
