import { once } from 'node:events';
import { createServer } from 'node:http';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { io, type Socket } from 'socket.io-client';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { silentLogger } from '../../../agent/index.ts';
import type { BridgeCallName, BridgeRequest } from '../../../contract/bridge/calls.ts';
import { BRIDGE_PATH } from '../../../contract/cti/sign-in.ts';
import { loadCacheKey } from '../../../web/cache-key.ts';
import { createWebShell, type WebShell } from '../../../web/index.ts';
import { until } from '../../support/sip-phone/index.ts';
import { givePhone, openOffice, type Office } from '../agent/support/office.ts';
import { temporaryFolder } from '../store/support.ts';

const credentials = { server: null, account: 'agent1', password: 'sangdam-demo' };

/** A browser's page, as far as its bridge goes. */
class Page {
  readonly events: { name: unknown; payload: unknown }[] = [];
  readonly socket: Socket;

  constructor(origin: string, headers: Record<string, string>) {
    this.socket = io(origin, { path: BRIDGE_PATH, transports: ['websocket'], reconnection: false, forceNew: true, extraHeaders: headers });
    this.socket.on('event', (name: unknown, payload: unknown) => this.events.push({ name, payload }));
    onTestFinished(() => void this.socket.close());
  }

  call<Name extends BridgeCallName>(name: Name, request: BridgeRequest<Name>): Promise<unknown> {
    return this.send(name, request);
  }

  send(...message: unknown[]): Promise<unknown> {
    return this.socket.timeout(9000).emitWithAck('call', ...message);
  }
}

describe('the web shell', () => {
  let office: Office;
  let shell: WebShell;
  /** Of the shell. */
  let origin: string;
  let dataDir: string;

  beforeEach(async () => {
    office = await openOffice();
    await givePhone(office, (await office.signIn('agent1')).me.agentId);
    dataDir = await temporaryFolder();
    await start();
  });

  it('gives a browser a cookie that no script and no other site can use', async () => {
    expect(await handshake({})).toMatch(/^sangdam_browser=[\w-]{43}; Path=\/bridge; Max-Age=\d+; HttpOnly; SameSite=Strict$/);
  });

  it('signs an agent in over its bridge', async () => {
    const page = new Page(origin, {});
    expect(await page.call('session.signIn', credentials)).toEqual({ ok: true, value: { device: expect.any(String) } });
    expect(await page.call('session.get', null)).toMatchObject({ ok: true, value: { host: 'web', phase: 'signedIn', me: { account: 'agent1' }, health: { cache: { storage: 'encrypted' } } } });
    await until('it was told', () => page.events.some(({ name }) => name === 'session.changed'));
  });

  it('finds the live session again after a reload, and shares it between windows', async () => {
    const cookie = await newCookie();
    const first = new Page(origin, { cookie });
    expect(await first.call('session.signIn', credentials)).toMatchObject({ ok: true });
    const wallboard = new Page(origin, { cookie });
    expect(await wallboard.call('session.get', null)).toMatchObject({ value: { phase: 'signedIn' } });
    first.socket.close();
    wallboard.socket.close();
    const reloaded = new Page(origin, { cookie });
    expect(await reloaded.call('session.get', null)).toMatchObject({ value: { phase: 'signedIn', me: { account: 'agent1' } } });
    expect(shell.sessions).toBe(1);
  });

  it('keeps browsers apart', async () => {
    const first = new Page(origin, { cookie: await newCookie() });
    expect(await first.call('session.signIn', credentials)).toMatchObject({ ok: true });
    const second = new Page(origin, { cookie: await newCookie() });
    expect(await second.call('session.get', null)).toMatchObject({ value: { phase: 'signedOut', me: null } });
  });

  it('tells the window that had the audio when another one claims it', async () => {
    const cookie = await newCookie();
    const [first, second] = [new Page(origin, { cookie }), new Page(origin, { cookie })];
    await first.call('media.claim', null);
    await second.call('media.claim', null);
    await until('it was told', () => first.events.some(({ name }) => name === 'media.released'));
    expect(second.events.some(({ name }) => name === 'media.released')).toBe(false);
  });

  it('keeps settings of a browser', async () => {
    const cookie = await newCookie();
    const page = new Page(origin, { cookie });
    await page.call('settings.set', { theme: 'dark' });
    await shell.stop();
    page.socket.close();
    await start();
    const later = new Page(origin, { cookie });
    expect(await later.call('session.get', null)).toMatchObject({ value: { settings: { theme: 'dark' } } });
  });

  it('makes a key of mode 0600 for the cache, and takes one from the environment', async () => {
    const file = join(dataDir, 'web', 'cache.key');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readFile(file, 'utf8')).toMatch(/^[\da-f]{64}$/);
    expect(loadCacheKey(dataDir, silentLogger, { SANGDAM_CACHE_KEY: 'ab'.repeat(32) })).toEqual(Buffer.alloc(32, 0xab));
  });

  describe('failure: what a page sends', () => {
    it.each([
      ['an unknown call', ['nothing.here', null], 'command.unknown'],
      ['a call by a number', [7, null], 'command.unknown'],
      ['a malformed request', ['settings.set', { theme: 5 }], 'input.invalid'],
      ['an own prototype', ['session.signIn', JSON.parse('{"__proto__":{"account":"agent1"}}')], 'input.invalid'],
      ['a question about customers by who has not signed in', ['customers.search', { text: '', limit: 5, offset: 0 }], 'session.not-signed-in'],
    ])('%s is answered', async (_what, message, code) => {
      const page = new Page(origin, {});
      expect(await page.send(...message)).toMatchObject({ ok: false, error: { code } });
    });

    it('a message without acknowledgement, and one that is oversize, do no harm', async () => {
      const page = new Page(origin, {});
      page.socket.emit('call', 'session.get', null);
      expect(await page.call('session.get', null)).toMatchObject({ ok: true });
      page.socket.emit('call', 'session.get', 'x'.repeat(100_000));
      await until('it was cut off', () => page.socket.disconnected);
      const next = new Page(origin, {});
      expect(await next.call('session.get', null)).toMatchObject({ ok: true });
    });

    it('calls without end are limited', async () => {
      const page = new Page(origin, {});
      const answers = await Promise.all(Array.from({ length: 300 }, () => page.call('media.claim', null)));
      expect(answers).toContainEqual({ ok: false, error: expect.objectContaining({ code: 'rate-limited' }) });
    });
  });

  describe('failure: who connects', () => {
    it.each(['http://evil.example', 'http://127.0.0.1.evil.example', 'null'])('a page of %s is refused', async (page) => {
      await expect(handshake({ origin: page })).rejects.toThrow('400');
    });

    it('a made-up cookie opens no session of anybody', async () => {
      const page = new Page(origin, { cookie: 'sangdam_browser=../../etc' });
      expect(await page.call('session.get', null)).toMatchObject({ value: { phase: 'signedOut' } });
    });

    it('one browser too many is turned away', async () => {
      await shell.stop();
      await start(1);
      const first = new Page(origin, { cookie: await newCookie() });
      expect(await first.call('session.get', null)).toMatchObject({ ok: true });
      const second = new Page(origin, { cookie: `sangdam_browser=${'b'.repeat(43)}` });
      await until('it was turned away', () => second.socket.disconnected);
      expect(shell.sessions).toBe(1);
    });

    it('a key that is none keeps customers in memory', async () => {
      const folder = await temporaryFolder();
      await writeFile(join(folder, 'cache.key'), 'short');
      expect(loadCacheKey(folder, silentLogger, {})).toBeNull();
      expect(loadCacheKey(folder, silentLogger, { SANGDAM_CACHE_KEY: 'xyz' })).toBeNull();
    });
  });

  /** A shell on a server of its own, on the same data as the one before. */
  async function start(sessionsMax = 10): Promise<void> {
    const httpServer = createServer().listen(0, '127.0.0.1');
    await once(httpServer, 'listening');
    const address = httpServer.address();
    origin = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
    const started = createWebShell({ httpServer, centerUrl: office.origin, dataDir, logger: silentLogger, sessionsMax, environment: {} });
    shell = started;
    onTestFinished(async () => {
      await started.stop();
      httpServer.close();
    });
  }

  /** @returns the Set-Cookie header of a handshake. @throws with the status that refused it */
  function handshake(headers: Record<string, string>): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(`${origin.replace('http', 'ws')}${BRIDGE_PATH}/?EIO=4&transport=websocket`, { headers });
      socket.on('upgrade', (response) => resolve(response.headers['set-cookie']?.[0] ?? ''));
      socket.on('open', () => socket.terminate());
      socket.on('error', reject);
    });
  }

  async function newCookie(): Promise<string> {
    return (await handshake({})).split(';', 1)[0] ?? '';
  }
});
