import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { existsSync } from 'node:fs';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { loadStoreKey, openStore } from '../../center/store/index.ts';
import { plainOnLoopback } from '../../server/access-settings.ts';
import { systemClock } from '../../server/clock.ts';
import type { CustomerId } from '../../contract/ids.ts';
import { startServer, type RunningServer, type ServerOptions } from '../../server/server.ts';
import { BridgeBrowser, codeOf } from '../support/bridge-page.ts';
import { until } from '../support/until.ts';
import { temporaryFolder } from '../unit/store/support.ts';

/** Longer than any door waits for a stranger: headers 10 s, a body 20 s, a socket's first word 5 s, and some to notice on a busy machine. */
const PATIENCE_MS = 45_000;

async function serve(options: Partial<ServerOptions> = {}): Promise<RunningServer> {
  const server = await startServer({ host: '127.0.0.1', port: 0, dataFolder: await temporaryFolder(), demo: true, ...options });
  onTestFinished(() => server.stop());
  return server;
}

function visitor(origin: string): BridgeBrowser {
  const browser = new BridgeBrowser(origin);
  onTestFinished(() => browser.close());
  return browser;
}

/** A request by hand, as `fetch` chooses its own Host. */
const ask = (origin: string, path: string, { method = 'GET', body = '', ...headers }: Record<string, string> = {}): Promise<{ status: number | undefined; headers: string; body: string }> =>
  new Promise((resolve, reject) => {
    const asked = request(`${origin}${path}`, { method, headers }, (response) => void text(response).then((read) => resolve({ status: response.statusCode, headers: response.rawHeaders.join('\n'), body: read }), reject));
    asked.on('error', reject).end(body);
  });

/** The status of a WebSocket's handshake. */
const handshake = (origin: string, path: string, headers: Record<string, string>): Promise<number | undefined> =>
  new Promise((resolve) => {
    const socket = new WebSocket(`${origin.replace('http', 'ws')}${path}`, path === '/sip' ? ['sip'] : [], { headers });
    socket.on('unexpected-response', (_request, { statusCode }) => resolve(statusCode));
    socket.on('open', () => {
      socket.terminate();
      resolve(101);
    });
    socket.on('error', () => {});
  });

/** Remote ports of the requests whose headers a server of this process has read from now on. */
function requestsHeard(): ReadonlySet<number | undefined> {
  const ports = new Set<number | undefined>();
  const hear = (message: unknown): void => void ports.add((message as { socket: Socket }).socket.remotePort);
  subscribe('http.server.request.start', hear);
  onTestFinished(() => void unsubscribe('http.server.request.start', hear));
  return ports;
}

const questions = [
  ['customers.search', { text: '', limit: 200, offset: 0 }],
  ['customers.findByNumber', { number: '010-0000-0001' }],
  ['api.call', { name: 'contacts.search', request: {} }],
] as const;

describe('customers, for whoever has not signed in', () => {
  it('cannot be asked for, though the cache of everybody is full, before and after a restart', async () => {
    const dataFolder = await temporaryFolder();
    const first = await serve({ dataFolder });
    const browser = await visitor(first.origin).signIn('agent1');
    const page = await browser.open();
    await until('the cache is full', async () => ((await page.call(...(questions[0] as [never, never]))) as { value?: { total: number } }).value?.total, 20_000);

    const strangers = async ({ origin }: RunningServer): Promise<void> => {
      for (const cookie of ['', 'sangdam=' + 'a'.repeat(43), 'sangdam_browser=' + 'a'.repeat(43)]) {
        for (const headers of [{ cookie, origin }, { cookie }]) expect(await handshake(origin, '/bridge/?EIO=4&transport=websocket', headers)).toBe(400);
      }
      for (const [name, question] of questions) expect(codeOf((await visitor(origin).post(name, question)).answer)).toBe('session.not-signed-in');
    };
    await strangers(first);
    expect(await page.call('session.signOut', null)).toMatchObject({ ok: true });
    await until('it is let go', () => page.socket.disconnected);
    await expect(browser.open()).rejects.toThrow('websocket error');
    await first.stop();
    await strangers(await serve({ dataFolder }));
  });

  it('are on record with the address of the browser that read them, also from a second place', async () => {
    const dataFolder = await temporaryFolder();
    const server = await serve({ dataFolder, access: { ...plainOnLoopback, trustedProxies: ['127.0.0.1'] } });
    const from = (address: string) => ({ 'x-forwarded-for': address });
    const browser = visitor(server.origin);
    expect((await browser.post('session.signIn', { server: null, account: 'agent1', password: 'sangdam-demo' }, from('203.0.113.5'))).answer).toMatchObject({ ok: true });
    const page = await browser.open(from('203.0.113.5'));
    await until('the cache is full', async () => ((await page.call(...(questions[0] as [never, never]))) as { value?: { total: number } }).value?.total, 20_000);
    page.socket.close();
    const elsewhere = await browser.open(from('203.0.113.6'));
    const { value } = (await elsewhere.call('customers.search', { text: '010-0000-0002', limit: 1, offset: 0 })) as { value: { customers: { customerId: CustomerId }[] } };
    for (const { customerId } of value.customers) expect(await elsewhere.call('customers.get', { customerId })).toMatchObject({ ok: true });
    expect(await elsewhere.call('session.signOut', null)).toMatchObject({ ok: true });
    await server.stop();
    const file = join(dataFolder, 'center.db');
    const store = await openStore({ file, key: await loadStoreKey(file), clock: systemClock, logger: { info: () => {}, warn: () => {}, error: () => {} } });
    onTestFinished(() => store.close());
    const accesses = await store.db.selectFrom('access_log').select(['kind', 'address']).execute();
    expect(new Set(accesses.map(({ kind, address }) => `${kind} ${address}`))).toEqual(new Set(['sync 203.0.113.5', 'search 203.0.113.6', 'customer 203.0.113.6']));
  });

  it('nor by a page whose name was pointed at this machine', async () => {
    const { origin } = await serve();
    const browser = await visitor(origin).signIn('agent1');
    const evil = { host: 'evil.example', origin: 'http://evil.example', cookie: browser.cookie };
    for (const path of ['/bridge/?EIO=4&transport=websocket', '/cti/?EIO=4&transport=websocket', '/sip']) expect(await handshake(origin, path, evil)).toBe(421);
    for (const path of ['/', '/healthz', '/api/v1/customers/changes']) expect((await ask(origin, path, evil)).status).toBe(421);
    const posted = await ask(origin, '/bridge/call', { ...evil, method: 'POST', 'content-type': 'application/json', body: '{"name":"session.get","request":null}' });
    expect(posted.status).toBe(421);
    for (const path of ['/bridge/?EIO=4&transport=websocket', '/sip', '/cti/?EIO=4&transport=websocket']) {
      expect([path, await handshake(origin, path, { origin: 'http://evil.example', cookie: browser.cookie })]).toEqual([path, path === '/sip' ? 403 : 400]);
    }
  });
});

describe('strangers in numbers', () => {
  it('keep nobody out, and leave nothing behind', async () => {
    const dataFolder = await temporaryFolder();
    const { origin } = await serve({ dataFolder });
    const knocks = await Promise.all(Array.from({ length: 600 }, () => handshake(origin, '/bridge/?EIO=4&transport=websocket', { origin })));
    expect(new Set(knocks)).toEqual(new Set([400]));
    const posts = await Promise.all(Array.from({ length: 100 }, () => visitor(origin).post('settings.set', { theme: 'dark', microphoneId: 'x'.repeat(500) })));
    expect(new Set(posts.map(({ status }) => status))).toEqual(new Set([401]));
    const page = await (await visitor(origin).signIn('agent1')).open();
    expect(await page.call('settings.set', { theme: 'dark' })).toMatchObject({ ok: true });
    expect([existsSync(join(dataFolder, 'web/people')), existsSync(join(dataFolder, 'web/settings'))]).toEqual([true, false]);
  });

  it('who begin to ask and do not go on, a thousand at once, keep nobody from signing in', async () => {
    const { origin } = await serve();
    const heard = requestsHeard();
    const half = 'POST /bridge/call HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{';
    const slow = Array.from({ length: 1000 }, () => connect(Number(new URL(origin).port), '127.0.0.1').on('error', () => {}));
    onTestFinished(() => slow.forEach((socket) => socket.destroy()));
    await Promise.all(slow.map((socket) => new Promise((resolve) => void socket.write(half, resolve))));
    await until('all of them are heard', () => slow.every(({ localPort }) => heard.has(localPort)));
    await expect(visitor(origin).signIn('agent1')).resolves.toBeDefined();
  });

  it('who say nothing, or say it slowly, are let go; a person at work is not', async () => {
    const { origin } = await serve();
    const { port } = new URL(origin);
    const page = await (await visitor(origin).signIn('agent1')).open();
    const openings: Record<string, string> = {
      'not a word': '',
      'half a request': 'GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ',
      'half a body': 'POST /bridge/call HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
      'a request, and then nothing': 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n',
      'a socket to nowhere': 'GET /nowhere HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
      'a desk’s socket that never says whose': 'GET /cti/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
    };
    const trickles = new Set(['half a request', 'half a body']);
    await Promise.all(
      Object.entries(openings).map(async ([what, opening]) => {
        const socket = connect(Number(port), '127.0.0.1');
        const gone = new Promise<void>((resolve) => void socket.resume().on('error', () => resolve()).on('end', resolve).on('close', () => resolve()));
        socket.write(opening);
        const slowly = setInterval(() => trickles.has(what) && socket.writable && socket.write('x'), 500);
        const impatience = new Promise((_resolve, reject) => {
          const timer = setTimeout(() => reject(new Error(`${what}: still there`)), PATIENCE_MS);
          void gone.then(() => clearTimeout(timer));
        });
        await Promise.race([gone, impatience]);
        clearInterval(slowly);
        socket.destroy();
      }),
    );
    expect(await page.call('session.get', null)).toMatchObject({ ok: true, value: { phase: 'signedIn' } });
  });
});

describe('what is said to anybody', () => {
  it('is no more than whether it works', async () => {
    const { origin } = await serve();
    expect(await ask(origin, '/healthz', { host: 'localhost', 'x-forwarded-for': '192.0.2.1' })).toMatchObject({ status: 200, body: '{"ok":true}' });
  });

  it('has no version, path or address in it, whatever is asked', async () => {
    const { origin } = await serve();
    const host = origin.replace('http://127.0.0.1', 'localhost');
    const asked = [
      await ask(origin, '/nothing.here', { host }),
      await ask(origin, '/api/nothing', { host }),
      await ask(origin, '/%ff', { host }),
      await ask(origin, '/bridge/', { host }),
      await ask(origin, '/cti/?EIO=4&transport=polling', { host }),
      await ask(origin, '/bridge/call', { host, method: 'POST' }),
      await ask(origin, '/api/auth/sign-in', { host, method: 'POST', 'content-type': 'application/json', body: '{' }),
      await ask(origin, '/api/auth/sign-in', { host, method: 'POST', 'content-type': 'text/xml', body: '<a/>' }),
      await ask(origin, '/', { host: 'evil.example' }),
    ];
    for (const { status, headers, body } of asked) {
      expect(status).toBeGreaterThanOrEqual(400);
      expect(`${headers}\n${body}`).not.toMatch(/x-powered-by|^server$|node_modules|\bat .*\.[jt]s:|127\.0\.0\.1|fastify|socket\.io|\d+\.\d+\.\d+/im);
    }
  });

  it('has no customer’s phone in it outside the demo', async () => {
    const { origin } = await serve({ demo: false });
    for (const path of ['/customer', '/customer/', '/demo/customer/index.html']) expect([path, (await ask(origin, path)).status]).toEqual([path, 404]);
  });
});
