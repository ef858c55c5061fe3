import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../agent/customers/database.ts';
import { CustomerCache, type CustomerPage } from '../agent/customers/index.ts';
import { silentLogger } from '../agent/logger.ts';
import { ok, type Result } from '../contract/errors.ts';
import type { Benchmark, BenchRow } from './bench.ts';
import { changesAfter } from './customer-data.ts';

const CUSTOMERS = 1_000_000;
const LOOKUPS = 20_000;
const ROUNDS = 5;
const P99_BAR_MS = 1;
const RATE_BAR = 0.8;
const KEY = Buffer.alloc(32, 7);

const BARE =
  'SELECT c.customer_id, c.name, c.company, c.numbers, c.vip, c.warning, c.note, c.updated_at FROM numbers n JOIN customers c ON c.id = n.id WHERE n.e164 = ? ORDER BY n.id LIMIT 1';

/** Numbers all over the file, in an order that repeats (a linear congruence of full period below 2^20, then cut). */
function* someNumbers(count: number): Generator<string> {
  let state = 12_345;
  for (let i = 0; i < count; ) {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 20;
    if (state >= CUSTOMERS) continue;
    i++;
    yield `+8210${String(state).padStart(8, '0')}`;
  }
}

const ratePerSecond = (numbers: readonly string[], look: (number: string) => unknown): number => {
  const from = performance.now();
  for (const number of numbers) if (look(number) === null) throw new Error('a customer is missing');
  return (numbers.length / (performance.now() - from)) * 1000;
};

/** Lookup by number among a million customers, against the bare prepared statement on the same encrypted file. */
async function run(): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'sangdam-bench-'));
  const file = join(folder, 'customers.db');
  const cache = new CustomerCache({ file, key: KEY, log: silentLogger });
  try {
    must(await cache.sync(async ({ cursor }) => ok(changesAfter(cursor, 20_000, CUSTOMERS))));
    const { database } = openDatabase({ file, key: KEY, log: silentLogger });
    const bare = database.prepare(BARE);
    const numbers = [...someNumbers(LOOKUPS)];
    const rates = Array.from({ length: ROUNDS }, () => ({ bare: ratePerSecond(numbers, (n) => bare.get(n) ?? null), ours: ratePerSecond(numbers, (n) => must(cache.lookup(n))) }));
    database.close();
    const ours = median(rates.map((rate) => rate.ours));
    const reference = median(rates.map((rate) => rate.bare));
    const p99 = percentile(numbers.map((number) => timed(() => cache.findByNumber(number))), 0.99);
    const searches = ['고객 00012345', '12345678', '회사 77'].map((text) => timed(() => must<CustomerPage>(cache.search(text, 50, 0))));
    return [
      { name: 'cache lookup by number, 1 M customers', value: Math.round(ours), unit: 'lookups/s', reference: 'bare prepared statement', referenceValue: Math.round(reference), ratio: ours / reference, bar: `≥ ${RATE_BAR} of the reference`, met: ours / reference >= RATE_BAR },
      { name: 'cache lookup with history, p99, 1 M customers', value: p99, unit: 'ms', reference: 'bar', referenceValue: P99_BAR_MS, ratio: p99 / P99_BAR_MS, bar: `≤ ${P99_BAR_MS}`, met: p99 <= P99_BAR_MS },
      { name: 'cache search by part of a text, slowest of 3, 1 M customers', value: Math.max(...searches), unit: 'ms', reference: 'none', referenceValue: null, ratio: null, bar: null, met: null },
    ];
  } finally {
    cache.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function timed(act: () => unknown): number {
  const from = performance.now();
  act();
  return performance.now() - from;
}

const percentile = (values: readonly number[], share: number): number => values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? 0;
const median = (values: readonly number[]): number => percentile(values, 0.5);

function must<Value>(result: Result<Value>): Value {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

export const benchmark: Benchmark = { name: 'cache', run };
