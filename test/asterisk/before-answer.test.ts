import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { freeUdpPort } from '../../scripts/asterisk/ports.ts';
import type { RunningAsterisk } from '../../scripts/asterisk/instance.ts';
import { endAsterisk, startAsterisk } from '../support/asterisk.ts';
import { Baresip } from '../support/baresip.ts';
import { Office } from '../support/cast/office.ts';
import { CenterProcess } from '../support/center-process.ts';
import { CtiLine } from '../support/cti-line.ts';
import { fillOffice, OFFICE_PASSWORD, officeConfiguration } from '../support/office-store.ts';
import { createSipPhone, type PhoneCall, type SipPhone } from '../support/sip-phone/index.ts';
import { SpeakingCarrier } from '../support/speaking-carrier.ts';
import { ringback } from '../support/tones.ts';
import { nothingIsLeft, trunkTo } from '../support/trunk.ts';
import { until } from '../support/until.ts';
import { phoneOf } from '../support/phone-of.ts';

const AGENT_HZ = 1250;
const CARRIER_HZ = 1850;
/** Busy and congestion: the same two notes, and none of the ringback's lower one. */
const REFUSED = [480, 620] as const;
/** baresip's file of accounts bears no spaces. */
const DESK_PHONE_PASSWORD = 'desk-phone-of-a-test';
const NUMBER = '0212345678';

describe('what an agent hears before the answer, over a trunk', () => {
  let asterisk: RunningAsterisk;
  let center: CenterProcess;
  let dataFolder: string;
  let carrier: SpeakingCarrier;
  let office: Office;
  let desk: CtiLine;
  let phone: SipPhone;

  beforeAll(async () => {
    const port = await freeUdpPort();
    asterisk = await startAsterisk({ pjsip: trunkTo(port) });
    dataFolder = await mkdtemp(join(tmpdir(), 'sangdam-before-answer-'));
    const configuration = officeConfiguration();
    await fillOffice(dataFolder, { ...configuration, phones: configuration.phones.map((one) => ({ ...one, password: DESK_PHONE_PASSWORD })) });
    center = await CenterProcess.start({
      SANGDAM_DATA: dataFolder, SANGDAM_DEMO: '0', SANGDAM_SWITCH: 'asterisk', SANGDAM_ARI_URL: asterisk.ariUrl,
      SANGDAM_ARI_USER: asterisk.config.ariUser, SANGDAM_ARI_PASSWORD: asterisk.config.ariPassword, SANGDAM_ASTERISK_TRUNK: 'sangdam-trunk',
    });
    carrier = await SpeakingCarrier.open(port, asterisk.sipAddress, CARRIER_HZ);
    office = await Office.open(center.origin, 'supervisor', OFFICE_PASSWORD);
    desk = await CtiLine.open(center.origin, 'agent1', OFFICE_PASSWORD);
    const sip = phoneOf(desk.signedIn);
    phone = createSipPhone({ url: asterisk.sipUrl, user: sip.user, password: sip.password, toneHz: AGENT_HZ });
    await phone.register();
  });
  afterEach(async () => {
    await Promise.all(phone.calls.filter(({ hasEnded }) => !hasEnded).map((call) => call.hangUp()));
    await nothingIsLeft(asterisk);
    await until('the agent is done', async () => {
      for (const { contactId, me } of desk.contacts.values()) if (me.state === 'afterCall') await desk.command('contact.complete', { contactId, next: null });
      return desk.contacts.size === 0;
    });
    await until('no contact is left', async () => (await center.health())['contacts'] === 0);
  });
  afterAll(async () => {
    await phone?.close();
    desk?.close();
    office?.close();
    await carrier?.close();
    await center?.stop();
    if (asterisk !== undefined) await endAsterisk(asterisk);
    await rm(dataFolder, { recursive: true, force: true });
  });

  const dials = async (number = NUMBER): Promise<{ call: PhoneCall; since: number }> => {
    const since = desk.events.length;
    carrier.rest();
    const call = await phone.call(number);
    await carrier.called(number);
    return { call, since };
  };
  const told = (since: number) => until('the agent is told', () => desk.events.slice(since).find((event) => event.type === 'notice.raised'));
  const hears = async (call: PhoneCall, tones: readonly number[], not: readonly number[] = []): Promise<void> => {
    await until('early media', () => call.media !== null);
    await call.hears(tones, not);
  };

  it('is ringback while it rings there, and then the other end', async () => {
    const { call } = await dials();
    carrier.rings();
    await hears(call, ringback);
    expect([call.isUp, (await desk.contactIs('dialling')).me.state]).toEqual([false, 'dialling']);
    carrier.answers();
    await call.answered();
    await call.hears(CARRIER_HZ, ringback);
    await desk.contactIs('talking');
    expect(await carrier.called(NUMBER)).toMatch(/^P-Asserted-Identity: .*sip:15880000@/m);
  });

  it('is the announcement of the carrier (183 with audio): dialling all the while, talking from the answer on', async () => {
    const { call } = await dials();
    carrier.speaksEarly();
    await hears(call, [CARRIER_HZ], ringback);
    expect([call.isUp, (await desk.contactIs('dialling')).me.state]).toEqual([false, 'dialling']);
    carrier.answers();
    await call.answered();
    await call.hears(CARRIER_HZ);
    await desk.contactIs('talking');
    await until('the agent is heard', () => carrier.received > 0);
  });

  it('is the announcement also where it rang before', async () => {
    const { call } = await dials();
    carrier.rings();
    await hears(call, ringback);
    carrier.speaksEarly();
    await call.hears(CARRIER_HZ, ringback);
    expect(call.isUp).toBe(false);
  });

  it('is the announcement that goes before a refusal, which is told with its reason', async () => {
    const { call, since } = await dials();
    carrier.speaksEarly();
    await hears(call, [CARRIER_HZ]);
    carrier.refuses('486 Busy Here');
    expect((await told(since)).payload).toMatchObject({ code: 'dialFailed', detail: 'busy' });
    expect((await call.ended()).status).toBe(486);
    expect(await office.record(NUMBER, (entry) => entry.outcome === 'busy', 'over')).toMatchObject({ talkMs: 0 });
  });

  it.each([
    ['486 Busy Here', 'busy', 486],
    ['603 Decline', 'rejected', 603],
    ['503 Service Unavailable', 'noAnswer', 480],
    ['404 Not Found', 'unknownNumber', 404],
  ])('is a tone where the carrier says %s, beside the reason in words: %s', async (status, detail, final) => {
    const { call, since } = await dials();
    carrier.refuses(status);
    await hears(call, REFUSED, [440, CARRIER_HZ]);
    expect((await told(since)).payload).toMatchObject({ code: 'dialFailed', detail });
    expect((await call.ended()).status).toBe(final);
  });

  it('is the same at a desk phone that nobody here wrote', async () => {
    const deskPhone = await Baresip.start({ user: '1901', password: DESK_PHONE_PASSWORD, sipAddress: asterisk.sipAddress, toneHz: AGENT_HZ });
    try {
      carrier.rest();
      await deskPhone.dial(NUMBER);
      await carrier.called(NUMBER);
      carrier.rings();
      await deskPhone.hears(ringback);
      carrier.speaksEarly();
      await deskPhone.hears([CARRIER_HZ], ringback);
      await deskPhone.press('hangup');
      await nothingIsLeft(asterisk);
      await deskPhone.dial('0298765432');
      await carrier.called('0298765432');
      carrier.refuses('486 Busy Here');
      await deskPhone.hears(REFUSED, [440]);
    } finally {
      await deskPhone.stop();
    }
    expect(deskPhone.output).toContain('183');
  });
});
