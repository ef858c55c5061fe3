import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { installAsterisk } from '../scripts/asterisk/install.ts';
import { removeInstance, startInstance, type RunningAsterisk } from '../scripts/asterisk/instance.ts';
import { Watch } from './asterisk-watch.ts';
import { Load, type CallTimes } from './asterisk-wire.ts';
import type { Benchmark, BenchRow } from './bench.ts';

const RING_MS = 300;
const sounds = join(import.meta.dirname, '../resources/announcements');

/**
 * Offered loads: agents, calls a second, seconds, and the share of their time that agents would have to be on calls; above
 * 1 customers wait. `SANGDAM_BENCH_ASTERISK` chooses others.
 */
const LOADS = (process.env['SANGDAM_BENCH_ASTERISK'] ?? '100/40/15/0.75,400/120/10/0.75,100/46/12/1.2').split(',').map((text) => {
  const [agents = 0, rate = 0, seconds = 0, share = 0.75] = text.split('/').map(Number);
  return { agents, rate, seconds, share };
});
type Way = 'queue' | 'bare' | 'ours';
const DIALLED: Readonly<Record<Way, string>> = { queue: '15770000', bare: '15760000', ours: '15880000' };

interface Result {
  way: Way;
  agents: number;
  rate: number;
  calls: number;
  /** Of them not over when they should have been. */
  underWay: number;
  answered: number;
  /**
   * Milliseconds: from the customer's INVITE to the agent's; from the agent's 200 until both are in one bridge, and until
   * the customer's own 200 where that comes only then.
   */
  offer: Percentiles;
  added: Percentiles;
  customerAnswered: Percentiles | null;
  /** From an agent's BYE to their next INVITE, of agents for whom a customer waited. */
  idle: Percentiles;
  /** How many those were. */
  waited: number;
  asteriskCpuMs: number;
  centerCpuMs: number;
  leaked: number;
  othersLoad: number;
}
interface Percentiles {
  p50: number;
  p95: number;
  max: number;
}

/** The same calls on the same Asterisk in one run: through app_queue, a bare ARI loop, and the whole center. */
export const benchmark: Benchmark = {
  name: 'asterisk',
  run: async (): Promise<BenchRow[]> => {
    const installed = await installAsterisk();
    if (!installed.ok) throw new Error(installed.why);
    const rows: BenchRow[] = [];
    for (const load of LOADS) {
      const folder = await mkdtemp(join(tmpdir(), 'sangdam-bench-'));
      const asterisk = await startInstance(installed.asterisk, { folder, config: { ariPassword: randomBytes(16).toString('base64url'), soundsFolder: sounds, pjsip: trunk, extensions: dialplan }, files: { 'queues.conf': queues(load.agents), 'cdr.conf': '[general]\nenable=no\n', 'cel.conf': '[general]\nenable=no\n' } });
      try {
        const results = await measure(asterisk, load);
        for (const result of results) console.log(`  ${JSON.stringify(result)}`);
        rows.push(...rowsOf(load, results));
      } finally {
        await asterisk.stop();
        await removeInstance(folder);
      }
    }
    return rows;
  },
};

async function measure(asterisk: RunningAsterisk, { agents, rate, seconds, share }: (typeof LOADS)[number]): Promise<Result[]> {
  const load = new Load({ asterisk: asterisk.sipAddress, ringMs: RING_MS, talkMs: Math.round((agents / rate) * 1000 * share) - RING_MS });
  await load.open();
  const { ariUrl, config } = asterisk;
  const watch = await Watch.open(ariUrl, config.ariPassword);
  const center = fork(join(import.meta.dirname, 'asterisk-center.ts'), [ariUrl, config.ariPassword, sounds, String(agents)]);
  const bare = fork(join(import.meta.dirname, 'asterisk-bare.ts'), [ariUrl, config.ariPassword, String(agents)]);
  try {
    const bareReady = answer<{ ready: number }>(bare);
    const { phones } = await answer<{ phones: { user: string; password: string }[] }>(center);
    for (const { user, password } of phones) await load.register(user, password);
    await bareReady;
    await delay(500);
    const results: Result[] = [];
    let next = 0;
    for (const way of ['queue', 'bare', 'ours'] as const) {
      if (way === 'ours') await ask(center, 'ready');
      const child = way === 'ours' ? center : way === 'bare' ? bare : null;
      const numbers = Array.from({ length: rate * seconds }, () => `010${20_000_000 + next++}`);
      load.idle.length = 0;
      const before = { cpu: await cpuOf(asterisk.pid), child: child === null ? null : await ask<Report>(child, 'report') };
      const from = performance.now();
      for (const [i, number] of numbers.entries()) {
        const due = from + (i * 1000) / rate;
        if (due > performance.now()) await delay(due - performance.now());
        load.call(number, DIALLED[way]);
      }
      // Until the last call is over, those that have to wait for an agent included.
      await delay((agents / rate) * 1000 + Math.max(0, share - 1) * seconds * 1000 + 4000);
      const after = { cpu: await cpuOf(asterisk.pid), child: child === null ? null : await ask<Report>(child, 'report') };
      results.push(summary(way, { agents, rate }, numbers.flatMap((number) => load.calls.get(number) ?? []), watch.connected, before, after, [...load.idle], load.underWay(numbers)));
    }
    return results;
  } finally {
    for (const child of [center, bare]) child.disconnect();
    watch.close();
    load.close();
  }
}

interface Report {
  cpuMs: number;
  leaked: number;
}
interface Moment {
  cpu: number;
  child: Report | null;
}

function summary(way: Way, { agents, rate }: { agents: number; rate: number }, calls: CallTimes[], connected: ReadonlyMap<string, number>, before: Moment, after: Moment, idle: number[], underWay: number): Result {
  const answered = calls.flatMap((call) => {
    const at = connected.get(call.number);
    return at === undefined || call.agentAnswered === 0 ? [] : [{ ...call, connectedAt: at }];
  });
  return {
    way, agents, rate,
    calls: calls.length,
    underWay,
    answered: answered.length,
    offer: percentiles(calls.filter(({ offered }) => offered > 0).map(({ offered, invited }) => offered - invited)),
    added: percentiles(answered.map(({ connectedAt, agentAnswered }) => Math.max(0, connectedAt - agentAnswered))),
    customerAnswered: way === 'ours' ? null : percentiles(answered.map(({ customerAnswered, agentAnswered }) => Math.max(0, customerAnswered - agentAnswered))),
    idle: percentiles(idle),
    waited: idle.length,
    asteriskCpuMs: round((after.cpu - before.cpu) / calls.length),
    centerCpuMs: before.child === null || after.child === null ? 0 : round((after.child.cpuMs - before.child.cpuMs) / calls.length),
    leaked: after.child?.leaked ?? 0,
    othersLoad: round(loadavg()[0] ?? 0),
  };
}

function rowsOf({ agents, rate, share }: (typeof LOADS)[number], results: Result[]): BenchRow[] {
  const of = (way: Way): Result | undefined => results.find((result) => result.way === way);
  const [ours, queue, bare] = [of('ours'), of('queue'), of('bare')];
  if (ours === undefined || queue === undefined || bare === undefined) return [];
  const at = `${agents} agents, ${rate} calls a second`;
  const starved = results.find(isStarved);
  if (starved !== undefined) return [{ name: at, value: null, unit: '', reference: `not to be had: ${starved.underWay} of ${starved.calls} calls (${starved.way}) were not over when they should have been, at a load average of ${starved.othersLoad}`, referenceValue: null, ratio: null, bar: null, met: null }];
  const answered = round((100 * ours.answered) / ours.calls);
  if (share > 1) {
    return [
      row(`${at}, more than they can take: agent free until the next offer, p95`, ours.idle.p95, 'ms', "Asterisk's app_queue", queue.idle.p95, '≤ 50', ours.idle.p95 <= 50),
      row(`${at}, more than they can take: agent free until the next offer, longest`, ours.idle.max, 'ms', "Asterisk's app_queue", queue.idle.max, null, null),
      row(`${at}, more than they can take: answered`, answered, '%', "Asterisk's app_queue", round((100 * queue.answered) / queue.calls), '≥ 99.5', answered >= 99.5),
    ];
  }
  return [
    row(`${at}: agent's 200 until both are connected, p95`, ours.added.p95, 'ms', "Asterisk's app_queue", queue.added.p95, `≤ app_queue and ≤ 1.5 × the bare loop (${bare.added.p95})`, ours.added.p95 <= queue.added.p95 && ours.added.p95 <= 1.5 * bare.added.p95),
    row(`${at}: customer's INVITE to agent's INVITE, p95`, ours.offer.p95, 'ms', "Asterisk's app_queue", queue.offer.p95, null, null),
    row(`${at}: answered`, answered, '%', "Asterisk's app_queue", round((100 * queue.answered) / queue.calls), '≥ 99.5', answered >= 99.5),
    row(`${at}: CPU of the center a call`, ours.centerCpuMs, 'ms', 'the bare loop', bare.centerCpuMs, '≤ 6', ours.centerCpuMs <= 6),
    row(`${at}: CPU of Asterisk a call`, ours.asteriskCpuMs, 'ms', "Asterisk's app_queue", queue.asteriskCpuMs, null, null),
    row(`${at}: channels and bridges left behind`, ours.leaked, '', 'none', 0, '0', ours.leaked === 0),
  ];
}

/** Calls that hang on a machine that others keep busy say nothing of what is measured; on an idle one they are its failures. */
const isStarved = ({ underWay, calls, othersLoad }: Result): boolean => underWay > 0.005 * calls && othersLoad > 2 * availableParallelism();

const row = (name: string, value: number, unit: string, reference: string, referenceValue: number, bar: string | null, met: boolean | null): BenchRow => ({
  name, value, unit, reference, referenceValue, ratio: referenceValue === 0 ? null : round(value / referenceValue), bar, met,
});

const round = (value: number): number => Math.round(value * 100) / 100;

function percentiles(values: number[]): Percentiles {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
  return { p50: at(0.5), p95: at(0.95), max: at(1) };
}

/** CPU milliseconds a process has used (Linux: /proc, clock ticks of 10 ms). */
async function cpuOf(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function ask<Answer>(child: ChildProcess, question: string): Promise<Answer> {
  const answered = answer<Answer>(child);
  child.send(question);
  return answered;
}

async function answer<Answer>(child: ChildProcess): Promise<Answer> {
  const settled = new AbortController();
  const ended = once(child, 'exit', { signal: settled.signal }).then(() => {
    throw new Error('a process of the benchmark ended early');
  });
  try {
    const [message] = await Promise.race([once(child, 'message', { signal: settled.signal }), ended]);
    return message;
  } finally {
    ended.catch(() => {});
    settled.abort();
  }
}

const trunk = `
[sangdam-trunk]
type=endpoint
transport=sangdam-udp
context=bench
disallow=all
allow=alaw
direct_media=no
aors=sangdam-trunk
[sangdam-trunk]
type=aor
contact=sip:127.0.0.1:9
[sangdam-trunk]
type=identify
endpoint=sangdam-trunk
match=127.0.0.1
`;

const dialplan = `
[bench]
include => sangdam-trunk
exten => 15770000,1,Queue(bench)
exten => 15760000,1,Stasis(bare)
`;

const queues = (agents: number): string => `[general]
autofill=yes
[bench]
strategy=rrmemory
timeout=15
retry=1
ringinuse=no
autofill=yes
${Array.from({ length: agents }, (_, i) => `member=PJSIP/${20_000 + i}`).join('\n')}
`;
