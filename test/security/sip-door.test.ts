import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../support/sip-phone/index.ts';
import { makeEmbedded } from '../switch/make-embedded.ts';
import { authorization, RawPhone, requestLines } from '../switch/raw-phone.ts';
import { PASSWORD, Stage, TONES } from '../switch/stage.ts';

const CONTACT = 'Contact: <sip:raw@raw.invalid;transport=ws>';

/** The embedded switch's door for phones, beaten on by who has no password. What it does to others is measured in bench/hostile.ts. */
describe('the door of /sip', () => {
  let stage: Stage;
  let strangers: RawPhone[];
  beforeEach(async () => {
    strangers = [];
    stage = await Stage.open((fixtures) => makeEmbedded(fixtures, { strangerMs: 1500 }));
  });
  afterEach(async () => {
    await Promise.all(strangers.map((one) => one.close()));
    await stage.close();
  });

  async function stranger(): Promise<RawPhone> {
    const opened = await RawPhone.open(stage.sipUrl);
    strangers.push(opened);
    return opened;
  }

  /** What took milliseconds on the thread that mixes the audio, for each message. */
  const HOSTILE: [what: string, lines: string[]][] = [
    ['a digest of 4 KB', [`Authorization: Digest ${'a'.repeat(4000)}`]],
    ['25 KB of Contacts', [`Contact: ${Array.from({ length: 700 }, (_, i) => `<sip:user${i}@host.invalid;transport=ws>`).join(', ')}`]],
    ['60 KB of Contacts', [`Contact: ${Array.from({ length: 1500 }, (_, i) => `<sip:user${i}@host.invalid;transport=ws>`).join(', ')}`]],
    ['60 KB of spaces that break off', [`X: ${' '.repeat(60_000)}x\ny`]],
  ];

  it.each(HOSTILE)('bears %s, sent over and over, and a call hears nothing of it', async (_what, lines) => {
    const { parties } = await stage.bridged('1001', '1002');
    const [first] = parties;
    await first?.call.hears(TONES['1002']);
    const lost = first?.call.counts.lost;
    const one = await stranger();
    const { lines: request } = requestLines('REGISTER', { headers: [CONTACT, ...lines] });
    for (let i = 0; i < 60; i++) one.send(request);
    await until('the stranger is shown out', () => one.closeCode !== null);
    expect(one.closeCode).toBe(1008);
    expect(one.received.length).toBeLessThan(60);
    expect(first?.call.counts.lost).toBe(lost);
    expect(parties.every(({ call }) => call.isUp)).toBe(true);
  });

  it('shows out who proves no password, and keeps who does', async () => {
    await stage.registered('1001');
    const known = await RawPhone.open(stage.sipUrl);
    await known.register('1002', PASSWORD);
    const [idle, talking] = [await stranger(), await stranger()];
    await until('both are shown out', () => {
      talking.send(requestLines('OPTIONS').lines);
      return idle.closeCode !== null && talking.closeCode !== null;
    });
    expect([idle.closeCode, talking.closeCode]).toEqual([1008, 1008]);
    await known.expectAlive();
    expect(stage.port.isRegistered('1001')).toBe(true);
    await known.close();
  });

  it('registers a phone at the address of a stranger who floods', async () => {
    const one = await stranger();
    const { lines } = requestLines('INVITE', { headers: [CONTACT] });
    for (let i = 0; i < 500; i++) one.send(lines);
    await stage.registered('1001');
    await until('the stranger is shown out', () => one.closeCode !== null);
    expect(one.received.filter((text) => text.startsWith('SIP/2.0 401')).length).toBeLessThanOrEqual(200);
  });

  it('lets a phone in a call send a key ten times a second', async () => {
    const { call, channelId } = await stage.connect(await stage.registered('1001'));
    for (let i = 0; i < 100; i++) await call.press('5', 'info');
    await until('all keys came', () => stage.events.filter((event) => event.type === 'channel.digit' && event.channelId === channelId).length === 100);
    expect(call.isUp).toBe(true);
  });

  describe('failure: a phone with a password', () => {
    it('that floods is heard no more than a phone may be, and its user comes back', async () => {
      const known = await stranger();
      await known.register('1001', PASSWORD);
      const before = known.received.length;
      const { lines } = requestLines('INVITE', { headers: [CONTACT, `Authorization: Digest ${'a="b",'.repeat(300)}`] });
      for (let i = 0; i < 3000; i++) known.send(lines);
      await until('it is held', () => known.received.length > before + 500);
      await stage.registered('1001');
      expect(known.received.length).toBeLessThan(before + 1500);
      expect(known.closeCode).toBeNull();
    });

    it('calls nobody with credentials for another number', async () => {
      const known = await stranger();
      await known.register('1001', PASSWORD);
      const first = requestLines('INVITE', { uri: 'sip:15880000@127.0.0.1', headers: [CONTACT] });
      known.send(first.lines);
      expect(await known.answerTo(first.branch)).toBe(401);
      const challenge = known.received.find((text) => text.includes(first.branch)) ?? '';
      const header = authorization(challenge, '1001', PASSWORD, 'INVITE', 'sip:15880000@127.0.0.1');
      const second = requestLines('INVITE', { uri: 'sip:0090012345678@127.0.0.1', headers: [CONTACT, header] });
      known.send(second.lines);
      expect(await known.answerTo(second.branch)).toBe(400);
      expect(stage.events.filter((event) => event.type === 'channel.arrived')).toEqual([]);
    });
  });
});
