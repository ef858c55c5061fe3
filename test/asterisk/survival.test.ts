import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startInstance, type RunningAsterisk } from '../../scripts/asterisk/instance.ts';
import { installAsterisk } from '../../scripts/asterisk/install.ts';
import { freeTcpPort } from '../../scripts/asterisk/ports.ts';
import { AgentDesk } from '../support/agent-desk.ts';
import { endAsterisk, startAsterisk } from '../support/asterisk.ts';
import { Office } from '../support/cast/office.ts';
import { CenterProcess } from '../support/center-process.ts';
import { createSipPhone, type PhoneCall, type SipPhone } from '../support/sip-phone/index.ts';
import { until } from '../support/until.ts';

const PAIRS = 5;
/** A phone has two lines. */
const CALLS_A_PAIR = 2;

describe('a center on Asterisk', () => {
  let asterisk: RunningAsterisk;
  let dataFolder: string;
  let center: CenterProcess;
  const phones: SipPhone[] = [];
  const desks: AgentDesk[] = [];

  const environment = (more: Record<string, string> = {}): Record<string, string> => ({
    SANGDAM_DATA: dataFolder,
    SANGDAM_SWITCH: 'asterisk',
    SANGDAM_ARI_URL: asterisk.ariUrl,
    SANGDAM_ARI_USER: asterisk.config.ariUser,
    SANGDAM_ARI_PASSWORD: asterisk.config.ariPassword,
    ...more,
  });

  const phone = async (user: string, password: string, toneHz: number): Promise<SipPhone> => {
    const made = createSipPhone({ url: asterisk.sipUrl, user, password, toneHz });
    phones.push(made);
    await made.register();
    return made;
  };
  const desk = (n: number): Promise<SipPhone> => phone(`190${n}`, 'desk-phone', 400 + 40 * n);
  const customer = (n: number): Promise<SipPhone> => phone(`c${n}`, 'customer', 1400 + 40 * n);

  /** A desk phone calls a customer, who answers. */
  const connect = async (from: SipPhone, to: SipPhone, n: number): Promise<[PhoneCall, PhoneCall]> => {
    const call = await from.call(`0100000000${n}`);
    const answered = await (await to.incoming(10_000)).answer();
    await call.answered(10_000);
    return [call, answered];
  };

  const channels = async (): Promise<string> => asterisk.cli('core show channels count');

  beforeAll(async () => {
    asterisk = await startAsterisk();
    dataFolder = await mkdtemp(join(tmpdir(), 'sangdam-survival-'));
    center = await CenterProcess.start(environment());
  });
  afterEach(async () => {
    await Promise.all(desks.splice(0).map((each) => each.close()));
    await Promise.all(phones.splice(0).map((each) => each.close()));
    await until('no channel is left', async () => (await channels()).includes('0 active channels'));
  });
  afterAll(async () => {
    await center?.stop();
    if (asterisk !== undefined) await endAsterisk(asterisk);
    await rm(dataFolder, { recursive: true, force: true });
  });

  it('is killed with ten calls up: all go on talking, and are its own again after its start', async () => {
    const calls: [PhoneCall, PhoneCall][] = [];
    for (let n = 1; n <= PAIRS; n++) {
      const [from, to] = [await desk(n), await customer(n)];
      for (let i = 0; i < CALLS_A_PAIR; i++) calls.push(await connect(from, to, n));
    }
    expect(calls).toHaveLength(PAIRS * CALLS_A_PAIR);

    await center.kill();
    for (const [n, [call, answered]] of calls.entries()) {
      const pair = Math.floor(n / CALLS_A_PAIR) + 1;
      await Promise.all([call.hears(1400 + 40 * pair), answered.hears(400 + 40 * pair)]);
    }
    center = await CenterProcess.start(environment());
    const adopted = await center.logged('contacts whose calls outlived');
    expect(adopted).toMatchObject({ contacts: calls.length });
    expect(calls.flat().every(({ isUp }) => isUp)).toBe(true);

    // They are under command again: an end at one side is carried to the other.
    for (const [call] of calls) await call.hangUp();
    await Promise.all(calls.map(([, answered]) => answered.ended()));
  });

  it('is stopped in order: who talks talks on, who waits waits on, the desk is back on its call, and each is one record', async () => {
    await center.stop();
    const port = { SANGDAM_PORT: String(await freeTcpPort()) };
    center = await CenterProcess.start(environment(port));
    const agent = await AgentDesk.signIn(center.origin, 'agent1', 620);
    desks.push(agent);
    const calls = async (n: number): Promise<PhoneCall> => {
      const call = await (await customer(n)).call('15880000');
      await call.answered();
      await call.press('1');
      return call;
    };
    const call = await calls(1);
    await agent.answer();
    const talking = (): Promise<unknown> => Promise.all([call.hears(620), agent.hears([1440])]);
    await talking();
    const office = await Office.open(center.origin, 'supervisor', 'sangdam-demo');
    const waiting = await calls(2);
    await until('the second customer waits', () => office.statistics('주문').waiting === 1);
    office.close();
    const contactId = agent.contact?.contactId;

    await center.stop();
    await talking();
    expect(await channels()).toContain('3 active channels');
    const before = center.lines;
    center = await CenterProcess.start(environment(port));
    const adopted = await center.logged('contacts whose calls outlived');
    expect(adopted).toMatchObject({ contacts: 2 });
    await until('the desk is back on its call', () => agent.session.view.health.cti.state === 'connected' && agent.state === 'TALKING');
    expect(agent.contact?.contactId).toBe(contactId);
    await talking();

    await call.hangUp();
    await until('the desk is in after-call work', () => agent.state === 'AFTER_CALL');
    await agent.completeAfterCall();
    await agent.answer();
    await Promise.all([waiting.hears(620), agent.hears([1480])]);
    await waiting.hangUp();
    await until('both are over', () => center.lines.filter(({ msg }) => msg === 'contact ended').length === 2);
    expect(before.filter(({ msg }) => msg === 'contact ended')).toEqual([]);
    expect(center.lines.filter(({ msg }) => msg === 'contact ended')).toMatchObject([{ contactId, outcome: 'answered' }, { outcome: 'answered' }]);
    expect(agent.notices).toEqual([]);
  });

  it('is killed with a caller in the flow: they hear it from its beginning, and choose', async () => {
    const call = await (await customer(1)).call('15880000');
    await call.answered();
    await call.hears([]);
    await center.kill();
    center = await CenterProcess.start(environment());
    await center.logged('hears it from its beginning');
    await call.press('1');
    // Nobody is on duty, which the caller is told before they are let go.
    expect(await center.logged('contact ended')).toMatchObject({ outcome: 'noAgents' });
    await call.ended();
  });

  it('loses its calls with an Asterisk that is restarted, and has its phones again by itself', async () => {
    const [from, to] = [await desk(1), await customer(1)];
    const [call] = await connect(from, to, 1);
    const { config, folder } = asterisk;
    await asterisk.kill();
    await center.logged('was lost');
    await until('healthz says so', async () => (await center.health())['switch'] === false);
    const installed = await installAsterisk();
    if (!installed.ok) throw new Error(installed.why);
    asterisk = await startInstance(installed.asterisk, { folder, config });
    await until('healthz is well', async () => (await center.health())['ok'] === true, 15_000);
    expect(call.isUp).toBe(true);
    call.media?.close();

    const [again, customerAgain] = [await desk(2), await customer(2)];
    const [second, answered] = await connect(again, customerAgain, 2);
    await Promise.all([second.hears(1480), answered.hears(480)]);
    await second.hangUp();
    await answered.ended();
  });

  describe('failure: the way to Asterisk', () => {
    const health = async (more: Record<string, string>): Promise<Record<string, unknown>> => {
      const other = await mkdtemp(join(tmpdir(), 'sangdam-survival-'));
      const started = await CenterProcess.start(environment({ SANGDAM_DATA: other, ...more }));
      const answer = await started.health();
      await started.stop();
      await rm(other, { recursive: true, force: true });
      return answer;
    };

    it('with a wrong password is told by healthz, and which setting puts it right', async () => {
      expect(await health({ SANGDAM_ARI_PASSWORD: 'wrong' })).toMatchObject({ ok: false, switch: false, switchTrouble: expect.stringContaining('SANGDAM_ARI_PASSWORD') });
    });

    it('that leads nowhere is told as well', async () => {
      expect(await health({ SANGDAM_ARI_URL: 'http://127.0.0.1:1/ari' })).toMatchObject({ ok: false, switchTrouble: expect.stringContaining('SANGDAM_ARI_URL') });
    });

    it('that leads to another web server is told apart', async () => {
      expect(await health({ SANGDAM_ARI_URL: `${center.origin}/ari` })).toMatchObject({ ok: false, switchTrouble: expect.stringContaining('no ARI') });
    });
  });
});
