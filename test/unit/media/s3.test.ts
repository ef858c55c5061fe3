import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { createS3Store } from '../../../center/media/s3/index.ts';
import { defaultTimes, type S3Times } from '../../../center/media/s3/requests.ts';
import { addressOf, type S3Settings } from '../../../center/media/s3/settings.ts';
import { UPLOAD_PART_BYTES } from '../../../center/media/s3/upload.ts';
import { elements, textOf } from '../../../center/media/s3/xml.ts';
import type { MediaStore } from '../../../center/media/store.ts';
import { temporaryFolder } from '../store/support.ts';
import { s3Server, type OnTheWay } from './s3-server.ts';

const HASTE: S3Times = { ...defaultTimes, read: { attemptMs: 500, allMs: 3000, attempts: 3 }, write: { attemptMs: 1000, allMs: 5000, attempts: 3 }, ask: { attemptMs: 500, allMs: 3000, attempts: 3 }, pauseMs: 5 };
const HOUR_MS = 3_600_000;

async function stage(settings: Partial<S3Settings> = {}, parts: { now?: () => number; fetch?: typeof fetch } = {}) {
  const server = await s3Server();
  const store = createS3Store({ settings: { ...server.settings, ...settings }, times: HASTE, ...parts });
  return { ...server, store, put: async (name: string, bytes: Buffer) => store.take(name, await fileOf(bytes)) };
}

async function fileOf(bytes: Buffer): Promise<string> {
  const path = join(await temporaryFolder(), 'to-put');
  await writeFile(path, bytes);
  return path;
}

async function read(store: MediaStore, name: string, from: number, to: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of store.read(name, { from, to })) pieces.push(piece);
  return Buffer.concat(pieces);
}

const answers =
  (status: number, headers: Record<string, string> = {}, body = '') =>
  (response: ServerResponse): 'taken' => {
    response.writeHead(status, headers);
    response.end(body);
    return 'taken';
  };
const errorBody = (code: string): string => `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>no</Message></Error>`;

/** The first so many requests of a kind are answered otherwise. */
function atFirst(times: number, isOne: (request: IncomingMessage) => boolean, act: (response: ServerResponse, request: IncomingMessage) => 'taken'): OnTheWay {
  let left = times;
  return (request, response) => {
    if (!isOne(request) || left === 0) return null;
    left -= 1;
    return act(response, request);
  };
}
const isGet = ({ method, url = '' }: IncomingMessage): boolean => method === 'GET' && !url.includes('max-keys');
const isPut = ({ method }: IncomingMessage): boolean => method === 'PUT';

describe('a bucket', () => {
  it('takes a file that is put in parts, and gives any range of it', async () => {
    const { store, asked, pathOf } = await stage();
    const bytes = randomBytes(2 * UPLOAD_PART_BYTES + 12_345);
    const path = await fileOf(bytes);
    await store.take('long', path);
    expect(await readFile(pathOf('long')).then((kept) => kept.equals(bytes))).toBe(true);
    expect(asked.filter(({ method, url }) => method === 'PUT' && url.includes('partNumber='))).toHaveLength(3);
    await expect(stat(path)).rejects.toThrow('ENOENT');
    const [from, to] = [UPLOAD_PART_BYTES - 300_000, UPLOAD_PART_BYTES + 400_001];
    expect((await read(store, 'long', from, to)).equals(bytes.subarray(from, to))).toBe(true);
  });

  it('is listed over several pages, what is not ours left out', async () => {
    const { settings, put, asked, names } = await stage();
    const ours = Array.from({ length: 7 }, (_, i) => `object-${i}`);
    for (const name of ours) await put(name, Buffer.from(name));
    await put('not ours', Buffer.from('x'));
    await createS3Store({ settings: { ...settings, prefix: 'another/' }, times: HASTE }).take('object-9', await fileOf(Buffer.from('y')));
    expect(await names()).toHaveLength(8);
    const found: string[] = [];
    for await (const { name, at } of createS3Store({ settings, times: HASTE, listBy: 3 }).list()) {
      expect(Math.abs(Date.now() - at)).toBeLessThan(HOUR_MS);
      found.push(name);
    }
    expect(found.toSorted()).toEqual(ours);
    expect(asked.filter(({ url }) => url.includes('max-keys'))).toHaveLength(3);
  });

  it('is addressed by its path, or by its host', () => {
    const settings: S3Settings = { endpoint: 'https://s3.example.com:9000', region: 'r', bucket: 'sounds', prefix: '', keyId: 'k', secret: 's', style: 'path' };
    expect(addressOf(settings, 'a b/c', { uploads: '' }).href).toBe('https://s3.example.com:9000/sounds/a%20b/c?uploads=');
    expect(addressOf({ ...settings, style: 'host' }, 'a/c').href).toBe('https://sounds.s3.example.com:9000/a/c');
    expect([addressOf(settings, '').pathname, addressOf({ ...settings, style: 'host' }, '').pathname]).toEqual(['/sounds', '/']);
  });

  it('is used by its host as by its path', async () => {
    const { settings } = await s3Server();
    // The name is no address here: it is kept, and loopback is reached.
    const byLoopback: typeof fetch = async (input, init) => {
      const url = new URL(input instanceof Request ? input.url : input);
      const request = ask({ host: '127.0.0.1', port: url.port, path: `${url.pathname}${url.search}`, method: init?.method, headers: { ...Object.fromEntries(new Headers(init?.headers)), host: url.host } });
      request.end(init?.body);
      const [answer] = (await once(request, 'response')) as [IncomingMessage];
      return new Response(new Uint8Array(await buffer(answer)), { status: answer.statusCode ?? 0, headers: Object.entries(answer.headers).map(([name, value]) => [name, String(value)]) });
    };
    const store = createS3Store({ settings: { ...settings, endpoint: settings.endpoint.replace('127.0.0.1', 's3.amazonaws.com'), style: 'host' }, times: HASTE, fetch: byLoopback });
    await store.check();
    await store.take('by-host', await fileOf(Buffer.from('by host')));
    expect(String(await read(createS3Store({ settings, times: HASTE }), 'by-host', 0, 7))).toBe('by host');
  });
});

describe('what S3 says', () => {
  it('is found in its elements', () => {
    const xml = '<List xmlns="x"><Contents><Key>a&amp;b&#x2F;c</Key></Contents><Contents><Key>d</Key></Contents><NextMarker>1&quot;+/=</NextMarker></List>';
    expect(elements(xml, 'Contents').map((entry) => textOf(entry, 'Key'))).toEqual(['a&b/c', 'd']);
    expect([textOf(xml, 'NextMarker'), textOf(xml, 'IsTruncated')]).toEqual(['1"+/=', null]);
  });
});

describe('failure: what is not as it should be at the start', () => {
  it.each<[string, Partial<S3Settings>, RegExp]>([
    ['a key id that nobody knows', { keyId: 'SOMEBODY' }, /does not know the key id/],
    ['another secret', { secret: 'another' }, /secret is not that of the key id/],
    ['a bucket that is not there', { bucket: 'nowhere' }, /no bucket "nowhere"/],
    ['a server that is not there', { endpoint: 'http://127.0.0.1:2' }, /ECONNREFUSED/],
  ])('%s is named, and asked for no more than needed', async (_what, wrong, why) => {
    const { store } = await stage(wrong);
    await expect(store.check()).rejects.toMatchObject({ code: 'away', message: expect.stringMatching(why) as string });
  });

  it('a clock that is off is named, and by how much', async () => {
    const { store, asked } = await stage({}, { now: () => Date.now() - HOUR_MS });
    await expect(store.check()).rejects.toMatchObject({ code: 'away', message: expect.stringMatching(/clocks differ, ours is 3(?:599|600|601) s behind/) as string });
    expect(asked).toHaveLength(1);
  });

  it('what is no S3 at all is named', async () => {
    const { store, intercept } = await stage();
    intercept((_request, response) => answers(200, { 'content-type': 'text/html' }, '<h1>It works!</h1>')(response));
    await expect(store.check()).rejects.toThrow(/answers as no S3 does/);
  });
});

describe('failure: what is answered', () => {
  it('503 and then right is right', async () => {
    const { store, put, intercept, asked } = await stage();
    intercept(atFirst(2, isPut, (response, request) => (request.resume(), answers(503, { 'retry-after': '0' }, errorBody('SlowDown'))(response))));
    await put('a', Buffer.from('abc'));
    intercept(atFirst(2, isGet, answers(503)));
    expect(String(await read(store, 'a', 0, 3))).toBe('abc');
    expect(asked).toHaveLength(6);
  });

  it('503 without end is away, after so many attempts', async () => {
    const { store, intercept, asked } = await stage();
    intercept((_request, response) => answers(503)(response));
    await expect(read(store, 'a', 0, 3)).rejects.toMatchObject({ code: 'away', message: expect.stringContaining('503') as string });
    expect(asked.filter(({ method }) => method === 'GET')).toHaveLength(3);
  });

  it.each<[string, number, Record<string, string>, string, string, RegExp]>([
    ['403', 403, {}, errorBody('AccessDenied'), 'away', /may not do this \(AccessDenied\)/],
    ['a full store', 507, {}, errorBody('XMinioStorageFull'), 'full', /full/],
    ['a quota', 403, {}, errorBody('QuotaExceeded'), 'full', /full/],
    ['a redirect', 301, { location: 'http://127.0.0.1:1/', 'x-amz-bucket-region': 'ap-northeast-2' }, errorBody('PermanentRedirect'), 'away', /in the region "ap-northeast-2"; asked for in "us-east-1"/],
    ['a redirect for a while', 307, { location: 'http://127.0.0.1:1/' }, '', 'away', /elsewhere/],
  ])('%s is not asked again, and told apart', async (_what, status, headers, body, code, why) => {
    const { store, intercept, asked, names } = await stage();
    const path = await fileOf(Buffer.from('abc'));
    intercept((request, response) => (request.resume(), answers(status, headers, body)(response)));
    await expect(store.take('a', path)).rejects.toMatchObject({ code, message: expect.stringMatching(why) as string });
    expect(asked).toHaveLength(1);
    expect(await names()).toEqual([]);
    // What was not taken is still there.
    expect(String(await readFile(path))).toBe('abc');
  });

  it('an object that is not there is gone, and is removed just as well', async () => {
    const { store } = await stage();
    await expect(read(store, 'nothing', 0, 3)).rejects.toMatchObject({ code: 'gone' });
    await store.remove('nothing');
  });

  it('an object of no bytes is shorter than it was', async () => {
    const { store, put } = await stage();
    await put('empty', Buffer.alloc(0));
    await expect(read(store, 'empty', 0, 3)).rejects.toMatchObject({ code: 'gone' });
  });

  it('a body cut short is asked for again', async () => {
    const { store, put, intercept, asked } = await stage();
    const bytes = randomBytes(300_000);
    await put('a', bytes);
    intercept(atFirst(1, isGet, (response) => {
      response.writeHead(206, { 'content-length': 262_144, 'content-range': 'bytes 0-262143/300000' });
      response.write(bytes.subarray(0, 1000), () => response.destroy());
      return 'taken';
    }));
    expect((await read(store, 'a', 0, bytes.length)).equals(bytes)).toBe(true);
    expect(asked.filter(({ method }) => method === 'GET')).toHaveLength(3);
  });

  it('a store that gives no ranges is not taken for one', async () => {
    const { store, intercept } = await stage();
    intercept((_request, response) => answers(200, {}, 'the whole of it')(response));
    await expect(read(store, 'a', 5, 8)).rejects.toThrow(/gives no ranges/);
  });

  it('a server that says nothing is away in time', async () => {
    const { store, intercept } = await stage();
    intercept(() => 'taken');
    await expect(store.check()).rejects.toThrow(/no answer in time/);
  });
});

describe('failure: an upload in parts', () => {
  const BYTES = randomBytes(UPLOAD_PART_BYTES + 1000);
  const isPart = ({ url = '' }: IncomingMessage, number: number): boolean => url.includes(`partNumber=${number}`);

  it('a part that is lost is sent again, and the whole is right', async () => {
    const { put, intercept, pathOf } = await stage();
    intercept(atFirst(1, (request) => isPart(request, 2), (_response, request) => (request.socket.destroy(), 'taken')));
    await put('a', BYTES);
    expect((await readFile(pathOf('a'))).equals(BYTES)).toBe(true);
  });

  it('cut short, it is ended, and leaves nothing', async () => {
    const { put, intercept, names, asked } = await stage();
    intercept((request, response) => (isPart(request, 2) ? (request.resume(), answers(403, {}, errorBody('AccessDenied'))(response)) : null));
    await expect(put('a', BYTES)).rejects.toMatchObject({ code: 'away' });
    expect(await names()).toEqual([]);
    const began = asked.find(({ url }) => url.includes('partNumber=1'))?.url ?? '';
    const uploadId = new URL(began, 'http://x').searchParams.get('uploadId');
    expect(asked.at(-1)).toMatchObject({ method: 'DELETE', url: expect.stringContaining(`uploadId=${uploadId}`) as string });
  });

  it('a server that goes in the middle leaves nothing, and the file is still there', async () => {
    const { store, intercept, close, names } = await stage();
    const path = await fileOf(BYTES);
    intercept((request) => {
      if (!isPart(request, 2)) return null;
      void close();
      return 'taken';
    });
    await expect(store.take('a', path)).rejects.toMatchObject({ code: 'away' });
    expect(await names()).toEqual([]);
    expect(createHash('sha256').update(await readFile(path)).digest('hex')).toBe(createHash('sha256').update(BYTES).digest('hex'));
  });

  it('an error within 200 at its end is one', async () => {
    const { put, intercept } = await stage();
    intercept((request, response) => (request.method === 'POST' && request.url?.includes('uploadId=') === true ? (request.resume(), answers(200, { 'content-type': 'application/xml' }, errorBody('InternalError'))(response)) : null));
    await expect(put('a', BYTES)).rejects.toThrow(/could not put the parts together \(InternalError\)/);
  });

  it('whose last answer was lost is found to be there', async () => {
    const { put, intercept, pathOf } = await stage();
    let ends = 0;
    intercept((request, response) => {
      if (request.method !== 'POST' || request.url?.includes('uploadId=') !== true) return null;
      ends += 1;
      if (ends > 1) return (request.resume(), answers(404, {}, errorBody('NoSuchUpload'))(response));
      // It reaches the server, and its answer nobody.
      response.writeHead = () => (response.destroy(), response);
      return null;
    });
    await put('a', BYTES);
    expect(ends).toBe(2);
    expect((await readFile(pathOf('a'))).equals(BYTES)).toBe(true);
  });
});
