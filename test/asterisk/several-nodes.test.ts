import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AgentId } from '../../contract/ids.ts';
import { installAsterisk } from '../../scripts/asterisk/install.ts';
import { startInstance, type RunningAsterisk } from '../../scripts/asterisk/instance.ts';
import { startServer, type RunningServer } from '../../server/server.ts';
import { AgentDesk } from '../support/agent-desk.ts';
import { endAsterisk, startAsterisk, switchOn } from '../support/asterisk.ts';
import { CenterProcess } from '../support/center-process.ts';
import { createSipPhone, type PhoneCall, type SipPhone } from '../support/sip-phone/index.ts';
import { until } from '../support/until.ts';

const agent2 = { kind: 'agent', agentId: AgentId.parse('agent2') } as const;
const toneOf = (customer: number): number => 1400 + 60 * customer;

const phones: SipPhone[] = [];
const phone = async (at: RunningAsterisk, user: string, password: string, toneHz: number): Promise<SipPhone> => {
  const made = createSipPhone({ url: at.sipUrl, user, password, toneHz });
  phones.push(made);
  await made.register();
  return made;
};
const closePhones = (): Promise<unknown> => Promise.all(phones.splice(0).map((each) => each.close()));

const isIdle = async (asterisk: RunningAsterisk): Promise<boolean> => (await asterisk.cli('core show channels count')).includes('0 active channels');

/** The way to an Asterisk's ARI, which a test can cut, or close. */
class Way {
  private readonly to: number;
  private readonly sockets = new Set<Socket>();
  private server: Server | null = null;
  private port = 0;

  constructor({ config }: RunningAsterisk) {
    this.to = config.httpPort;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/ari`;
  }

  /** On the port it had. */
  async open(): Promise<this> {
    this.server = createServer((near) => this.join(near, connect(this.to, '127.0.0.1'))).listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
    return this;
  }

  cut(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  close(): void {
    this.server?.close();
    this.cut();
  }

  private join(near: Socket, far: Socket): void {
    for (const [one, other] of [[near, far], [far, near]] as const) {
      this.sockets.add(one);
      one.on('error', () => other.destroy());
      one.once('close', () => {
        this.sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  }
}

describe('a center on two Asterisks', () => {
  let first: RunningAsterisk;
  let second: RunningAsterisk;
  let way: Way;
  let server: RunningServer;
  let dataFolder: string;
  const desks: AgentDesk[] = [];

  beforeAll(async () => {
    [first, second] = await Promise.all([startAsterisk(), startAsterisk()]);
    way = await new Way(first).open();
    dataFolder = await mkdtemp(join(tmpdir(), 'sangdam-nodes-'));
    server = await startServer({
      host: '127.0.0.1', port: 0, dataFolder, demo: true,
      switch: switchOn([{ ...first, ariUrl: way.url }, second]),
      configure: (configuration) => {
        const groups = configuration.groups.map((group) => ({ ...group, hours: [], wrapUpMs: 0 }));
        return { ...configuration, groups, flows: configuration.flows.map((flow) => ({ ...flow, steps: groups.slice(0, 1).map(({ groupId }) => ({ type: 'group' as const, groupId })) })) };
      },
    });
  });
  afterEach(async () => {
    await closePhones();
    await Promise.all(desks.splice(0).map((desk) => desk.close()));
    await until('no channel is left', async () => (await isIdle(first)) && (await isIdle(second)), 20_000);
  });
  afterAll(async () => {
    await server?.stop();
    way?.close();
    for (const asterisk of [first, second]) if (asterisk !== undefined) await endAsterisk(asterisk);
    await rm(dataFolder, { recursive: true, force: true });
  });

  const sit = async (n: 1 | 2): Promise<AgentDesk> => {
    const desk = await AgentDesk.signIn(server.origin, `agent${n}`, 400 + 100 * n);
    desks.push(desk);
    return desk;
  };
  const customerCalls = async (n: number, at: RunningAsterisk): Promise<PhoneCall> => (await phone(at, `c${n}`, 'customer', toneOf(n))).call('15880000');

  /** A customer calls there, and the desk that rings answers. */
  const talk = async (n: number, at: RunningAsterisk): Promise<{ call: PhoneCall; desk: AgentDesk }> => {
    const call = await customerCalls(n, at);
    const desk = await until('a desk rings', () => desks.find(({ rings }) => rings));
    await desk.answer();
    await talking(call, n, desk);
    return { call, desk };
  };
  const talking = async (call: PhoneCall, n: number, desk: AgentDesk): Promise<void> => {
    await Promise.all([call.hears(desk.toneHz), desk.hears([toneOf(n)])]);
  };
  const channelsAt = async (asterisk: RunningAsterisk): Promise<number> => Number(/(\d+) active channel/.exec(await asterisk.cli('core show channels count'))?.[1]);
  const health = async (): Promise<Record<string, unknown>> => (await fetch(`${server.origin}/healthz`)).json() as Promise<Record<string, unknown>>;

  it('takes calls at both; whoever is free answers, where the call is', async () => {
    await sit(1);
    await sit(2);
    const one = await talk(1, first);
    const two = await talk(2, second);
    expect(one.desk).not.toBe(two.desk);
    expect([await channelsAt(first), await channelsAt(second)]).toEqual([2, 2]);
    await Promise.all([talking(one.call, 1, one.desk), talking(two.call, 2, two.desk)]);
    expect(await health()).toMatchObject({ ok: true, switch: true });
    expect(await health()).not.toHaveProperty('switchTrouble');
  });

  it('consults and hands over where the call is', async () => {
    const desk = await sit(1);
    const { call } = await talk(1, second);
    const colleague = await sit(2);
    await desk.consult(agent2);
    await colleague.answer();
    await Promise.all([desk.hears([colleague.toneHz], [toneOf(1)]), colleague.hears([desk.toneHz], [toneOf(1)])]);
    await desk.completeTransfer();
    await Promise.all([call.hears(colleague.toneHz, [desk.toneHz]), colleague.hears([toneOf(1)], [desk.toneHz])]);
    expect([await channelsAt(first), await channelsAt(second)]).toEqual([0, 2]);
  });

  it('goes on with its calls when the way to one was cut for a moment', async () => {
    await sit(1);
    await sit(2);
    const one = await talk(1, first);
    const two = await talk(2, second);
    way.cut();
    await until('it was noticed', async () => (await health())['switchTrouble'] !== undefined, 5000, 5);
    await until('it is back', async () => (await health())['switchTrouble'] === undefined);
    await Promise.all([talking(one.call, 1, one.desk), talking(two.call, 2, two.desk)]);
    await one.call.hangUp();
    await until('the desk is told', () => one.desk.state === 'READY');
    expect([one.desk.notices, two.desk.notices, two.desk.state]).toEqual([[], [], 'TALKING']);
  });

  it('loses with one the calls that were on it; the others are talked on, new ones come, and it takes calls again when it is back', async () => {
    await sit(1);
    await sit(2);
    const lost = await talk(1, first);
    const kept = await talk(2, second);
    const { config, folder } = first;
    way.close();
    await first.kill();
    await until('the calls on it end', () => lost.desk.state === 'READY' && !lost.desk.session.onCall, 15_000);
    expect(lost.desk.notices).toEqual(['networkLost']);
    expect(kept.desk.notices).toEqual([]);
    await talking(kept.call, 2, kept.desk);
    expect(await health()).toMatchObject({ ok: true, switch: true, switchTrouble: expect.stringMatching(/^Asterisk 1 of 2 .*SANGDAM_ARI_URL/) });
    lost.call.media?.close();

    const next = await talk(3, second);
    expect(next.desk).toBe(lost.desk);
    await next.call.hangUp();

    const installed = await installAsterisk();
    if (!installed.ok) throw new Error(installed.why);
    first = await startInstance(installed.asterisk, { folder, config });
    await way.open();
    await until('it is back', async () => (await health())['switchTrouble'] === undefined, 15_000);
    const again = await talk(4, first);
    expect(again.desk).toBe(lost.desk);
    await talking(kept.call, 2, kept.desk);
  });
});

describe('a center of its own process on two Asterisks', () => {
  let first: RunningAsterisk;
  let second: RunningAsterisk;
  let dataFolder: string;

  beforeAll(async () => {
    [first, second] = await Promise.all([startAsterisk(), startAsterisk()]);
    dataFolder = await mkdtemp(join(tmpdir(), 'sangdam-nodes-'));
  });
  afterEach(closePhones);
  afterAll(async () => {
    for (const asterisk of [first, second]) if (asterisk !== undefined) await endAsterisk(asterisk);
    await rm(dataFolder, { recursive: true, force: true });
  });

  const start = (more: Record<string, string> = {}): Promise<CenterProcess> =>
    CenterProcess.start({
      SANGDAM_DATA: dataFolder, SANGDAM_SWITCH: 'asterisk', SANGDAM_ARI_URL: `${first.ariUrl},${second.ariUrl}`,
      SANGDAM_ARI_USER: first.config.ariUser, SANGDAM_ARI_PASSWORD: first.config.ariPassword, ...more,
    });

  /** A desk phone calls a customer's, both there. */
  const pair = async (at: RunningAsterisk, n: number): Promise<[PhoneCall, PhoneCall]> => {
    const customer = await phone(at, `c${n}`, 'customer', toneOf(n));
    const call = await (await phone(at, `190${n}`, 'desk-phone', 400 + 100 * n)).call(`0100000000${n}`);
    const answered = await (await customer.incoming(10_000)).answer();
    await call.answered(10_000);
    return [call, answered];
  };

  it('is killed with calls at both, and goes on with them when it is started again', async () => {
    let center = await start();
    const calls = [await pair(first, 1), await pair(second, 2)];
    await center.kill();
    for (const [n, [call, answered]] of calls.entries()) await Promise.all([call.hears(toneOf(n + 1)), answered.hears(500 + 100 * n)]);
    center = await start();
    expect(await center.logged('contacts whose calls outlived')).toMatchObject({ contacts: 2 });
    for (const [call] of calls) await call.hangUp();
    await Promise.all(calls.map(([, answered]) => answered.ended()));
    await center.stop();
  });

  describe('failure: one of them', () => {
    it('refuses the password: it is said which and which setting, and the other works', async () => {
      const center = await start({ SANGDAM_ARI_PASSWORD: `${first.config.ariPassword},wrong` });
      expect(await center.health()).toMatchObject({ ok: true, switch: true, switchTrouble: expect.stringMatching(/^Asterisk 2 of 2 .*SANGDAM_ARI_PASSWORD/) });
      expect(await center.logged('refuses the user or the password')).toMatchObject({ asterisk: expect.stringContaining(second.ariUrl) });
      const [call, answered] = await pair(first, 3);
      await Promise.all([call.hears(toneOf(3)), answered.hears(700)]);
      await call.hangUp();
      await center.stop();
    });
  });
});
