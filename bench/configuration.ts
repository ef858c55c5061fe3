import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { ConfigurationObject } from '../contract/configuration.ts';
import type { Benchmark, BenchRow } from './bench.ts';
import { answer, ask, end } from './children.ts';
import type { StepResult } from './switch-load.ts';
import { yardstick } from './yardstick.ts';

const DESKS = 500;
const CALLS = 20;
const CHANGES = 60;
const WARM_UP = 10;
const BAR_MS = 1000;
const MIN_SHARE_RECEIVED = 0.99;

/** A change of what is set up, from the request of an administrator until the last of 500 desks has it, with 20 calls up. */
export const benchmark: Benchmark = {
  name: 'configuration',
  run: async (): Promise<BenchRow[]> => {
    const bare = await fanOut();
    const subject = fork(join(import.meta.dirname, 'configuration-subject.ts'), [String(DESKS), String(CALLS * 2)]);
    const clients = fork(join(import.meta.dirname, 'cti-clients.ts'));
    const calls = new Calls();
    try {
      const [{ port, tokens, admin }] = await Promise.all([answer<{ port: number; tokens: string[]; admin: string }>(subject), answer(clients)]);
      await calls.begin(port);
      const origin = `http://127.0.0.1:${port}`;
      await ask(clients, { ask: 'connect', origin, tokens, count: DESKS });
      const office = new Office(origin, admin);
      await ask(subject, 'lag');
      const quiet = await calls.listen(5000);
      const { worstMs: quietLagMs } = await ask<{ worstMs: number }>(subject, 'lag');
      const listening = calls.listen(CHANGES * 100 + 3000);
      const times: number[] = [];
      for (let turn = 0; turn < CHANGES; turn++) times.push(await office.rename(clients, turn));
      const meanwhile = await listening;
      const { worstMs } = await ask<{ worstMs: number }>(subject, 'lag');
      return [...rowsOf(times.slice(WARM_UP), bare), lossRow(quiet, meanwhile, await calls.listen(5000)), lagRow(worstMs, quietLagMs)];
    } finally {
      await end(clients, subject);
      await calls.end();
    }
  },
};

/** The calls that are up meanwhile; none on a machine that is too busy to set them up. */
class Calls {
  private load: ChildProcess | null = null;

  async begin(port: number): Promise<void> {
    const load = fork(join(import.meta.dirname, 'configuration-load.ts'), [String(port), String(CALLS * 2)], { stdio: ['ignore', 'inherit', 'ignore', 'ipc'] });
    this.load = await answer(load).then(() => load).catch(() => null);
  }

  /** What of the audio was missing in so long; null where there are no calls, or no more. */
  listen(ms: number): Promise<StepResult | null> {
    return this.load === null ? Promise.resolve(null) : ask<StepResult>(this.load, { ms }).catch(() => null);
  }

  async end(): Promise<void> {
    if (this.load !== null) await end(this.load);
  }
}

/** Bare Socket.IO, one packet to as many desks. */
async function fanOut(): Promise<number[]> {
  const subject = fork(join(import.meta.dirname, 'cti-subject.ts'), ['bare']);
  const clients = fork(join(import.meta.dirname, 'cti-clients.ts'));
  try {
    const [{ origin, tokens }] = await Promise.all([answer<{ origin: string; tokens: string[] }>(subject), answer(clients)]);
    await ask(clients, { ask: 'connect', origin, tokens, count: DESKS });
    const times: number[] = [];
    for (let turn = 0; turn < CHANGES; turn++) {
      await ask(clients, { ask: 'hear' });
      const all = answer<{ value: number }>(clients);
      subject.send('tell');
      times.push((await all).value);
    }
    return times.slice(WARM_UP);
  } finally {
    await end(clients, subject);
  }
}

/** The administrator, by the API. */
class Office {
  private readonly origin: string;
  private readonly headers: Record<string, string>;

  constructor(origin: string, token: string) {
    this.origin = origin;
    this.headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  }

  /** Gives a group another name. @returns milliseconds until the last desk has it */
  async rename(clients: ChildProcess, turn: number): Promise<number> {
    const { objects } = await this.send<{ objects: ConfigurationObject[] }>('GET', '/configuration/group');
    const group = objects[turn % objects.length];
    if (group?.kind !== 'group') throw new Error('no group');
    await ask(clients, { ask: 'hear' });
    const all = answer<{ value: number }>(clients);
    const from = performance.timeOrigin + performance.now();
    await this.send('POST', '/configuration/changes', { changes: [{ ...group, value: { ...group.value, name: `그룹 ${turn} 새 이름` } }] });
    return (await all).value - from;
  }

  private async send<Value>(method: string, path: string, body?: unknown): Promise<Value> {
    const response = await fetch(`${this.origin}/api/v1${path}`, { method, headers: this.headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
    return response.json() as Promise<Value>;
  }
}

const round = (value: number): number => Math.round(value * 100) / 100;

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

function rowsOf(times: readonly number[], bare: readonly number[]): BenchRow[] {
  const factor = yardstick();
  return ([['p50', 0.5], ['the slowest', 1]] as const).map(([name, share]) => {
    const [here, referenceValue] = [percentile(times, share), percentile(bare, share)];
    const hasBar = share === 1;
    return {
      name: `a change of a group until the last of ${DESKS} desks has it, ${CALLS} calls up, ${name}`,
      value: round(here / factor), unit: `ms at yardstick 1 (here ${round(factor)})`,
      reference: 'bare Socket.IO, one packet to as many', referenceValue: round(referenceValue / factor), ratio: round(here / referenceValue),
      bar: hasBar ? `≤ ${BAR_MS}` : null, met: hasBar ? here / factor <= BAR_MS : null,
    };
  });
}

const missing = ({ lost, received, expected }: StepResult): number => lost + (received >= expected * MIN_SHARE_RECEIVED ? 0 : Math.round(expected - received));

/** Calls that lose packets with nobody changing anything say nothing of who does. */
function lossRow(before: StepResult | null, meanwhile: StepResult | null, after: StepResult | null): BenchRow {
  const row = { name: `packets lost or late of ${CALLS} calls during ${CHANGES} changes`, unit: 'packets', bar: '0' };
  const notToBeHad = { ...row, value: null, referenceValue: null, ratio: null, met: null };
  if (before === null || meanwhile === null || after === null) return { ...notToBeHad, reference: 'not to be had: the calls could not be set up on a machine this busy' };
  const without = missing(before) + missing(after);
  if (without > 0) return { ...notToBeHad, reference: `not to be had: ${without} packets were missing without them too, on a machine this busy`, referenceValue: without };
  return { ...row, value: missing(meanwhile), reference: 'packets received meanwhile', referenceValue: meanwhile.received, ratio: missing(meanwhile) / Math.max(1, meanwhile.received), met: missing(meanwhile) === 0 };
}

const lagRow = (worstMs: number, quietMs: number): BenchRow => ({
  name: 'the longest that the loop of the center was kept meanwhile', value: round(worstMs), unit: 'ms', reference: 'the same without changes', referenceValue: round(quietMs), ratio: round(worstMs / Math.max(1, quietMs)), bar: null, met: null,
});
