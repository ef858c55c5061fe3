import { randomBytes } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createContactCenter } from '../center/index.ts';
import { demoConfiguration } from '../center/store/demo/office.ts';
import { openStore } from '../center/store/index.ts';
import { createAsteriskSwitch } from '../center/switch/asterisk/index.ts';
import type { DeskConnection } from '../center/ports.ts';
import { AgentId } from '../contract/ids.ts';
import { systemClock } from '../server/clock.ts';
import { createLogger } from '../server/logger.ts';

/*
 * The process that is measured: the whole center with as many agents as asked for, each with a desk that listens.
 * Tells the agents' phone passwords, waits for `ready`, then answers `report` with its CPU time and what is left behind.
 */

const [, , ariUrl = '', password = '', sounds = '', count = '0'] = process.argv;
const desks: DeskConnection[] = [];
const base = demoConfiguration();
const [group, ...others] = base.groups;
if (group === undefined) throw new Error('the demo has no group');
const agents = Array.from({ length: Number(count) }, (_, i) => ({
  agentId: AgentId.parse(`bench${i}`), account: `bench${i}`, name: `Agent ${i}`, role: 'agent' as const, duties: [], extension: String(20_000 + i), memberships: [{ groupId: group.groupId, skill: 5 }],
}));
const configuration = {
  ...base,
  people: agents,
  phones: [],
  groups: [{ ...group, hours: [], wrapUpMs: 0, maxWaiting: 10_000, whenEmpty: 'wait' as const, offerTimeoutMs: 15_000 }, ...others],
  flows: base.flows.map((flow) => ({ ...flow, steps: [{ type: 'group' as const, groupId: group.groupId }] })),
};

const logger = createLogger('error');
const store = await openStore({ file: join(await mkdtemp(join(tmpdir(), 'sangdam-bench-')), 'center.db'), key: randomBytes(32), clock: systemClock, logger });
const asterisk = createAsteriskSwitch({ account: { url: ariUrl, user: 'sangdam', password }, announcementsDir: sounds, soundsFolder: sounds, logger, clock: systemClock, trunk: () => null });
const center = createContactCenter({ switchPort: asterisk, records: { ...store.records, configuration: async () => configuration }, clock: systemClock, logger, phoneSecret: new Uint8Array(32) });
await center.start();

const phones: { user: string; password: string }[] = [];
const generations: number[] = [];
for (const { agentId } of agents) {
  const signedIn = await center.signIn(agentId, 'desktop');
  if (!signedIn.ok) throw new Error(signedIn.error.message);
  phones.push({ user: signedIn.value.sipUser, password: signedIn.value.sipPassword });
  generations.push(signedIn.value.generation);
}
process.on('message', (message) => void heard(String(message)));
process.on('disconnect', () => process.exit());
process.send?.({ phones });

async function heard(message: string): Promise<void> {
  if (message === 'ready') {
    for (const [i, { agentId }] of agents.entries()) {
      const desk = center.connect(agentId, generations[i] ?? 0, { send: () => {}, topic: () => true, signedOut: () => {} });
      if (!desk.ok) throw new Error(desk.error.message);
      desks.push(desk.value);
      const ready = await desk.value.command('agent.setState', { choice: { kind: 'ready' } });
      if (!ready.ok) throw new Error(`${agentId}: ${ready.error.message}`);
    }
    process.send?.({ ready: desks.length });
  }
  if (message === 'report') {
    const { user, system } = process.cpuUsage();
    const [channels, bridges] = await Promise.all([asterisk.listChannels(), asterisk.listBridges()]);
    process.send?.({ cpuMs: (user + system) / 1000, leaked: (channels.ok ? channels.value.length : -1) + (bridges.ok ? bridges.value.length : -1) });
  }
}
