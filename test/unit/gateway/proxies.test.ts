import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { isAddressRange, Proxies } from '../../../center/gateway/proxies.ts';
import { stage } from './stage.ts';

const request = (peer: string, forwardedFor?: string): IncomingMessage => {
  const made = new IncomingMessage(new Socket());
  Object.defineProperty(made.socket, 'remoteAddress', { value: peer });
  if (forwardedFor !== undefined) made.headers['x-forwarded-for'] = forwardedFor;
  return made;
};

describe('trusted proxies', () => {
  const proxies = new Proxies(['10.0.0.0/8', 'fd00::7', '192.0.2.1']);

  it.each([
    ['10.1.2.3', '203.0.113.5', '203.0.113.5'],
    ['::ffff:10.1.2.3', '203.0.113.5', '203.0.113.5'],
    ['fd00::7', '2001:db8::1', '2001:db8::1'],
    // What a client wrote itself stands before what proxies add.
    ['10.1.2.3', '127.0.0.1, 203.0.113.5', '203.0.113.5'],
    ['10.1.2.3', '203.0.113.5, 192.0.2.1', '203.0.113.5'],
    ['10.1.2.3', undefined, '10.1.2.3'],
    ['10.1.2.3', 'nonsense', '10.1.2.3'],
    ['10.1.2.3', '203.0.113.5, nonsense, 192.0.2.1', '192.0.2.1'],
  ])('%s speaks for %s: %s', (peer, forwardedFor, address) => {
    expect(proxies.addressOf(request(peer, forwardedFor))).toBe(address);
  });

  it.each(['11.0.0.1', '192.0.2.2', 'fd00::8', ''])('%s is none: its word does not count', (peer) => {
    expect(proxies.addressOf(request(peer, '203.0.113.5'))).toBe(peer);
    expect(proxies.trusts(peer)).toBe(false);
  });

  it.each([['10.0.0.0/8', true], ['fd00::/8', true], ['10.0.0.7', true], ['10.0.0.0/33', false], ['10.0.0.0/', false], ['center.example.com', false], ['10.0.0.0/8/8', false], ['', false]])('%s is a range: %s', (text, is) => {
    expect(isAddressRange(text)).toBe(is);
  });
});

describe('the gateway behind a proxy', () => {
  const forwarded = { 'x-forwarded-for': '203.0.113.5', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'center.example.com' };
  const signedIn = async (made: Awaited<ReturnType<typeof stage>>, headers: Record<string, string>) => (await made.post('/api/auth/sign-in', { account: 'agent1', password: 'sangdam-demo', client: 'desktop' }, headers)).result;

  it('tells desks the address they came by, and HSTS', async () => {
    const made = await stage({ proxies: new Proxies(['127.0.0.1']), allowedHosts: () => ['center.example.com'] });
    expect(await signedIn(made, forwarded)).toMatchObject({ ok: true, value: { sip: { url: 'wss://center.example.com/sip' } } });
    const page = await fetch(`${made.origin}/healthz`, { headers: forwarded });
    expect(page.headers.get('strict-transport-security')).toBe('max-age=31536000');
    expect(page.headers.get('content-security-policy')).toContain('wss://center.example.com');
  });

  it('tells desks the public address, whatever the proxy says, and leaves phones of this machine theirs', async () => {
    const made = await stage({ publicUrl: 'https://center.example.com', sip: { urls: ['ws://127.0.0.1:8088/ws', 'wss://pbx.example.com/ws'], domain: 'sangdam', iceServers: () => [] } });
    expect(await signedIn(made, {})).toMatchObject({ ok: true, value: { sip: { url: 'wss://pbx.example.com/ws', others: [] } } });
    const local = await stage({ sip: { urls: ['ws://127.0.0.1:8088/ws'], domain: 'sangdam', iceServers: () => [] } });
    expect(await signedIn(local, {})).toMatchObject({ ok: true, value: { sip: { url: 'ws://127.0.0.1:8088/ws' } } });
    const only = await stage({ publicUrl: 'https://center.example.com', sip: { urls: ['ws://127.0.0.1:8088/ws'], domain: 'sangdam', iceServers: () => [] } });
    expect(await signedIn(only, {})).toMatchObject({ ok: true, value: { sip: { url: 'wss://center.example.com/sip' } } });
  });

  describe('failure: somebody who is none', () => {
    it('is where they are, and what they say of it is not heard', async () => {
      const made = await stage({ allowedHosts: () => ['center.example.com'] });
      expect(await signedIn(made, forwarded)).toMatchObject({ ok: true, value: { sip: { url: `${made.origin.replace('http', 'ws')}/sip` } } });
      expect((await fetch(`${made.origin}/healthz`, { headers: forwarded })).headers.has('strict-transport-security')).toBe(false);
    });

    it('does not get in by a name of ours that the proxy passes on before its own', async () => {
      const made = await stage({ proxies: new Proxies(['127.0.0.1']), allowedHosts: () => ['center.example.com'] });
      const asked = async (host: string) => (await fetch(`${made.origin}/healthz`, { headers: { ...forwarded, 'x-forwarded-host': host } })).status;
      expect([await asked('center.example.com, evil.example'), await asked('evil.example, center.example.com')]).toEqual([421, 200]);
    });

    it('does not get in by a name that a trusted one may not use either', async () => {
      const made = await stage({ proxies: new Proxies(['127.0.0.1']) });
      expect((await fetch(`${made.origin}/healthz`, { headers: { ...forwarded, 'x-forwarded-host': 'evil.example' } })).status).toBe(421);
    });
  });
});
