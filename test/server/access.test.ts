import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { connect, type TLSSocket } from 'node:tls';
import { io } from 'socket.io-client';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { CTI_PATH, SignedIn } from '../../contract/cti/index.ts';
import { BRIDGE_CALL_PATH } from '../../contract/cti/sign-in.ts';
import { createLogger } from '../../server/logger.ts';
import { startServer, type RunningServer } from '../../server/server.ts';
import { readSettings } from '../../server/settings.ts';
import { TlsDoor } from '../../server/tls-door.ts';
import { renewedCertificate, renewedKey, untrustedCertificate, untrustedKey } from '../support/untrusted-server.ts';
import { until } from '../support/until.ts';
import { demoDataFolder, temporaryFolder } from '../unit/store/support.ts';

async function pairFiles() {
  const folder = await temporaryFolder();
  const [certFile, keyFile] = [join(folder, 'fullchain.pem'), join(folder, 'privkey.pem')];
  const write = (cert: string, key: string) => Promise.all([writeFile(certFile, cert), writeFile(keyFile, key)]);
  await write(untrustedCertificate, untrustedKey);
  return { certFile, keyFile, write };
}

async function overTls(): Promise<RunningServer> {
  const { certFile, keyFile } = await pairFiles();
  const server = await startServer({ host: '127.0.0.1', port: 0, dataFolder: await demoDataFolder(), demo: true, access: { tls: { certFile, keyFile }, trustedProxies: [], publicUrl: null, allowPlainHttp: false } });
  onTestFinished(() => server.stop());
  return server;
}

const ca = untrustedCertificate;

async function asked(url: string, { method = 'GET', body, headers = {} }: { method?: string; body?: unknown; headers?: Record<string, string> } = {}) {
  const asking = request(url, { method, ca, headers: { 'content-type': 'application/json', ...headers } });
  asking.end(body === undefined ? undefined : JSON.stringify(body));
  const [response] = await once(asking, 'response');
  return { status: response.statusCode, headers: response.headers, body: JSON.parse(await text(response)) };
}

describe('a server with a certificate', () => {
  it('serves requests, desks, browsers and phones over TLS, and tells desks so', async () => {
    const { origin } = await overTls();
    expect(origin).toMatch(/^https:/);
    expect(await asked(`${origin}/healthz`)).toMatchObject({ status: 200, body: { ok: true } });
    const { body } = await asked(`${origin}/api/auth/sign-in`, { method: 'POST', body: { account: 'agent1', password: 'sangdam-demo', client: 'desktop' } });
    const { accessToken, sip } = SignedIn.parse(body.value);
    expect(sip?.url).toBe(`${origin.replace('https', 'wss')}/sip`);

    const desk = io(origin, { path: CTI_PATH, auth: { token: accessToken }, transports: ['websocket'], reconnection: false, forceNew: true, ca });
    onTestFinished(() => void desk.close());
    await new Promise<void>((resolve) => void desk.once('connect', () => resolve()));
    const phone = new WebSocket(sip?.url ?? '', 'sip', { ca });
    await once(phone, 'open');
    phone.close();
  });

  it('lets a browser sign in through its own way inside, which needs no certificate to be trusted', async () => {
    const { origin } = await overTls();
    const { status, headers, body } = await asked(`${origin}${BRIDGE_CALL_PATH}`, { method: 'POST', headers: { origin }, body: { name: 'session.signIn', request: { server: null, account: 'agent1', password: 'sangdam-demo' } } });
    expect([status, body]).toMatchObject([200, { ok: true }]);
    expect(headers['set-cookie']?.[0]).toMatch(/^__Host-.*; Secure$/);
  });

  it('takes up a renewed certificate without a restart', async () => {
    const { certFile, keyFile, write } = await pairFiles();
    const door = new TlsDoor({ files: { certFile, keyFile }, http: () => undefined, logger: createLogger('silent'), lookEveryMs: 10 });
    const port = await door.listen({ host: '127.0.0.1', port: 0 });
    onTestFinished(() => door.close());
    const shown = async (): Promise<string> => {
      const socket: TLSSocket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false });
      await once(socket, 'secureConnect');
      const { subject } = socket.getPeerCertificate();
      socket.destroy();
      return String(subject.CN);
    };
    expect(await shown()).toBe('localhost');
    await write(renewedCertificate, renewedKey);
    await until('the renewed one is shown', async () => (await shown()) === 'center.example.com');
    expect(door.names).toEqual(['center.example.com', 'localhost', '127.0.0.1']);
    expect(door.trouble).toBeNull();

    await write(renewedCertificate, untrustedKey);
    await until('the trouble is told', () => door.trouble !== null);
    expect(door.trouble).toContain('SANGDAM_TLS_KEY');
    expect(await shown()).toBe('center.example.com');
    await write(renewedCertificate, renewedKey);
    await until('it is over', () => door.trouble === null);
  });
});

describe('settings of TLS and proxies', () => {
  it('are taken as they are said', () => {
    expect(readSettings({ SANGDAM_HOST: '0.0.0.0', SANGDAM_TLS_CERT: '/etc/c.pem', SANGDAM_TLS_KEY: '/etc/k.pem', SANGDAM_PUBLIC_URL: 'https://Center.Example.com/', SANGDAM_TRUSTED_PROXIES: '10.0.0.0/8, fd00::7' })).toMatchObject({
      value: { access: { tls: { certFile: '/etc/c.pem', keyFile: '/etc/k.pem' }, publicUrl: 'https://center.example.com', trustedProxies: ['10.0.0.0/8', 'fd00::7'] } },
    });
    expect(readSettings({ SANGDAM_HOST: '0.0.0.0', SANGDAM_ALLOW_PLAIN_HTTP: '1' }).ok).toBe(true);
    expect(readSettings({ SANGDAM_HOST: '::1', SANGDAM_PUBLIC_URL: 'http://localhost:7400' }).ok).toBe(true);
  });
});

describe('failure: a server that others could listen in on', () => {
  it('does not start in plain HTTP beyond loopback, and says the ways out', async () => {
    for (const host of ['0.0.0.0', '::', '192.0.2.7', 'center.example.com']) {
      const refused = readSettings({ SANGDAM_HOST: host });
      for (const way of ['SANGDAM_TLS_CERT', 'SANGDAM_TRUSTED_PROXIES', 'SANGDAM_ALLOW_PLAIN_HTTP']) expect(refused).toMatchObject({ ok: false, error: { message: expect.stringContaining(way) } });
    }
    await expect(startServer({ host: '0.0.0.0', port: 0, dataFolder: await temporaryFolder(), demo: false })).rejects.toThrow('SANGDAM_ALLOW_PLAIN_HTTP');
  });

  it('says at each start that it is allowed to', async () => {
    const lines: string[] = [];
    const server = await startServer({ host: '127.0.0.1', port: 0, dataFolder: await demoDataFolder(), demo: true, access: { tls: null, trustedProxies: [], publicUrl: null, allowPlainHttp: true }, logger: createLogger('warn', { write: (line: string) => void lines.push(line) }) });
    onTestFinished(() => server.stop());
    expect(lines.join('')).toContain('SANGDAM_ALLOW_PLAIN_HTTP');
  });

  it('does not speak a TLS older than 1.2', async () => {
    const { port } = await overTls();
    const socket = connect({ host: '127.0.0.1', port, ca, maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' });
    expect(await once(socket, 'secureConnect').then(() => 'connected', () => 'refused')).toBe('refused');
  });

  it('names the setting that is wrong', () => {
    const wrong: Record<string, Record<string, string>> = {
      SANGDAM_TLS_KEY: { SANGDAM_TLS_CERT: '/etc/c.pem' },
      SANGDAM_TLS_CERT: { SANGDAM_TLS_KEY: '/etc/k.pem' },
      SANGDAM_TRUSTED_PROXIES: { SANGDAM_TRUSTED_PROXIES: '10.0.0.0/33' },
      SANGDAM_PUBLIC_URL: { SANGDAM_PUBLIC_URL: 'https://center.example.com/desk' },
      SANGDAM_ALLOW_PLAIN_HTTP: { SANGDAM_ALLOW_PLAIN_HTTP: 'yes' },
    };
    for (const [name, environment] of Object.entries(wrong)) expect(readSettings(environment)).toMatchObject({ ok: false, error: { code: 'input.invalid', message: expect.stringContaining(name) } });
    for (const url of ['center.example.com', 'http://center.example.com', 'ftp://x']) expect(readSettings({ SANGDAM_PUBLIC_URL: url })).toMatchObject({ ok: false, error: { message: expect.stringContaining('SANGDAM_PUBLIC_URL') } });
  });

  it('sends no phone to an Asterisk in the clear', () => {
    const asterisk = { SANGDAM_SWITCH: 'asterisk', SANGDAM_ARI_URL: 'http://10.0.0.11:8088/ari', SANGDAM_ARI_PASSWORD: 'secret' };
    const two = { ...asterisk, SANGDAM_ARI_URL: 'http://10.0.0.11:8088/ari,http://10.0.0.12:8088/ari' };
    for (const plain of [{ ...asterisk, SANGDAM_SIP_URL: 'ws://pbx.example/ws' }, two]) {
      expect(readSettings(plain)).toMatchObject({ ok: false, error: { message: expect.stringContaining('SANGDAM_SIP_URL') } });
      expect(readSettings({ ...plain, SANGDAM_ALLOW_PLAIN_HTTP: '1' }).ok).toBe(true);
    }
    expect(readSettings({ ...two, SANGDAM_SIP_URL: 'wss://pbx1.example/ws,wss://pbx2.example/ws' }).ok).toBe(true);
    // One that is only guessed is not told; phones come to the center, which hands them on.
    expect(readSettings(asterisk).ok).toBe(true);
  });

  it('does not start with files that are no certificate and its key', async () => {
    const { certFile, keyFile, write } = await pairFiles();
    const start = (files: { certFile: string; keyFile: string }) => temporaryFolder().then((dataFolder) => startServer({ host: '127.0.0.1', port: 0, dataFolder, demo: false, access: { tls: files, trustedProxies: [], publicUrl: null, allowPlainHttp: false } }));
    await expect(start({ certFile: '/no/such/file', keyFile })).rejects.toThrow('SANGDAM_TLS_CERT: /no/such/file cannot be read');
    await write(renewedCertificate, untrustedKey);
    await expect(start({ certFile, keyFile })).rejects.toThrow('are no certificate and its key');
  });
});
