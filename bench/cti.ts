import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { z } from 'zod';
import type { Benchmark, BenchRow } from './bench.ts';

const DESKS = 500;
/** Events sent to all desks; the first few warm up the compilers on both sides. */
const EVENTS = 120;
const ROUND_TRIPS = 500;
const WARM_UP = 20;
const ROUND_TRIP_BAR_MS = 20;
const ANSWER_LIMIT_MS = 30_000;

/**
 * The desks' line: one event to 500 desks, and an agent's change of state until the desk has its answer and the
 * event. Both beside bare Socket.IO in the same run, with the desks in a process of their own.
 */
export const benchmark: Benchmark = {
  name: 'cti',
  run: async (): Promise<BenchRow[]> => {
    const bareFanOut = await fanOut('bare');
    const ourFanOut = await fanOut('gateway');
    const bareTrips = await roundTrips('bare');
    const ourTrips = await roundTrips('server');
    const fanOutRow = (name: string, share: number): BenchRow => {
      const [value, referenceValue] = [percentile(ourFanOut, share), percentile(bareFanOut, share)];
      return { name, value, unit: 'ms', reference: 'bare Socket.IO, `io.emit` of one packet encoded once', referenceValue, ratio: round(value / referenceValue), bar: null, met: null };
    };
    const [value, referenceValue] = [percentile(ourTrips, 0.95), percentile(bareTrips, 0.95)];
    return [
      fanOutRow(`an event until the last of ${DESKS} desks has it, p50`, 0.5),
      fanOutRow(`an event until the last of ${DESKS} desks has it, p95`, 0.95),
      {
        name: 'state change until answer and event are at the desk, p95',
        value,
        unit: 'ms',
        reference: 'an acknowledgement of bare Socket.IO, p95',
        referenceValue,
        ratio: round(value / referenceValue),
        bar: `≤ ${ROUND_TRIP_BAR_MS}`,
        met: value <= ROUND_TRIP_BAR_MS,
      },
    ];
  },
};

const Subject = z.object({ origin: z.string(), tokens: z.array(z.string()) });
type Subject = z.infer<typeof Subject>;
const Answer = z.object({ value: z.unknown(), failed: z.string().optional() });

async function fanOut(mode: 'gateway' | 'bare'): Promise<number[]> {
  return withProcesses(mode, async (subject, clients, { origin, tokens }) => {
    await ask(clients, { ask: 'connect', origin, tokens, count: DESKS });
    const times: number[] = [];
    for (let turn = 0; turn < EVENTS; turn++) {
      clients.send({ ask: 'hear' });
      await message(clients);
      subject.send('tell');
      times.push(z.number().parse(valueOf(await message(clients))));
    }
    return times.slice(WARM_UP);
  });
}

async function roundTrips(mode: 'server' | 'bare'): Promise<number[]> {
  return withProcesses(mode, async (_subject, clients, { origin }) => {
    const times = await ask(clients, { ask: 'roundTrips', origin, turns: ROUND_TRIPS + WARM_UP, bare: mode === 'bare' });
    return z.array(z.number()).parse(times).slice(WARM_UP);
  });
}

async function withProcesses<Value>(mode: string, measure: (subject: ChildProcess, clients: ChildProcess, made: Subject) => Promise<Value>): Promise<Value> {
  const subject = fork(join(import.meta.dirname, 'cti-subject.ts'), [mode, String(DESKS)]);
  const clients = fork(join(import.meta.dirname, 'cti-clients.ts'));
  try {
    const [made] = await Promise.all([message(subject), message(clients)]);
    return await measure(subject, clients, Subject.parse(made));
  } finally {
    for (const child of [clients, subject]) {
      if (child.exitCode !== null) continue;
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    }
  }
}

async function ask(child: ChildProcess, question: object): Promise<unknown> {
  const answered = message(child);
  child.send(question);
  return valueOf(await answered);
}

/** The next message of a process, within half a minute. */
async function message(child: ChildProcess): Promise<unknown> {
  const settled = new AbortController();
  const ended = once(child, 'exit', { signal: settled.signal }).then((): never => {
    throw new Error('a process of the benchmark ended early');
  });
  const signal = AbortSignal.any([settled.signal, AbortSignal.timeout(ANSWER_LIMIT_MS)]);
  try {
    const received: unknown[] = await Promise.race([once(child, 'message', { signal }), ended]);
    return received[0];
  } finally {
    settled.abort();
    // Aborted, or ended after its answer: neither concerns anyone now.
    ended.catch(() => {});
  }
}

function valueOf(answer: unknown): unknown {
  const { value, failed } = Answer.parse(answer);
  if (failed !== undefined) throw new Error(failed);
  return value;
}

const round = (value: number): number => Math.round(value * 100) / 100;

/** The value that this share of all does not exceed, to a hundredth. */
function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return round(sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? 0);
}
