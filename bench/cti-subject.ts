import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Server } from 'socket.io';
import type { AgentRecord } from '../center/configuration/records.ts';
import { meOf } from '../center/people/person.ts';
import { createGateway } from '../center/gateway/index.ts';
import { createAccessTokens } from '../center/gateway/tokens.ts';
import type { ContactCenter, DeskSink } from '../center/ports.ts';
import { insertConfiguration } from '../center/store/configuration.ts';
import { demoConfiguration } from '../center/store/demo/office.ts';
import { openStore } from '../center/store/index.ts';
import { startFamily } from '../center/store/sessions.ts';
import { CTI_PATH, type CtiEvent } from '../contract/cti/index.ts';
import { fail, ok } from '../contract/errors.ts';
import { AgentId } from '../contract/ids.ts';
import { systemClock } from '../server/clock.ts';
import { startServer } from '../server/server.ts';

/*
 * The process that is measured, by mode: `gateway`, the center's door with so many desks and a core that only sends;
 * `bare`, Socket.IO and nothing else; `server`, the whole server with the demo. On each message `tell` the first two
 * send one event to every desk. The process ends with its parent.
 */

const [, , mode, count = '0'] = process.argv;

interface Subject {
  origin: string;
  tokens: string[];
  tell: (at: number) => void;
}

const folder = await mkdtemp(join(tmpdir(), 'sangdam-bench-'));
const subject = await make();
process.on('message', () => subject.tell(performance.timeOrigin + performance.now()));
process.on('disconnect', () => {
  void rm(folder, { recursive: true, force: true }).then(() => process.exit());
});
process.send?.({ origin: subject.origin, tokens: subject.tokens });

function make(): Promise<Subject> {
  if (mode === 'gateway') return gatewayWithDesks(Number(count));
  return mode === 'bare' ? bareSocketIo() : wholeServer();
}

/** One agent's card, as when an agent changes state; `since` carries the time of sending. */
function event(at: number): CtiEvent {
  return {
    type: 'directory.changed',
    payload: {
      agents: [{ agentId: AgentId.parse('agent1'), name: '상담원 1', extension: '1001', role: 'agent', groupIds: [], state: { name: 'READY' }, since: Math.round(at * 1000), connected: true, reachable: true }],
      groups: [],
    },
  };
}

async function bareSocketIo(): Promise<Subject> {
  const http = createServer();
  const io = new Server(http, { path: CTI_PATH, transports: ['websocket'], serveClient: false });
  io.on('connection', (socket) => socket.on('command', (_message: unknown, acknowledge: (answer: unknown) => void) => acknowledge(ok(null))));
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  let seq = 0;
  // The fastest that Socket.IO can do: one packet, encoded once for all.
  return { origin: originOf(http.address()), tokens: [], tell: (at) => io.emit('event', { seq: ++seq, ...event(at) }) };
}

async function gatewayWithDesks(desks: number): Promise<Subject> {
  const clock = systemClock;
  const store = await openStore({ file: join(folder, 'center.db'), key: randomBytes(32), clock, logger: { info: () => {}, warn: () => {}, error: () => {} } });
  const agents = Array.from({ length: desks }, (_, index): AgentRecord => ({ agentId: AgentId.parse(`a${index}`), account: `a${index}`, name: `상담원 ${index}`, role: 'agent', duties: [], extension: String(10_000 + index), memberships: [] }));
  await store.db.transaction().execute((tx) => insertConfiguration(tx, { ...demoConfiguration(), people: agents }, () => ''));
  const sinks: DeskSink[] = [];
  const known = new Map(agents.map((agent) => [agent.agentId, meOf(agent, 'desk')]));
  const center: ContactCenter = {
    switchAvailable: true,
    contactCount: 0,
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    me: (agentId) => known.get(agentId) ?? null,
    hasDesk: () => true,
    wall: () => null,
    connectConsole: () => fail('unexpected', 'desks are measured'),
    signIn: () => Promise.resolve(fail('unexpected', 'tokens are made here')),
    signOut: () => Promise.resolve(ok(null)),
    endSignIn: () => 'ended',
    customers: null,
    configuration: null,
    membersOf: () => new Set(),
    correctContact: () => Promise.resolve(fail('unexpected', 'only events are measured')),
    customersChanged: () => Promise.resolve(),
    connect: (_agentId, _generation, sink) => {
      sinks.push(sink);
      return ok({ snapshot: () => Promise.reject(new Error('not asked for')), command: () => Promise.resolve(fail('command.unknown', 'only events are measured')), topics: { subscribe: () => ok(null), unsubscribe: () => {}, caughtUp: () => {}, close: () => {} }, disconnected: () => {} });
    },
  };
  const signingKey = randomBytes(32);
  const gateway = await createGateway({ center, store, clock, signingKey, logger: { info: () => {}, warn: () => {}, error: () => {} }, version: 'bench', demo: false, sip: { urls: [], domain: 'bench', iceServers: () => [] }, webFolder: null });
  const port = await gateway.listen({ host: '127.0.0.1', port: 0 });
  const issuer = createAccessTokens(signingKey, clock);
  const tokens: string[] = [];
  for (const { agentId } of agents) tokens.push((await issuer.issue(await startFamily(store.db, agentId, { kind: 'desk', generation: 1 }, clock.now()))).accessToken);
  return {
    origin: `http://127.0.0.1:${port}`,
    tokens,
    tell: (at) => {
      const told = event(at);
      for (const sink of sinks) sink.send(told);
    },
  };
}

async function wholeServer(): Promise<Subject> {
  const allowed = { count: 1_000_000, perS: 1 };
  const { origin } = await startServer({ host: '127.0.0.1', port: 0, dataFolder: folder, demo: true, limits: { commands: allowed } });
  return { origin, tokens: [], tell: () => {} };
}

function originOf(address: AddressInfo | string | null): string {
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
}
