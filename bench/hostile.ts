import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Benchmark, BenchRow } from './bench.ts';
import { answer, ask, end } from './children.ts';
import { HostileSender, type Sent } from './hostile-sender.ts';
import type { StepResult } from './switch-load.ts';
import { cpuMs, yardstick } from './yardstick.ts';

const PER_SECOND = 60;
const CALLS = 20;
const BAR_PERCENT = 2;
/** A sender is compared with the quiet before and after it, in turns, since a machine is not the same for long. */
const ROUNDS = 3;
const WINDOW_MS = 5000;
const MIN_SHARE_RECEIVED = 0.99;
/** Before a socket is read in ticks. */
const FEW = 6;
const ACCOUNT = { user: 'u399', password: 'bench' };

interface Cost {
  /** Of a core of this machine, beyond what the switch takes without them. */
  percent: number;
  sent: Sent;
}

/** What 60 hostile SIP messages a second on one socket cost the embedded switch, and the calls it carries; three minutes. */
export const benchmark: Benchmark = {
  name: 'hostile',
  run: async (): Promise<BenchRow[]> => {
    const bare = fork(join(import.meta.dirname, 'socket-subject.ts'));
    const subject = fork(join(import.meta.dirname, 'switch-subject.ts'), ['switch']);
    let load: ChildProcess | null = null;
    try {
      const [{ port: barePort }, { port }] = [await answer<{ port: number }>(bare), await answer<{ port: number }>(subject)];
      load = fork(join(import.meta.dirname, 'switch-load.ts'), ['switch', String(port)]);
      await answer(load);
      // Once would be chance: this machine is as fast as it was at its best meanwhile, which no figure is the better for.
      const factors = [yardstick(cpuMs)];
      const costOf = async (child: ChildProcess, make: () => HostileSender): Promise<Cost> => {
        const cost = await costIn(child, make);
        factors.push(yardstick(cpuMs));
        return cost;
      };
      const url = `ws://127.0.0.1:${port}/sip`;
      const limit = await costOf(bare, () => new HostileSender(`ws://127.0.0.1:${barePort}/`, 'plain'));
      const costs: [whose: string, cost: Cost, hasBar: boolean][] = [
        ['of a stranger', await costOf(subject, () => new HostileSender(url, 'hostile')), true],
        ['of a phone with a password', await costOf(subject, () => new HostileSender(url, 'hostile', { account: ACCOUNT })), true],
        [`of a stranger who takes another socket after ${FEW} of them`, await costOf(subject, () => new HostileSender(url, 'hostile', { perSocket: FEW })), false],
      ];
      const factor = Math.min(...factors);
      return [...costs.map(([whose, cost, hasBar]) => costRow(whose, cost, limit, factor, hasBar)), await lossRow(load, url)];
    } finally {
      await end(...[bare, subject, load].filter((child) => child !== null));
    }
  },
};

const round = (value: number): number => Math.round(value * 100) / 100;

/** CPU beyond what the switch takes without them, by the messages that were due: a second's worth is sixty of them. */
async function costIn(subject: ChildProcess, make: () => HostileSender): Promise<Cost> {
  const percents: number[] = [];
  const sent: Sent = { due: 0, messages: 0, answered: 0, sockets: 0, refused: 0 };
  for (let i = 0; i < ROUNDS; i++) {
    const before = await timeOf(subject, () => delay(WINDOW_MS));
    const sender = make();
    const meanwhile = await timeOf(subject, async () => {
      sender.start(PER_SECOND);
      await delay(WINDOW_MS);
      await sender.stop();
    });
    const after = await timeOf(subject, () => delay(WINDOW_MS));
    const quiet = (before.cpuMs + after.cpuMs) / (before.ms + after.ms);
    percents.push((100 * (meanwhile.cpuMs - quiet * meanwhile.ms)) / ((1000 * sender.sent.due) / PER_SECOND));
    for (const key of ['due', 'messages', 'answered', 'sockets', 'refused'] as const) sent[key] += sender.sent[key];
  }
  const middle = percents.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0;
  return { percent: Math.max(0, middle), sent };
}

/** CPU time a process takes while something is done. */
async function timeOf(child: ChildProcess, act: () => Promise<void>): Promise<{ cpuMs: number; ms: number }> {
  const before = await ask<{ cpuMs: number; at: number }>(child, 'cpu');
  await act();
  const after = await ask<{ cpuMs: number; at: number }>(child, 'cpu');
  return { cpuMs: after.cpuMs - before.cpuMs, ms: after.at - before.at };
}

function costRow(whose: string, { percent: here, sent }: Cost, limit: Cost, factor: number, hasBar: boolean): BenchRow {
  const percent = here / factor;
  return {
    name: `CPU of ${PER_SECOND} hostile messages a second ${whose} (${sent.messages} of ${sent.due} could be sent, over ${sent.sockets} sockets; ${sent.answered} were answered, ${sent.refused} handshakes refused)`,
    value: round(percent),
    unit: `% of a core at yardstick 1 (here ${round(factor)})`,
    reference: `a bare ws server that answers ${PER_SECOND} short messages a second`,
    referenceValue: round(limit.percent / factor),
    ratio: limit.percent > 0 ? round(here / limit.percent) : null,
    bar: hasBar ? `≤ ${BAR_PERCENT}` : null,
    met: hasBar ? percent <= BAR_PERCENT : null,
  };
}

/** Lost on the way, or never sent; the edges of the window apart. */
const missing = ({ lost, received, expected }: StepResult): number => lost + (received >= expected * MIN_SHARE_RECEIVED ? 0 : Math.round(expected - received));

/** Calls that lose packets with nobody hostile about say nothing of who is. */
async function lossRow(load: ChildProcess, url: string): Promise<BenchRow> {
  const listen = (ms: number): Promise<StepResult> => ask<StepResult>(load, { legs: CALLS * 2, ms });
  const row = { name: `packets lost or late of ${CALLS} bridged calls meanwhile`, unit: 'packets', bar: '0' };
  try {
    await listen(1000);
    const quiet = await listen(WINDOW_MS);
    const senders = [new HostileSender(url, 'hostile'), new HostileSender(url, 'hostile', { account: ACCOUNT })];
    for (const sender of senders) sender.start(PER_SECOND);
    const hostile = await listen(2 * WINDOW_MS);
    for (const sender of senders) await sender.stop();
    // Before and after: others may have come to the machine meanwhile.
    const without = missing(quiet) + missing(await listen(WINDOW_MS));
    if (without > 0) return { ...row, value: null, reference: `not to be had: ${without} packets were missing without them too, on a machine this busy`, referenceValue: without, ratio: null, met: null };
    return { ...row, value: missing(hostile), reference: 'packets received meanwhile', referenceValue: hostile.received, ratio: missing(hostile) / Math.max(1, hostile.received), met: missing(hostile) === 0 };
  } catch (error) {
    return { ...row, value: null, reference: `not to be had: ${error instanceof Error ? error.message : String(error)}`, referenceValue: null, ratio: null, met: null };
  }
}
