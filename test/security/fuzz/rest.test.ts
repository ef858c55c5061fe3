import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultSignInLimits } from '../../../center/gateway/limits.ts';
import { errorOf, Problem } from '../../../contract/api/index.ts';
import { AppError, fail } from '../../../contract/errors.ts';
import { stage, webFolder } from '../../unit/gateway/stage.ts';
import { until } from '../../support/until.ts';
import { hostileText, hostileValue, json } from './support/hostile.ts';
import { fuzz } from './support/run.ts';

const NO_LIMIT = { count: 1_000_000, perS: 1 };
const limits = { signIn: { ...defaultSignInLimits, perAccount: NO_LIMIT, perAccountAndDay: NO_LIMIT, perNetwork: NO_LIMIT, total: NO_LIMIT }, refusalsPerAddress: NO_LIMIT, requests: NO_LIMIT };
const DEADLINE_MS = 5000;

interface Asked {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string;
}

/** What a header may hold on the wire at all; the rest is for the raw bytes below. */
const headerText = (): fc.Arbitrary<string> => hostileText().map((value) => value.replace(/[^\t\x20-\x7e\x80-\xff]/g, '').slice(0, 2000));

function anyRequest(routes: readonly { method: string; path: string }[], bearers: readonly string[]): fc.Arbitrary<Asked> {
  const segment = fc.oneof(hostileText().map((part) => encodeURIComponent(part.toWellFormed()).slice(0, 600)), fc.constantFrom('..', '%2e%2e', '%00', '%', '%zz', '.%2e', 'cu-1', '1', '-1', '1e309'));
  const query = fc.oneof(fc.constant(''), fc.dictionary(fc.constantFrom('cursor', 'limit', 'mark', 'sort', '__proto__', 'a[b]'), segment, { maxKeys: 3 }).map((given) => `?${Object.entries(given).map(([name, value]) => `${name}=${value}`).join('&')}`));
  const known = fc.constantFrom(...routes.map(({ path }) => path)).chain((path) => segment.map((part) => path.replace(/:[^/]+|\*/g, part)));
  const path = fc.tuple(fc.oneof({ weight: 6, arbitrary: known }, { weight: 1, arbitrary: fc.array(segment, { maxLength: 4 }).map((parts) => `/${parts.join('/')}`) }), query).map((parts) => parts.join('').replace(/[^\x21-\x7e]/g, '') || '/');
  const credentials = fc.record({ account: fc.oneof(fc.constantFrom('agent1', 'admin'), hostileText()), password: fc.constantFrom('', 'wrong', 'x'.repeat(257)), client: fc.oneof(fc.constantFrom('web', 'desktop'), hostileValue()), refreshToken: hostileText(), next: hostileText(), code: hostileText() }, { requiredKeys: [] });
  const body = fc.oneof({ weight: 3, arbitrary: credentials.map(json) }, { weight: 2, arbitrary: hostileValue().map(json) }, { weight: 1, arbitrary: hostileText() }, { weight: 1, arbitrary: fc.constantFrom('', '{', '[[[[', '"', `{"a":"${'x'.repeat(70_000)}"}`, '[1e309]', '{"__proto__":{}}', `${'['.repeat(5000)}${']'.repeat(5000)}`) });
  const headers = fc.record(
    {
      'content-type': fc.oneof({ weight: 5, arbitrary: fc.constant('application/json') }, { weight: 1, arbitrary: fc.constantFrom('text/plain', 'multipart/form-data; boundary=', 'application/json; charset=utf-7', 'application/x-www-form-urlencoded') }, { weight: 1, arbitrary: headerText() }),
      authorization: fc.oneof(fc.constantFrom(...bearers), fc.constantFrom('Bearer', 'Bearer a.b.c', 'Basic YTpi', `Bearer ${'x'.repeat(5000)}`), headerText()),
      cookie: headerText(),
      origin: fc.oneof(fc.constantFrom('null', 'http://evil.example'), headerText()),
      'x-forwarded-for': fc.oneof(fc.constantFrom('1.2.3.4', '::1', '1.2.3.4, 5.6.7.8'), headerText()),
      'x-forwarded-proto': headerText(),
      'if-none-match': headerText(),
      'if-match': fc.oneof(fc.constantFrom('"1"', '*', 'W/"1"', '""'), headerText()),
      'idempotency-key': fc.oneof(fc.constantFrom('key-0001', 'key-0002'), headerText()),
      range: fc.constantFrom('bytes=0-', 'bytes=-1', 'bytes=9999999999-', 'bytes=0-1,2-3'),
      accept: headerText(),
    },
    { requiredKeys: ['content-type'] },
  );
  return fc.record({ method: fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...new Set(routes.map(({ method }) => method))) }, { weight: 1, arbitrary: fc.constantFrom('PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'SEARCH') }), path, headers, body });
}

async function ask(port: number, { method, path, headers, body }: Asked): Promise<{ status: number; body: string; type: string }> {
  const hasBody = method !== 'GET' && method !== 'HEAD';
  const sent = request({ host: '127.0.0.1', port, method, path, headers: { ...headers, ...(hasBody && { 'content-length': String(Buffer.byteLength(body)) }) }, timeout: DEADLINE_MS, agent: false });
  sent.once('timeout', () => sent.destroy(new Error('no answer in time')));
  const answered = once(sent, 'response');
  // A body that is refused is not read to its end.
  sent.on('error', () => {});
  sent.end(hasBody ? body : undefined);
  const [response] = await answered;
  return { status: response.statusCode, body: await text(response).catch(() => ''), type: String(response.headers['content-type'] ?? '') };
}

/** Of a `Result`, or of a problem. */
function errorIn(answer: unknown): unknown {
  const problem = Problem.safeParse(answer);
  return problem.success ? errorOf(problem.data) : Object(answer)['error'];
}

/** Nothing of the program: no stack, no path, no package. */
const SAYS_TOO_MUCH = /\n\s+at |node_modules|\/center\/|\.ts:\d|SQLITE|SELECT |Error:/;

describe('fuzz: REST', () => {
  it('answers every route, method, header and body with a Result below 500, and says nothing of itself', async () => {
    const { gateway, origin, signIn } = await stage({ limits, webFolder: await webFolder() });
    const { port } = new URL(origin);
    const bearers = await Promise.all(['agent1', 'admin'].map(async (account) => `Bearer ${(await signIn(account)).accessToken}`));
    expect(gateway.routes.length).toBeGreaterThan(5);
    await fuzz(
      'REST',
      400,
      fc.asyncProperty(anyRequest(gateway.routes, bearers), async (asked) => {
        const answer = await ask(Number(port), asked);
        expect({ ...answer, tooMuch: SAYS_TOO_MUCH.exec(answer.body)?.[0] ?? null, belowFive: answer.status < 500 }).toMatchObject({ tooMuch: null, belowFive: true });
        const isRefusal = asked.path.startsWith('/api/') && answer.status >= 400 && /^application\/(?:problem\+)?json/.test(answer.type) && answer.body !== '';
        const error: unknown = isRefusal ? errorIn(JSON.parse(answer.body)) : fail('not-found', '').error;
        expect({ asked, isError: AppError.safeParse(error).success }).toMatchObject({ isError: true });
      }),
    );
    expect((await fetch(`${origin}/healthz`)).status).toBe(200);
  });

  it('outlives any bytes on its port', async () => {
    const { origin } = await stage({ limits });
    const { port } = new URL(origin);
    const line = fc.oneof(
      fc.constantFrom('GET / HTTP/1.1', 'POST /api/auth/sign-in HTTP/1.1', 'GET /cti/?EIO=4&transport=websocket HTTP/1.1', 'Host: 127.0.0.1', 'Content-Length: 5', 'Content-Length: -1', 'Transfer-Encoding: chunked', 'Transfer-Encoding: chunked, identity', 'Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==', '', '', '0', 'ffffffffffffffff'),
      hostileText(),
    );
    const bytes = fc.oneof(fc.array(line, { maxLength: 12 }).map((lines) => Buffer.from(`${lines.join('\r\n')}\r\n`)), fc.uint8Array({ maxLength: 2000 }).map((array) => Buffer.from(array)));
    await fuzz(
      'bytes',
      200,
      fc.asyncProperty(bytes, async (sent) => {
        const socket = connect(Number(port), '127.0.0.1');
        let heard = '';
        socket.on('data', (chunk: Buffer) => void (heard += chunk.toString('latin1')));
        socket.on('error', () => {});
        const closed = once(socket, 'close');
        socket.end(sent);
        await Promise.race([closed, until('the answer', () => heard !== '', DEADLINE_MS).catch(() => {})]);
        socket.destroy();
        expect(SAYS_TOO_MUCH.exec(heard)).toBeNull();
        expect(heard).not.toMatch(/^HTTP\/1\.1 5(?!03)/);
      }),
    );
    expect((await fetch(`${origin}/healthz`)).status).toBe(200);
  });
});
