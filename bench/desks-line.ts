import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { Benchmark, BenchRow } from './bench.ts';
import { answer, ask, end } from './children.ts';

const DESKS = 500;
const CALLS_PER_S = 14;
const WORK_MS = 20_000;
const BAR_PERCENT = 30;

interface Work {
  cpuMs: number;
  wallMs: number;
  calls: number;
  answered: number;
  factor: number;
}

/**
 * What it costs the center to keep 500 desks told while 14 calls a second are answered: with sockets, less the same without.
 * Each looks at its queues and its colleagues' names, one of twenty at what everybody is doing.
 */
export const benchmark: Benchmark = {
  name: 'desks-line',
  run: async (): Promise<BenchRow[]> => {
    const inside = await work(false);
    const line = await work(true);
    const share = ({ cpuMs, wallMs, factor }: Work): number => (100 * cpuMs) / wallMs / factor;
    const value = round(share(line) - share(inside));
    const busy = [inside, line].find(({ calls, answered, wallMs }) => calls < (0.9 * CALLS_PER_S * wallMs) / 1000 || answered < 0.9 * calls);
    const row = { name: `the line of ${DESKS} desks at ${CALLS_PER_S} calls a second`, unit: `% of a core at yardstick 1 (here ${round(line.factor)})`, bar: `≤ ${BAR_PERCENT}` };
    if (busy !== undefined) return [{ ...row, value: null, reference: `not to be had: of ${CALLS_PER_S} calls a second there were ${round((1000 * busy.calls) / busy.wallMs)}, ${busy.answered} answered, on a machine this busy`, referenceValue: null, ratio: null, met: null }];
    return [{ ...row, value, reference: 'the calls themselves, with nobody to be told', referenceValue: round(share(inside)), ratio: round(value / share(inside)), met: value <= BAR_PERCENT }];
  },
};

async function work(overSockets: boolean): Promise<Work> {
  const subject = fork(join(import.meta.dirname, 'desks-line-subject.ts'), [String(DESKS)]);
  const clients = fork(join(import.meta.dirname, 'cti-clients.ts'));
  try {
    const [{ origin, tokens }] = await Promise.all([answer<{ origin: string; tokens: string[] }>(subject), answer(clients)]);
    if (overSockets) await ask(clients, { ask: 'connect', origin, tokens, count: DESKS, looks: true });
    else await ask(subject, { ask: 'inside' });
    const { value: ready } = await ask<{ value: number }>(subject, { ask: 'ready' });
    if (ready !== DESKS) throw new Error(`${ready} of ${DESKS} agents are ready`);
    const { value: done } = await ask<{ value: Work }>(subject, { ask: 'work', ms: WORK_MS, callsPerS: CALLS_PER_S });
    const { value: words } = await ask<{ value: number }>(clients, { ask: 'told' });
    if (overSockets && words < 3 * DESKS) throw new Error(`${words} words of what they look at reached ${DESKS} desks`);
    return done;
  } finally {
    await end(clients, subject);
  }
}

const round = (value: number): number => Math.round(value * 10) / 10;
