import { connect, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../support/sip-phone/index.ts';
import { accountOf, makeAsterisk, testAsterisk } from './make-asterisk.ts';
import { must, Stage, TONES, type SwitchUnderTest } from './stage.ts';

const AGENT = TONES['1001'];
const SUPERVISOR = TONES['1002'];
const CUSTOMER = TONES.c1;

/** A way to Asterisk that can be cut. */
class Wire {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private open = true;

  private constructor(port: number) {
    this.server = createServer((near) => {
      if (!this.open) {
        near.destroy();
        return;
      }
      const far = connect(port, '127.0.0.1');
      for (const socket of [near, far]) {
        this.sockets.add(socket);
        socket.on('error', () => {});
        socket.on('close', () => {
          this.sockets.delete(socket);
          near.destroy();
          far.destroy();
        });
      }
      near.pipe(far);
      far.pipe(near);
    });
  }

  static async to(url: string): Promise<Wire> {
    const wire = new Wire(Number(new URL(url).port));
    await new Promise<void>((resolve) => wire.server.listen(0, '127.0.0.1', resolve));
    return wire;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/ari`;
  }

  cut(): void {
    this.open = false;
    for (const socket of this.sockets) socket.destroy();
  }

  mend(): void {
    this.open = true;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** What Asterisk itself has that belongs to snoops. */
async function leftovers(): Promise<string[]> {
  const { url, user, password } = accountOf(await testAsterisk());
  const headers = { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
  const list = async (what: 'channels' | 'bridges'): Promise<{ name: string }[]> => (await (await fetch(`${url}/${what}`, { headers })).json()) as { name: string }[];
  const names = [...(await list('channels')), ...(await list('bridges'))].map(({ name }) => name);
  return names.filter((name) => name.startsWith('Snoop/') || name === 'sangdam-snoop');
}

describe('snoop channels of Asterisk', () => {
  let stage: Stage;
  let wire: Wire;

  beforeEach(async () => {
    const account = accountOf(await testAsterisk());
    wire = await Wire.to(account.url);
    stage = await Stage.open((fixtures) => makeAsterisk(fixtures, { account: { ...account, url: wire.url } }));
  });
  afterEach(async () => {
    await stage.close();
    await wire.close();
    await until('nothing is left', async () => (await leftovers()).length === 0);
  });

  async function listening() {
    const { parties: [agent, customer] } = await stage.bridged('1001', 'c1');
    if (agent === undefined || customer === undefined) throw new Error('two parties were asked for');
    const supervisor = await stage.connect(await stage.registered('1002'));
    must(await stage.port.snoop({ snoopId: 's1', channelId: supervisor.channelId, targetId: agent.channelId, whispering: false }));
    await supervisor.call.hears([AGENT, CUSTOMER]);
    expect(await leftovers()).toHaveLength(2);
    return { agent, customer, supervisor };
  }

  /** The link is lost, something happens, and the link is back. */
  async function whileAway(happen: () => Promise<unknown>): Promise<void> {
    wire.cut();
    await until('the link is lost', () => !stage.port.available);
    await happen();
    wire.mend();
    await until('the link is back', () => stage.port.available, 10_000);
  }

  it('go on through a lost link, and obey again after it', async () => {
    const { agent, customer, supervisor } = await listening();
    await whileAway(() => supervisor.call.hears([AGENT, CUSTOMER]));
    must(await stage.port.setWhispering('s1', true));
    await Promise.all([agent.call.hears([CUSTOMER, SUPERVISOR]), customer.call.hears(AGENT, [SUPERVISOR])]);
    must(await stage.port.stopSnoop('s1'));
    await supervisor.call.silent();
  });

  it.each(['agent', 'supervisor'] as const)('whose %s went meanwhile are over when the link is back', async (who) => {
    const parties = await listening();
    await whileAway(() => parties[who].call.hangUp());
    await stage.event('snoop.ended', ({ snoopId }) => snoopId === 's1');
    expect(stage.events.filter(({ type }) => type === 'snoop.ended')).toHaveLength(1);
  });

  it('that a center left behind are closed by the next, and calls go on', async () => {
    const { agent, customer, supervisor } = await listening();
    wire.cut();
    const next: SwitchUnderTest = await makeAsterisk({ announcementsDir: stage.folder, trunk: () => null, orphanGraceMs: 1500 });
    await next.port.start();
    await until('nothing is left', async () => (await leftovers()).length === 0);
    await supervisor.call.silent();
    await Promise.all([agent.call.hears(CUSTOMER), customer.call.hears(AGENT)]);
    expect(must(await next.port.listChannels())).toHaveLength(3);
    expect(must(await next.port.listBridges())).toHaveLength(1);
    await next.port.stop();
  });
});
