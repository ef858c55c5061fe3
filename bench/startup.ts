import { execFile, fork, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import { startOfDay } from '../center/business-day.ts';
import { openStore, loadStoreKey } from '../center/store/index.ts';
import { seedDemo } from '../center/store/demo/index.ts';
import { rollUp } from '../center/store/rollups.ts';
import type { Database } from '../center/store/tables.ts';
import { systemClock } from '../server/clock.ts';
import type { Benchmark, BenchRow } from './bench.ts';
import { answer, end } from './children.ts';
import { yardstick } from './yardstick.ts';

const FULL_DAY = 2_000_000;
const QUIET_DAY = 20_000;
const DAY_MS = 24 * 3600_000;
const TIME_ZONE = 'Asia/Seoul';
/** Lines of one step of the roll-ups. */
const STEP = 20_000;
const logger = { info: () => {}, warn: () => {}, error: () => {} };

interface Measured {
  /** From the fork of a process until it listens. */
  startMs: number;
  /** Resident memory of that process, megabytes. */
  memoryMb: number;
  /** The longest that the event loop stood still around midnight. */
  midnightMs: number;
  /** Lines rolled up a second. */
  rolledUp: number;
}

/** A start with a full day behind it, and midnight after one: against the same with a hundredth of it. */
async function run(): Promise<BenchRow[]> {
  const factors = [yardstick()];
  const quiet = await measure(QUIET_DAY);
  factors.push(yardstick());
  const full = await measure(FULL_DAY);
  factors.push(yardstick());
  // Of a machine that others use, too: the least of them flatters nobody.
  const slow = Math.min(...factors);
  const times = `yardstick ${slow.toFixed(2)}; beside it a day of ${QUIET_DAY.toLocaleString('en')}`;
  const row = (name: string, value: number, unit: string, referenceValue: number, bar: number | null): BenchRow => ({ name, value, unit, reference: times, referenceValue, ratio: value / referenceValue, bar: bar === null ? null : `≤ ${bar}`, met: bar === null ? null : value <= bar });
  const memory = row('memory of the process then', full.memoryMb, 'MB', quiet.memoryMb, null);
  return [
    row(`start of the server with ${FULL_DAY.toLocaleString('en')} events of today`, full.startMs / slow, 'ms at yardstick 1', quiet.startMs / slow, 5000),
    { ...memory, bar: '≤ 1.1 of the reference', met: full.memoryMb <= quiet.memoryMb * 1.1 },
    row('midnight with them, while lines are written and a worker counts all of them anew: longest stop of the event loop', full.midnightMs / slow, 'ms at yardstick 1', quiet.midnightMs / slow, 20),
    { ...row('lines of the log rolled up', full.rolledUp * slow, 'lines/s at yardstick 1', quiet.rolledUp * slow, null), ratio: null },
  ];
}

async function measure(lines: number): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), 'sangdam-bench-'));
  const children: ChildProcess[] = [];
  try {
    const rolledUp = await fill(join(folder, 'center.db'), lines);
    const environment = { ...process.env, SANGDAM_DATA: folder, SANGDAM_PORT: '0', SANGDAM_DEMO: '1', SANGDAM_LOG: 'error' };
    const from = performance.now();
    const server = fork(join(import.meta.dirname, '../server/main.ts'), [], { env: environment, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    children.push(server);
    await answer(server);
    const startMs = performance.now() - from;
    const memoryMb = await residentMb(server.pid ?? 0);
    await end(server);
    const midnight = fork(join(import.meta.dirname, 'startup-subject.ts'), [folder], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    children.push(midnight);
    const { longestMs } = await answer<{ longestMs: number }>(midnight);
    await end(midnight);
    return { startMs, memoryMb, midnightMs: longestMs, rolledUp };
  } finally {
    for (const child of children) child.kill();
    await rm(folder, { recursive: true, force: true });
  }
}

/** A log of today so far and of the same day last week, of as many lines each, and its roll-ups. @returns lines rolled up a second */
async function fill(file: string, lines: number): Promise<number> {
  const store = await openStore({ file, key: await loadStoreKey(file), clock: systemClock, logger });
  try {
    const now = systemClock.now();
    const today = startOfDay(now, TIME_ZONE);
    await seedDemo(store.db, now, 20);
    await logDay(store.db, lines, today - 7 * DAY_MS, today - 6 * DAY_MS);
    await logDay(store.db, lines, today, now);
    await sql`PRAGMA wal_checkpoint(TRUNCATE)`.execute(store.db);
    const from = performance.now();
    while ((await rollUp(store.db, TIME_ZONE, STEP)) > 0);
    return (2 * lines) / ((performance.now() - from) / 1000);
  } finally {
    await store.close();
  }
}

/** Calls one after the other, eight lines each, spread over the time. */
async function logDay(db: Database, lines: number, fromMs: number, toMs: number): Promise<void> {
  await sql`
    WITH RECURSIVE line(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM line WHERE i + 1 < ${lines})
    INSERT INTO events (at, type, contact_id, agent_id, group_id, data)
    SELECT ${fromMs} + CAST(i * ${(toMs - fromMs) / lines} AS INTEGER),
      CASE i % 8 WHEN 0 THEN 'contact.started' WHEN 1 THEN 'contact.queued' WHEN 2 THEN 'contact.offered' WHEN 3 THEN 'contact.answered' WHEN 4 THEN 'agent.changed' WHEN 5 THEN 'contact.ended' WHEN 6 THEN 'agent.changed' ELSE 'contact.handled' END,
      CASE WHEN i % 8 IN (4, 6) THEN NULL ELSE ${`k${fromMs}-`} || (i / 8) END,
      CASE WHEN i % 8 IN (0, 1, 5) THEN NULL ELSE 'agent' || (i / 8 % 500) END,
      CASE WHEN i % 8 IN (0, 4, 6) THEN NULL ELSE 'group' || (i / 8 % 50) END,
      CASE i % 8 WHEN 0 THEN '{"kind":"inbound"}' WHEN 2 THEN '{"via":"group"}' WHEN 3 THEN '{"delayMs":8000,"inTime":true}' WHEN 5 THEN '{"outcome":"answered","talkMs":180000,"kind":"inbound"}'
        WHEN 7 THEN '{"talkMs":180000,"holdMs":5000,"afterCallMs":20000}' WHEN 4 THEN '{"from":{"name":"READY"},"to":{"name":"NOT_READY","reason":"login"}}' WHEN 6 THEN '{"from":{"name":"NOT_READY","reason":"login"},"to":{"name":"READY"}}' ELSE '{}' END
    FROM line`.execute(db);
}

async function residentMb(pid: number): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)]);
  return Number(stdout) / 1024;
}

export const benchmark: Benchmark = { name: 'startup', run };
