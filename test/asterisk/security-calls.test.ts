import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { survivesEveryRefer } from '../../center/switch/asterisk/phone-transfers.ts';
import type { TimelineEntry } from '../../contract/customer.ts';
import { fail } from '../../contract/errors.ts';
import { must } from '../support/must.ts';
import { freeUdpPort } from '../../scripts/asterisk/ports.ts';
import type { RunningAsterisk } from '../../scripts/asterisk/instance.ts';
import { describeHostileCalls } from '../security/hostile-calls.ts';
import { endAsterisk, startAsterisk } from '../support/asterisk.ts';
import { CenterProcess } from '../support/center-process.ts';
import { CtiLine } from '../support/cti-line.ts';
import { HostileCarrier } from '../support/hostile-carrier.ts';
import { fillOffice, OFFICE_PASSWORD } from '../support/office-store.ts';
import { createSipPhone, type SipPhone } from '../support/sip-phone/index.ts';
import { sipp } from '../support/sipp/index.ts';
import { callFrom, customerCall, refersQuietlyTo, refersTo, refusedCall, stay } from '../support/sipp/scenarios.ts';
import { nothingIsLeft, trunkTo } from '../support/trunk.ts';
import { until } from '../support/until.ts';
import { phoneOf } from '../support/phone-of.ts';

const settingsOf = ({ ariUrl, config }: RunningAsterisk): Record<string, string> => ({ SANGDAM_SWITCH: 'asterisk', SANGDAM_ARI_URL: ariUrl, SANGDAM_ARI_USER: config.ariUser, SANGDAM_ARI_PASSWORD: config.ariPassword });

describeHostileCalls('Asterisk', async () => {
  const asterisk = await startAsterisk();
  return { environment: { ...settingsOf(asterisk), SANGDAM_ASTERISK_PHONE_TRANSFERS: 'yes' }, sipUrl: () => asterisk.sipUrl, stop: () => endAsterisk(asterisk) };
});

/** An operator who left `allow_transfer=no` out: what then is refused, the center refuses. */
describe('a hostile carrier, and a hostile customer behind it', () => {
  let asterisk: RunningAsterisk;
  let center: CenterProcess;
  let carrier: HostileCarrier;
  let dataFolder: string;
  const desks: CtiLine[] = [];
  const phones: SipPhone[] = [];

  beforeAll(async () => {
    const port = await freeUdpPort();
    asterisk = await startAsterisk({ pjsip: trunkTo(port) });
    carrier = await HostileCarrier.open(port, asterisk.sipAddress);
    dataFolder = await mkdtemp(join(tmpdir(), 'sangdam-carrier-'));
    await fillOffice(dataFolder);
    center = await CenterProcess.start({ SANGDAM_DEMO: '0', SANGDAM_DATA: dataFolder, SANGDAM_ASTERISK_TRUNK: 'sangdam-trunk', ...settingsOf(asterisk) });
    for (const n of [5, 6]) {
      const desk = await CtiLine.open(center.origin, `agent${n}`, OFFICE_PASSWORD);
      const { user, password } = phoneOf(desk.signedIn);
      const phone = createSipPhone({ url: asterisk.sipUrl, user, password, toneHz: 400 + 40 * n });
      await phone.register();
      desks.push(desk);
      phones.push(phone);
    }
  });
  afterEach(async () => {
    carrier.onInvite = (invite) => carrier.answer(invite, '404 Not Found');
    for (const { calls } of phones) for (const call of calls) if (!call.hasEnded) await call.hangUp();
    for (const desk of desks) {
      await until('all is written up', async () => {
        for (const { contactId, me } of desk.contacts.values()) if (me.state === 'afterCall') await desk.command('contact.complete', { contactId, next: { kind: 'away', reason: 'other' } });
        return desk.contacts.size === 0;
      });
    }
    await nothingIsLeft(asterisk);
    carrier.messages.length = 0;
  });
  afterAll(async () => {
    await Promise.all(phones.map((phone) => phone.close()));
    for (const desk of desks) desk.close();
    await carrier?.close();
    await center?.stop();
    if (asterisk !== undefined) await endAsterisk(asterisk);
    await rm(dataFolder, { recursive: true, force: true });
  });

  const customer = async (scenario: string, service: string, calls = 1): Promise<void> =>
    sipp({ port: await freeUdpPort(), to: asterisk.sipAddress, scenario, fields: [['01040000001']], service, calls, callsASecond: 20 });

  const states = async (): Promise<string[]> => (await desks[0]?.look('directory'))?.values.filter(({ agentId }) => agentId === 'agent5' || agentId === 'agent6').map(({ state }) => state.name) ?? [];

  it.each([['01099998888', 40], ['0215880009', 1], ['+12125551234', 1], ['0607000000', 1], ['119', 1], ['1005', 1]])('calls on through us to %s (%i at once): 404, and not one INVITE', async (number, calls) => {
    await customer(refusedCall(404), number, calls);
    expect(carrier.invited).toEqual([]);
    expect((await center.health())['contacts']).toBe(0);
    expect((await center.logged('calls were refused')).msg).toBe('calls were refused');
  });

  it('a call of ours to a number of ours that is not set up comes back, and ends there', async () => {
    const statuses: Promise<number>[] = [];
    carrier.onInvite = (invite) => {
      const number = /^INVITE sip:([^@;]*)/.exec(invite)?.[1] ?? '';
      statuses.push(carrier.invite(number, '15880000', `back-${carrier.invited.length}`).finally(() => carrier.answer(invite, '486 Busy Here')));
    };
    const call = await phones[0]?.call('15880009');
    await call?.ended();
    expect(carrier.invited).toEqual(['15880009']);
    expect(await Promise.all(statuses)).toEqual([404]);
    // And where the number is one that is set up, under our own.
    expect(await carrier.invite('15880001', '15880000', 'spoofed')).toBe(603);
  });

  it('a carrier that answers 302 sends us nowhere', async () => {
    carrier.onInvite = (invite) => carrier.answer(invite, '302 Moved Temporarily', `Contact: <sip:0607000000@127.0.0.1:${asterisk.sipAddress.split(':').at(-1)}>`);
    const call = await phones[0]?.call('01099990302');
    await call?.ended();
    expect(carrier.invited).toEqual(['01099990302']);
    await nothingIsLeft(asterisk);
    expect(carrier.invited).toEqual(['01099990302']);
  });

  it.each(['sip:0607000000@127.0.0.1', 'tel:+12125551234', 'sip:1@evil.example'])('a customer’s REFER to %s sends nobody there', async (uri) => {
    const [desk] = desks;
    await desk?.goReady();
    const call = customer(customerCall(stay(3000), refersTo(uri), stay(200)), '15880001');
    const agent = await (await phones[0]?.incoming())?.answer();
    await call;
    expect(carrier.invited).toEqual([]);
    // It was the customer who hung up in the end, and not we in their stead.
    expect((await agent?.ended())?.status).toBeNull();
  });

  it('a REFER that wants no news, of a phone that is registered at Asterisk itself, ends no call; whoever runs it is told what else it takes', async () => {
    const [desk] = desks;
    await desk?.goReady();
    const call = await phones[1]?.call('15880001');
    const agent = await (await phones[0]?.incoming())?.answer();
    expect([202, 603]).toContain(await agent?.refer('01099998888', ['Refer-Sub: false']));
    await Promise.all([call?.hears(600), agent?.hears(640)]);
    expect(carrier.invited).toEqual([]);
    const [, version = ''] = /^Asterisk (\S+)/.exec(await asterisk.cli('core show version')) ?? [];
    const { switch: isUp, switchWarning } = await center.health();
    expect([isUp, /SANGDAM_ASTERISK_PHONE_TRANSFERS=yes.*sangdam-trunk.*allow_transfer=no/.test(String(switchWarning))]).toEqual([true, !survivesEveryRefer(version)]);
  });

  it('somebody else who writes the trunk’s name into From is no carrier', async () => {
    const stranger = await HostileCarrier.open(await freeUdpPort(), asterisk.sipAddress, '127.0.0.2');
    try {
      expect(await stranger.invite('15880001', 'sangdam-trunk', 'stranger')).toBe(401);
    } finally {
      await stranger.close();
    }
  });

  it('phones may come by the center’s own address; who floods there is cut off before Asterisk hears it all', async () => {
    const url = `${center.origin.replace('http', 'ws')}/sip`;
    const [desk] = desks;
    if (desk === undefined) throw new Error('nobody is at work');
    const { user, password } = phoneOf(desk.signedIn);
    const phone = createSipPhone({ url, user, password, toneHz: 300 });
    await phone.register();
    const stranger = new WebSocket(url, ['sip']);
    let answers = 0;
    stranger.on('message', () => void answers++);
    await once(stranger, 'open');
    for (let i = 0; i < 1000; i++) stranger.send(`OPTIONS sip:127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/WS x.invalid;branch=z9hG4bK${i}\r\nFrom: <sip:x@127.0.0.1>;tag=1\r\nTo: <sip:127.0.0.1>\r\nCall-ID: ${i}\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n`);
    expect((await once(stranger, 'close'))[0]).toBe(1008);
    expect(answers).toBeLessThan(300);
    await phone.close();
    // An account has one phone: the one that came last had taken the other's place.
    await phones[0]?.register();
  });

  it('guesses that come with another message, or in a transaction of two names, are heard by Asterisk no oftener than others', async () => {
    const url = `${center.origin.replace('http', 'ws')}/sip`;
    const user = desks[1]?.signedIn.sip?.user ?? '';
    const guess = (number: number, branch: string): string =>
      ['REGISTER sip:127.0.0.1 SIP/2.0', `Via: SIP/2.0/WS x.invalid;${branch}`, `From: <sip:${user}@127.0.0.1>;tag=1`, `To: <sip:${user}@127.0.0.1>`, `Call-ID: ${number}`, 'CSeq: 1 REGISTER', 'Max-Forwards: 70', `Contact: <sip:${user}@x.invalid;transport=ws>`, `Authorization: Digest username="${user}", realm="asterisk", nonce="n", uri="sip:127.0.0.1", response="${'0'.repeat(32)}", algorithm=MD5, qop=auth, nc=00000001, cnonce="c"`, 'Content-Length: 0', '', ''].join('\r\n');
    let heard = 0;
    const answered = async (...messages: string[]): Promise<string[]> => {
      const stranger = new WebSocket(url, ['sip']);
      const said: string[] = [];
      stranger.on('message', (data) => void said.push(Buffer.isBuffer(data) ? data.toString() : ''));
      await once(stranger, 'open');
      for (const message of messages) stranger.send(message);
      await until('all are answered', () => said.length === messages.length);
      stranger.close();
      await once(stranger, 'close');
      heard += said.filter((text) => text.startsWith('SIP/2.0 401')).length;
      return said;
    };
    const [together] = await answered(Array.from({ length: 30 }, (_, i) => guess(i, `branch=z9hG4bKs${i}`)).join(''));
    expect(together).toMatch(/^SIP\/2\.0 400/);
    for (let k = 0; k < 10; k++) await answered(...Array.from({ length: 4 }, (_, i) => guess(100 + 4 * k + i, `branch=z9hG4bKa${k}-${i};branch=z9hG4bKb${k}-${i}`)));
    expect(heard).toBe(20);
  });

  it('an Asterisk that makes no call, though phones are registered, sets nobody away: the caller keeps their place, and is offered again', async () => {
    const [desk, other] = desks;
    for (const one of desks) await one.command('agent.setState', { choice: { kind: 'away', reason: 'other' } });
    const call = await phones[1]?.call('15880001');
    await call?.answered();
    // It waits for its last call to end, and begins no other meanwhile.
    const stopping = asterisk.cli('core stop gracefully');
    await until('it is stopping', async () => (await asterisk.cli('core show channels')).includes('during shutdown'));
    await desk?.goReady();
    await center.logged('the switch could not do as it was told');
    expect((await desk?.look('directory'))?.entries.get('agent5')?.state.name).toBe('READY');
    expect([desk?.contacts.size, call?.hasEnded]).toEqual([0, false]);
    await asterisk.cli('core abort shutdown');
    await stopping;
    await (await phones[0]?.incoming())?.answer();
    await desk?.contactIs('talking');
    expect(other?.contacts.size).toBe(1);
  });

  /** Whom a carrier names in From, and how they are kept: E.164, a service's number, `anonymous`, or nothing. */
  const ODD: readonly (readonly [from: string, kept: string])[] = [
    ['<sip:127.0.0.1>', ''], ['"John Doe" <sip:John%20Doe@127.0.0.1>', ''], ['"김민수" <sip:%EA%B9%80%EB%AF%BC%EC%88%98@127.0.0.1>', ''], ['"O\'Brien" <sip:O\'Brien@127.0.0.1>', ''], ['<sip:kim@home>', ''],
    [`<sip:${'a'.repeat(65)}@127.0.0.1>`, ''], [`<sip:${'7'.repeat(70)}@127.0.0.1>`, ''], [`"${'x'.repeat(900)}" <sip:01020000001@127.0.0.1>`, '+821020000001'],
    ['<sip:SKT114114@127.0.0.1>', ''], ['<sip:room101-0212345678@127.0.0.1>', ''], ['<sip:01O12345678@127.0.0.1>', ''],
    ['"Anonymous" <sip:anonymous@anonymous.invalid>', 'anonymous'], ['<sip:Restricted@anonymous.invalid>', 'anonymous'], ['<sip:unavailable@127.0.0.1>', 'anonymous'],
    ['<sip:+821020000002;npdi=yes@127.0.0.1>', '+821020000002'], ['<sip:1020000003;phone-context=+82@127.0.0.1;user=phone>', '+821020000003'], ['<sip:+821020000004;cpc=ordinary@127.0.0.1>', '+821020000004'],
    ['<sip:00821020000005@127.0.0.1>', '+821020000005'], ['<sip:821020000006@127.0.0.1>', '+821020000006'], ['<sip:010-2000-0007@127.0.0.1>', '+821020000007'],
    ['<sip:0215990000@127.0.0.1>', '+8215990000'], ['<sip:+82215990001@127.0.0.1>', '+8215990001'], ['<sip:0081312345678@127.0.0.1>', '+81312345678'], ['<sip:00112125551234@127.0.0.1>', '+12125551234'], ['<sip:+822120@127.0.0.1>', '02120'],
  ];

  it('callers of every odd name, all at once: two are answered, the others wait, nobody is set away, and each is kept as who they are', async () => {
    for (const desk of desks) await desk.goReady();
    const known = new Set((await timeline()).map(({ contactId }) => contactId));
    const calls = Promise.all(ODD.map(([from]) => customer(callFrom(from, stay(4000)), '15880001')));
    await Promise.all(desks.map(async (desk, i) => {
      await (await phones[i]?.incoming())?.answer();
      await desk.contactIs('talking');
    }));
    expect(await states()).toEqual(['TALKING', 'TALKING']);
    await calls;
    expect((await states()).filter((state) => state === 'NOT_READY')).toEqual([]);
    const kept = await until('all are in the history', async () => {
      const lines = (await timeline()).filter(({ contactId }) => !known.has(contactId));
      return lines.length === ODD.length ? lines.map(({ number }) => number) : undefined;
    });
    expect(kept.toSorted()).toEqual(ODD.map(([, number]) => number).toSorted());
  });

  /** What the center has kept of calls, one line for each that is over. */
  async function timeline(): Promise<TimelineEntry[]> {
    const page = must((await desks[0]?.api.call('customers.changes', { limit: 5000 })) ?? fail('not-found', 'no desk'));
    return page.timeline;
  }
});

/** The trunk's section as it is generated. */
describe('a carrier that nobody lets transfer', () => {
  let asterisk: RunningAsterisk;
  let center: CenterProcess;
  let dataFolder: string;
  let desk: CtiLine;
  let phone: SipPhone;

  beforeAll(async () => {
    asterisk = await startAsterisk({ pjsip: trunkTo(await freeUdpPort(), 'allow_transfer=no') });
    dataFolder = await mkdtemp(join(tmpdir(), 'sangdam-quiet-'));
    await fillOffice(dataFolder);
    center = await CenterProcess.start({ SANGDAM_DEMO: '0', SANGDAM_DATA: dataFolder, SANGDAM_ASTERISK_TRUNK: 'sangdam-trunk', SANGDAM_ASTERISK_PHONE_TRANSFERS: 'no', ...settingsOf(asterisk) });
    // Somebody is at work, so that callers are taken in.
    desk = await CtiLine.open(center.origin, 'agent5', OFFICE_PASSWORD);
    phone = createSipPhone({ url: asterisk.sipUrl, user: phoneOf(desk.signedIn).user, password: phoneOf(desk.signedIn).password, toneHz: 600 });
    await phone.register();
  });
  afterAll(async () => {
    await phone?.close();
    desk?.close();
    await center?.stop();
    if (asterisk !== undefined) await endAsterisk(asterisk);
    await rm(dataFolder, { recursive: true, force: true });
  });

  it('has its REFERs declined by Asterisk, the one that wants no news among them: it lives, and there is nothing to warn of', async () => {
    const customer = async (...meanwhile: string[]): Promise<void> => sipp({ port: await freeUdpPort(), to: asterisk.sipAddress, scenario: customerCall(...meanwhile), fields: [['01040000001']], service: '15880001', calls: 1, callsASecond: 20 });
    await customer(refersQuietlyTo('sip:0607000000@127.0.0.1'), stay(300));
    await customer(refersTo('sip:0607000000@127.0.0.1'));
    expect(await center.health()).toMatchObject({ ok: true, switch: true });
    expect(await center.health()).not.toHaveProperty('switchWarning');
    expect(center.lines.filter(({ msg }) => msg.includes('connection to Asterisk was lost'))).toEqual([]);
  });
});
