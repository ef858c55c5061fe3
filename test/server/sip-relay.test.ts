import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket, WebSocketServer, type RawData } from 'ws';
import { systemClock } from '../../server/clock.ts';
import { SipRelay } from '../../server/sip-relay.ts';
import { until } from '../support/until.ts';

const message = (...lines: string[]): string => [...lines, '', ''].join('\r\n');
const register = message('REGISTER sip:here SIP/2.0', 'From: <sip:c1@here>;tag=1', 'CSeq: 1 REGISTER');
/** What claims to prove the password of `user`, in the one form that phones use. */
const claim = (user: string): string => `Authorization: Digest username="${user}", realm="r", nonce="n", uri="sip:here", response="${'0'.repeat(32)}", algorithm=MD5, qop=auth, nc=00000001, cnonce="c"`;
const authorized = message('REGISTER sip:here SIP/2.0', 'From: <sip:c1@here>;tag=1', 'CSeq: 1 REGISTER', claim('c1'));
const answer = (status: string): string => message(`SIP/2.0 ${status}`, 'From: <sip:c1@here>;tag=1', 'CSeq: 1 REGISTER');

const textOf = (data: RawData): string => (Buffer.isBuffer(data) ? data.toString() : '');
const STRANGER_MS = 12_345;

/** An Asterisk as far as its WebSocket goes, and the relay before it; phones come from whatever address they say. */
async function stage({ isThere = true } = {}) {
  const deadlines = new Set<() => void>();
  /** What strangers are given in time is over when the test says so. */
  const clock = {
    ...systemClock,
    setTimeout: (run: () => void, delayMs: number) => {
      if (delayMs !== STRANGER_MS) return systemClock.setTimeout(run, delayMs);
      deadlines.add(run);
      return () => void deadlines.delete(run);
    },
  };
  const asterisk = new WebSocketServer({ host: '127.0.0.1', port: 0, handleProtocols: () => 'sip' });
  await once(asterisk, 'listening');
  const heard: string[] = [];
  asterisk.on('connection', (socket) => socket.on('message', (data) => void heard.push(textOf(data))));
  const port = (asterisk.address() as AddressInfo).port;
  if (!isThere) asterisk.close();
  const relay = new SipRelay({ to: () => `ws://127.0.0.1:${port}`, clock, logger: { info: () => {}, warn: () => {} }, strangerMs: STRANGER_MS });
  const http = createServer();
  http.on('upgrade', (request, socket, head) => relay.handleUpgrade(request, socket, head, String(request.headers['x-from'] ?? '192.0.2.1')));
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const url = `ws://127.0.0.1:${(http.address() as AddressInfo).port}/sip`;
  onTestFinished(() => {
    relay.close();
    asterisk.close();
    for (const socket of asterisk.clients) socket.terminate();
    http.close();
    http.closeAllConnections();
  });
  const phone = async (from = '192.0.2.1') => {
    const socket = new WebSocket(url, ['sip'], { headers: { 'x-from': from } });
    const made = { socket, received: [] as string[], closed: null as number | null };
    onTestFinished(() => socket.terminate());
    socket.on('message', (data) => void made.received.push(textOf(data)));
    socket.on('close', (code) => void (made.closed = code));
    socket.on('error', () => {});
    await once(socket, 'open');
    return made;
  };
  const raw = async (...headers: string[]): Promise<{ socket: Socket; said: () => string }> => {
    const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port), allowHalfOpen: true });
    onTestFinished(() => void socket.destroy());
    socket.on('error', () => {});
    let said = '';
    socket.on('data', (data) => (said += String(data)));
    socket.write(['GET /sip HTTP/1.1', 'Host: localhost', 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==', ...headers, '', ''].join('\r\n'));
    return { socket, said: () => said };
  };
  const count = (): Promise<number> => new Promise((resolve) => void http.getConnections((_error, open) => resolve(open)));
  const timeIsUp = (): void => [...deadlines].forEach((run) => run());
  return { asterisk, heard, phone, raw, count, timeIsUp };
}

describe('the way of phones to Asterisk', () => {
  it('hands messages on, in both directions, and ends with either side', async () => {
    const { asterisk, heard, phone } = await stage();
    const one = await phone();
    one.socket.send(register);
    await until('it is heard', () => heard.length === 1);
    for (const socket of asterisk.clients) socket.send(answer('200 OK'));
    await until('it is answered', () => one.received.length === 1);
    expect([heard, one.received, one.socket.protocol]).toEqual([[register], [answer('200 OK')], 'sip']);
    one.socket.close();
    await until('the far side is closed', () => asterisk.clients.size === 0);
    const another = await phone();
    for (const socket of asterisk.clients) socket.close();
    await until('the near side is closed', () => another.closed !== null);
  });

  it('lets a phone stay whose password Asterisk took, and no other', async () => {
    const { asterisk, heard, phone, timeIsUp } = await stage();
    const [proved, refused, silent] = [await phone(), await phone(), await phone()];
    proved.socket.send(authorized);
    refused.socket.send(authorized);
    await until('both are heard', () => heard.length === 2);
    const [one, two] = [...asterisk.clients];
    one?.send(answer('200 OK'));
    two?.send(answer('401 Unauthorized'));
    await until('both are answered', () => proved.received.length === 1 && refused.received.length === 1);
    timeIsUp();
    await until('strangers are let go', () => refused.closed !== null && silent.closed !== null);
    expect([proved.closed, refused.closed, silent.closed]).toEqual([null, 1008, 1008]);
    // Somebody at home with the center is not held to what strangers are.
    for (let i = 0; i < 500; i++) proved.socket.send(register);
    await until('all are heard', () => heard.length === 502);
  });
});

describe('failure: phones on the way to Asterisk', () => {
  it('that send more than one may are not read, until their time is up', async () => {
    const { asterisk, heard, phone, timeIsUp } = await stage();
    const flood = await phone();
    for (let i = 0; i < 1000; i++) flood.socket.send(register);
    await until('as many are heard as may be', () => heard.length >= 150);
    timeIsUp();
    await until('it is cut off', () => flood.closed === 1008 && asterisk.clients.size === 0);
    expect(heard.length).toBeLessThan(250);
  });

  describe('with a wrong password', () => {
    /** A REGISTER with a proof of some kind. */
    const guess = (user: string, number: number, lines = [claim(user)], method = 'REGISTER'): string =>
      message(`${method} sip:here SIP/2.0`, 'Via: SIP/2.0/WS here;branch=z9hG4bKx', `From: <sip:${user}@here>;tag=1`, `To: <sip:${user}@here>`, 'Call-ID: c', `CSeq: ${number} ${method}`, ...lines);
    const said = (status: string, cseq: string, ...lines: string[]): string => message(`SIP/2.0 ${status}`, 'Via: SIP/2.0/WS here;branch=z9hG4bKx', 'From: <sip:c1@here>;tag=1', 'Call-ID: c', `CSeq: ${cseq}`, ...lines);

    /** An Asterisk that answers each proof alike, and phones that guess until they are refused. */
    async function guessing(status: string, ...lines: string[]) {
      const made = await stage();
      made.asterisk.on('connection', (socket) => socket.on('message', (data) => socket.send(said(status, /CSeq: (\d+ \w+)/.exec(textOf(data))?.[1] ?? '', ...lines))));
      const tries = async (user: string, from: string, times: number, ...proof: [string[]?]) => {
        const one = await made.phone(from);
        for (let number = 1; number <= times; number++) {
          one.socket.send(guess(user, number, ...proof));
          await until('it is answered', () => one.received.length === number);
        }
        return one.received.filter((text) => text.startsWith('SIP/2.0 403')).length;
      };
      return { ...made, tries };
    }

    it('are heard five times on a connection, and Asterisk hears no more', async () => {
      const { heard, tries } = await guessing('401 Unauthorized');
      expect(await tries('c1', '192.0.2.1', 8)).toBe(3);
      expect(heard).toHaveLength(5);
    });

    it('have a count of their user at their address, whatever connections they take; others there do not suffer', async () => {
      const { heard, tries } = await guessing('401 Unauthorized');
      for (let i = 0; i < 5; i++) await tries('c1', '192.0.2.1', 5);
      expect(heard).toHaveLength(20);
      expect(await tries('c1', '192.0.2.1', 1)).toBe(1);
      expect(await tries('c2', '192.0.2.1', 1)).toBe(0);
      expect(await tries('c1', '198.51.100.9', 1)).toBe(0);
    });

    it.each([
      ['in no form that phones use', ['Proxy-Authorization: Basic YTpi']],
      ['with a second one beside it', [claim('decoy'), claim('c1')]],
      ['for two users at once', [claim('c1').replace('Digest ', 'Digest username="decoy", ')]],
      ['for nobody', ['Authorization: Digest response="0"']],
      ['with another name before it', [claim('c1').replace('Digest ', 'Digest xusername="decoy", ').replace('username="c1"', 'username=')]],
    ])('%s do not reach Asterisk', async (_, lines) => {
      const { heard, phone } = await guessing('401 Unauthorized');
      const one = await phone();
      one.socket.send(guess('c1', 1, lines));
      await until('it is refused', () => one.received.length === 1);
      expect([one.received[0]?.split('\r\n')[0], heard]).toEqual(['SIP/2.0 400 Bad Authorization', []]);
    });

    it.each([
      ['lines that end in a line feed', (text: string) => text.replaceAll('\r\n', '\n')],
      ['an empty line before it', (text: string) => `\r\n\r\n${text}`],
      ['a header within another', (text: string) => text.replace('Call-ID: c\r\nCSeq', 'X: y\nCall-ID: c\r\nCSeq')],
    ])('do not reach Asterisk by %s', async (_, written) => {
      const { heard, phone } = await guessing('401 Unauthorized');
      const one = await phone();
      one.socket.send(written(guess('c1', 1)));
      one.socket.send(register);
      await until('the next is heard', () => heard.length === 1);
      expect(heard).toEqual([register]);
    });

    it.each([
      ['behind the end of a request', guess('c1', 1, ['Content-Length: 0'])],
      ['behind the end of an answer', said('200 OK', '1 OPTIONS', 'Content-Length: 0')],
      ['as a body without a length', guess('c1', 1, ['Content-Type: text/plain'])],
      ['behind a second length', said('200 OK', '1 OPTIONS', 'Content-Length: 0', 'l: 400')],
    ])('do not reach Asterisk %s, where it would read on', async (_, first) => {
      const { heard, phone } = await guessing('401 Unauthorized');
      const one = await phone();
      one.socket.send(first + guess('c1', 2));
      one.socket.send(register);
      await until('the next is heard', () => heard.length === 1);
      expect(heard).toEqual([register]);
    });

    it('count though the answer is to a transaction that nobody knows, and the connection ends', async () => {
      const { asterisk, heard, phone } = await stage();
      // Of two branches one reader takes the first, and another the last.
      const lines = (number: number): string => guess('c1', number).replace('branch=z9hG4bKx', `branch=z9hG4bKa;branch=z9hG4bKb${number}`);
      asterisk.on('connection', (socket) => socket.on('message', (data) => socket.send(said('401 Unauthorized', /CSeq: (\d+ \w+)/.exec(textOf(data))?.[1] ?? '').replace('z9hG4bKx', 'z9hG4bKb'))));
      for (let i = 0; i < 10; i++) {
        const one = await phone();
        for (let number = 1; number <= 4; number++) one.socket.send(lines(number));
        await until('all are answered', () => one.received.length === 4);
        one.socket.close();
        await until('it is gone', () => asterisk.clients.size === 0);
      }
      expect(heard).toHaveLength(20);
    });

    it('are told to come again, and not that they are wrong, while nobody knows whether those before them were', async () => {
      const { asterisk, heard, phone } = await stage();
      const one = await phone();
      for (let number = 1; number <= 6; number++) one.socket.send(guess('c1', number).replace('branch=z9hG4bKx', `branch=z9hG4bKx${number}`));
      await until('one is told', () => one.received.length === 1);
      expect([one.received[0]?.split('\r\n')[0], heard.length]).toEqual(['SIP/2.0 503 Service Unavailable', 5]);
      for (const socket of asterisk.clients) for (let number = 2; number <= 5; number++) socket.send(said('200 OK', `${number} REGISTER`).replace('z9hG4bKx', `z9hG4bKx${number}`));
      await until('those before it are known', () => one.received.length === 5);
      one.socket.send(guess('c1', 7));
      await until('it is heard', () => heard.length === 6);
    });

    it('are not forgiven by what Asterisk says of somebody else, under the same transaction', async () => {
      const { asterisk, heard, phone, timeIsUp } = await stage();
      const one = await phone();
      one.socket.send(guess('victim', 1));
      await until('it is heard', () => heard.length === 1);
      for (const socket of asterisk.clients) socket.send(said('200 OK', '1 REGISTER'));
      await until('it is answered', () => one.received.length === 1);
      timeIsUp();
      await until('a stranger still, it is let go', () => one.closed !== null);
      expect(one.closed).toBe(1008);
    });

    it('sent at once, in one transaction or in many, are counted before any is answered', async () => {
      for (const numberOf of [() => 1, (i: number) => i]) {
        const { heard, phone } = await stage();
        const one = await phone();
        for (let i = 1; i <= 100; i++) one.socket.send(guess('c1', numberOf(i)));
        await until('the others are refused', () => one.received.length + heard.length === 100);
        expect(heard.length).toBeLessThan(12);
      }
    });

    it.each([['BYE', '481 Gone'], ['OPTIONS', '200 OK']])('are forgiven to nobody for what is answered to %s, which says nothing of a password', async (method, status) => {
      const { asterisk, heard, phone, timeIsUp } = await stage();
      const stranger = await phone('198.51.100.9');
      stranger.socket.send(guess('c1', 1, [claim('c1')], method));
      await until('it is heard', () => heard.length === 1);
      for (const socket of asterisk.clients) socket.send(said(status, `1 ${method}`));
      await until('it is answered', () => stranger.received.length === 1);
      timeIsUp();
      await until('a stranger still, it is let go', () => stranger.closed !== null);
      expect(stranger.closed).toBe(1008);
    });

    it.each([['200 OK', []], ['401 Unauthorized', ['WWW-Authenticate: Digest realm="r", nonce="n2", stale=true']]] as const)('are not those that Asterisk answers with %s %j', async (status, lines) => {
      const { heard, tries } = await guessing(status, ...lines);
      expect(await tries('c1', '192.0.2.1', 12)).toBe(0);
      expect(heard).toHaveLength(12);
    });

    it('cannot be hidden behind more lines than are read', async () => {
      const { heard, phone } = await guessing('401 Unauthorized');
      const one = await phone();
      one.socket.send(guess('c1', 1, [...Array.from({ length: 250 }, (_, i) => `X-${i}: y`), 'Authorization: Digest username="c1"']));
      one.socket.send(register);
      await until('the next is heard', () => heard.length === 1);
      expect(heard).toEqual([register]);
    });
  });

  it.each(['false', '', ' False', 'xtrue'])('who want no news of their REFER (Refer-Sub: %j) are declined, as Asterisk may end over it; others are not', async (wish) => {
    const { phone, heard } = await stage();
    const one = await phone();
    const refer = (...lines: string[]): string => message('REFER sip:here SIP/2.0', 'Via: SIP/2.0/WS x.invalid;branch=z9hG4bK1', 'From: <sip:c1@here>;tag=1', 'To: <sip:here>;tag=2', 'Call-ID: 1', 'CSeq: 2 REFER', 'Refer-To: <sip:1002@here>', ...lines);
    one.socket.send(refer(`Refer-Sub: ${wish}`));
    await until('it is answered', () => one.received.length === 1);
    expect([one.received[0]?.split('\r\n')[0], heard]).toEqual(['SIP/2.0 603 Decline', []]);
    one.socket.send(refer('Refer-Sub: true'));
    one.socket.send(refer());
    await until('both are handed on', () => heard.length === 2);
  });

  it('who want the place of another call (INVITE with Replaces) are declined, as Asterisk would give it; a call of their own is handed on', async () => {
    const { phone, heard } = await stage();
    const one = await phone();
    const invite = (...lines: string[]): string => message('INVITE sip:1002@here SIP/2.0', 'Via: SIP/2.0/WS x.invalid;branch=z9hG4bK1', 'From: <sip:c1@here>;tag=1', 'To: <sip:1002@here>', 'Call-ID: 1', 'CSeq: 1 INVITE', 'Contact: <sip:c1@x.invalid;transport=ws>', ...lines);
    one.socket.send(invite('replaces : a;to-tag=b;from-tag=c'));
    await until('it is answered', () => one.received.length === 1);
    expect([one.received[0]?.split('\r\n')[0], heard]).toEqual(['SIP/2.0 603 Decline', []]);
    one.socket.send(invite());
    await until('it is handed on', () => heard.length === 1);
  });

  it.each(['invite', 'InViTe', 'INV', 'I', 'refer', 'R', 'register', 'FOO'])('who spell a method %s are answered 501, as Asterisk may take it for another than we do', async (method) => {
    const { phone, heard } = await stage();
    const one = await phone();
    one.socket.send(message(`${method} sip:1002@here SIP/2.0`, 'Via: SIP/2.0/WS x.invalid;branch=z9hG4bK1', 'From: <sip:c1@here>;tag=1', 'To: <sip:1002@here>', 'Call-ID: 1', `CSeq: 1 ${method}`, 'Contact: <sip:c1@x.invalid;transport=ws>', 'Replaces: a;to-tag=b;from-tag=c'));
    await until('it is answered', () => one.received.length === 1);
    expect([one.received[0]?.split('\r\n')[0], heard]).toEqual(['SIP/2.0 501 Not Implemented', []]);
  });

  it('whose message is too long are cut off', async () => {
    const { heard, phone } = await stage();
    const long = await phone();
    long.socket.send('x'.repeat(65 * 1024));
    await until('it is cut off', () => long.closed === 1009);
    expect(heard).toEqual([]);
  });

  it.each([
    ['no subprotocol', true, [], '400'],
    ['an Asterisk that is not there', false, ['Sec-WebSocket-Protocol: sip'], '502'],
  ])('with %s are refused, and let go though they never close', async (_what, isThere, headers, status) => {
    const { raw, count } = await stage({ isThere });
    const { said } = await raw(...headers);
    await until('it is refused', () => said().startsWith(`HTTP/1.1 ${status}`));
    await until('nothing is left', async () => (await count()) === 0);
    expect(said()).toContain('Connection: close');
  });

  it('that are gone before Asterisk answers leave nothing there', async () => {
    const { asterisk, heard, raw, count } = await stage();
    const { socket } = await raw('Sec-WebSocket-Protocol: sip');
    socket.destroy();
    await until('nothing is left', async () => (await count()) === 0);
    await until('nor there', () => asterisk.clients.size === 0);
    expect(heard).toEqual([]);
  });
});
