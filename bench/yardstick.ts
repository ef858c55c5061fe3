import { createHash } from 'node:crypto';

/*
 * How slow this machine is now: 1 on the machine that the bars' milliseconds are meant for, 2 where the same work takes twice
 * as long. One fixed job of what our programs do (JSON, hashing, Map and sort, Buffer copies), on one core, the median of
 * five; a benchmark divides its times by it (and multiplies its rates), and prints both.
 */

/** Milliseconds of one job on the machine that the bars are meant for. */
const UNIT_MS = 20;

function job(clock: () => number): number {
  const began = clock();
  const cards = Array.from({ length: 500 }, (_, i) => ({ agentId: `a${i}`, name: `상담원 ${i}`, state: { name: i % 3 === 0 ? 'TALKING' : 'READY', since: 1.7e12 + i }, groups: [`g${i % 50}`, `g${(i * 7) % 50}`] }));
  let length = 0;
  for (let i = 0; i < 40; i++) length += (JSON.parse(JSON.stringify(cards)) as unknown[]).length;
  const hash = createHash('sha256');
  const block = Buffer.alloc(64 * 1024, 7);
  for (let i = 0; i < 200; i++) hash.update(block);
  hash.digest();
  const seen = new Map<number, number>();
  let state = 12_345;
  for (let i = 0; i < 150_000; i++) {
    state = (state * 1_103_515_245 + 12_345) & 0x7f_ff_ff_ff;
    seen.set(state % 40_000, i);
  }
  const sorted = [...seen.entries()].toSorted((a, b) => a[1] - b[1]);
  const frame = new Int16Array(160);
  for (let i = 0; i < 8000; i++) for (let k = 0; k < 160; k++) frame[k] = ((frame[k] ?? 0) + ((i * k) & 1023)) >> 1;
  if (length + sorted.length + (frame[3] ?? 0) < 0) throw new Error('unreachable');
  return clock() - began;
}

const wallMs = (): number => performance.now();

/** Milliseconds of CPU this process has taken: what else the machine does is not in them. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/**
 * The factor of this machine now; takes half a second of a core.
 * @param clock what the figure to be divided was measured by: `cpuMs` for CPU time, so that both leave out what others take
 */
export function yardstick(clock: () => number = wallMs): number {
  for (let i = 0; i < 3; i++) job(clock);
  const times = Array.from({ length: 5 }, () => job(clock)).toSorted((a, b) => a - b);
  return (times[2] ?? UNIT_MS) / UNIT_MS;
}
