import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freeUdpPort } from '../../scripts/asterisk/ports.ts';
import type { RunningAsterisk } from '../../scripts/asterisk/instance.ts';
import { startServer, type RunningServer } from '../../server/server.ts';
import { endAsterisk, startAsterisk, switchOn } from '../support/asterisk.ts';
import { Office } from '../support/cast/office.ts';
import { CtiLine } from '../support/cti-line.ts';
import { fillOffice, OFFICE_PASSWORD } from '../support/office-store.ts';
import { sipp, Sipp } from '../support/sipp/index.ts';
import { customerCall, deskPhone, digestOf, registration, stayBetween } from '../support/sipp/scenarios.ts';
import { nothingIsLeft, trunkTo } from '../support/trunk.ts';
import { until } from '../support/until.ts';
import { phoneOf } from '../support/phone-of.ts';

const CALLS = 1000;
const CALLS_A_SECOND = 25;
/** From the first ring to the customer's hanging up. With eight agents some have to wait, and some of those give up. */
const STAYS_MS = [50, 800] as const;
const AGENTS = [1, 2, 3, 4, 5, 6, 7, 8];
const GROUP = '주문';

describe(`${CALLS} customers over a trunk, in one run (SIPp as customers and as the agents' desk phones)`, () => {
  let asterisk: RunningAsterisk;
  let server: RunningServer;
  let office: Office;
  let dataFolder: string;
  let trunkPort: number;
  let phones: Sipp;
  const desks: CtiLine[] = [];

  beforeAll(async () => {
    const deskPort = await freeUdpPort();
    trunkPort = await freeUdpPort();
    asterisk = await startAsterisk({ pjsip: trunkTo(trunkPort) });
    dataFolder = await mkdtemp(join(tmpdir(), 'sangdam-customers-'));
    await fillOffice(dataFolder);
    server = await startServer({
      host: '127.0.0.1', port: 0, dataFolder, demo: false, switch: switchOn(asterisk),
      // The supervisor's line reads every change of the history one by one.
      limits: { requests: { count: 100_000, perS: 60 } },
      configure: (configuration) => ({
        ...configuration,
        people: configuration.people.map((agent) => (agent.role === 'agent' ? { ...agent, memberships: configuration.groups.map(({ groupId }) => ({ groupId, skill: 1 })) } : agent)),
        groups: configuration.groups.map((group) => ({ ...group, wrapUpMs: 0, maxWaiting: 1000 })),
        flows: configuration.flows.map((flow) => ({ ...flow, steps: configuration.groups.slice(0, 1).map(({ groupId }) => ({ type: 'group', groupId })) })),
      }),
    });
    office = await Office.open(server.origin, 'supervisor', OFFICE_PASSWORD);
    for (const n of AGENTS) desks.push(await CtiLine.open(server.origin, `agent${n}`, OFFICE_PASSWORD));
    const accounts = desks.map(({ signedIn }) => phoneOf(signedIn)).map(({ user, password }) => [user, digestOf(user, password)]);
    await sipp({ port: deskPort, to: asterisk.sipAddress, scenario: registration, fields: accounts, calls: accounts.length });
    phones = await Sipp.start({ port: deskPort, scenario: deskPhone });
    for (const desk of desks) await desk.goReady();
  });
  afterAll(async () => {
    for (const desk of desks) desk.close();
    office?.close();
    await phones?.stop();
    await server?.stop();
    if (asterisk !== undefined) await endAsterisk(asterisk);
    await rm(dataFolder, { recursive: true, force: true });
  });

  const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

  it('are all counted, as answered or as having given up, and leave no channel, bridge or contact', { timeout: 150_000 }, async () => {
    const before = office.counters(GROUP);
    const timersBefore = timers();
    const numbers = Array.from({ length: CALLS }, (_, i) => [`010${20_000_000 + i}`]);
    await sipp({ port: trunkPort, to: asterisk.sipAddress, scenario: customerCall(stayBetween(...STAYS_MS)), fields: numbers, service: '15880000', calls: CALLS, callsASecond: CALLS_A_SECOND });

    await nothingIsLeft(asterisk);
    await office.counted(GROUP, before, { offered: CALLS });
    const { answered, abandoned, shortAbandoned } = office.counters(GROUP);
    expect(answered + abandoned + shortAbandoned).toBe(CALLS);
    expect(answered).toBeGreaterThan(CALLS / 2);
    expect(shortAbandoned).toBeGreaterThan(0);
    await until('no contact is left at the center', async () => (await health())['contacts'] === 0);
    expect(desks.map(({ contacts }) => contacts.size)).toEqual(desks.map(() => 0));
    for (const desk of desks) await office.agentIs(phoneOf(desk.signedIn).user, 'READY');
    await until('no timer is left over', () => timers() <= timersBefore);
  });

  const health = async (): Promise<Record<string, unknown>> => (await fetch(`${server.origin}/healthz`)).json();
});
