import { MediaStoreError } from '../store.ts';
import type { S3Answer } from './requests.ts';
import { textOf } from './xml.ts';

/** It was refused or not understood, and asking again is of no use. */
export class S3Error extends MediaStoreError {
  /** Of S3, `NoSuchKey` and the like; empty where it said none. */
  readonly said: string;

  constructor(code: MediaStoreError['code'], message: string, said: string) {
    super(code, message);
    this.said = said;
  }
}

const FULL = new Set(['QuotaExceeded', 'XMinioStorageFull', 'XMinioAdminBucketQuotaExceeded', 'InsufficientStorage', 'StorageFull']);

/** What may be right the next time: a server that is busy, or starts, or has waited for us for too long. */
export const isPassing = ({ status, said }: S3Answer): boolean => status === 408 || status === 429 || (status >= 500 && status !== 501 && status !== 507 && !FULL.has(said)) || said === 'RequestTimeout' || said === 'SlowDown';

/** What an answer that is none of the wanted means, in the words of who runs the center. */
export function errorOf(answer: S3Answer, { bucket, region }: { bucket: string; region: string }, now: number): S3Error {
  const { status, said, headers } = answer;
  const away = (why: string): S3Error => new S3Error('away', why, said);
  if (status === 507 || FULL.has(said)) return new S3Error('full', `the store is full (${said || status})`, said);
  if (status === 404 && said === 'NoSuchBucket') return away(`there is no bucket "${bucket}"`);
  // A range beyond the end: the object is shorter than it was.
  if (status === 404 || status === 416) return new S3Error('gone', status === 404 ? 'the store has no such object' : 'the object is shorter than it was', said);
  const elsewhere = headers.get('x-amz-bucket-region') ?? textOf(answer.text(), 'Region');
  if ((status >= 300 && status < 400) || said === 'AuthorizationHeaderMalformed') return away(`the bucket "${bucket}" is elsewhere${elsewhere === null ? '' : `, in the region "${elsewhere}"`}; asked for in "${region}" (${status})`);
  if (said === 'RequestTimeTooSkewed') return away(`the clocks differ${skewOf(headers, now)}: the store takes nothing that seems to be of another time`);
  if (said === 'InvalidAccessKeyId') return away('the store does not know the key id');
  if (said === 'SignatureDoesNotMatch') return away('the secret is not that of the key id');
  if (status === 401 || status === 403) return away(`the key may not do this (${said || status})`);
  return away(`the store answers ${status}${said === '' ? '' : ` (${said})`}`);
}

function skewOf(headers: Headers, now: number): string {
  const theirs = Date.parse(headers.get('date') ?? '');
  return Number.isNaN(theirs) ? '' : `, ours is ${Math.abs(Math.round((now - theirs) / 1000))} s ${now > theirs ? 'ahead' : 'behind'}`;
}
