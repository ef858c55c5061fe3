import { once } from 'node:events';
import { createServer } from 'node:http';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { silentLogger } from '../../agent/index.ts';
import { CONTRACT } from '../../contract/contract-version.ts';
import { BRIDGE_PATH } from '../../contract/cti/sign-in.ts';
import type { AgentId } from '../../contract/ids.ts';
import { loadCacheKey } from '../../web/cache-key.ts';
import { createWebShell, type WebShell, type WebShellOptions } from '../../web/index.ts';
import { BridgeBrowser, codeOf } from '../support/bridge-page.ts';
import { until } from '../support/until.ts';
import { givePhone, openOffice, type Office } from './agent/support/office.ts';
import { temporaryFolder } from '../unit/store/support.ts';

const credentials = { server: null, account: 'agent1', password: 'sangdam-demo' };

describe('the web shell', () => {
  let office: Office;
  let agentId: AgentId;
  let shell: WebShell;
  /** Of the shell. */
  let origin: string;
  let dataDir: string;

  beforeEach(async () => {
    office = await openOffice();
    ({ agentId } = (await office.signIn('agent1')).me);
    await givePhone(office, agentId);
    dataDir = await temporaryFolder();
    await start();
  });

  it('signs an agent in, and gives their browser a cookie that no script and no other site can use', async () => {
    const browser = await visitor().signIn('agent1');
    expect(browser.given).toMatch(/^sangdam=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    const page = await browser.open();
    expect(await page.call('session.get', null)).toMatchObject({ ok: true, value: { host: 'web', phase: 'signedIn', me: { account: 'agent1' }, health: { cache: { storage: 'encrypted' } } } });
    await page.call('settings.set', { dock: true });
    await until('it was told', () => page.events.some(({ name }) => name === 'session.changed'));
  });

  it('gives a cookie for this very host over TLS alone, where there is TLS', async () => {
    await shell.stop();
    await start({ isSecure: () => true });
    const browser = await visitor().signIn('agent1');
    expect(browser.given).toMatch(/^__Host-sangdam=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Secure$/);
    await browser.open();
    browser.cookie = browser.cookie.replace('__Host-', '');
    await expect(browser.open()).rejects.toThrow('websocket error');
  });

  it('failure: a page of another version is told so, before and after the sign-in, and goes on once it is loaded anew', async () => {
    const browser = await visitor().signIn('agent1');
    browser.contract = CONTRACT + 1;
    expect((await browser.post('session.get', null)).answer).toMatchObject({ error: { code: 'desk.too-old' } });
    await expect(browser.open()).rejects.toMatchObject({ message: 'desk.too-old', data: { code: 'desk.too-old' } });
    browser.contract = CONTRACT;
    expect(await (await browser.open()).call('session.get', null)).toMatchObject({ value: { phase: 'signedIn' } });
  });

  it('finds the live session again after a reload, and shares it between windows', async () => {
    const browser = await visitor().signIn('agent1');
    const first = await browser.open();
    const wallboard = await browser.open();
    expect(await wallboard.call('session.get', null)).toMatchObject({ value: { phase: 'signedIn' } });
    first.socket.close();
    wallboard.socket.close();
    expect(await browser.post('session.get', null)).toMatchObject({ answer: { value: { phase: 'signedIn', me: { account: 'agent1' } } } });
    const reloaded = await browser.open();
    expect(await reloaded.call('session.get', null)).toMatchObject({ value: { phase: 'signedIn', me: { account: 'agent1' } } });
    expect(shell.sessions).toBe(1);
  });

  it('keeps browsers apart', async () => {
    await visitor().signIn('agent1');
    const other = visitor();
    expect(await other.post('session.get', null)).toMatchObject({ answer: { value: { phase: 'signedOut', me: null } } });
    await other.signIn('agent2');
    expect(await other.post('session.get', null)).toMatchObject({ answer: { value: { me: { account: 'agent2' } } } });
    expect(shell.sessions).toBe(2);
  });

  it('tells the window that had the audio when another one claims it', async () => {
    const browser = await visitor().signIn('agent1');
    const [first, second] = [await browser.open(), await browser.open()];
    await first.call('media.claim', null);
    await second.call('media.claim', null);
    await until('it was told', () => first.events.some(({ name }) => name === 'media.released'));
    expect(second.events.some(({ name }) => name === 'media.released')).toBe(false);
  });

  it('keeps a person’s settings, for whichever browser they sign in at; written when it says so', async () => {
    const page = await (await visitor().signIn('agent1')).open();
    expect(await Promise.all([page.call('settings.set', { theme: 'dark' }), page.call('settings.set', { dock: true })])).toMatchObject([{ ok: true }, { ok: true }]);
    const [file = ''] = await readdir(join(dataDir, 'web', 'people'));
    expect(JSON.parse(await readFile(join(dataDir, 'web', 'people', file), 'utf8'))).toMatchObject({ theme: 'dark', dock: true });
    expect((await stat(join(dataDir, 'web', 'people', file))).mode & 0o777).toBe(0o600);
    await shell.stop();
    await start();
    expect(await (await visitor().signIn('agent1')).post('session.get', null)).toMatchObject({ answer: { value: { settings: { theme: 'dark', dock: true } } } });
    expect(await (await visitor().signIn('agent2')).post('session.get', null)).toMatchObject({ answer: { value: { settings: { theme: null, dock: false } } } });
  });

  it('makes a key of mode 0600 for the cache, and takes one from the environment', async () => {
    const file = join(dataDir, 'web', 'cache.key');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readFile(file, 'utf8')).toMatch(/^[\da-f]{64}$/);
    expect(loadCacheKey(dataDir, silentLogger, { SANGDAM_CACHE_KEY: 'ab'.repeat(32) })).toEqual(Buffer.alloc(32, 0xab));
  });

  describe('a cookie is good for one sign-in', () => {
    it('and worth nothing after the sign-out; the windows are told and let go', async () => {
      const browser = await visitor().signIn('agent1');
      const { cookie } = browser;
      const [page, other] = [await browser.open(), await browser.open()];
      expect(await page.call('session.signOut', null)).toEqual({ ok: true, value: null });
      await until('both are let go', () => page.socket.disconnected && other.socket.disconnected);
      for (const { events } of [page, other]) expect(events.at(-1)).toMatchObject({ name: 'session.changed', payload: { phase: 'signedOut', me: null, contacts: [], endedBy: null } });
      await expect(browser.open()).rejects.toThrow('websocket error');
      expect(shell.sessions).toBe(0);
      await browser.signIn('agent1');
      expect(browser.cookie).not.toBe(cookie);
    });

    it('and ends when the person signs in elsewhere', async () => {
      const browser = await visitor().signIn('agent1');
      const page = await browser.open();
      await visitor().signIn('agent1');
      await until('it is let go', () => page.socket.disconnected);
      expect(page.events.at(-1)).toMatchObject({ payload: { phase: 'signedOut', endedBy: { code: 'auth.replaced' } } });
      await expect(browser.open()).rejects.toThrow('websocket error');
      expect(await browser.post('session.get', null)).toMatchObject({ answer: { value: { phase: 'signedOut', me: null } } });
      expect(browser.given).toContain('Max-Age=0');
    });

    it.each(['made-up', '../../etc', 'a'.repeat(43)])('failure: one that a browser brought along (%s) opens nothing, and does not become the session’s', async (planted) => {
      const browser = visitor();
      browser.cookie = `sangdam=${planted}`;
      await expect(browser.open()).rejects.toThrow('websocket error');
      await browser.signIn('agent1');
      expect(browser.cookie).not.toContain(planted);
      await browser.open();
      browser.cookie = `sangdam=${planted}`;
      await expect(browser.open()).rejects.toThrow('websocket error');
    });
  });

  describe('failure: before somebody has signed in', () => {
    it('there is no socket, and nothing is kept: no session, no cookie, no file', async () => {
      const browser = visitor();
      for (let i = 0; i < 50; i++) {
        await expect(visitor().open()).rejects.toThrow('websocket error');
        expect(await browser.post('session.get', null)).toMatchObject({ status: 200, answer: { ok: true, value: { phase: 'signedOut' } } });
        expect(browser.given).toBeNull();
      }
      expect(codeOf((await browser.post('session.signIn', { ...credentials, password: 'wrong' })).answer)).toBe('auth.invalid');
      expect([browser.given, shell.sessions]).toEqual([null, 0]);
      await expect(readdir(join(dataDir, 'web', 'people'))).rejects.toThrow('ENOENT');
    });

    it.each(['customers.search', 'settings.set', 'media.claim', 'phone.dial', 'desktop.set', 'session.signOut', 'nothing.here', '__proto__'])('%s is not asked for', async (name) => {
      expect(await visitor().post(name, null)).toMatchObject({ status: 401, answer: { ok: false, error: { code: 'session.not-signed-in' } } });
    });

    it('what is no call of a page of ours is refused', async () => {
      const browser = visitor();
      for (const headers of [{ origin: 'http://evil.example' }, { origin: 'null' }]) expect((await browser.post('session.signIn', credentials, headers)).status).toBe(403);
      expect((await browser.post('session.signIn', credentials, { 'content-type': 'text/plain' })).status).toBe(415);
      const raw = (body: string, method = 'POST') => fetch(`${origin}/bridge/call`, { method, headers: { origin, 'content-type': 'application/json' }, ...(method === 'POST' && { body }) });
      for (const body of ['', '{', '[]', '{"name":7,"request":null}', '{"name":"session.get","request":null,"more":1}', JSON.stringify({ name: 'session.get', request: 'x'.repeat(70_000) })]) expect((await raw(body)).status).toBe(400);
      expect((await raw('', 'GET')).status).toBe(415);
      expect((await fetch(`${origin}/bridge/call`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"name":"session.get","request":null}' })).status).toBe(403);
      expect((await browser.post('session.get', null)).status).toBe(200);
    });
  });

  describe('failure: what a page sends', () => {
    it.each([
      ['an unknown call', ['nothing.here', null], 'command.unknown'],
      ['a call by a number', [7, null], 'command.unknown'],
      ['a malformed request', ['phone.dial', { number: 5 }], 'input.invalid'],
      ['an own prototype', ['phone.dial', JSON.parse('{"__proto__":{"number":"1"}}')], 'input.invalid'],
      ['a second sign-in', ['session.signIn', credentials], 'agent.illegal-transition'],
      ['settings without end', ['settings.set', { microphoneId: 'x'.repeat(60_000) }], 'input.invalid'],
    ])('%s is answered', async (_what, message, code) => {
      const page = await (await visitor().signIn('agent1')).open();
      expect(codeOf(await page.send(...message))).toBe(code);
    });

    it('a message without acknowledgement, and one that is oversize, do no harm', async () => {
      const browser = await visitor().signIn('agent1');
      const page = await browser.open();
      page.socket.emit('call', 'session.get', null);
      expect(await page.call('session.get', null)).toMatchObject({ ok: true });
      page.socket.emit('call', 'session.get', 'x'.repeat(100_000));
      await until('it was cut off', () => page.socket.disconnected);
      expect(await (await browser.open()).call('session.get', null)).toMatchObject({ ok: true });
    });

    it('calls without end are limited, and so are windows', async () => {
      const browser = await visitor().signIn('agent1');
      const page = await browser.open();
      const answers = await Promise.all(Array.from({ length: 300 }, () => page.call('media.claim', null)));
      expect(answers).toContainEqual({ ok: false, error: expect.objectContaining({ code: 'rate-limited' }) });
      const more = await Promise.all(Array.from({ length: 25 }, () => browser.open()));
      await until('those beyond twenty are let go', () => more.filter(({ socket }) => socket.disconnected).length === 6);
    });
  });

  it('failure: a window that does not read is cut off before what waits for it fills the memory', async () => {
    await shell.stop();
    const warnings: string[] = [];
    await start({ logger: { ...silentLogger, warn: (_fields, line) => void warnings.push(line) } });
    const browser = await visitor().signIn('agent1');
    const socket = new WebSocket(`${origin.replace('http', 'ws')}${BRIDGE_PATH}/?EIO=4&transport=websocket`, { headers: { origin, cookie: browser.cookie } });
    socket.on('error', () => socket.terminate());
    onTestFinished(() => socket.terminate());
    await once(socket, 'open');
    const joined = new Promise<void>((resolve) => socket.on('message', (data: Buffer) => data.toString().startsWith('40') && resolve()));
    socket.send('40');
    await joined;
    socket.pause();

    let told = 0;
    for (; told < 2000 && warnings.length === 0; told++) {
      office.center.tell(agentId, { type: 'notice.raised', payload: { code: 'networkLost', contactId: null, detail: 'x'.repeat(64 * 1024) } });
      if (socket.readyState === WebSocket.OPEN) socket.send('3');
      await new Promise((resolve) => setImmediate(resolve));
    }
    await until('it was cut off', () => warnings.length > 0);
    expect([warnings, told < 1000]).toEqual([['a window that does not read was cut off'], true]);
    expect(await (await browser.open()).call('session.get', null)).toMatchObject({ ok: true, value: { phase: 'signedIn' } });
  });

  describe('failure: who connects', () => {
    it.each([{ origin: 'http://evil.example' }, { origin: 'http://127.0.0.1.evil.example' }, { origin: 'null' }, { origin: '' }])('a page of %j is refused with a good cookie too', async (headers) => {
      const browser = await visitor().signIn('agent1');
      await expect(browser.open(headers)).rejects.toThrow('websocket error');
    });

    it('a program without Origin is refused, and so is one that names the socket of another', async () => {
      const browser = await visitor().signIn('agent1');
      const page = await browser.open();
      const answer = (query: string, headers: Record<string, string>): Promise<number | undefined> =>
        new Promise((resolve) => {
          const socket = new WebSocket(`${origin.replace('http', 'ws')}${BRIDGE_PATH}/?EIO=4&transport=websocket${query}`, { headers });
          socket.on('unexpected-response', (_request, { statusCode }) => resolve(statusCode));
          socket.on('open', () => {
            socket.terminate();
            resolve(101);
          });
          socket.on('error', () => {});
        });
      expect(await answer('', { cookie: browser.cookie })).toBe(400);
      expect(await answer('', { origin, cookie: browser.cookie })).toBe(101);
      expect(await answer(`&sid=${page.socket.io.engine.id}`, { origin, cookie: browser.cookie })).toBe(400);
      expect(page.socket.connected).toBe(true);
    });

    it('a key that is none keeps customers in memory', async () => {
      const folder = await temporaryFolder();
      await writeFile(join(folder, 'cache.key'), 'short');
      expect(loadCacheKey(folder, silentLogger, {})).toBeNull();
      expect(loadCacheKey(folder, silentLogger, { SANGDAM_CACHE_KEY: 'xyz' })).toBeNull();
    });
  });

  /** A shell on a server of its own, on the same data as the one before. */
  async function start(options: Partial<WebShellOptions> = {}): Promise<void> {
    const httpServer = createServer().listen(0, '127.0.0.1');
    await once(httpServer, 'listening');
    const address = httpServer.address();
    origin = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
    const started = createWebShell({ httpServer, centerUrl: office.origin, dataDir, logger: silentLogger, environment: {}, ...options });
    shell = started;
    onTestFinished(async () => {
      await started.stop();
      httpServer.close();
    });
  }

  function visitor(): BridgeBrowser {
    const browser = new BridgeBrowser(origin);
    onTestFinished(() => browser.close());
    return browser;
  }
});
