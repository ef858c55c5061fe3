import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rm, stat, statfs, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, ok, type Result } from '../../contract/errors.ts';
import { MediaId, type MediaKind, type MediaObject, type MediaType } from '../../contract/media.ts';
import type { Clock } from '../ports.ts';
import { findMedia, forgetMedia, hasMedia, insertMedia, unusedMedia } from '../store/media.ts';
import type { Database } from '../store/tables.ts';
import { newObjectKey, Sealer, Tampered, unseal, unwrapKey, wrapKey, wrappingKey } from './sealing.ts';
import { MediaStoreError, ofFileSystem, type MediaStore, type Span } from './store.ts';
import { TELLING_BYTES, typeOfBytes } from './type.ts';

/** What is left of the disk for calls: no object is begun or gone on with below it. */
const ROOM_BYTES = 64 * 1024 * 1024;
/** How often it is looked at while an object is written. */
const LOOK_EVERY_BYTES = 1024 * 1024;
/** What nobody uses so long after it was made, and what nobody has written to, is nobody's. */
export const UNUSED_FOR_MS = 86_400_000;
const SOME = 50;

export interface NewObject {
  kind: MediaKind;
  /** What it may be, by its own bytes. */
  types: readonly MediaType[];
  mostBytes: number;
  createdBy: string | null;
}

/** An object to be read: where what is asked of it was all right, and its first bytes were there. */
export interface OpenObject {
  object: MediaObject;
  /** @throws Tampered or MediaStoreError in the middle of it */
  content: AsyncIterable<Buffer>;
}

export interface MediaParts {
  db: Database;
  store: MediaStore;
  /** The installation's, 32 bytes; null, in tests: none. */
  key: Uint8Array | null;
  /** A folder on a disk of this machine, where objects are written before the store takes them. */
  incoming: string;
  clock: Pick<Clock, 'now'>;
  /** Bytes that are free there; the file system's word unless given. */
  freeBytes?: (folder: string) => Promise<number>;
}

/** Bytes with a path: every object encrypted by a key of its own, known by what it is, and read from any place in it. */
export class Media {
  private readonly parts: MediaParts;
  private readonly wrapping: Buffer;
  /** Being written: no sweep takes them for left behind. */
  private readonly writing = new Set<string>();

  constructor(parts: MediaParts) {
    this.parts = parts;
    this.wrapping = wrappingKey(parts.key);
  }

  /**
   * Keeps what comes, as a whole or not at all.
   * @param headOf what takes the place of its first bytes once it is known how many there are
   * @returns `input.too-large`, `input.invalid` for nothing at all, `file.wrong-type`, `store.unavailable` where there is no room
   *   or the store is away
   */
  async put({ kind, types, mostBytes, createdBy }: NewObject, content: AsyncIterable<Uint8Array>, headOf?: (bytes: number) => Uint8Array): Promise<Result<MediaObject>> {
    const mediaId = MediaId.parse(randomUUID());
    const file = join(this.parts.incoming, `${mediaId}.new`);
    const key = newObjectKey();
    this.writing.add(`${mediaId}.new`);
    try {
      const written = await this.write(file, { mediaId, key, types, mostBytes, headOf }, content);
      if (!written.ok) return written;
      await this.parts.store.take(mediaId, file);
      const object: MediaObject = { mediaId, kind, ...written.value, createdAt: this.parts.clock.now(), createdBy };
      await insertMedia(this.parts.db, { object, wrappedKey: wrapKey(this.wrapping, mediaId, key) });
      return ok(object);
    } catch (error) {
      if (error instanceof MediaStoreError) return notKept(error);
      throw error;
    } finally {
      await rm(file, { force: true }).catch(() => {});
      this.writing.delete(`${mediaId}.new`);
    }
  }

  /** What is known of an object; null where there is none. */
  async find(mediaId: MediaId): Promise<MediaObject | null> {
    return (await findMedia(this.parts.db, mediaId))?.object ?? null;
  }

  /**
   * Opens an object, all of it or a span.
   * @returns `not-found`, `file.damaged` for what is not as it was written or has lost its key, `store.unavailable`
   */
  async open(mediaId: MediaId, span?: Span): Promise<Result<OpenObject>> {
    const kept = await findMedia(this.parts.db, mediaId);
    if (kept === null) return fail('not-found', 'no such object');
    const { object, wrappedKey } = kept;
    try {
      const key = unwrapKey(this.wrapping, mediaId, wrappedKey);
      const content = unseal((sealed) => this.parts.store.read(mediaId, sealed), { mediaId, key, bytes: object.bytes }, span ?? { from: 0, to: object.bytes });
      return ok({ object, content: await begun(content) });
    } catch (error) {
      return notRead(error);
    }
  }

  /** What keeps the store from being used, for who runs the center; null: nothing. */
  async trouble(): Promise<string | null> {
    try {
      await this.parts.store.check();
      return null;
    } catch (error) {
      if (error instanceof MediaStoreError) return error.message;
      throw error;
    }
  }

  /** Removes an object. @returns `file.in-use` while somebody uses it; one that is not there is removed just as well */
  async remove(mediaId: MediaId): Promise<Result<null>> {
    const gone = await forgetMedia(this.parts.db, mediaId);
    if (!gone && (await hasMedia(this.parts.db, mediaId))) return fail('file.in-use', 'something uses this object');
    // Without its key nobody reads it: what the store does not remove now, the next sweep does.
    await this.parts.store.remove(mediaId).catch(() => {});
    return ok(null);
  }

  /** Removes objects that nobody uses, bytes that no object has, and what was left in the middle of being written. */
  async sweep(): Promise<{ unused: number; orphans: number }> {
    const { db, store, incoming, clock } = this.parts;
    const before = clock.now() - UNUSED_FOR_MS;
    let unused = 0;
    for (const mediaId of await unusedMedia(db, before, SOME)) {
      if ((await this.remove(mediaId)).ok) unused += 1;
    }
    let orphans = 0;
    for await (const { name, at } of store.list()) {
      if (at > before || (await hasMedia(db, name))) continue;
      await store.remove(name);
      orphans += 1;
    }
    for (const name of await readdir(incoming).catch(() => [])) {
      const path = join(incoming, name);
      if (!this.writing.has(name) && ((await stat(path).catch(() => null))?.mtimeMs ?? Infinity) < before) await rm(path, { force: true });
    }
    return { unused, orphans };
  }

  private async write(file: string, { mediaId, key, types, mostBytes, headOf }: { mediaId: MediaId; key: Buffer; headOf: ((bytes: number) => Uint8Array) | undefined } & Pick<NewObject, 'types' | 'mostBytes'>, content: AsyncIterable<Uint8Array>): Promise<Result<Pick<MediaObject, 'type' | 'bytes' | 'sha256'>>> {
    const handle = await this.create(file);
    try {
      const sealer = new Sealer(handle, mediaId, key);
      const digest = createHash('sha256');
      let beginning: Buffer = Buffer.alloc(0);
      let [bytes, lookAt] = [0, 0];
      for await (const piece of content) {
        if (piece.length === 0) continue;
        if (bytes >= lookAt) {
          await this.needsRoom();
          lookAt = bytes + LOOK_EVERY_BYTES;
        }
        bytes += piece.length;
        if (bytes > mostBytes) return fail('input.too-large', `more than ${mostBytes} bytes`);
        if (beginning.length < TELLING_BYTES) {
          beginning = Buffer.concat([beginning, piece.subarray(0, TELLING_BYTES)]);
          if (beginning.length >= TELLING_BYTES && headOf === undefined && !isOneOf(types, beginning)) return wrongType;
        }
        digest.update(piece);
        await sealer.write(piece);
      }
      if (bytes === 0) return fail('input.invalid', 'nothing came');
      const head = headOf?.(bytes) ?? null;
      const type = typeOfBytes(head ?? beginning);
      if (type === null || !types.includes(type)) return wrongType;
      await sealer.finish(head);
      await handle.sync();
      const sha256 = head === null ? digest.digest('hex') : await digestOf(handle, { mediaId, key, bytes });
      return ok({ type, bytes, sha256 });
    } catch (error) {
      throw isFileError(error) ? ofFileSystem(error, 'writing an object') : error;
    } finally {
      await handle.close();
    }
  }

  private async create(file: string): Promise<FileHandle> {
    try {
      await mkdir(this.parts.incoming, { recursive: true, mode: 0o700 });
      return await open(file, 'wx+', 0o600);
    } catch (error) {
      throw ofFileSystem(error, 'beginning an object');
    }
  }

  private async needsRoom(): Promise<void> {
    const free = await (this.parts.freeBytes ?? freeBytesOf)(this.parts.incoming);
    if (free < ROOM_BYTES) throw new MediaStoreError('full', 'the disk is too full');
  }
}

const wrongType = fail('file.wrong-type', 'the bytes are of none of the types that are taken here');
const isOneOf = (types: readonly MediaType[], beginning: Uint8Array): boolean => {
  const type = typeOfBytes(beginning);
  return type !== null && types.includes(type);
};

const isFileError = (error: unknown): boolean => error instanceof Error && 'syscall' in error;

async function freeBytesOf(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** Of what was sealed into a file. */
async function digestOf(handle: FileHandle, object: { mediaId: MediaId; key: Buffer; bytes: number }): Promise<string> {
  const digest = createHash('sha256');
  const read = async function* ({ from, to }: Span): AsyncGenerator<Uint8Array> {
    for (let at = from; at < to; ) {
      const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(Math.min(LOOK_EVERY_BYTES, to - at)), 0, Math.min(LOOK_EVERY_BYTES, to - at), at);
      if (bytesRead === 0) throw new Tampered('an object is shorter than what was written');
      yield buffer.subarray(0, bytesRead);
      at += bytesRead;
    }
  };
  for await (const piece of unseal(read, object, { from: 0, to: object.bytes })) digest.update(piece);
  return digest.digest('hex');
}

const notKept = ({ code, message }: MediaStoreError): Result<never> => fail('store.unavailable', code === 'full' ? `no room: ${message}` : message);

function notRead(error: unknown): Result<never> {
  if (error instanceof Tampered) return fail('file.damaged', error.message);
  if (!(error instanceof MediaStoreError)) throw error;
  // The database knows it, and the store does not: that is no outage.
  return error.code === 'gone' ? fail('file.damaged', error.message) : fail('store.unavailable', error.message);
}

/** The same pieces, of which the first has come: what is wrong from the start is known before anything is answered. */
async function begun(pieces: AsyncGenerator<Buffer>): Promise<AsyncIterable<Buffer>> {
  const first = await pieces.next();
  return (async function* () {
    try {
      if (first.done === true) return;
      yield first.value;
      yield* pieces;
    } finally {
      await pieces.return(undefined);
    }
  })();
}

