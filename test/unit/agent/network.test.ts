import { createServer, request, setGlobalProxyFromEnv, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import tls from 'node:tls';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { CenterRest, CtiClient, Tokens } from '../../../agent/cti/index.ts';
import { probeCenter, silentLogger, systemClock } from '../../../agent/index.ts';
import { connectionErrorCode, webSocketAgent } from '../../../agent/network.ts';
import { certificatesIn, proxyEnvironment, proxyInForce, proxyOfPac } from '../../../electron/main/desk/network-policy.ts';
import { until } from '../../support/until.ts';
import { untrustedCertificate, untrustedServer } from '../../support/untrusted-server.ts';

const listening = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
};

/** A proxy that passes on, and remembers what for. */
async function proxy(): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((incoming, outgoing) => {
    asked.push(`${incoming.method} ${incoming.url}`);
    incoming.pipe(request(incoming.url ?? '', { method: incoming.method, headers: incoming.headers, agent: false }, (answer) => answer.pipe(outgoing.writeHead(answer.statusCode ?? 502, answer.headers))));
  });
  server.on('connect', ({ url = '' }, socket, head) => {
    asked.push(`CONNECT ${url}`);
    const { hostname, port } = new URL(`http://${url}`);
    const upstream = connect(Number(port), hostname, () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on('error', () => socket.destroy());
    socket.on('error', () => upstream.destroy());
  });
  return { url: `http://127.0.0.1:${await listening(server)}`, asked };
}

describe('the way to the center', () => {
  let restore = (): void => {};
  afterEach(() => restore());
  /** As the desktop sets it, but for this machine, which is where tests talk to. */
  const through = (url: string): void => void (restore = setGlobalProxyFromEnv({ ...proxyEnvironment(url), no_proxy: '' }));

  it('REST goes through the proxy of the process', async () => {
    const center = await listening(createServer((_request, response) => response.end('{"ok":true,"switch":true,"version":"1"}')));
    const { url, asked } = await proxy();
    through(url);
    expect(await probeCenter(`http://127.0.0.1:${center}`)).toEqual({ ok: true, value: null });
    expect(asked).toHaveLength(1);
  });

  it('so do the sockets of the center and of the switch, which would go past it by themselves', async () => {
    const server = await untrustedServer();
    onTestFinished(() => server.close());
    const { url, asked } = await proxy();
    through(url);
    const address = server.origin.replace('https:', 'wss:');
    const socket = new WebSocket(address, { agent: webSocketAgent(address), ca: untrustedCertificate });
    // The server hangs up on an upgrade; that it was reached is what counts.
    await new Promise((resolve) => socket.once('error', resolve));
    expect(asked).toEqual([`CONNECT ${new URL(server.origin).host}`]);
    expect(server.requests).toBe(1);
  });

  it('a proxy that is set later counts from the next connection on', async () => {
    const server = await untrustedServer();
    onTestFinished(() => server.close());
    const authorities = tls.getCACertificates('default');
    tls.setDefaultCACertificates([untrustedCertificate]);
    onTestFinished(() => tls.setDefaultCACertificates(authorities));
    const tokens = new Tokens(new CenterRest(server.origin), systemClock, { accessToken: 'a', refreshToken: 'r', accessExpiresAt: Date.now() + 60_000 }, () => {}, () => {});
    const cti = new CtiClient({ server: server.origin, tokens, clock: systemClock, log: silentLogger });
    onTestFinished(() => {
      cti.stop();
      tokens.stop();
    });
    const { url, asked } = await proxy();
    through(url);
    cti.start();
    await until('the server was reached', () => server.requests > 0);
    expect(asked).toContain(`CONNECT ${new URL(server.origin).host}`);
  });

  it('without a proxy a socket goes straight', async () => {
    const http = createServer();
    const sockets = new WebSocketServer({ server: http });
    const address = `ws://127.0.0.1:${await listening(http)}`;
    const socket = new WebSocket(address, { agent: webSocketAgent(address) });
    await new Promise((resolve) => socket.once('open', resolve));
    socket.terminate();
    sockets.close();
    expect(socket.protocol).toBe('');
  });

  describe('failure', () => {
    it('an untrusted certificate has a code of its own, and nothing is sent', async () => {
      const server = await untrustedServer();
      onTestFinished(() => server.close());
      expect(await probeCenter(server.origin)).toMatchObject({ error: { code: 'center.untrusted' } });
      expect(server.requests).toBe(0);
    });

    it('what is no center is known by its answer', async () => {
      const port = await listening(createServer((_request, response) => response.end('<html>a router</html>')));
      expect(await probeCenter(`http://127.0.0.1:${port}`)).toMatchObject({ error: { code: 'center.unknown' } });
    });

    it('nobody there', async () => {
      expect(await probeCenter('http://127.0.0.1:9')).toMatchObject({ error: { code: 'center.unreachable' } });
    });

    it.each(['CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'ERR_TLS_CERT_ALTNAME_INVALID', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'])('%s is a certificate not to be trusted', (code) => {
      expect(connectionErrorCode(new TypeError('fetch failed', { cause: Object.assign(new Error('tls'), { code }) }))).toBe('center.untrusted');
    });
  });
});

describe('which proxy', () => {
  it.each([
    ['DIRECT', null],
    ['PROXY proxy.example.com:3128; DIRECT', 'http://proxy.example.com:3128'],
    ['HTTPS secure.example.com:443', 'https://secure.example.com:443'],
    ['SOCKS5 socks.example.com:1080; PROXY b:80', 'http://b:80'],
    ['SOCKS socks.example.com:1080', null],
    ['PROXY [::1]:3128', 'http://[::1]:3128'],
    ['PROXY evil.example/path:1', null],
    ['', null],
  ])('a PAC answer of "%s" is %s', (answer, url) => {
    expect(proxyOfPac(answer)).toBe(url);
  });

  it('is as the setting says', async () => {
    const system = () => Promise.resolve('PROXY a:1');
    expect(await proxyInForce({ mode: 'system' }, system)).toBe('http://a:1');
    expect(await proxyInForce({ mode: 'none' }, system)).toBeNull();
    expect(await proxyInForce({ mode: 'manual', url: 'http://b:2' }, system)).toBe('http://b:2');
    expect(proxyEnvironment(null)).toEqual({ no_proxy: 'localhost,127.0.0.1,::1' });
  });

  it('certificates are read from a file that may hold other things', () => {
    expect(certificatesIn(`# ours\n${untrustedCertificate}\n${untrustedCertificate}\n`)).toHaveLength(2);
    expect(certificatesIn('-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----')).toEqual([]);
  });
});
