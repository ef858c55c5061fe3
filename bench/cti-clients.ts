import { randomUUID } from 'node:crypto';
import { io, type Socket } from 'socket.io-client';
import { z } from 'zod';
import { CTI_PATH, SignedIn } from '../contract/cti/index.ts';
import type { TopicName } from '../contract/cti/topic-names.ts';
import { unreachable } from '../contract/errors.ts';

/*
 * The process with the desks, so that what is measured does not share their event loop. It is asked by messages:
 * `connect` so many sockets, which look at what desks look at where they are to; `hear` answers when the last of them has had the next event; `roundTrips` changes an
 * agent's state and waits for the answer and for the event that tells of it.
 */

type Question = { ask: 'connect'; origin: string; tokens: string[]; count: number; looks?: boolean } | { ask: 'hear' } | { ask: 'told' } | { ask: 'roundTrips'; origin: string; turns: number; bare: boolean };

const Answer = z.object({ value: SignedIn.pick({ accessToken: true }) });

const sockets: Socket[] = [];
let heard = 0;
/** Words of what they look at. */
let told = 0;
let onAll: (sentAt: number) => void = () => {};

const now = (): number => performance.timeOrigin + performance.now();

process.on('message', (question: Question) => {
  answer(question).then(
    (value) => process.send?.({ value }),
    (error: unknown) => process.send?.({ failed: String(error) }),
  );
});
process.on('disconnect', () => process.exit());
process.send?.({ value: 'ready' });

async function answer(question: Question): Promise<unknown> {
  switch (question.ask) {
    case 'connect':
      for (let index = 0; index < question.count; index++) {
        const socket = await connect(question.origin, question.tokens[index]);
        sockets.push(socket);
        if (question.looks === true) await look(socket, index);
      }
      return sockets.length;
    case 'hear':
      heard = 0;
      return new Promise<number>((resolve) => {
        onAll = (sentAt) => resolve(now() - sentAt);
        process.send?.({ listening: true });
      });
    case 'told':
      return told;
    case 'roundTrips':
      return roundTrips(question.origin, question.turns, question.bare);
    default:
      return unreachable(question);
  }
}

async function connect(origin: string, token: string | undefined): Promise<Socket> {
  const socket = io(origin, { path: CTI_PATH, auth: { token }, transports: ['websocket'], reconnection: false, forceNew: true });
  socket.on('topic', () => (told += 1));
  socket.on('event', (envelope: { payload: { agents?: { since: number }[] } }) => {
    heard += 1;
    if (heard === sockets.length) onAll((envelope.payload.agents?.[0]?.since ?? 0) / 1000);
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  return socket;
}

/** Whose desk shows the states of everybody, who chooses whom to ask or looks at the team: one of so many. */
const DESKS_FOR_A_DIRECTORY = 20;

/** What a desk shows always, its queues and the names of its colleagues; some the whole directory. */
async function look(socket: Socket, index: number): Promise<void> {
  const topics: readonly TopicName[] = index % DESKS_FOR_A_DIRECTORY === 0 ? ['people', 'figures', 'directory'] : ['people', 'figures'];
  for (const topic of topics) {
    const result: { ok: boolean } = await socket.timeout(5000).emitWithAck('command', { type: 'topic.subscribe', key: randomUUID(), payload: { topic, groupIds: null } });
    if (!result.ok) throw new Error(JSON.stringify(result));
  }
}

async function roundTrips(origin: string, turns: number, bare: boolean): Promise<number[]> {
  const socket = await connect(origin, bare ? undefined : await signIn(origin));
  const times: number[] = [];
  for (let turn = 0; turn < turns; turn++) {
    const reason = turn % 2 === 0 ? 'break' : 'meal';
    const event = bare ? Promise.resolve() : eventOf(socket, reason);
    const from = performance.now();
    const result: { ok: boolean } = await socket.timeout(5000).emitWithAck('command', { type: 'agent.setState', key: randomUUID(), payload: { choice: { kind: 'away', reason } } });
    if (!result.ok) throw new Error(JSON.stringify(result));
    await event;
    times.push(performance.now() - from);
  }
  socket.close();
  return times;
}

function eventOf(socket: Socket, reason: string): Promise<void> {
  return new Promise((resolve) => {
    const listen = (envelope: { type: string; payload: { agents?: { agentId: string; state: { reason?: string } }[] } }) => {
      if (envelope.type !== 'directory.changed' || !envelope.payload.agents?.some((card) => card.agentId === 'agent1' && card.state.reason === reason)) return;
      socket.off('event', listen);
      resolve();
    };
    socket.on('event', listen);
  });
}

async function signIn(origin: string): Promise<string> {
  const response = await fetch(`${origin}/api/auth/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ account: 'agent1', password: 'sangdam-demo', client: 'desktop' }),
  });
  return Answer.parse(await response.json()).value.accessToken;
}
