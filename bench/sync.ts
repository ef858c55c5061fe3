import { fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CenterApi } from '../agent/api/index.ts';
import { CenterRest } from '../agent/cti/index.ts';
import { openDatabase } from '../agent/customers/database.ts';
import { CustomerCache } from '../agent/customers/index.ts';
import { indexed } from '../agent/customers/search.ts';
import { silentLogger } from '../agent/logger.ts';
import type { Benchmark, BenchRow } from './bench.ts';
import { answer, end } from './children.ts';
import { customerNumber } from './customer-data.ts';

const CUSTOMERS = 100_000;
const KEY = Buffer.alloc(32, 7);
const BAR = 0.8;
/** Of both, one after the other: what else the machine does is in both. */
const ROUNDS = 5;

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** First synchronisation of 100,000 customers over HTTP from another process, as a center is one, against bare inserts of the same rows into such a file. */
async function run(): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'sangdam-bench-'));
  try {
    const [bare, ours]: [number[], number[]] = [[], []];
    for (let round = 0; round < ROUNDS; round++) {
      bare.push(insertBare(join(folder, `bare-${round}.db`)));
      ours.push(await synchronise(join(folder, `customers-${round}.db`)));
    }
    const [bareSeconds, seconds] = [median(bare), median(ours)];
    const [value, referenceValue] = [CUSTOMERS / seconds, CUSTOMERS / bareSeconds];
    return [{ name: 'sync of 100,000 customers over HTTP', value: Math.round(value), unit: 'customers/s', reference: 'bare inserts of the same rows, one transaction, no HTTP', referenceValue: Math.round(referenceValue), ratio: value / referenceValue, bar: `ratio ≥ ${BAR}`, met: value / referenceValue >= BAR }];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Rows, numbers and search index, without parsing, paging and HTTP. @returns seconds */
function insertBare(file: string): number {
  const { database } = openDatabase({ file, key: KEY, log: silentLogger });
  const customer = database.prepare('INSERT INTO customers (id, customer_id, name, company, numbers, vip, warning, note, updated_at, version, key, company_key) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const number = database.prepare('INSERT INTO numbers (e164, id) VALUES (?, ?)');
  const search = database.prepare('INSERT INTO search (rowid, keys, initials, digits) VALUES (?, ?, ?, ?)');
  const rows = Array.from({ length: CUSTOMERS }, (_, i) => customerNumber(i)).map((row) => ({ ...row, index: indexed(row) }));
  const from = performance.now();
  database.transaction(() => {
    for (const [i, { customerId, name, company, numbers, vip, warning, note, updatedAt, version, index }] of rows.entries()) {
      customer.run(i + 1, customerId, name, company, JSON.stringify(numbers), vip ? 1 : 0, warning, note, updatedAt, version, index.key, index.companyKey);
      number.run(numbers[0]?.e164 ?? '', i + 1);
      search.run(i + 1, index.keys, index.initials, index.digits);
    }
  })();
  const seconds = (performance.now() - from) / 1000;
  database.close();
  return seconds;
}

/** @returns seconds */
async function synchronise(file: string): Promise<number> {
  const center = fork(join(import.meta.dirname, 'sync-center.ts'), [String(CUSTOMERS)]);
  const cache = new CustomerCache({ file, key: KEY, log: silentLogger });
  try {
    const { port } = await answer<{ port: number }>(center);
    const api = new CenterApi(new CenterRest(`http://127.0.0.1:${port}`), { use: (ask) => ask('token') });
    const from = performance.now();
    const result = await cache.sync((position) => api.call('customers.changes', position));
    if (!result.ok) throw new Error(result.error.message);
    return (performance.now() - from) / 1000;
  } finally {
    cache.close();
    await end(center);
  }
}

export const benchmark: Benchmark = { name: 'sync', run };
