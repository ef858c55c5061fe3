import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { Benchmark, BenchRow } from './bench.ts';
import { answer, ask, end } from './children.ts';
import type { StepResult } from './switch-load.ts';

/** Calls at a time, two legs each; the first is the bar's load, the others look for the limit. */
const STEPS = [20, 40, 60];
const STEP_MS = 6000;
/** A step counts as lossless when nothing was lost and all that was due came, but for the edges of the window. */
const MIN_SHARE_RECEIVED = 0.99;

interface Measured extends StepResult {
  legs: number;
  /** Cores the measured process was busy, 1 = one whole core. */
  cores: number;
}

/**
 * How many bridged calls one core of the embedded switch carries at no packet loss, beside bare werift that
 * sends packets back. Load comes from a process of its own; three quarters of a minute in all.
 */
export const benchmark: Benchmark = {
  name: 'switch',
  run: async (): Promise<BenchRow[]> => {
    const bridged = await measure('switch', STEPS);
    const echoed = await measure('echo', STEPS.slice(0, 1));
    const best = bridged.findLast(isLossless);
    const atBar = bridged[0];
    const echo = echoed[0];
    const callsPerCore = best === undefined ? 0 : best.legs / 2 / best.cores;
    const echoCallsPerCore = echo === undefined ? null : echo.legs / 2 / echo.cores;
    return [
      {
        name: 'bridged calls per core at no packet loss',
        value: round(callsPerCore),
        unit: 'calls/core',
        reference: 'bare werift peer connections echoing, two legs for a call',
        referenceValue: echoCallsPerCore === null ? null : round(echoCallsPerCore),
        ratio: echoCallsPerCore === null ? null : round(callsPerCore / echoCallsPerCore),
        bar: '≥ 20',
        met: callsPerCore >= 20,
      },
      {
        name: 'most bridged calls at once at no packet loss, as far as was tried',
        value: best === undefined ? 0 : best.legs / 2,
        unit: 'calls',
        reference: 'calls tried at most',
        referenceValue: (bridged.at(-1)?.legs ?? 0) / 2,
        ratio: best === undefined ? 0 : round(best.legs / (bridged.at(-1)?.legs ?? 1)),
        bar: '≥ 20',
        met: best !== undefined && best.legs >= 40,
      },
      {
        name: 'packets lost with 20 bridged calls at once',
        value: atBar?.lost ?? 0,
        unit: 'packets',
        reference: 'packets received meanwhile',
        referenceValue: atBar?.received ?? 0,
        ratio: atBar === undefined ? null : atBar.lost / Math.max(1, atBar.received),
        bar: '0',
        met: atBar !== undefined && isLossless(atBar),
      },
    ];
  },
};

const round = (value: number): number => Math.round(value * 100) / 100;
const isLossless = ({ lost, received, expected }: Measured): boolean => lost === 0 && received >= expected * MIN_SHARE_RECEIVED;

/** Steps up until packets are lost or the steps are over. */
async function measure(mode: 'switch' | 'echo', steps: number[]): Promise<Measured[]> {
  const subject = fork(join(import.meta.dirname, 'switch-subject.ts'), [mode]);
  const { port } = await answer<{ port: number }>(subject);
  const load = fork(join(import.meta.dirname, 'switch-load.ts'), [mode, String(port)]);
  try {
    await answer(load);
    const measured: Measured[] = [];
    for (const calls of steps) {
      // The first turn only sets the calls up: their handshakes are not what is measured.
      await ask<StepResult>(load, { legs: calls * 2, ms: 1000 });
      const before = await ask<{ cpuMs: number; at: number }>(subject, 'cpu');
      const result = await ask<StepResult>(load, { legs: calls * 2, ms: STEP_MS });
      const after = await ask<{ cpuMs: number; at: number }>(subject, 'cpu');
      measured.push({ ...result, legs: calls * 2, cores: (after.cpuMs - before.cpuMs) / (after.at - before.at) });
      if (result.lost > 0) break;
    }
    return measured;
  } finally {
    await end(load, subject);
  }
}
