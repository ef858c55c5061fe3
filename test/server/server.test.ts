import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { createSipPhone } from '../support/sip-phone/index.ts';
import { until } from '../support/until.ts';
import { startServer, type RunningServer, type ServerOptions } from '../../server/server.ts';
import { demoDataFolder, temporaryFolder } from '../unit/store/support.ts';

const MAIN = join(import.meta.dirname, '../../server/main.ts');

async function serve(options: Partial<ServerOptions> = {}): Promise<RunningServer> {
  const server = await startServer({ host: '127.0.0.1', port: 0, dataFolder: await demoDataFolder(), demo: true, ...options });
  onTestFinished(() => server.stop());
  return server;
}

const signIn = (origin: string) =>
  fetch(`${origin}/api/auth/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ account: 'agent1', password: 'sangdam-demo', client: 'web' }),
  });

/** The whole program, as `npm start` runs it. */
async function program(environment: Record<string, string>) {
  const child = spawn('node', [MAIN], { env: { ...process.env, SANGDAM_PORT: '0', SANGDAM_DEMO: '1', SANGDAM_LOG: 'silent', ...environment }, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const errors = text(child.stderr ?? Readable.from([]));
  const exited = once(child, 'exit');
  return { child, exited, errors };
}

describe('the server', () => {
  it('is healthy, lets the demo in and tells phones where to register', async () => {
    const { origin } = await serve({ dataFolder: await temporaryFolder() });
    const health = await fetch(`${origin}/healthz`);
    expect([health.status, await health.json()]).toMatchObject([200, { ok: true, switch: true, store: true }]);
    const signedIn: unknown = await (await signIn(origin)).json();
    expect(signedIn).toMatchObject({ ok: true, value: { me: { agentId: 'agent1' }, sip: { url: `${origin.replace('http', 'ws')}/sip` } } });
  });

  it('takes SIP on /sip, and no socket that is nobody’s', async () => {
    const { origin } = await serve();
    const sip = new WebSocket(`${origin.replace('http', 'ws')}/sip`, 'sip');
    await once(sip, 'open');
    sip.close();
    const lost = new WebSocket(`${origin.replace('http', 'ws')}/elsewhere`);
    const [error] = await once(lost, 'error');
    expect(String(error)).toContain('404');
  });

  it('failure: takes no SIP from another site’s page', async () => {
    const { origin } = await serve();
    for (const page of ['http://evil.example', 'null', 'https://127.0.0.1.evil.example']) {
      const [error] = await once(new WebSocket(`${origin.replace('http', 'ws')}/sip`, 'sip', { origin: page }), 'error');
      expect(String(error)).toContain('403');
    }
    const own = new WebSocket(`${origin.replace('http', 'ws')}/sip`, 'sip', { origin });
    await once(own, 'open');
    own.close();
  });

  it('keeps its data from one start to the next, and can be stopped twice', async () => {
    const dataFolder = await demoDataFolder();
    const first = await serve({ dataFolder });
    await first.stop();
    await first.stop();
    const second = await serve({ dataFolder });
    expect((await signIn(second.origin)).status).toBe(200);
  });

  it('refuses the demo’s secrets outside demo mode, whatever is in its store', async () => {
    const dataFolder = await demoDataFolder();
    await (await serve({ dataFolder })).stop();
    const { origin } = await serve({ dataFolder, demo: false });
    const refused: unknown = await (await signIn(origin)).json();
    expect(refused).toMatchObject({ ok: false, error: { code: 'auth.demo-refused' } });
  });

  it('ends by itself after SIGTERM, with a sign-in and a phone’s socket open', async () => {
    const { child, exited } = await program({ SANGDAM_DATA: await demoDataFolder() });
    const [message] = await once(child, 'message');
    const { origin } = message;
    await signIn(origin);
    const sip = new WebSocket(`${origin.replace('http', 'ws')}/sip`, 'sip');
    await once(sip, 'open');
    child.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
  });
});

describe('failure: the server is told to stop again', () => {
  it('ends at once, whatever calls were given; the same Ctrl+C by several ways is one', { timeout: 30_000 }, async () => {
    const { child, exited } = await program({ SANGDAM_DATA: await demoDataFolder(), SANGDAM_STOP_DRAIN_S: '600' });
    const [{ origin }] = await once(child, 'message');
    const phone = createSipPhone({ url: `${origin.replace('http', 'ws')}/sip`, user: 'c1', password: 'customer', toneHz: 440 });
    onTestFinished(() => phone.close());
    await phone.register();
    await (await phone.call('15880000')).answered();
    child.kill('SIGINT');
    child.kill('SIGTERM');
    const asked = performance.now();
    await until('the second wish is heard', () => {
      if (performance.now() - asked > 1000) child.kill('SIGTERM');
      return child.exitCode !== null;
    });
    expect(await exited).toEqual([1, null]);
    expect(performance.now() - asked).toBeGreaterThan(1000);
  });
});

describe('failure: the server says why it cannot start, and leaves nothing behind', () => {
  it('when the port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => void other.close());
    const { port } = other.address() as AddressInfo;
    const dataFolder = await demoDataFolder();
    await expect(serve({ port, dataFolder })).rejects.toThrow(`port ${port} on 127.0.0.1 is in use`);
    // Its database is free again.
    await serve({ dataFolder });
  });

  it('when the address is no machine’s', async () => {
    await expect(serve({ host: '192.0.2.1', access: { tls: null, trustedProxies: [], publicUrl: null, allowPlainHttp: true } })).rejects.toThrow('SANGDAM_HOST');
  });

  it('when the database is damaged', async () => {
    const dataFolder = await temporaryFolder();
    await writeFile(join(dataFolder, 'center.db'), 'not a database, though long enough to be looked at');
    const { exited, errors } = await program({ SANGDAM_DATA: dataFolder });
    expect((await exited)[0]).toBe(1);
    expect(await errors).toMatch(/^Cannot start: .*center\.db is encrypted, or no database/);
  });

  it('when a setting is wrong', async () => {
    const { exited, errors } = await program({ SANGDAM_PORT: 'seven' });
    expect((await exited)[0]).toBe(2);
    expect(await errors).toContain('SANGDAM_PORT');
  });
});
