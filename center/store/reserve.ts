import { randomBytes } from 'node:crypto';
import { statfsSync, statSync, truncateSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

const CHUNK_BYTES = 1024 * 1024;
/** A smaller one is not worth having. */
const SMALLEST_BYTES = 1024 * 1024;
/** Of what is free, so that a small disk is not filled by the reserve itself. */
const SHARE_OF_FREE = 1 / 4;

/** What there is to give back when nothing can be written any more. */
export type Room = Pick<Reserve, 'freeBytes' | 'take' | 'release' | 'releaseLast'>;

/** Of a server, whose disk is its operator's. */
export const noReserve: Room = { freeBytes: Infinity, take: () => Promise.resolve(true), release: () => false, releaseLast: () => {} };

/**
 * A file that takes up room on the store's disk, to be given back when the disk is full: what is under way then can
 * still be written down. Its end is kept for the end, so that a center that is stopped while its disk is full can
 * write what has waited.
 */
export class Reserve {
  private readonly file: string;
  private readonly wantedBytes: number;
  private held: boolean;
  /** What the disk must have room for before the reserve is taken again: what was given back is no room to spare. */
  private neededBytes = 0;

  /** @param wantedBytes 0: no reserve at all */
  constructor(file: string, wantedBytes: number) {
    this.file = file;
    this.wantedBytes = wantedBytes;
    // Of a run before this one: it helps to start on a disk that is full already.
    this.held = this.bytes > 0;
  }

  /** Free bytes on the disk; Infinity where that cannot be told. */
  get freeBytes(): number {
    try {
      const { bavail, bsize } = statfsSync(dirname(this.file));
      return bavail * bsize;
    } catch {
      return Infinity;
    }
  }

  /** Takes up the room, where there is enough: several times as much. Answers whether there is a reserve then. */
  async take(): Promise<boolean> {
    if (this.wantedBytes === 0) return this.freeBytes >= SMALLEST_BYTES;
    const bytes = Math.min(this.wantedBytes, Math.floor((this.freeBytes + this.bytes) * SHARE_OF_FREE));
    if (bytes < SMALLEST_BYTES || this.freeBytes < this.neededBytes) return false;
    try {
      if (this.bytes !== bytes) await this.write(bytes);
      this.held = true;
    } catch {
      await rm(this.file, { force: true }).catch(() => {});
    }
    return this.held;
  }

  /** Gives back all of it but the last quarter. Answers whether that made room. */
  release(): boolean {
    if (!this.held) return false;
    this.held = false;
    this.neededBytes = 2 * this.bytes;
    return this.shrinkTo(Math.floor(this.bytes / 4));
  }

  /** Gives back the rest. */
  releaseLast(): void {
    this.held = false;
    if (this.bytes > 0) this.shrinkTo(0);
  }

  private get bytes(): number {
    try {
      return statSync(this.file).size;
    } catch {
      return 0;
    }
  }

  private shrinkTo(bytes: number): boolean {
    try {
      truncateSync(this.file, bytes);
      return true;
    } catch {
      return false;
    }
  }

  private async write(bytes: number): Promise<void> {
    const handle = await open(this.file, 'w', 0o600);
    try {
      // Not zeros: some file systems would keep none of them.
      const chunk = randomBytes(CHUNK_BYTES);
      for (let at = 0; at < bytes; at += CHUNK_BYTES) await handle.write(chunk, 0, Math.min(CHUNK_BYTES, bytes - at), at);
      // Where room is given out late, only now is it known to be ours.
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
}
