import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createAppSounds, soundOfRequest } from '../../../electron/main/app-sounds.ts';

const PATH = '/api/v1/media/00000000-0000-4000-8000-000000000000/content';
const SIGNED = `${PATH}?signed=abc.def.ghi.jkl_-`;
const BYTES = randomBytes(5000);

/** A center that has one sound, and what it was asked. */
async function center(status = 200) {
  const asked: { url: string; headers: Record<string, unknown> }[] = [];
  const server = createServer((request, response) => {
    asked.push({ url: request.url ?? '', headers: request.headers });
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
    const headers = { 'content-type': 'audio/wav', 'accept-ranges': 'bytes', 'set-cookie': 'a=b', 'access-control-allow-origin': '*' };
    if (from === undefined || to === undefined) response.writeHead(status, status === 302 ? { location: 'http://127.0.0.1:1/' } : { ...headers, 'content-length': BYTES.length }).end(BYTES);
    else response.writeHead(206, { ...headers, 'content-range': `bytes ${from}-${to}/${BYTES.length}` }).end(BYTES.subarray(Number(from), Number(to) + 1));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const sounds = createAppSounds({ server: () => `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  return { asked, get: (url: string, init: RequestInit = {}) => sounds({ url, method: init.method ?? 'GET', headers: new Headers(init.headers), signal: new AbortController().signal }) };
}

const bytesOf = async (response: Response | null): Promise<Buffer> => Buffer.from(response === null ? new ArrayBuffer(0) : await response.arrayBuffer());

describe('a sound of the center at the pages’ own origin', () => {
  it('is what the center answers, all of it or a range, with the policy of our pages and nothing of its own', async () => {
    const { get, asked } = await center();
    const whole = await get(`app://desk${SIGNED}`);
    expect([whole?.status, (await bytesOf(whole)).equals(BYTES)]).toEqual([200, true]);
    const part = await get(`app://desk${SIGNED}`, { headers: { range: 'bytes=10-19', cookie: 'secret' } });
    expect([part?.status, part?.headers.get('content-range'), (await bytesOf(part)).equals(BYTES.subarray(10, 20))]).toEqual([206, 'bytes 10-19/5000', true]);
    expect(['content-type', 'x-content-type-options', 'cache-control', 'set-cookie', 'access-control-allow-origin'].map((name) => part?.headers.get(name))).toEqual(['audio/wav', 'nosniff', 'no-store', null, null]);
    expect(part?.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(asked.map(({ url, headers }) => [url, headers['cookie'], headers['authorization']])).toEqual([[SIGNED, undefined, undefined], [SIGNED, undefined, undefined]]);
  });
});

describe('failure: what is asked at the pages’ own origin', () => {
  it.each([
    `app://desk${PATH}`, `app://desk${PATH}?signed=a&x=1`, `app://desk${PATH}?signed=a%0d`, 'app://desk/api/v1/customers?signed=a', `app://desk/api/v1/media/../customers/content?signed=a`,
    `app://desk.evil${SIGNED}`, `https://desk${SIGNED}`, `app://user@desk${SIGNED}`, `app://desk/x${SIGNED}`, 'not an address',
  ])('"%s" is no sound of the center, and is not asked for there', async (url) => {
    const { get, asked } = await center();
    expect([soundOfRequest(url), get(url), asked]).toEqual([null, null, []]);
  });

  it('a refusal, a redirect, a center that is away or none is no sound', async () => {
    expect((await (await center(401)).get(`app://desk${SIGNED}`))?.status).toBe(401);
    expect((await (await center(302)).get(`app://desk${SIGNED}`))?.status).toBe(502);
    expect((await (await center()).get(`app://desk${SIGNED}`, { method: 'POST' }))?.status).toBe(405);
    for (const server of ['http://127.0.0.1:2', 'http://center.example.com', null]) {
      const sounds = createAppSounds({ server: () => server });
      expect((await sounds({ url: `app://desk${SIGNED}`, method: 'GET', headers: new Headers(), signal: new AbortController().signal }))?.status).toBe(502);
    }
  });
});
