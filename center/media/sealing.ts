import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import type { Span } from './store.ts';

/*
 * A sealed object: parts of 64 KiB, each AES-256-GCM under a key of this object alone. The nonce is the number of the part;
 * with each are authenticated whose part it is and whether it is the last, so that an object which was cut short, or has parts
 * that were swapped, left out or taken from another, is noticed and not read. Any span is read by its own parts.
 *
 * The object's key stands in the database, wrapped (AES-256-GCM, the object's id authenticated) by a key that follows from
 * the installation's: a line that is removed there takes the object with it, wherever copies of its bytes are.
 */

/** Of what is in it. */
export const PART_BYTES = 64 * 1024;
const TAG_BYTES = 16;
export const SEALED_PART_BYTES = PART_BYTES + TAG_BYTES;
const NONCE_BYTES = 12;
const KEY_BYTES = 32;

/** What is no sealed object of this id and key, or is not whole. */
export class Tampered extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Tampered';
  }
}

/** The key that wraps the keys of objects. @param installationKey 32 bytes; null, in tests: none */
export const wrappingKey = (installationKey: Uint8Array | null): Buffer => Buffer.from(hkdfSync('sha256', installationKey ?? Buffer.alloc(KEY_BYTES), '', 'sangdam media objects', KEY_BYTES));

export const newObjectKey = (): Buffer => randomBytes(KEY_BYTES);

export function wrapKey(wrapping: Buffer, mediaId: string, key: Buffer): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', wrapping, nonce).setAAD(Buffer.from(mediaId));
  return Buffer.concat([nonce, cipher.update(key), cipher.final(), cipher.getAuthTag()]).toString('base64');
}

/** @throws Tampered where it was wrapped by another key, or for another object */
export function unwrapKey(wrapping: Buffer, mediaId: string, wrapped: string): Buffer {
  const bytes = Buffer.from(wrapped, 'base64');
  if (bytes.length !== NONCE_BYTES + KEY_BYTES + TAG_BYTES) throw new Tampered('the key of an object is none');
  return opened(wrapping, bytes.subarray(0, NONCE_BYTES), Buffer.from(mediaId), bytes.subarray(NONCE_BYTES));
}

function opened(key: Buffer, nonce: Buffer, about: Buffer, sealed: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(about);
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES)), decipher.final()]);
  } catch {
    throw new Tampered('a part of an object is not as it was written');
  }
}

function nonceOf(part: number): Buffer {
  const nonce = Buffer.alloc(NONCE_BYTES);
  nonce.writeUInt32BE(part, NONCE_BYTES - 4);
  return nonce;
}

const aboutOf = (mediaId: string, isLast: boolean): Buffer => Buffer.from(`${mediaId} ${isLast ? 'last' : 'more'}`);

/** How many bytes an object of so many has when it is sealed. */
export const sealedBytes = (bytes: number): number => bytes + partsOf(bytes) * TAG_BYTES;
const partsOf = (bytes: number): number => Math.max(1, Math.ceil(bytes / PART_BYTES));

/**
 * Seals bytes into a file as they come. The first part waits to the end, since what stands at the beginning of some formats is
 * known only then; a part is never sealed twice, for a nonce is used once.
 */
export class Sealer {
  private readonly handle: FileHandle;
  private readonly mediaId: string;
  private readonly key: Buffer;
  private first: Buffer | null = null;
  private pending: Buffer[] = [];
  private pendingBytes = 0;
  private part = 0;

  constructor(handle: FileHandle, mediaId: string, key: Buffer) {
    this.handle = handle;
    this.mediaId = mediaId;
    this.key = key;
  }

  async write(bytes: Uint8Array): Promise<void> {
    // A copy: whoever brings bytes may use their memory again.
    this.pending.push(Buffer.from(bytes));
    this.pendingBytes += bytes.length;
    // The last part is never empty.
    while (this.pendingBytes > PART_BYTES) await this.next();
  }

  /** @param head takes the place of the bytes at the beginning; no more of them than a part has */
  async finish(head: Uint8Array | null): Promise<void> {
    const rest = Buffer.concat(this.pending);
    const isOnly = this.first === null;
    const first = this.first ?? rest;
    if (head !== null) first.set(head, 0);
    if (!isOnly) await this.seal(this.part, rest, true);
    await this.seal(0, first, isOnly);
  }

  private async next(): Promise<void> {
    const all = Buffer.concat(this.pending);
    const part = all.subarray(0, PART_BYTES);
    this.pending = [all.subarray(PART_BYTES)];
    this.pendingBytes = all.length - PART_BYTES;
    if (this.part === 0) this.first = Buffer.from(part);
    else await this.seal(this.part, part, false);
    this.part += 1;
  }

  private async seal(part: number, bytes: Buffer, isLast: boolean): Promise<void> {
    const cipher = createCipheriv('aes-256-gcm', this.key, nonceOf(part)).setAAD(aboutOf(this.mediaId, isLast));
    const sealed = Buffer.concat([cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
    await this.handle.write(sealed, 0, sealed.length, part * SEALED_PART_BYTES);
  }
}

/** A span of an object's bytes. @throws Tampered, and as the store does; what was told before that is as it was written */
export async function* unseal(read: (sealed: Span) => AsyncIterable<Uint8Array>, { mediaId, key, bytes }: { mediaId: string; key: Buffer; bytes: number }, { from, to }: Span): AsyncGenerator<Buffer> {
  if (to <= from) return;
  const last = partsOf(bytes) - 1;
  const firstPart = Math.floor(from / PART_BYTES);
  const lastPart = Math.floor((to - 1) / PART_BYTES);
  const sealedTo = Math.min((lastPart + 1) * SEALED_PART_BYTES, sealedBytes(bytes));
  let part = firstPart;
  for await (const sealed of inParts(read({ from: firstPart * SEALED_PART_BYTES, to: sealedTo }))) {
    const opening = opened(key, nonceOf(part), aboutOf(mediaId, part === last), sealed);
    const start = part * PART_BYTES;
    yield opening.subarray(Math.max(0, from - start), Math.min(opening.length, to - start));
    part += 1;
  }
  if (part !== lastPart + 1) throw new Tampered('an object is shorter than it was');
}

/** Bytes in pieces of a sealed part each; the last may be shorter. */
async function* inParts(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let pending: Uint8Array[] = [];
  let count = 0;
  for await (const piece of pieces) {
    pending.push(piece);
    count += piece.length;
    if (count < SEALED_PART_BYTES) continue;
    const all = Buffer.concat(pending);
    let at = 0;
    for (; all.length - at >= SEALED_PART_BYTES; at += SEALED_PART_BYTES) yield all.subarray(at, at + SEALED_PART_BYTES);
    pending = at < all.length ? [all.subarray(at)] : [];
    count = all.length - at;
  }
  if (count > 0) yield Buffer.concat(pending);
}
