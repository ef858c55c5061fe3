import { rm } from 'node:fs/promises';
import { MediaStoreError, type MediaStore, type Span } from '../store.ts';
import { S3Error } from './errors.ts';
import { S3Requests, type S3Parts } from './requests.ts';
import { upload } from './upload.ts';
import { elements, textOf } from './xml.ts';

/** Asked for at a time: a caller who hears it slowly holds no connection meanwhile, and no more memory than this. */
const READ_BYTES = 256 * 1024;
const NAME = /^[\w-]{1,64}$/;

/** A store that is a bucket of an S3-compatible server, or what begins with a prefix in it. */
export function createS3Store(parts: S3Parts): MediaStore {
  const requests = new S3Requests(parts);
  const { prefix } = requests.settings;

  /** The first bytes of a span: all, or a block of them. */
  async function block(name: string, { from, to }: Span): Promise<Buffer> {
    const end = Math.min(from + READ_BYTES, to);
    const { status, body } = await requests.ask({ method: 'GET', key: prefix + name, headers: { range: `bytes=${from}-${end - 1}` } }, requests.times.read).catch(async (error: unknown) => {
      // Never whole, again and again: some servers promise what is not there.
      const isShorter = !(error instanceof S3Error) && ((await requests.sizeOf(prefix + name).catch(() => null)) ?? Infinity) < end;
      throw isShorter ? new MediaStoreError('gone', 'the object is shorter than it was') : error;
    });
    if (status === 206) {
      if (body.length < end - from) throw new MediaStoreError('gone', 'the object is shorter than it was');
      return body;
    }
    throw new MediaStoreError('away', 'the store gives no ranges');
  }

  /** Keys after one, in their order. The first version of the list, which every store has: its pages go on from a key. */
  async function page(after: string, most: number): Promise<{ entries: { key: string; at: number }[]; isLast: boolean }> {
    const answer = await requests.ask({ method: 'GET', key: '', query: { prefix, marker: after, 'max-keys': String(most) } }).catch((error: unknown) => {
      // It has a bucket or not; no object is looked for here.
      throw error instanceof S3Error && error.code === 'gone' ? new MediaStoreError('away', `there is no bucket "${requests.settings.bucket}"`) : error;
    });
    const xml = answer.text();
    if (!xml.includes('<ListBucketResult')) throw new MediaStoreError('away', `${requests.settings.endpoint} answers as no S3 does`);
    const entries = elements(xml, 'Contents').map((entry) => ({ key: textOf(entry, 'Key') ?? '', at: Date.parse(textOf(entry, 'LastModified') ?? '') }));
    return { entries, isLast: textOf(xml, 'IsTruncated') !== 'true' || entries.length === 0 };
  }

  return {
    async take(name, file) {
      await upload(requests, prefix + name, file);
      await rm(file, { force: true });
    },

    async *read(name, { from, to }) {
      for (let at = from; at < to; ) {
        const bytes = await block(name, { from: at, to });
        yield bytes;
        at += bytes.length;
      }
    },

    async remove(name) {
      await requests.ask({ method: 'DELETE', key: prefix + name }).catch((error: unknown) => {
        if (!(error instanceof S3Error) || error.code !== 'gone') throw error;
      });
    },

    async *list() {
      for (let after = ''; ; ) {
        const { entries, isLast } = await page(after, parts.listBy ?? 1000);
        for (const { key, at } of entries) {
          const name = key.slice(prefix.length);
          if (NAME.test(name) && !Number.isNaN(at)) yield { name, at };
          after = key;
        }
        if (isLast) return;
      }
    },

    check: () => page('', 1).then(() => {}),
  };
}
