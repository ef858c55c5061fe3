import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Registrar } from '../../../../../../center/switch/embedded/sip/registrar.ts';
import { SipServer } from '../../../../../../center/switch/embedded/sip/server.ts';
import { systemClock } from '../../../../../../server/clock.ts';
import { until } from '../../../../../support/until.ts';
import { authorization, RawPhone, requestLines } from '../../../../../switch/raw-phone.ts';

const CONTACT = 'Contact: <sip:1001@raw.invalid;transport=ws>';

describe('SIP server', () => {
  let http: Server;
  let server: SipServer;
  let url: string;
  let raw: RawPhone;
  let calls: string[];
  let registrar: Registrar;

  beforeEach(async () => {
    calls = [];
    registrar = new Registrar({ realm: 'test', clock: systemClock, onChanged: () => {} });
    registrar.put({ user: '1001', password: 'right', displayName: '', callerNumber: '1001' });
    server = new SipServer({
      domain: 'test',
      clock: systemClock,
      strangerMs: 60_000,
      identify: (request, connection) => registrar.identify(request, connection),
      onRegister: (request, connection, account) => registrar.register(request, connection, account),
      onInvite: (request, _connection, account) => {
        calls.push(`${account.user} ${request.message.ruri?.user ?? ''}`);
        request.reject({ statusCode: 486 });
      },
      onConnectionClosed: (connection) => registrar.connectionClosed(connection),
      onRefused: () => {},
      onError: (error) => {
        throw error;
      },
    });
    http = createServer();
    http.on('upgrade', (request, socket, head) => server.handleUpgrade(request, socket, head, '192.0.2.1'));
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    url = `ws://127.0.0.1:${(http.address() as AddressInfo).port}/sip`;
    raw = await RawPhone.open(url);
  });
  afterEach(async () => {
    await raw.close();
    server.stop();
    http.close();
    http.closeAllConnections();
  });

  async function ask(method: string, headers: string[], uri?: string): Promise<{ status: number; text: string }> {
    const { lines, branch } = requestLines(method, { headers, ...(uri !== undefined && { uri }) });
    raw.send(lines);
    const status = await raw.answerTo(branch);
    return { status, text: raw.received.find((text) => text.includes(branch) && /^SIP\/2\.0 [2-6]/.test(text)) ?? '' };
  }

  it('keeps nothing for a request that proves nothing, whatever its method', async () => {
    const statuses: number[] = [];
    for (const method of ['REGISTER', 'INVITE', 'MESSAGE', 'NOTIFY', 'SUBSCRIBE', 'REFER', 'OPTIONS', 'BYE', 'CANCEL', 'INFO', 'PUBLISH']) statuses.push((await ask(method, [CONTACT])).status);
    expect(statuses).toEqual([401, 401, 405, 481, 489, 403, 200, 481, 481, 405, 405]);
    expect(server.core.userAgentServers.size).toBe(0);
    expect(calls).toEqual([]);
  });

  it('keeps nothing for a wrong password either', async () => {
    const { text } = await ask('INVITE', [CONTACT], 'sip:1588@test');
    const { status } = await ask('INVITE', [CONTACT, authorization(text, '1001', 'wrong', 'INVITE', 'sip:1588@test')], 'sip:1588@test');
    expect(status).toBe(401);
    expect(server.core.userAgentServers.size).toBe(0);
  });

  it('lets a proved INVITE through to where its digest says', async () => {
    const { text } = await ask('INVITE', [CONTACT], 'sip:1588@test');
    const { status } = await ask('INVITE', [CONTACT, authorization(text, '1001', 'right', 'INVITE', 'sip:1588@test')], 'sip:1588@test');
    expect(status).toBe(486);
    expect(calls).toEqual(['1001 1588']);
  });

  it('says 405 and what it takes to a method nobody knows, of any length', async () => {
    const { status, text } = await ask("!interesting-Method0123456789_*+`.%indeed'~", [CONTACT]);
    expect(status).toBe(405);
    expect(text).toMatch(/^Allow: .*\bINVITE\b/m);
  });

  describe('failure: credentials', () => {
    it('that are for another number are refused, and call nobody', async () => {
      const { text } = await ask('INVITE', [CONTACT], 'sip:1588@test');
      const { status } = await ask('INVITE', [CONTACT, authorization(text, '1001', 'right', 'INVITE', 'sip:1588@test')], 'sip:00999@test');
      expect(status).toBe(400);
      expect(calls).toEqual([]);
    });

    it('of a registration open no call', async () => {
      const { text } = await ask('REGISTER', [CONTACT]);
      const { status } = await ask('INVITE', [CONTACT, authorization(text, '1001', 'right', 'REGISTER', 'sip:127.0.0.1')]);
      expect(status).toBe(401);
      expect(calls).toEqual([]);
    });
  });

  it('failure: lets go of a refused handshake whose far end never closes', async () => {
    await raw.close();
    const count = (): Promise<number> => new Promise((resolve) => void http.getConnections((_error, open) => resolve(open)));
    await until('nobody is there', async () => (await count()) === 0);
    const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port), allowHalfOpen: true });
    socket.on('error', () => {});
    socket.write('GET /sip HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n');
    const [answer]: unknown[] = await once(socket, 'data');
    expect(String(answer)).toContain('400');
    await until('the server has let go', async () => (await count()) === 0);
    socket.destroy();
  });
});
