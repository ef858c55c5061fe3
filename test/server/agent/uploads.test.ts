import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openMedia, type Media } from '../../../center/media/index.ts';
import { wavHeader } from '../../../center/switch/wav.ts';
import { MediaObject } from '../../../contract/media.ts';
import { UPLOAD_PIECE_BYTES } from '../../../contract/media-bounds.ts';
import { temporaryFolder } from '../../unit/store/support.ts';
import { openOffice, openSession, openWindow } from './support/office.ts';

const wav = (bytes: number): Buffer => Buffer.concat([wavHeader(bytes - 44), randomBytes(bytes - 44)]);

/** A window of the administrator's, at a center that keeps bytes. */
async function stage() {
  // Of the gateway's own store, which is there only once it is made.
  let media: Media | null = null;
  const later = new Proxy({} as Media, { get: (_target, name) => (media === null ? undefined : Reflect.get(media, name).bind(media)) });
  const office = await openOffice({ media: later });
  media = openMedia({ db: office.store.db, key: null, settings: { kind: 'folder', folder: join(await temporaryFolder(), 'media') }, clock: office.store.clock });
  const { session, caller } = openSession(office, 'web');
  const ask = (name: string, request: unknown, by = caller) => session.handleBridgeCall(name, request, by);
  expect(await ask('session.signIn', { server: null, account: 'admin', password: 'sangdam-demo' })).toMatchObject({ ok: true });
  const begin = async (bytes: number, by = caller): Promise<string> => String(Object(Object(await ask('uploads.begin', { bytes }, by)).value).uploadId);
  const piece = (uploadId: string, content: Buffer, at: number, by = caller) => ask('uploads.piece', { uploadId, at, data: content.subarray(at, at + UPLOAD_PIECE_BYTES).toString('base64') }, by);
  return { media, session, ask, begin, piece };
}

describe('what a window brings', () => {
  it('comes in pieces, one of them twice, and is at the center as it was', async () => {
    const { media, ask, begin, piece } = await stage();
    const content = wav(3 * UPLOAD_PIECE_BYTES + 77);
    const uploadId = await begin(content.length);
    for (const piecesBefore of [0, 1, 1, 2, 3]) expect(await piece(uploadId, content, piecesBefore * UPLOAD_PIECE_BYTES)).toMatchObject({ ok: true });
    const answer = await ask('uploads.end', { uploadId });
    expect(answer).toMatchObject({ ok: true, value: { kind: 'upload', type: 'audio/wav', bytes: content.length, createdBy: 'admin' } });
    const opened = await media.open(MediaObject.parse(Object(answer).value).mediaId);
    const kept: Buffer[] = [];
    if (opened.ok) for await (const part of opened.value.content) kept.push(part);
    expect(Buffer.concat(kept).equals(content)).toBe(true);
    // It is the center's now.
    expect(await ask('uploads.end', { uploadId })).toMatchObject({ ok: false, error: { code: 'not-found' } });
  });
});

describe('failure: what a window brings', () => {
  it('is not handed on while something is missing, out of its turn, or beyond its end', async () => {
    const { ask, begin, piece } = await stage();
    const content = wav(2 * UPLOAD_PIECE_BYTES);
    const uploadId = await begin(UPLOAD_PIECE_BYTES + 10);
    expect(await piece(uploadId, content, UPLOAD_PIECE_BYTES)).toMatchObject({ ok: false, error: { code: 'input.invalid' } });
    expect(await piece(uploadId, content, 0)).toMatchObject({ ok: true });
    expect(await piece(uploadId, content, UPLOAD_PIECE_BYTES)).toMatchObject({ ok: false, error: { code: 'input.invalid' } });
    expect(await ask('uploads.end', { uploadId })).toMatchObject({ ok: false, error: { code: 'input.invalid', message: `${UPLOAD_PIECE_BYTES} bytes of ${UPLOAD_PIECE_BYTES + 10} are here` } });
  });

  it.each([['nothing', 0], ['too much', 16 * 1024 * 1024 + 1], ['half a byte', 1.5]])('%s is not begun', async (_what, bytes) => {
    const { ask } = await stage();
    expect(await ask('uploads.begin', { bytes })).toMatchObject({ ok: false, error: { code: 'input.invalid' } });
  });

  it('what is no sound is told by its code, and may be asked again', async () => {
    const { ask, begin, piece } = await stage();
    const content = Buffer.from('<html>not a sound at all</html>');
    const uploadId = await begin(content.length);
    await piece(uploadId, content, 0);
    for (let i = 0; i < 2; i++) expect(await ask('uploads.end', { uploadId })).toMatchObject({ ok: false, error: { code: 'file.wrong-type' } });
  });

  it('one that was cancelled, one that another took the place of, and another window’s are nobody’s', async () => {
    const { session, ask, begin, piece } = await stage();
    const content = wav(100);
    const [first, second] = [await begin(100), await begin(100)];
    expect(await piece(first, content, 0)).toMatchObject({ ok: false, error: { code: 'not-found' } });
    const other = openWindow(session);
    expect(await piece(second, content, 0, other.caller)).toMatchObject({ ok: false, error: { code: 'not-found' } });
    expect(await piece(second, content, 0)).toMatchObject({ ok: true });
    expect(await ask('uploads.cancel', { uploadId: second })).toMatchObject({ ok: true });
    expect(await ask('uploads.end', { uploadId: second })).toMatchObject({ ok: false, error: { code: 'not-found' } });
  });
});
