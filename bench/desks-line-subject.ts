import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { AgentRecord, Configuration } from '../center/configuration/records.ts';
import { createGateway } from '../center/gateway/index.ts';
import { createAccessTokens } from '../center/gateway/tokens.ts';
import { createContactCenter } from '../center/index.ts';
import type { ContactCenter, DeskConnection, DeskSink } from '../center/ports.ts';
import { insertConfiguration } from '../center/store/configuration.ts';
import { demoConfiguration } from '../center/store/demo/office.ts';
import { openStore } from '../center/store/index.ts';
import { startFamily } from '../center/store/sessions.ts';
import type { FlowStep } from '../contract/configuration.ts';
import { AgentId, GroupId } from '../contract/ids.ts';
import { systemClock } from '../server/clock.ts';
import { FakeSwitch } from '../test/unit/center/fake-switch.ts';
import { cpuMs, yardstick } from './yardstick.ts';

/*
 * The process that is measured: a center at work on a switch without audio, with so many desks. `work` makes calls for so
 * long and says what CPU time they took; `inside` connects the desks here, where they cost nothing, and otherwise they
 * are those of another process. It ends with its parent.
 */

export type DesksLineQuestion = { ask: 'inside' } | { ask: 'ready' } | { ask: 'work'; ms: number; callsPerS: number };

const [, , count = '0'] = process.argv;
const DESKS = Number(count);
const GROUPS = 50;
/** How long a phone rings, and a call lasts. */
const RING_MS = 500;
const TALK_MS = 4000;
const WRAP_UP_MS = 2000;
const quiet = { info: () => {}, warn: () => {}, error: () => {} };

const folder = await mkdtemp(join(tmpdir(), 'sangdam-bench-'));
const clock = systemClock;
const store = await openStore({ file: join(folder, 'center.db'), key: randomBytes(32), clock, logger: quiet });
await store.db.transaction().execute((tx) => insertConfiguration(tx, configuration(), () => ''));
const switchPort = new FakeSwitch();
const signingKey = randomBytes(32);
const center = createContactCenter({ switchPort, records: store.records, clock, logger: quiet, phoneSecret: signingKey });
await center.start();
const connections: DeskConnection[] = [];
const gateway = await createGateway({ center: remembering(center), store, clock, signingKey, logger: quiet, version: 'bench', demo: false, sip: { urls: [], domain: 'bench', iceServers: () => [] }, webFolder: null });
const port = await gateway.listen({ host: '127.0.0.1', port: 0 });
const issuer = createAccessTokens(signingKey, clock);
const desks: { agentId: AgentId; generation: number; token: string }[] = [];
for (let index = 0; index < DESKS; index++) desks.push(await signIn(AgentId.parse(`a${index}`)));

process.on('message', (question: DesksLineQuestion) => {
  answer(question).then(
    (value) => process.send?.({ value }),
    (error: unknown) => process.send?.({ failed: String(error) }),
  );
});
process.on('disconnect', () => {
  void rm(folder, { recursive: true, force: true }).then(() => process.exit());
});
process.send?.({ origin: `http://127.0.0.1:${port}`, tokens: desks.map(({ token }) => token) });

async function answer(question: DesksLineQuestion): Promise<unknown> {
  if (question.ask === 'inside') return desks.map(({ agentId, generation }) => remembering(center).connect(agentId, generation, nobody())).length;
  if (question.ask === 'ready') return allReady();
  return work(question.ms, question.callsPerS);
}

function nobody(): DeskSink {
  return { send: () => {}, topic: () => true, signedOut: () => {} };
}

/** The center, and every desk that connects to it. */
function remembering(real: ContactCenter): ContactCenter {
  const kept: ContactCenter = Object.create(real);
  kept.connect = (agentId, generation, sink) => {
    const connected = real.connect(agentId, generation, sink);
    if (connected.ok) connections.push(connected.value);
    return connected;
  };
  return kept;
}

async function allReady(): Promise<number> {
  for (let index = 0; index < DESKS; index++) switchPort.register(String(10_000 + index));
  let ready = 0;
  for (const connection of connections) {
    await connection.command('agent.reportDevice', { microphone: 'ok' });
    if ((await connection.command('agent.setState', { choice: { kind: 'ready' } })).ok) ready += 1;
  }
  return ready;
}

/** Calls come evenly; phones ring, are answered and end by themselves. */
async function work(ms: number, callsPerS: number): Promise<{ cpuMs: number; wallMs: number; calls: number; answered: number; factor: number }> {
  const rung = new Set<string>();
  let calls = 0;
  let answered = 0;
  const coming = setInterval(() => {
    const caller = switchPort.arrive(null, `+8210${String(20_000_000 + calls++)}`, demoNumber());
    void delay(RING_MS + TALK_MS).then(() => switchPort.phoneEnds(caller));
  }, 1000 / callsPerS);
  const ringing = setInterval(() => {
    for (const { channelId, state } of switchPort.channels.values()) {
      if (state !== 'ringing' || rung.has(channelId)) continue;
      rung.add(channelId);
      void delay(RING_MS).then(() => {
        switchPort.phoneAnswers(channelId);
        answered += 1;
      });
    }
  }, 50);
  // The first calls are not over yet: only then it is what it goes on as.
  await delay(RING_MS + TALK_MS + WRAP_UP_MS);
  const [cpuBefore, wallBefore, callsBefore] = [cpuMs(), performance.now(), calls];
  await delay(ms);
  const spent = { cpuMs: cpuMs() - cpuBefore, wallMs: performance.now() - wallBefore, calls: calls - callsBefore, answered };
  clearInterval(coming);
  clearInterval(ringing);
  return { ...spent, factor: yardstick(cpuMs) };
}

function demoNumber(): string {
  return demoConfiguration().numbers[0]?.e164 ?? '';
}

async function signIn(agentId: AgentId): Promise<{ agentId: AgentId; generation: number; token: string }> {
  const signedIn = await center.signIn(agentId, 'desktop');
  if (!signedIn.ok) throw new Error(signedIn.error.message);
  const { generation } = signedIn.value;
  return { agentId, generation, token: (await issuer.issue(await startFamily(store.db, agentId, { kind: 'desk', generation }, clock.now()))).accessToken };
}

function configuration(): Configuration {
  const demo = demoConfiguration();
  const [first] = demo.groups;
  if (first === undefined) throw new Error('the demo has no group');
  const groups = Array.from({ length: GROUPS }, (_, index) => ({ ...first, groupId: GroupId.parse(`g${index}`), name: `그룹 ${index}`, wrapUpMs: WRAP_UP_MS, whenEmpty: 'wait' as const }));
  // Everybody takes the callers of the first, and is in one of the others.
  const agents = Array.from({ length: DESKS }, (_, index): AgentRecord => ({
    agentId: AgentId.parse(`a${index}`), account: `a${index}`, name: `상담원 ${index}`, role: 'agent', duties: [], extension: String(10_000 + index),
    memberships: [...new Set([0, index % GROUPS])].map((group) => ({ groupId: GroupId.parse(`g${group}`), skill: 1 })),
  }));
  const steps: FlowStep[] = [{ type: 'group', groupId: GroupId.parse('g0') }];
  return { ...demo, groups, dispositions: [], flows: demo.flows.map((flow) => ({ ...flow, steps })), people: [...demo.people.filter(({ role }) => role === 'admin'), ...agents], phones: [] };
}
