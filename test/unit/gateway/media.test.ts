import { randomBytes } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { readdir, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openMedia, type Media } from '../../../center/media/index.ts';
import { rangeOf } from '../../../center/gateway/api/bytes.ts';
import { wavHeader } from '../../../center/switch/wav.ts';
import { MediaObject, MOST_UPLOAD_BYTES, SIGNED_FOR_MS } from '../../../contract/media.ts';
import { until } from '../../support/until.ts';
import { temporaryFolder } from '../store/support.ts';
import { stage } from './stage.ts';

const wav = (bytes: number): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.concat([wavHeader(bytes - 44), randomBytes(bytes - 44)]));

/** A gateway that keeps bytes, and what people ask of it. */
async function door() {
  const folder = join(await temporaryFolder(), 'media');
  // Of the gateway's own store, which is there only once it is made.
  let media: Media | null = null;
  const later = new Proxy({} as Media, { get: (_target, name) => (media === null ? undefined : Reflect.get(media, name).bind(media)) });
  const office = await stage({ media: later }, 5);
  media = openMedia({ db: office.store.db, key: Buffer.alloc(32, 3), settings: { kind: 'folder', folder }, clock: office.store.clock });
  const as = async (account: string) => {
    const { accessToken } = await office.signIn(account);
    const authorization = `Bearer ${accessToken}`;
    const upload = (content: Uint8Array<ArrayBuffer>, type = 'audio/wav') => fetch(`${office.origin}/api/v1/media`, { method: 'POST', headers: { authorization, 'content-type': type }, body: content });
    const get = (path: string, headers: Record<string, string> = {}) => fetch(`${office.origin}${path}`, { headers: { authorization, ...headers } });
    const sign = async (mediaId: string): Promise<string> => Object(await (await fetch(`${office.origin}/api/v1/media/${mediaId}/address`, { method: 'POST', headers: { authorization, 'content-type': 'application/json' }, body: '{}' })).json()).path;
    return { authorization, upload, get, sign };
  };
  const uploaded = async (content: Uint8Array<ArrayBuffer>): Promise<MediaObject> => MediaObject.parse(await (await (await as('admin')).upload(content)).json());
  const files = async (): Promise<string[]> => (await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])).filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const plain = (path: string, headers: Record<string, string> = {}) => fetch(`${office.origin}${path}`, { headers });
  return { ...office, as, uploaded, files, plain };
}

const contentOf = (mediaId: string): string => `/api/v1/media/${mediaId}/content`;
const bytesOf = async (response: Response): Promise<Buffer> => Buffer.from(await response.arrayBuffer());

describe('bytes that are brought', () => {
  it('are an object of the type that they are, whatever they were called, and are read by ranges', async () => {
    const { as } = await door();
    const content = wav(200_000);
    const { upload, get } = await as('admin');
    const made = await upload(content, 'text/html');
    expect(made.status).toBe(201);
    const { mediaId, type, bytes, sha256 } = MediaObject.parse(await made.json());
    expect({ type, bytes }).toEqual({ type: 'audio/wav', bytes: 200_000 });
    const whole = await get(contentOf(mediaId));
    expect([whole.status, (await bytesOf(whole)).equals(content)]).toEqual([200, true]);
    expect(Object.fromEntries(['content-type', 'x-content-type-options', 'cache-control', 'accept-ranges', 'etag', 'content-length'].map((name) => [name, whole.headers.get(name)]))).toEqual({ 'content-type': 'audio/wav', 'x-content-type-options': 'nosniff', 'cache-control': 'private, no-store', 'accept-ranges': 'bytes', etag: `"${sha256}"`, 'content-length': '200000' });
    const part = await get(contentOf(mediaId), { range: 'bytes=65530-131100' });
    expect([part.status, part.headers.get('content-range'), (await bytesOf(part)).equals(Buffer.from(content).subarray(65_530, 131_101))]).toEqual([206, 'bytes 65530-131100/200000', true]);
    const beyond = await get(contentOf(mediaId), { range: 'bytes=200000-' });
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, 'bytes */200000']);
    const other = await get(contentOf(mediaId), { range: 'bytes=0-1', 'if-range': '"another"' });
    expect(other.status).toBe(200);
    await other.body?.cancel();
  });

  it('are kept in the audit log, with who brought them', async () => {
    const { uploaded, store } = await door();
    await uploaded(wav(1000));
    const lines = await store.db.selectFrom('audit').select(['actor', 'action']).where('action', '=', 'media.upload').execute();
    expect(lines).toEqual([{ actor: 'admin', action: 'media.upload' }]);
  });
});

describe('a signed address', () => {
  it('is good for a minute, for its object, and for as long as its sign-in', async () => {
    const { as, uploaded, plain, store } = await door();
    const [one, other] = [await uploaded(wav(1000)), await uploaded(wav(1000))];
    const { sign } = await as('admin');
    const address = await sign(one.mediaId);
    const heard = await plain(address, { range: 'bytes=0-3' });
    expect([heard.status, (await bytesOf(heard)).toString()]).toEqual([206, 'RIFF']);
    expect((await plain(address.replace(one.mediaId, other.mediaId))).status).toBe(401);
    expect((await plain(address.replace('content', ''))).status).not.toBe(200);
    const at = address.length - 5;
    expect((await plain(address.slice(0, at) + (address[at] === 'A' ? 'B' : 'A') + address.slice(at + 1))).status).toBe(401);
    store.clock.at += SIGNED_FOR_MS + 1;
    expect((await plain(address)).status).toBe(401);
    const again = await sign(one.mediaId);
    await store.db.updateTable('token_families').set({ ended_at: store.clock.at }).execute();
    expect((await plain(again)).status).toBe(401);
  });

  it('opens no more than its person may: who sets nothing up hears no upload', async () => {
    const { as, uploaded } = await door();
    const { mediaId } = await uploaded(wav(1000));
    expect((await (await as('agent1')).get(contentOf(mediaId))).status).toBe(403);
    expect((await (await as('supervisor')).get(contentOf(mediaId))).status).toBe(404);
  });
});

describe('failure: what is brought', () => {
  it('by somebody who may not, or nobody, is not read', async () => {
    const { as, origin, files } = await door();
    expect((await (await as('agent1')).upload(wav(1000))).status).toBe(403);
    expect((await fetch(`${origin}/api/v1/media`, { method: 'POST', headers: { 'content-type': 'audio/wav' }, body: wav(1000) })).status).toBe(401);
    expect(await files()).toEqual([]);
  });

  it.each([
    ['nothing', new Uint8Array(0), 400],
    ['a page', new Uint8Array(Buffer.from('<script>alert(1)</script>'.repeat(10))), 415],
    ['a program', new Uint8Array(Buffer.concat([Buffer.from('MZ'), randomBytes(1000)])), 415],
  ])('%s is refused with a problem', async (_what, content, status) => {
    const { as, files } = await door();
    const refused = await (await as('admin')).upload(content);
    expect([refused.status, refused.headers.get('content-type')]).toEqual([status, 'application/problem+json; charset=utf-8']);
    expect(await files()).toEqual([]);
  });

  it('too much is refused as soon as it is too much', async () => {
    const { as, origin, files } = await door();
    const { authorization } = await as('admin');
    const { port } = new URL(origin);
    const status = await new Promise<number>((resolve, reject) => {
      const sent = httpRequest({ host: '127.0.0.1', port, method: 'POST', path: '/api/v1/media', headers: { authorization, 'content-type': 'audio/wav' } }, (response) => resolve(response.resume().statusCode ?? 0));
      // Its body is not read to the end.
      sent.on('error', (error) => ('code' in error && (error.code === 'EPIPE' || error.code === 'ECONNRESET') ? undefined : reject(error)));
      const piece = Buffer.alloc(4 * 1024 * 1024);
      sent.write(wavHeader(4));
      for (let bytes = 0; bytes <= MOST_UPLOAD_BYTES; bytes += piece.length) sent.write(piece);
      sent.end();
    });
    expect(status).toBe(413);
    await until('nothing is left', async () => (await files()).length === 0);
  });

  it('what breaks off in the middle leaves nothing', async () => {
    const { as, origin, files } = await door();
    const { authorization } = await as('admin');
    const { port } = new URL(origin);
    const sent = httpRequest({ host: '127.0.0.1', port, method: 'POST', path: '/api/v1/media', headers: { authorization, 'content-type': 'audio/wav', 'content-length': '1000000' } });
    sent.on('error', () => {});
    sent.write(wav(300_000));
    await until('it is being written', async () => (await files()).length === 1);
    sent.destroy();
    await until('nothing is left', async () => (await files()).length === 0);
    expect(await files()).toEqual([]);
  });
});

describe('failure: what is read', () => {
  it('is damaged: a problem where it is so from the start, a broken answer where it is so later, never wrong bytes', async () => {
    const { as, uploaded, files } = await door();
    const { mediaId } = await uploaded(wav(3_000_000));
    const { get } = await as('admin');
    const [file = ''] = await files();
    await truncate(file, 2_999_000);
    await expect(get(contentOf(mediaId)).then(bytesOf)).rejects.toThrow('terminated');
    await truncate(file, 100);
    const refused = await get(contentOf(mediaId));
    expect([refused.status, Object(await refused.json()).code]).toEqual([503, 'file.damaged']);
  });

  it('where no bytes are kept, everything is said to be so', async () => {
    const { origin, signIn } = await stage({}, 5);
    const headers = { authorization: `Bearer ${(await signIn('admin')).accessToken}`, 'content-type': 'audio/wav' };
    expect((await fetch(`${origin}/api/v1/media`, { method: 'POST', headers, body: wav(100) })).status).toBe(404);
  });
});

describe('a range', () => {
  it.each([
    [undefined, 'all'],
    ['bytes=0-', { from: 0, to: 10 }],
    ['bytes=2-3', { from: 2, to: 4 }],
    ['bytes=2-99', { from: 2, to: 10 }],
    ['bytes=-3', { from: 7, to: 10 }],
    ['bytes=-99', { from: 0, to: 10 }],
    ['bytes=-0', 'none'],
    ['bytes=10-', 'none'],
    ['bytes=5-2', 'all'],
    ['bytes=-', 'all'],
    ['bytes=0-1,4-5', 'all'],
    ['bytes=999999999999999999-', 'all'],
    ['items=0-1', 'all'],
  ])('%s of ten bytes is %j', (header, asked) => {
    expect(rangeOf(header, 10)).toEqual(asked);
  });
});
