import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ContactView } from '../../contract/contact.ts';
import { AgentId } from '../../contract/ids.ts';
import type { RunningAsterisk } from '../../scripts/asterisk/instance.ts';
import { endAsterisk, startAsterisk } from '../support/asterisk.ts';
import { Baresip } from '../support/baresip.ts';
import { CenterProcess } from '../support/center-process.ts';
import { CtiLine } from '../support/cti-line.ts';
import { createSipPhone, type PhoneCall, type SipPhone } from '../support/sip-phone/index.ts';
import { nothingIsLeft } from '../support/trunk.ts';
import { until } from '../support/until.ts';
import { phoneOf } from '../support/phone-of.ts';

const AGENT_HZ = 500;
const CUSTOMER_HZ = 1140;
const COLLEAGUE_HZ = 820;

/** Nothing of ours speaks SIP at this agent's desk: what the phone cannot be told, the center does. */
describe("an agent whose phone is a desk phone (baresip), driven by the desk's commands", () => {
  let asterisk: RunningAsterisk;
  let center: CenterProcess;
  let dataFolder: string;
  let desk: CtiLine;
  let colleague: CtiLine;
  let deskPhone: Baresip;
  let colleaguePhone: SipPhone;
  let customer: SipPhone;
  let call: PhoneCall;
  let contact: ContactView;
  let calls = 0;

  beforeAll(async () => {
    asterisk = await startAsterisk();
    dataFolder = await mkdtemp(join(tmpdir(), 'sangdam-agent-phone-'));
    center = await CenterProcess.start({
      SANGDAM_DATA: dataFolder, SANGDAM_SWITCH: 'asterisk', SANGDAM_ARI_URL: asterisk.ariUrl,
      SANGDAM_ARI_USER: asterisk.config.ariUser, SANGDAM_ARI_PASSWORD: asterisk.config.ariPassword,
    });
    desk = await CtiLine.open(center.origin, 'agent1', 'sangdam-demo', 'desktop');
    colleague = await CtiLine.open(center.origin, 'agent3', 'sangdam-demo');
    deskPhone = await Baresip.start({ ...accountOf(desk), sipAddress: asterisk.sipAddress, toneHz: AGENT_HZ, answersWhenTold: true });
    colleaguePhone = createSipPhone({ url: asterisk.sipUrl, ...accountOf(colleague), toneHz: COLLEAGUE_HZ });
    customer = createSipPhone({ url: asterisk.sipUrl, user: 'c1', password: 'customer', toneHz: CUSTOMER_HZ });
    await Promise.all([colleaguePhone.register(), customer.register()]);
  });
  afterAll(async () => {
    await Promise.all([customer?.close(), colleaguePhone?.close(), deskPhone?.stop()]);
    desk?.close();
    colleague?.close();
    await center?.stop();
    if (asterisk !== undefined) await endAsterisk(asterisk);
    await rm(dataFolder, { recursive: true, force: true });
  });

  const accountOf = ({ signedIn }: CtiLine) => {
    const { user, password } = phoneOf(signedIn);
    return { user, password };
  };
  const on = () => ({ contactId: contact.contactId });

  /** A customer is offered to the agent, who lifts the handset. */
  beforeEach(async () => {
    await desk.goReady();
    call = await customer.call('15880000');
    await call.answered();
    await call.press('1');
    contact = await desk.contactIs('ringing');
    calls += 1;
    await deskPhone.rings(calls);
    await deskPhone.press('accept');
    await desk.contactIs('talking');
    await Promise.all([call.hears(AGENT_HZ), deskPhone.hears([CUSTOMER_HZ])]);
  });
  afterEach(async () => {
    if (!call.hasEnded) await call.hangUp();
    await until('all have written up', async () => {
      for (const line of [desk, colleague]) for (const { contactId, me } of line.contacts.values()) if (me.state === 'afterCall') await line.command('contact.complete', { contactId, next: line === colleague ? { kind: 'away', reason: 'training' } : null });
      return desk.contacts.size + colleague.contacts.size === 0;
    });
    await nothingIsLeft(asterisk);
  });

  it('holds and resumes: the customer hears music, the agent nobody, then both each other', async () => {
    await desk.command('contact.hold', on());
    await Promise.all([call.hears([], [AGENT_HZ]), deskPhone.silent()]);
    await desk.contactIs('held');
    await desk.command('contact.resume', on());
    await Promise.all([call.hears(AGENT_HZ), deskPhone.hears([CUSTOMER_HZ])]);
  });

  it('shows what is done at the phone itself, and leaves it to the phone', async () => {
    await deskPhone.press('hold');
    await desk.contactIs('held');
    await call.hears([], [AGENT_HZ]);
    await expect(desk.command('contact.resume', on())).rejects.toThrow(/held-at-phone/);
    await deskPhone.press('resume');
    await desk.contactIs('talking');
    await Promise.all([call.hears(AGENT_HZ), deskPhone.receives()]);
  });

  const consult = async (): Promise<PhoneCall> => {
    await desk.command('contact.consult', { ...on(), target: { kind: 'agent', agentId: AgentId.parse('agent3') } });
    return (await colleaguePhone.incoming()).answer();
  };

  it('consults in private, swaps, and hands the customer over', async () => {
    await desk.command('contact.hold', on());
    const theirs = await consult();
    await Promise.all([deskPhone.hears([COLLEAGUE_HZ], [CUSTOMER_HZ]), theirs.hears(AGENT_HZ, [CUSTOMER_HZ]), call.hears([], [AGENT_HZ, COLLEAGUE_HZ])]);
    await desk.command('contact.swap', on());
    await Promise.all([deskPhone.hears([CUSTOMER_HZ], [COLLEAGUE_HZ]), call.hears(AGENT_HZ)]);
    await desk.command('contact.completeTransfer', on());
    await Promise.all([call.hears(COLLEAGUE_HZ, [AGENT_HZ]), theirs.hears(CUSTOMER_HZ, [AGENT_HZ]), desk.contactIs('afterCall')]);
  });

  it('brings all three together, goes, and leaves them to it', async () => {
    const theirs = await consult();
    await desk.command('contact.conference', { ...on(), target: null });
    await Promise.all([deskPhone.hears([COLLEAGUE_HZ, CUSTOMER_HZ]), theirs.hears([AGENT_HZ, CUSTOMER_HZ]), call.hears([AGENT_HZ, COLLEAGUE_HZ])]);
    await desk.command('contact.hangUp', on());
    await Promise.all([theirs.hears(CUSTOMER_HZ, [AGENT_HZ]), call.hears(COLLEAGUE_HZ, [AGENT_HZ])]);
  });

  it('goes back to the customer, and hands them over without a word', async () => {
    const theirs = await consult();
    await desk.command('contact.cancelConsult', on());
    await Promise.all([theirs.ended(), deskPhone.hears([CUSTOMER_HZ]), call.hears(AGENT_HZ)]);
    await desk.command('contact.transfer', { ...on(), target: { kind: 'number', number: '1003' } });
    const blind = await (await colleaguePhone.incoming()).answer();
    await Promise.all([call.hears(COLLEAGUE_HZ), blind.hears(CUSTOMER_HZ)]);
  });

  it('hangs up, and the phone is free for the next call', async () => {
    await desk.command('contact.hangUp', on());
    await Promise.all([call.ended(), desk.contactIs('afterCall')]);
    expect(call.hasEnded).toBe(true);
  });

  it('rejects the next one: it stops ringing, and the customer waits on', async () => {
    await call.hangUp();
    await desk.contactIs('afterCall');
    await desk.command('contact.complete', { ...on(), next: { kind: 'ready' } });
    call = await customer.call('15880000');
    await call.answered();
    await call.press('1');
    contact = await desk.contactIs('ringing');
    calls += 1;
    await deskPhone.rings(calls);
    await desk.command('contact.reject', on());
    await deskPhone.fallsSilent(calls);
    expect(call.isUp).toBe(true);
    await call.hears([], [AGENT_HZ]);
  });
});
