import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { MediaStoreError, ofFileSystem } from '../store.ts';
import { S3Error } from './errors.ts';
import type { S3Requests } from './requests.ts';
import { textOf } from './xml.ts';

/** The smallest part that S3 takes but for the last is 5 MiB; a file of no more than one is sent as it is. */
export const UPLOAD_PART_BYTES = 8 * 1024 * 1024;
/** Read and hashed at a time: no call beside it waits for more. */
const PIECE_BYTES = 256 * 1024;

/** Puts a file of this machine there, as a whole or not at all. @throws MediaStoreError */
export async function upload(requests: S3Requests, key: string, file: string): Promise<void> {
  const handle = await open(file, 'r').catch((error: unknown) => {
    throw ofFileSystem(error, 'opening what is to be put');
  });
  try {
    const { size } = await handle.stat();
    if (size <= UPLOAD_PART_BYTES) await requests.ask({ method: 'PUT', key, ...(await partOf(handle, 0, size)) }, requests.times.write);
    else await inParts(requests, key, handle, size);
  } catch (error) {
    // Nothing is gone here but what the file system had.
    throw error instanceof S3Error && error.code === 'gone' ? new MediaStoreError('away', error.message, { cause: error }) : ofFileSystem(error, 'putting an object');
  } finally {
    await handle.close();
  }
}

async function inParts(requests: S3Requests, key: string, handle: FileHandle, size: number): Promise<void> {
  const begun = await requests.ask({ method: 'POST', key, query: { uploads: '' } });
  const uploadId = textOf(begun.text(), 'UploadId');
  if (uploadId === null) throw new MediaStoreError('away', 'the store began an upload and did not say which');
  try {
    const tags: string[] = [];
    for (let at = 0; at < size; at += UPLOAD_PART_BYTES) {
      const part = await partOf(handle, at, Math.min(UPLOAD_PART_BYTES, size - at));
      const { headers } = await requests.ask({ method: 'PUT', key, query: { partNumber: String(tags.length + 1), uploadId }, ...part }, requests.times.write);
      tags.push(headers.get('etag') ?? '');
    }
    await complete(requests, { key, uploadId, tags, size });
  } catch (error) {
    // Parts that nobody ends are paid for. Where this does not reach the store either, its own rule for them does (docs/operations.md).
    await requests.ask({ method: 'DELETE', key, query: { uploadId } }).catch(() => {});
    throw error;
  }
}

async function complete(requests: S3Requests, { key, uploadId, tags, size }: { key: string; uploadId: string; tags: readonly string[]; size: number }): Promise<void> {
  const parts = tags.map((tag, i) => `<Part><PartNumber>${i + 1}</PartNumber><ETag>${tag.replaceAll('"', '&quot;')}</ETag></Part>`).join('');
  const body = new TextEncoder().encode(`<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${parts}</CompleteMultipartUpload>`);
  try {
    const { said } = await requests.ask({ method: 'POST', key, query: { uploadId }, body, headers: { 'content-type': 'application/xml' }, sha256: hashOf(body) }, requests.times.write);
    // It begins to answer before it has put the parts together, and may still say that it could not.
    if (said !== '') throw new S3Error('away', `the store could not put the parts together (${said})`, said);
  } catch (error) {
    // Asked again since its answer was lost, it knows the upload no more: the object is there.
    if (error instanceof S3Error && error.said === 'NoSuchUpload' && (await requests.sizeOf(key)) === size) return;
    throw error;
  }
}

async function partOf(handle: FileHandle, from: number, bytes: number): Promise<{ body: Uint8Array<ArrayBuffer>; sha256: string }> {
  const body = new Uint8Array(bytes);
  const hash = createHash('sha256');
  for (let at = 0; at < bytes; ) {
    const { bytesRead } = await handle.read(body, at, Math.min(PIECE_BYTES, bytes - at), from + at);
    if (bytesRead === 0) throw new MediaStoreError('away', 'what was to be put has become shorter');
    hash.update(body.subarray(at, at + bytesRead));
    at += bytesRead;
  }
  return { body, sha256: hash.digest('hex') };
}

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
