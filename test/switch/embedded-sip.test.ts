import { once } from 'node:events';
import { WebSocket } from 'ws';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until, type PhoneCall } from '../support/sip-phone/index.ts';
import { PhoneMedia } from '../support/sip-phone/media.ts';
import { makeEmbedded, type LogLines } from './make-embedded.ts';
import { authorization, RawPhone, requestLines, responseTo } from './raw-phone.ts';
import { CUSTOMER_NUMBER, must, PASSWORD, Stage } from './stage.ts';

const CONTACT = 'Contact: <sip:raw@raw.invalid;transport=ws>';
const SDP = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n';

describe('embedded switch', () => {
  let stage: Stage;
  let raw: RawPhone;
  let log: LogLines;
  beforeEach(async () => {
    log = [];
    stage = await Stage.open((fixtures) => makeEmbedded(fixtures, {}, log));
    raw = await RawPhone.open(stage.sipUrl);
  });
  afterEach(async () => {
    await raw.close();
    await stage.close();
  });

  describe('failure: malformed SIP', () => {
    it.each<[string, number, Parameters<typeof requestLines>]>([
      ['a Request-URI that is none', 400, ['OPTIONS', { uri: 'sip:a b@:x' }]],
      ['a Request-URI in angle brackets', 400, ['OPTIONS', { uri: '<sip:1001@127.0.0.1>' }]],
      ['a tel: Request-URI', 416, ['OPTIONS', { uri: 'tel:+821000000001' }]],
      ['an unknown scheme', 416, ['OPTIONS', { uri: 'nobodyKnowsThisScheme:totallyopaque' }]],
      ['SIP/7.0', 505, ['OPTIONS', { version: 'SIP/7.0' }]],
      ['another method in CSeq', 400, ['OPTIONS', { cseq: '1 INVITE' }]],
      ['a CSeq beyond 31 bits', 400, ['OPTIONS', { cseq: '36893488147419103232 OPTIONS' }]],
      ['a CSeq that is no number', 400, ['OPTIONS', { cseq: '-1 OPTIONS' }]],
      ['a required extension nobody knows', 420, ['OPTIONS', { headers: ['Require: nothingSupportsThis, replaces'] }]],
      ['a body without Content-Type', 400, ['INVITE', { headers: [CONTACT], body: SDP }]],
      ['a body shorter than it says', 400, ['OPTIONS', { contentLength: 9999 }]],
      ['a negative Content-Length', 400, ['OPTIONS', { contentLength: -999 }]],
      ['an INVITE without Contact', 400, ['INVITE', {}]],
      ['two From headers', 400, ['OPTIONS', { headers: ['From: <sip:x@y>;tag=2'] }]],
      ['a Contact that cannot be read', 400, ['INVITE', { headers: ['Contact: "Joe" <sip:joe@example.org>>>>;;,'] }]],
      ['no hops left', 483, ['OPTIONS', { headers: [] }]],
      ['PRACK outside of anything', 481, ['PRACK', { headers: ['RAck: 1 1 INVITE'] }]],
      ['BYE outside of a dialog', 481, ['BYE', {}]],
      ['CANCEL of nothing', 481, ['CANCEL', {}]],
      ['an unknown method', 405, ['NEWMETHOD', {}]],
      ['UPDATE', 405, ['UPDATE', { headers: [CONTACT] }]],
      ['unsolicited NOTIFY', 481, ['NOTIFY', { headers: [CONTACT, 'Event: refer', 'Subscription-State: active'] }]],
      ['unsolicited REFER', 403, ['REFER', { headers: [CONTACT, 'Refer-To: <sip:1002@127.0.0.1>'] }]],
      ['SUBSCRIBE', 489, ['SUBSCRIBE', { headers: [CONTACT, 'Event: presence'] }]],
      ['MESSAGE', 405, ['MESSAGE', { headers: ['Content-Type: text/plain'], body: 'hello' }]],
      ['INFO outside of a dialog', 405, ['INFO', {}]],
      ['20,000 headers', 513, ['OPTIONS', { headers: Array.from({ length: 20_000 }, () => 'X: 1') }]],
      ['5,000 short headers', 400, ['OPTIONS', { headers: Array.from({ length: 5000 }, () => 'X: 1') }]],
      ['a body over 64 KB', 513, ['OPTIONS', { headers: ['Content-Type: text/plain'], body: 'x'.repeat(70_000) }]],
    ])('%s is answered %i', async (what, status, [method, parts]) => {
      const { lines, branch } = requestLines(method, parts);
      raw.send(what === 'no hops left' ? lines.map((line) => line.replace('Max-Forwards: 70', 'Max-Forwards: 0')) : lines);
      expect(await raw.answerTo(branch)).toBe(status);
      await raw.expectAlive();
    });

    it.each<[string, string]>([
      ['nothing but a line', 'OPTIONS sip:x SIP/2.0\r\n'],
      ['no line end at all', 'x'.repeat(1000)],
      ['an HTTP request', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'],
      ['headers only of spaces', 'OPTIONS sip:x@y SIP/2.0\r\n \r\n \r\n\r\n'],
      ['a request without Via', requestLines('OPTIONS').lines.filter((line) => !line.startsWith('Via')).join('\r\n')],
      ['a request without Call-ID', requestLines('OPTIONS').lines.filter((line) => !line.startsWith('Call-ID')).join('\r\n')],
      ['a request without CSeq', requestLines('OPTIONS').lines.filter((line) => !line.startsWith('CSeq')).join('\r\n')],
      ['a response to nothing', 'SIP/2.0 200 OK\r\nVia: SIP/2.0/WS x;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>;tag=2\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n'],
      ['a response without headers', 'SIP/2.0 200 OK\r\n\r\n'],
      ['a response of status 4294967301', 'SIP/2.0 4294967301 better not break the receiver\r\nCSeq: 1 OPTIONS\r\n\r\n'],
      ['a response with a broken CSeq', 'SIP/2.0 200 OK\r\nCSeq: x\r\n\r\n'],
      ['an ACK to nothing', requestLines('ACK').lines.join('\r\n')],
      ['headers named like object members', ['OPTIONS sip:x@y SIP/2.0', '__proto__: a', 'constructor: b', 'toString: c', '', ''].join('\r\n')],
      ['control characters', `OPTIONS sip:x@y SIP/2.0\r\nVia: \u0000\u0001\u001b[2J\r\n\r\n`],
      ['an unterminated quote', 'OPTIONS sip:x@y SIP/2.0\r\nFrom: "Mr. J. User <sip:x@y>;tag=1\r\nTo: x\r\n\r\n'],
      ['64 KB of open brackets', `OPTIONS ${'('.repeat(60_000)} SIP/2.0\r\n\r\n`],
    ])('%s is borne', async (_what, message) => {
      raw.send(message);
      await raw.expectAlive();
    });

    it('bears bytes that are no text', async () => {
      raw.sendBytes(Buffer.from([0, 255, 254, 13, 10, 13, 10, 128, 129]));
      await raw.expectAlive();
    });

    it('closes a socket that sends more than any message can be, and no other', async () => {
      const other = await RawPhone.open(stage.sipUrl);
      raw.send('x'.repeat(300_000));
      await until('the socket closes', () => raw.closeCode !== null);
      expect(raw.closeCode).toBe(1009);
      await other.expectAlive();
      await other.close();
    });

    it('answers a keep-alive with a pong', async () => {
      raw.send('\r\n\r\n');
      await until('the pong', () => raw.received.includes('\r\n'));
    });

    it('understands compact headers, folded lines and odd case', async () => {
      const { lines, branch } = requestLines('OPTIONS');
      raw.send(lines.map((line) => line.replace('Via:', 'v:').replace('From:', 'f :').replace('Call-ID', 'I').replace('Max-Forwards: ', 'MAX-FORWARDS:\r\n  ')));
      expect(await raw.answerTo(branch)).toBe(200);
    });

    it('takes up no socket without the subprotocol sip', async () => {
      const socket = new WebSocket(stage.sipUrl);
      const [error]: unknown[] = await once(socket, 'error');
      expect(String(error)).toContain('400');
    });
  });

  describe('failure: malformed SIP within a call', () => {
    let call: PhoneCall;
    let answers: string[];
    beforeEach(async () => {
      ({ call } = await stage.connect(await stage.registered('c1')));
      answers = [];
      const { transport } = call.session.userAgent;
      const { onMessage } = transport;
      transport.onMessage = (message) => {
        answers.push(message);
        onMessage?.(message);
      };
    });

    /** Sends a request in the call's dialog. @returns its answer's status */
    async function inDialog(method: string, headers: string[], body = '', cseq = 100): Promise<number> {
      const { dialog, userAgent } = call.session;
      const branch = `z9hG4bK${method}${cseq}${headers.length}`;
      await userAgent.transport.send([
        `${method} sip:sangdam@127.0.0.1 SIP/2.0`, `Via: SIP/2.0/WS x.invalid;branch=${branch}`, 'Max-Forwards: 70',
        `From: <sip:c1@127.0.0.1>;tag=${dialog?.localTag}`, `To: <sip:15880000@127.0.0.1>;tag=${dialog?.remoteTag}`, `Call-ID: ${dialog?.callId}`,
        `CSeq: ${cseq} ${method}`, ...headers, `Content-Length: ${Buffer.byteLength(body)}`, '', body,
      ].join('\r\n'));
      const find = (): string | undefined => answers.find((text) => /^SIP\/2\.0 [2-6]/.test(text) && text.includes(branch));
      await until('an answer', () => find() !== undefined);
      return Number(find()?.slice(8, 11));
    }

    it.each<[string, number, string, string[], string]>([
      ['a re-INVITE body without Content-Type', 400, 'INVITE', [CONTACT], SDP],
      ['a re-INVITE without Contact', 400, 'INVITE', ['Content-Type: application/sdp'], SDP],
      ['a re-INVITE without G.711', 488, 'INVITE', [CONTACT, 'Content-Type: application/sdp'], `${SDP}m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=rtpmap:111 opus/48000/2\r\n`],
      ['a re-INVITE with an unreadable body', 488, 'INVITE', [CONTACT, 'Content-Type: application/sdp'], 'not sdp'],
      ['in-dialog PRACK', 481, 'PRACK', ['RAck: 1 1 INVITE'], ''],
      ['an old CSeq', 500, 'INFO', ['Content-Type: application/dtmf-relay'], 'Signal=1\r\n'],
      ['INFO of an unknown type', 415, 'INFO', ['Content-Type: text/plain'], 'x'],
      ['INFO with the key Z', 415, 'INFO', ['Content-Type: application/dtmf-relay'], 'Signal=Z\r\n'],
      ['REFER without a target', 400, 'REFER', [CONTACT], ''],
      ['REFER with an unreadable target', 400, 'REFER', [CONTACT, 'Refer-To: <<<'], ''],
      ['REFER with Replaces of an unknown dialog', 481, 'REFER', [CONTACT, 'Refer-To: <sip:1002@127.0.0.1?Replaces=none%3Bto-tag%3Da%3Bfrom-tag%3Db>'], ''],
      ['NOTIFY of nothing', 489, 'NOTIFY', [CONTACT], ''],
    ])('%s is answered %i, and the call goes on', async (what, status, method, headers, body) => {
      expect(await inDialog(method, headers, body, what === 'an old CSeq' ? 1 : 100)).toBe(status);
      expect(call.isUp).toBe(true);
      await call.press('4', 'info').catch(() => {});
      await raw.expectAlive();
    });

    it('refuses a request in the dialog of another user', async () => {
      const { dialog } = call.session;
      const branch = 'z9hG4bKstolen';
      raw.send([
        'BYE sip:sangdam@127.0.0.1 SIP/2.0', `Via: SIP/2.0/WS x.invalid;branch=${branch}`, 'Max-Forwards: 70',
        `From: <sip:c1@127.0.0.1>;tag=${dialog?.localTag}`, `To: <sip:15880000@127.0.0.1>;tag=${dialog?.remoteTag}`, `Call-ID: ${dialog?.callId}`,
        'CSeq: 100 BYE', 'Content-Length: 0', '', '',
      ]);
      expect(await raw.answerTo(branch)).toBe(403);
      expect(call.isUp).toBe(true);
    });

    it('refuses an INVITE that would replace a dialog: 481 for an unknown one', async () => {
      const phone = await stage.registered('1001');
      const refused = await phone.call('15880000', ['Replaces: none;to-tag=a;from-tag=b']);
      expect((await refused.ended()).status).toBe(481);
    });
  });

  describe('failure: answers of a phone to a call of ours', () => {
    const answerWith = async (answer: (invite: string) => string): Promise<string> => {
      await raw.register('1001', PASSWORD);
      const channelId = stage.newId('channel');
      must(await stage.originate('1001', { channelId }));
      raw.send(answer(await raw.request('INVITE')));
      return channelId;
    };

    it('ends a call whose 200 has no session description', async () => {
      const channelId = await answerWith((invite) => responseTo(invite, '200 OK', []));
      expect(await stage.ended(channelId)).toBe('failed');
      await raw.request('BYE');
      await raw.expectAlive();
    });

    it('ends a call whose 200 has a body without Content-Type that is no session description', async () => {
      const channelId = await answerWith((invite) => responseTo(invite, '200 OK', [], 'what is this'));
      expect(await stage.ended(channelId)).toBe('failed');
      await raw.expectAlive();
    });

    it('ends a call whose phone asks for a password or sends it elsewhere', async () => {
      const channelId = await answerWith((invite) => responseTo(invite, '401 Unauthorized', ['WWW-Authenticate: Digest realm="x", nonce="y"']));
      expect(await stage.ended(channelId)).toBe('failed');
      const other = stage.newId('channel');
      raw.received.length = 0;
      must(await stage.originate('1001', { channelId: other }));
      raw.send(responseTo(await raw.request('INVITE'), '302 Moved', []));
      expect(await stage.ended(other)).toBe('rejected');
    });

    it('stays with the first of two phones behind a fork that both answer, and ends the other’s call at once', async () => {
      const [first, second] = [new PhoneMedia(440, 'pcmu'), new PhoneMedia(620, 'pcmu')];
      const answerOf = async (invite: string, media: PhoneMedia, tag: string): Promise<string> => {
        await media.setDescription(invite.slice(invite.indexOf('v=0')));
        return responseTo(invite, '200 OK', ['Content-Type: application/sdp'], (await media.getDescription()).body).replace(';tag=raw', `;tag=${tag}`);
      };
      await raw.register('1001', PASSWORD);
      const channelId = stage.newId('channel');
      must(await stage.originate('1001', { channelId }));
      const invite = await raw.request('INVITE');
      raw.send(await answerOf(invite, first, 'a'));
      raw.send(await answerOf(invite, second, 'b'));
      await stage.event('channel.answered', (event) => event.channelId === channelId);
      expect(await raw.request('BYE')).toMatch(/^To: .*;tag=b\r$/m);
      expect(new Set(raw.received.filter((text) => text.startsWith('ACK ')).map((text) => /^To: .*;tag=(\w+)/m.exec(text)?.[1]))).toEqual(new Set(['a', 'b']));
      await raw.expectAlive();
      expect(stage.events.some(({ type }) => type === 'channel.ended')).toBe(false);
      first.close();
      second.close();
    });

    it('bears a 183 with early media and a ringing told twice', async () => {
      const channelId = await answerWith((invite) => responseTo(invite, '180 Ringing', []));
      await stage.event('channel.ringing', (event) => event.channelId === channelId);
      raw.send(responseTo(await raw.request('INVITE'), '183 Session Progress', ['Content-Type: application/sdp'], SDP));
      raw.send(responseTo(await raw.request('INVITE'), '180 Ringing', []));
      await raw.expectAlive();
      expect(stage.events.filter((event) => event.type === 'channel.ringing')).toHaveLength(1);
    });
  });

  describe('failure: digest', () => {
    /** Sends REGISTER with these credentials. @returns the status, and the challenge when there is one */
    async function attempt(header: string | null): Promise<{ status: number; text: string }> {
      const { lines, branch } = requestLines('REGISTER', { headers: [CONTACT, 'Expires: 60', ...(header === null ? [] : [header])] });
      raw.send(lines);
      const status = await raw.answerTo(branch);
      return { status, text: raw.received.find((text) => text.includes(branch)) ?? '' };
    }

    it('locks out who guesses: 401 five times, then 403 even for the right password', async () => {
      let { text } = await attempt(null);
      const statuses: number[] = [];
      let refusal = '';
      for (const password of ['a', 'b', 'c', 'd', 'e', 'f', PASSWORD]) {
        const answer = await attempt(authorization(text, '1001', password, 'REGISTER', 'sip:127.0.0.1'));
        statuses.push(answer.status);
        if (answer.status === 401) ({ text } = answer);
        else refusal = answer.text;
      }
      expect(refusal).toMatch(/^Retry-After: \d+/m);
      expect(statuses).toEqual([401, 401, 401, 401, 401, 403, 403]);
      expect(stage.port.isRegistered('1001')).toBe(false);
      await stage.registered('1002');
    });

    it('does not lock out a desk for the wrong password of another at the same address', async () => {
      let { text } = await attempt(null);
      for (let i = 0; i < 5; i++) ({ text } = await attempt(authorization(text, '1001', 'replaced', 'REGISTER', 'sip:127.0.0.1')));
      await stage.registered('1001');
      expect(stage.port.isRegistered('1001')).toBe(true);
    });

    it('locks out who guesses over many connections', async () => {
      for (let i = 0; i < 30; i++) {
        await raw.close();
        raw = await RawPhone.open(stage.sipUrl);
        await attempt(authorization((await attempt(null)).text, '1001', `guess ${i}`, 'REGISTER', 'sip:127.0.0.1'));
      }
      await expect(stage.phone('1001').register()).rejects.toThrow(/403/);
    });

    it('takes no credentials twice, and says that the nonce is stale', async () => {
      const { text } = await attempt(null);
      const header = authorization(text, '1001', PASSWORD, 'REGISTER', 'sip:127.0.0.1');
      expect((await attempt(header)).status).toBe(200);
      const replayed = await attempt(header);
      expect(replayed.status).toBe(401);
      expect(replayed.text).toContain('stale=true');
    });

    it('takes no nonce of another connection', async () => {
      const { text } = await attempt(null);
      await raw.close();
      raw = await RawPhone.open(stage.sipUrl);
      expect((await attempt(authorization(text, '1001', PASSWORD, 'REGISTER', 'sip:127.0.0.1'))).status).toBe(401);
    });

    it.each(['Authorization: Digest', 'Authorization: Basic dXNlcjpwYXNz', 'Authorization: Digest username="1001", realm="x", nonce="y", uri="z", response="0"', `Authorization: Digest ${'a="b",'.repeat(2000)}`])('answers 401 to %j', async (header) => {
      expect((await attempt(header)).status).toBe(401);
    });

    it('registers nobody else with one’s own password', async () => {
      const { text } = await attempt(null);
      expect((await attempt(authorization(text, '1002', PASSWORD, 'REGISTER', 'sip:127.0.0.1'))).status).toBe(403);
      expect(stage.port.isRegistered('1001')).toBe(false);
    });

    it('asks anew after the time of a registration is over', async () => {
      const phone = await RawPhone.open(stage.sipUrl);
      const first = requestLines('REGISTER', { headers: [CONTACT, 'Expires: 1'] });
      phone.send(first.lines);
      await phone.answerTo(first.branch);
      const header = authorization(phone.received[0] ?? '', '1001', PASSWORD, 'REGISTER', 'sip:127.0.0.1');
      const second = requestLines('REGISTER', { headers: [CONTACT, 'Expires: 1', header] });
      phone.send(second.lines);
      expect(await phone.answerTo(second.branch)).toBe(200);
      await stage.event('endpoint.changed', (event) => event.user === '1001' && !event.registered);
      await phone.close();
    });
  });

  it('takes a re-INVITE that comes together with the ACK to the one before', async () => {
    await raw.register('1001', PASSWORD);
    const media = new PhoneMedia(440, 'pcmu');
    const { body } = await media.getDescription();
    const uri = 'sip:15880000@127.0.0.1';
    const first = requestLines('INVITE', { uri, headers: [CONTACT] });
    raw.send(first.lines);
    await raw.answerTo(first.branch);
    const credentials = authorization(raw.received.find((text) => text.includes(first.branch)) ?? '', '1001', PASSWORD, 'INVITE', uri);
    const invite = requestLines('INVITE', { uri, headers: [CONTACT, credentials, 'Content-Type: application/sdp'], body });
    raw.send(invite.lines);
    const { channel } = await stage.event('channel.arrived');
    must(await stage.port.answer(channel.channelId));
    expect(await raw.answerTo(invite.branch)).toBe(200);
    const accepted = raw.received.find((text) => text.startsWith('SIP/2.0 200') && text.includes(invite.branch)) ?? '';
    const inDialog = (method: string, cseq: number, lines: string[]): { text: string; branch: string } => {
      const branch = `z9hG4bKtogether${method}${cseq}`;
      const kept = (name: string): string => new RegExp(`^${name}: .*$`, 'm').exec(accepted)?.[0] ?? '';
      return { branch, text: [`${method} sip:sangdam@127.0.0.1 SIP/2.0`, `Via: SIP/2.0/WS raw.invalid;branch=${branch}`, 'Max-Forwards: 70', kept('From'), kept('To'), kept('Call-ID'), `CSeq: ${cseq} ${method}`, ...lines].join('\r\n') };
    };
    const description = [CONTACT, 'Content-Type: application/sdp', `Content-Length: ${Buffer.byteLength(body)}`, '', body];
    const empty = ['Content-Length: 0', '', ''];
    const hold = inDialog('INVITE', 2, description);
    raw.sendTogether(inDialog('ACK', 1, empty).text, hold.text);
    expect(await raw.answerTo(hold.branch)).toBe(200);
    const resume = inDialog('INVITE', 3, description);
    raw.sendTogether(inDialog('ACK', 2, empty).text, resume.text);
    expect(await raw.answerTo(resume.branch)).toBe(200);
    raw.send(inDialog('ACK', 3, empty).text);
    raw.send(inDialog('BYE', 4, empty).text);
    expect(await stage.ended(channel.channelId)).toBe('normal');
    media.close();
  });

  it('ends a call whose far end fell silent for good, though its socket lives; not one on hold', async () => {
    const quiet = await Stage.open((fixtures) => makeEmbedded(fixtures, { mediaTimeoutMs: 600 }));
    const held = await quiet.connect(await quiet.registered('1001'));
    await held.call.hold();
    const lost = await quiet.connect(await quiet.registered('c1'));
    lost.call.media?.close();
    expect(await quiet.ended(lost.channelId)).toBe('networkLost');
    expect(held.call.isUp).toBe(true);
    await held.call.resume();
    await until('packets after the hold', () => held.call.counts.sent > 50);
    expect(held.call.isUp).toBe(true);
    await quiet.close();
  });

  it('says of an answered call without media how far that has come', async () => {
    const phone = await stage.registered('1001');
    const { call, channel } = await stage.dial(phone, '15880000');
    await until('its audio is there to be closed', () => call.media !== null);
    call.media?.close();
    must(await stage.port.answer(channel.channelId));
    const line = await until('it is logged', () => log.some(({ message }) => message === 'an answered channel has no media')).then(() => log.find(({ message }) => message === 'an answered channel has no media'));
    expect(line?.fields).toMatchObject({ channelId: channel.channelId, endpoint: '1001', media: expect.stringMatching(/^ICE .+, DTLS /) });
  });

  it('logs neither passwords nor numbers', async () => {
    const { call } = await stage.connect(await stage.registered('c1'));
    raw.send(requestLines('OPTIONS', { uri: `sip:${CUSTOMER_NUMBER} x`, version: 'SIP/7.0' }).lines);
    await raw.expectAlive();
    await call.hangUp();
    await stage.event('channel.ended');
    const text = JSON.stringify(log);
    expect(log.length).toBeGreaterThan(1);
    for (const secret of [PASSWORD, CUSTOMER_NUMBER, '15880000', 'Digest']) expect(text).not.toContain(secret);
  });
});
