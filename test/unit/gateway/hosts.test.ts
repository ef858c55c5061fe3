import { request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { isOurHost } from '../../../center/gateway/hosts.ts';
import { stage } from './stage.ts';

describe('a Host header', () => {
  it.each([
    ['localhost:7400', '127.0.0.1'],
    ['LOCALHOST', '127.0.0.1'],
    ['desk.localhost:5173', '127.0.0.1'],
    ['127.0.0.1:7400', '127.0.0.1'],
    ['127.8.9.1', '127.0.0.1'],
    ['[::1]:7400', '::1'],
    ['[0:0::1]', '::1'],
    ['192.0.2.7:7400', '192.0.2.7'],
    ['192.0.2.7', '::ffff:192.0.2.7'],
    ['[2001:DB8::7]:7400', '2001:db8::7'],
    ['desk.example.com', '192.0.2.7'],
    ['DESK.example.com:443', '192.0.2.7'],
  ])('%s is ours, by a socket at %s', (host, localAddress) => expect(isOurHost(host, localAddress, ['desk.example.com'])).toBe(true));

  it.each([
    ['evil.example', '127.0.0.1'],
    ['evil.example:7400', '127.0.0.1'],
    ['localhost.evil.example', '127.0.0.1'],
    ['127.0.0.1.evil.example', '127.0.0.1'],
    ['notlocalhost', '127.0.0.1'],
    ['sub.desk.example.com', '192.0.2.7'],
    ['desk.example.com.evil.example', '192.0.2.7'],
    ['192.0.2.8', '192.0.2.7'],
    ['0.0.0.0', '127.0.0.1'],
    ['[::]', '::1'],
    ['user@127.0.0.1', '127.0.0.1'],
    ['127.0.0.1/evil', '127.0.0.1'],
    ['127.0.0.1, evil.example', '127.0.0.1'],
    ['', '127.0.0.1'],
    [undefined, '127.0.0.1'],
    ['192.0.2.7', undefined],
  ])('failure: %s is not, by a socket at %s', (host, localAddress) => expect(isOurHost(host, localAddress, ['desk.example.com'])).toBe(false));
});

describe('failure: a request for another host', () => {
  const ask = (origin: string, path: string, headers: Record<string, string>): Promise<{ status: number | undefined; body: string }> =>
    new Promise((resolve, reject) => {
      request(`${origin}${path}`, { headers }, (response) => void text(response).then((body) => resolve({ status: response.statusCode, body }), reject))
        .on('error', reject)
        .end();
    });

  it.each(['/', '/healthz', '/api/v1/customers/changes', '/assets/index-abc123.js', '/cti/?EIO=4&transport=polling'])('is misdirected at %s, and told no more', async (path) => {
    const { origin } = await stage();
    const { status, body } = await ask(origin, path, { host: 'evil.example' });
    expect(status).toBe(421);
    expect(body).toMatch(/does not answer to that name/);
    expect(body).not.toMatch(/127\.0\.0\.1|evil/);
  });

  it.each(['/cti/?EIO=4&transport=websocket', '/bridge/?EIO=4&transport=websocket', '/sip', '/elsewhere'])('opens no socket at %s, whatever its Origin, and is let go', async (path) => {
    const { origin } = await stage();
    const socket = connect(Number(new URL(origin).port), '127.0.0.1');
    socket.write(`GET ${path} HTTP/1.1\r\nHost: evil.example\r\nOrigin: http://evil.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`);
    // `text` ends with the connection, which we do not close.
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 421 /);
  });

  it('but a name that an operator gave is answered', async () => {
    const { origin } = await stage({ allowedHosts: () => ['Desk.Example.com'] });
    expect((await ask(origin, '/healthz', { host: 'desk.example.com' })).status).toBe(200);
    expect((await ask(origin, '/healthz', { host: 'evil.example' })).status).toBe(421);
  });
});
