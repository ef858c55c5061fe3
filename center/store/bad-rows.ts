import { createHash } from 'node:crypto';
import type { DialectAdapter } from 'kysely';
import type { Reader, Tables } from './tables.ts';

/** So many are remembered; who has more has another problem than their number. */
const MOST_KNOWN = 10_000;
const ID = /^[\w.:-]{1,64}$/;

/** By which column a row of a table is found again. Numbers of people and passwords are not told: their owner is. */
const KEYS: Partial<Record<keyof Tables, string>> = {
  configuration: 'id',
  openings: 'group_id',
  people: 'agent_id',
  customers: 'customer_id',
  customer_numbers: 'customer_id',
  removed_customers: 'customer_id',
  contacts: 'contact_id',
  contact_legs: 'contact_id',
  live_contacts: 'contact_id',
  events: 'id',
  audit: 'id',
  dial_rules: 'id',
  dial_blocks: 'id',
  meta: 'key',
};

export interface BadRow {
  table: string;
  /** An id; of anything else its hash, by which the same one is known again. */
  key: string;
  columns: string;
  /** Of a setting: the defaults that hold in place of what cannot be read. */
  takes?: string;
}

/** Rows of a store that were left out on reading, each told once. */
export class BadRows {
  /** Hears of each, once: a log has no use for what every page and every start tells again. */
  onFound: (row: BadRow) => void = () => {};
  private readonly known = new Set<string>();

  get count(): number {
    return this.known.size;
  }

  report(table: keyof Tables, row: unknown, columns: readonly string[], takes?: string): void {
    const found: BadRow = { table, key: keyOf(table, row), columns: [...new Set(columns)].join(', '), ...(takes !== undefined && { takes }) };
    const name = `${found.table} ${found.key} ${found.columns}`;
    if (this.known.has(name) || this.known.size >= MOST_KNOWN) return;
    this.known.add(name);
    this.onFound(found);
  }
}

function keyOf(table: keyof Tables, row: unknown): string {
  const column = KEYS[table] ?? '';
  const value: unknown = typeof row === 'object' && row !== null && column in row ? (row as Record<string, unknown>)[column] : row;
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value);
  return ID.test(text) ? text : `#${createHash('sha256').update(text).digest('hex').slice(0, 12)}`;
}

/** A database and its transactions have one adapter: by that, what is found in either is counted together. */
const byAdapter = new WeakMap<DialectAdapter, BadRows>();

export function badRowsOf(db: Pick<Reader, 'getExecutor'>): BadRows {
  const { adapter } = db.getExecutor();
  const known = byAdapter.get(adapter) ?? new BadRows();
  byAdapter.set(adapter, known);
  return known;
}
