import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ContactOutcome } from '../../contract/customer.ts';
import { freeUdpPort } from '../../scripts/asterisk/ports.ts';
import type { RunningAsterisk } from '../../scripts/asterisk/instance.ts';
import { endAsterisk, startAsterisk } from '../support/asterisk.ts';
import { Office } from '../support/cast/office.ts';
import { CenterProcess } from '../support/center-process.ts';
import { CtiLine } from '../support/cti-line.ts';
import { fillOffice, OFFICE_PASSWORD } from '../support/office-store.ts';
import { createSipPhone, type SipPhone } from '../support/sip-phone/index.ts';
import { sipp, Sipp, SIPP_SOUNDS } from '../support/sipp/index.ts';
import { carrier, customerCall, pressRecorded, stay } from '../support/sipp/scenarios.ts';
import { nothingIsLeft, trunkTo } from '../support/trunk.ts';
import { until } from '../support/until.ts';
import { phoneOf } from '../support/phone-of.ts';

const CALLS = 100;
const CALLS_A_SECOND = 20;
/** The first retransmission after 100 ms: Asterisk gives a carrier that is silent up after 6.4 s, not 32. */
const impatient = '[system]\ntype=system\ntimer_t1=100\ntimer_b=6400\n';

/** What a call comes to that the carrier refuses. */
const OUTCOMES = [
  [403, 'rejected'], [404, 'unknownNumber'], [408, 'noAnswer'], [480, 'noAnswer'], [484, 'unknownNumber'], [486, 'busy'], [488, 'failed'],
  [500, 'failed'], [502, 'noAnswer'], [503, 'noAnswer'], [504, 'noAnswer'], [600, 'busy'], [603, 'rejected'], [604, 'unknownNumber'], [606, 'failed'],
] as const;

interface Seat {
  desk: CtiLine;
  phone: SipPhone;
}

describe('a trunk, with SIPp as the carrier', () => {
  let asterisk: RunningAsterisk;
  let center: CenterProcess;
  let dataFolder: string;
  let far: Sipp;
  let office: Office;
  let seats: Seat[] = [];

  beforeAll(async () => {
    const port = await freeUdpPort();
    asterisk = await startAsterisk({ pjsip: `${impatient}${trunkTo(port)}` });
    dataFolder = await mkdtemp(join(tmpdir(), 'sangdam-trunk-'));
    // Somebody tried the demo here before.
    const demoFolder = await mkdtemp(join(tmpdir(), 'sangdam-demo-'));
    const onAsterisk = { SANGDAM_SWITCH: 'asterisk', SANGDAM_ARI_URL: asterisk.ariUrl, SANGDAM_ARI_USER: asterisk.config.ariUser, SANGDAM_ARI_PASSWORD: asterisk.config.ariPassword };
    const demo = await CenterProcess.start({ ...onAsterisk, SANGDAM_DATA: demoFolder });
    await until('its phones are there', async () => (await asterisk.cli('pjsip show endpoints')).includes('c9/'));
    await demo.stop();
    await rm(demoFolder, { recursive: true });
    await fillOffice(dataFolder);
    center = await CenterProcess.start({
      ...onAsterisk, SANGDAM_DEMO: '0', SANGDAM_DATA: dataFolder, SANGDAM_ASTERISK_TRUNK: 'sangdam-trunk',
    });
    far = await Sipp.start({ port, scenario: carrier(OUTCOMES.map(([status]) => status)) });
    office = await Office.open(center.origin, 'supervisor', OFFICE_PASSWORD);
  });
  afterEach(async () => {
    for (const { desk, phone } of seats) {
      await phone.close();
      desk.close();
    }
    seats = [];
    await nothingIsLeft(asterisk);
    await until('no contact is left', async () => (await center.health())['contacts'] === 0);
  });
  afterAll(async () => {
    office?.close();
    await far?.stop();
    await center?.stop();
    if (asterisk !== undefined) await endAsterisk(asterisk);
    await rm(dataFolder, { recursive: true, force: true });
  });

  /** An agent signed in, with a phone that is registered. */
  const agent = async (n: number): Promise<Seat> => {
    const desk = await CtiLine.open(center.origin, `agent${n}`, OFFICE_PASSWORD);
    const { user, password } = phoneOf(desk.signedIn);
    const phone = createSipPhone({ url: asterisk.sipUrl, user, password, toneHz: 400 + 40 * n });
    seats.push({ desk, phone });
    await phone.register();
    return { desk, phone };
  };

  const customers = async (scenario: string, numbers: readonly string[]): Promise<void> =>
    sipp({ port: await freeUdpPort(), to: asterisk.sipAddress, scenario, fields: numbers.map((number) => [number]), service: '15880000', calls: numbers.length, callsASecond: CALLS_A_SECOND });

  it('lets no phone in that the demo left on this Asterisk, and keeps its trunk', async () => {
    const endpoints = (): Promise<string> => asterisk.cli('pjsip show endpoints');
    expect(await endpoints()).toContain('sangdam-trunk');
    expect(await endpoints()).toContain('1901');
    for (const phone of ['c1/', 'c9/']) expect(await endpoints()).not.toContain(phone);
    const stranger = createSipPhone({ url: asterisk.sipUrl, user: '1901', password: 'desk-phone', toneHz: 440 });
    await expect(stranger.register()).rejects.toThrow('REGISTER answered 401');
    await stranger.close();
  });

  it(`brings ${CALLS} customers into the flow, and leaves nothing behind`, async () => {
    await customers(customerCall(stay(1000)), Array.from({ length: CALLS }, (_, i) => `010${30_000_000 + i}`));
    await until('all have ended', () => center.lines.filter(({ msg }) => msg === 'contact ended').length === CALLS);
    expect(center.lines.filter(({ msg }) => msg === 'contact started')).toHaveLength(CALLS);
  });

  it.each([
    { key: '1', agentNumber: 3, group: '주문', when: 'during the menu', before: 3000 },
    { key: '2', agentNumber: 5, group: '기술지원', when: 'during the menu', before: 3000 },
    { key: '2', agentNumber: 5, group: '기술지원', when: 'ahead, before anything was said', before: 0 },
  ])('carries the digit $key (RFC 4733), typed $when, to its group', async ({ key, agentNumber, group, before }) => {
    const counted = office.counters(group);
    const { desk, phone } = await agent(agentNumber);
    await desk.goReady();
    const call = customers(customerCall(stay(before), pressRecorded(SIPP_SOUNDS, key), stay(4000)), ['01040000001']);
    const contact = await desk.contactIs('ringing');
    expect(contact).toMatchObject({ number: '+821040000001', flowPath: [group] });
    await (await phone.incoming()).answer();
    await call;
    await office.counted(group, counted, { offered: 1, answered: 1 });
    await desk.command('contact.complete', { contactId: contact.contactId, next: null });
  });

  /** Dials, and waits until the agent is told what became of it, and it is in the record. */
  const dials = async ({ desk, phone }: Seat, number: string): Promise<ContactOutcome | null> => {
    const already = desk.events.length;
    const call = await phone.call(number);
    const notice = await until(`${number} comes to its end`, () => desk.events.slice(already).find((event) => event.type === 'notice.raised'), 30_000);
    expect(notice.payload).toMatchObject({ code: 'dialFailed' });
    await call.ended();
    const { outcome } = await office.record(number, (entry) => entry.kind === 'outbound' && entry.talkMs === 0, 'over');
    expect(notice.payload).toMatchObject({ detail: outcome });
    return outcome;
  };

  it.each(OUTCOMES)('that answers %i ends the call as %s: the agent is told, and it is in the record', async (status, outcome) => {
    expect(await dials(await agent(6), `021230${status}`)).toBe(outcome);
  });

  it('that says nothing at all is given up, and the agent is told', async () => {
    expect(await dials(await agent(7), '021230000')).toBe('noAnswer');
  });

  it('that rings for ever is told to stop when the agent hangs up', async () => {
    const { phone } = await agent(8);
    const call = await phone.call('021230180');
    await until('it rings there', async () => (await asterisk.cli('core show channels concise')).includes('!Ringing!'));
    await call.hangUp();
    await nothingIsLeft(asterisk);
  });
});
