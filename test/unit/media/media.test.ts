import { randomBytes, createHash } from 'node:crypto';
import { readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keepRecording, Media, type NewObject } from '../../../center/media/index.ts';
import { PART_BYTES, SEALED_PART_BYTES } from '../../../center/media/sealing.ts';
import { setMediaUses } from '../../../center/store/media.ts';
import { wavHeader } from '../../../center/switch/wav.ts';
import { MediaId } from '../../../contract/media.ts';
import { temporaryFolder, temporaryStore, valueOf } from '../store/support.ts';
import { places, type MakePlace } from './places.ts';

const KEY = Buffer.alloc(32, 1);
const WANTED: NewObject = { kind: 'announcement', types: ['audio/wav'], mostBytes: 10_000_000, createdBy: 'admin' };
const DAY_MS = 86_400_000;

async function stage(makePlace: MakePlace, { freeBytes = async () => Infinity }: { freeBytes?: (folder: string) => Promise<number> } = {}) {
  const { db, clock } = await temporaryStore();
  const incoming = join(await temporaryFolder(), 'incoming');
  const place = await makePlace();
  const parts = { db, store: place.store, key: KEY, incoming, clock, freeBytes };
  const media = new Media(parts);
  const files = async (): Promise<string[]> => [...(await place.names()), ...(await readdir(incoming).catch(() => []))];
  return { db, clock, incoming, media, parts, place, files };
}

/** A WAV file of so many bytes, the rest at random. */
const wavOfBytes = (bytes: number): Buffer => Buffer.concat([wavHeader(bytes - 44), randomBytes(bytes - 44)]);

async function* inPieces(bytes: Buffer, size = 10_007): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(media: Media, mediaId: MediaId, span?: { from: number; to: number }): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of valueOf(await media.open(mediaId, span)).content) pieces.push(piece);
  return Buffer.concat(pieces);
}

describe.each(places)('in %s:', (_where, makePlace) => {
  describe('an object', () => {
    it.each([45, PART_BYTES - 1, PART_BYTES, PART_BYTES + 1, 3 * PART_BYTES, 3 * PART_BYTES + 17])('of %d bytes is read as it was written, all of it and any span', async (bytes) => {
      const { media } = await stage(makePlace);
      const content = wavOfBytes(bytes);
      const object = valueOf(await media.put(WANTED, inPieces(content)));
      expect(object).toMatchObject({ kind: 'announcement', type: 'audio/wav', bytes, createdBy: 'admin', sha256: createHash('sha256').update(content).digest('hex') });
      expect((await read(media, object.mediaId)).equals(content)).toBe(true);
      const edges = [0, 1, 44, PART_BYTES - 1, PART_BYTES, PART_BYTES + 1, 2 * PART_BYTES, bytes - 1, bytes].filter((edge) => edge <= bytes);
      const spans = edges.flatMap((from) => edges.filter((to) => to > from).map((to) => ({ from, to })));
      const wrong = await Promise.all(spans.map(async (span) => !(await read(media, object.mediaId, span)).equals(content.subarray(span.from, span.to))));
      expect(wrong.filter(Boolean)).toEqual([]);
    });

    it('is nowhere on the disk as it is, and no two alike', async () => {
      const { media, place } = await stage(makePlace);
      const content = Buffer.concat([wavHeader(200_000), Buffer.alloc(200_000, 'announcement')]);
      const [first, second] = [valueOf(await media.put(WANTED, inPieces(content))), valueOf(await media.put(WANTED, inPieces(content)))];
      const [one, other] = [await place.bytesOf(first.mediaId), await place.bytesOf(second.mediaId)];
      expect([one.includes('announcement'), one.includes('RIFF'), one.equals(other)]).toEqual([false, false, false]);
      expect(first.sha256).toBe(second.sha256);
    });

    it('is opened by whoever has the installation’s key, and by nobody else', async () => {
      const { media, parts } = await stage(makePlace);
      const { mediaId } = valueOf(await media.put(WANTED, inPieces(wavOfBytes(5000))));
      expect((await new Media(parts).open(mediaId)).ok).toBe(true);
      expect(await new Media({ ...parts, key: Buffer.alloc(32, 2) }).open(mediaId)).toMatchObject({ ok: false, error: { code: 'file.damaged' } });
    });

    it('has its head written when its length is known', async () => {
      const { media } = await stage(makePlace);
      const samples = randomBytes(2 * PART_BYTES + 10);
      const { mediaId, sha256 } = valueOf(await keepRecording(media, inPieces(samples), null));
      const whole = Buffer.concat([wavHeader(samples.length), samples]);
      expect((await read(media, mediaId)).equals(whole)).toBe(true);
      expect(sha256).toBe(createHash('sha256').update(whole).digest('hex'));
    });

    it('is kept while it is used, and goes with its key', async () => {
      const { db, media, place } = await stage(makePlace);
      const object = valueOf(await media.put(WANTED, inPieces(wavOfBytes(5000))));
      await setMediaUses(db, 'announcement main', [object.mediaId]);
      expect(await media.remove(object.mediaId)).toMatchObject({ ok: false, error: { code: 'file.in-use' } });
      await setMediaUses(db, 'announcement main', []);
      const copy = await place.bytesOf(object.mediaId);
      expect(await media.remove(object.mediaId)).toMatchObject({ ok: true });
      expect(await media.remove(object.mediaId)).toMatchObject({ ok: true });
      await place.put(object.mediaId, copy);
      expect(await media.open(object.mediaId)).toMatchObject({ ok: false, error: { code: 'not-found' } });
      await expect(setMediaUses(db, 'announcement main', [object.mediaId])).rejects.toThrow(/FOREIGN KEY/);
    });
  });

  describe('the sweep', () => {
    it('takes what nobody uses after a day, what no object has, and what was left half written; and nothing else', async () => {
      const { db, clock, media, incoming, place, files } = await stage(makePlace);
      const [used, unused] = [valueOf(await media.put(WANTED, inPieces(wavOfBytes(5000)))), valueOf(await media.put(WANTED, inPieces(wavOfBytes(5000))))];
      await setMediaUses(db, 'announcement main', [used.mediaId]);
      const orphan = '00000000-0000-4000-8000-000000000000';
      await place.put(orphan, Buffer.from('bytes'));
      await writeFile(join(incoming, 'half.new'), 'half');
      const long = new Date(clock.now() - 2 * DAY_MS);
      await utimes(join(incoming, 'half.new'), long, long);
      await Promise.all([orphan, used.mediaId].map((name) => place.age(name, long)));
      expect(await media.sweep()).toEqual({ unused: 0, orphans: 1 });
      expect((await files()).toSorted()).toEqual([used.mediaId, unused.mediaId].toSorted());
      clock.at += DAY_MS + 1;
      expect(await media.sweep()).toMatchObject({ unused: 1 });
      expect(await files()).toEqual([used.mediaId]);
      expect((await read(media, used.mediaId)).length).toBe(5000);
    });
  });

  describe('failure: what is put', () => {
    it.each([
      ['nothing at all', Buffer.alloc(0), 'input.invalid'],
      ['a program', Buffer.concat([Buffer.from('\x7fELF'), randomBytes(5000)]), 'file.wrong-type'],
      ['a page that calls itself a sound', Buffer.from('<html><script>alert(1)</script></html>'), 'file.wrong-type'],
      ['an MP3 where WAV is wanted', Buffer.concat([Buffer.from('ID3'), randomBytes(5000)]), 'file.wrong-type'],
      ['a WAV cut in its name', Buffer.from('RIFF'), 'file.wrong-type'],
      ['too much', wavOfBytes(10_000_001), 'input.too-large'],
    ])('%s is refused, and leaves nothing', async (_what, content, code) => {
      const { media, files } = await stage(makePlace);
      expect(await media.put(WANTED, inPieces(content))).toMatchObject({ ok: false, error: { code } });
      expect(await files()).toEqual([]);
    });

    it('a disk that fills while it is written keeps nothing of it', async () => {
      let free = 1e9;
      const { media, files } = await stage(makePlace, { freeBytes: async () => (free -= 600_000_000) });
      expect(await media.put(WANTED, inPieces(wavOfBytes(5_000_000)))).toMatchObject({ ok: false, error: { code: 'store.unavailable' } });
      expect(await files()).toEqual([]);
    });

    it('whoever brings it and breaks off leaves nothing', async () => {
      const { media, files } = await stage(makePlace);
      const breaking = async function* (): AsyncGenerator<Uint8Array> {
        yield wavOfBytes(500_000);
        throw new Error('the connection was lost');
      };
      await expect(media.put(WANTED, breaking())).rejects.toThrow('the connection was lost');
      expect(await files()).toEqual([]);
    });
  });

  describe('failure: what is read', () => {
    const damaged: [string, (bytes: Buffer, other: Buffer) => Buffer][] = [
      ['cut in its last part', (bytes) => bytes.subarray(0, 2 * SEALED_PART_BYTES + 500)],
      ['cut after a part', (bytes) => bytes.subarray(0, 2 * SEALED_PART_BYTES)],
      ['with a bit changed', (bytes) => bytes.fill((bytes[SEALED_PART_BYTES + 100] ?? 0) ^ 1, SEALED_PART_BYTES + 100, SEALED_PART_BYTES + 101)],
      ['with two parts swapped', (bytes) => Buffer.concat([bytes.subarray(SEALED_PART_BYTES, 2 * SEALED_PART_BYTES), bytes.subarray(0, SEALED_PART_BYTES), bytes.subarray(2 * SEALED_PART_BYTES)])],
      ['swapped for another', (_bytes, other) => other],
      ['emptied', () => Buffer.alloc(0)],
    ];
    it.each(damaged)('an object %s is never taken for whole', async (_what, damage) => {
      const { media, place } = await stage(makePlace);
      const [object, other] = [valueOf(await media.put(WANTED, inPieces(wavOfBytes(2 * PART_BYTES + 1000)))), valueOf(await media.put(WANTED, inPieces(wavOfBytes(2 * PART_BYTES + 1000))))];
      await place.put(object.mediaId, damage(await place.bytesOf(object.mediaId), await place.bytesOf(other.mediaId)));
      const whole = async (): Promise<Buffer> => read(media, object.mediaId);
      await expect(whole()).rejects.toThrow(/damaged|shorter|not as it was written/);
    });

    it('an object that is not there, or whose bytes are gone, is said to be so', async () => {
      const { media, place } = await stage(makePlace);
      expect(await media.open(MediaId.parse('00000000-0000-4000-8000-000000000000'))).toMatchObject({ ok: false, error: { code: 'not-found' } });
      const object = valueOf(await media.put(WANTED, inPieces(wavOfBytes(5000))));
      await place.put(object.mediaId, (await place.bytesOf(object.mediaId)).subarray(0, 10));
      expect(await media.open(object.mediaId)).toMatchObject({ ok: false, error: { code: 'file.damaged' } });
    });

    it('with the keys of two objects changed over, neither is read', async () => {
      const { db, media } = await stage(makePlace);
      const objects = [valueOf(await media.put(WANTED, inPieces(wavOfBytes(5000)))), valueOf(await media.put(WANTED, inPieces(wavOfBytes(5000))))];
      const rows = await db.selectFrom('media_objects').select(['media_id', 'wrapped_key']).execute();
      for (const [i, { media_id }] of rows.entries()) await db.updateTable('media_objects').set({ wrapped_key: rows[1 - i]?.wrapped_key ?? '' }).where('media_id', '=', media_id).execute();
      for (const { mediaId } of objects) expect(await media.open(mediaId)).toMatchObject({ ok: false, error: { code: 'file.damaged' } });
    });

    it('nothing that was recorded is no object', async () => {
      const { media, files } = await stage(makePlace);
      expect(await keepRecording(media, inPieces(Buffer.alloc(0)), null)).toMatchObject({ ok: false, error: { code: 'input.invalid' } });
      expect(await files()).toEqual([]);
    });
  });
});
