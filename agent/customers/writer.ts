import type { Database, Statement } from 'better-sqlite3';
import type { Customer, CustomerChanges, TimelineEntry } from '../../contract/customer.ts';
import { indexed } from './search.ts';

/** How far the cache has followed the center. */
export interface Position {
  cursor: number;
  /** What the center said of its own state with the cursor; null: nothing was fetched yet. */
  mark: string | null;
}

/** In `meta`, while something is still to be forgotten: what comes next. */
const TO_FORGET = 'to-forget';
/** Pages of the search's index that are written anew in one step: some milliseconds. */
const INDEX_PAGES = 4;

/** What may change the cache: pages of changes from the center, each taken as a whole or not at all. */
export class CustomerWriter {
  private readonly database: Database;
  private readonly idOf: Statement<[string], { id: number }>;
  private readonly insert: Statement;
  private readonly update: Statement;
  private readonly deleteNumbers: Statement<[number]>;
  private readonly insertNumber: Statement<[string, number]>;
  private readonly deleteSearch: Statement<[number]>;
  private readonly insertSearch: Statement<[number, string, string, string]>;
  private readonly putEntry: Statement;
  private readonly setMeta: Statement<[string, string]>;

  constructor(database: Database) {
    this.database = database;
    this.idOf = database.prepare('SELECT id FROM customers WHERE customer_id = ?');
    this.insert = database.prepare('INSERT INTO customers (customer_id, name, company, numbers, vip, warning, note, updated_at, version, key, company_key) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (customer_id) DO NOTHING');
    this.update = database.prepare('UPDATE customers SET name = ?, company = ?, numbers = ?, vip = ?, warning = ?, note = ?, updated_at = ?, version = ?, key = ?, company_key = ? WHERE id = ?');
    this.deleteNumbers = database.prepare('DELETE FROM numbers WHERE id = ?');
    this.insertNumber = database.prepare('INSERT OR IGNORE INTO numbers (e164, id) VALUES (?, ?)');
    this.deleteSearch = database.prepare('DELETE FROM search WHERE rowid = ?');
    this.insertSearch = database.prepare('INSERT INTO search (rowid, keys, initials, digits) VALUES (?, ?, ?, ?)');
    this.putEntry = database.prepare('INSERT OR REPLACE INTO timeline (contact_id, customer_id, number, started_at, entry) VALUES (?, ?, ?, ?, ?)');
    this.setMeta = database.prepare('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)');
  }

  position(): Position {
    const rows = this.database.prepare<[], { key: string; value: string }>('SELECT key, value FROM meta').all();
    const meta = new Map(rows.map(({ key, value }) => [key, value]));
    return { cursor: Number(meta.get('cursor') ?? 0), mark: meta.get('mark') ?? null };
  }

  /**
   * Takes one page and its position: both, or neither. A page that begins anew takes the place of everything. It is read
   * from now on, and on the disk with what was taken before it as soon as they are kept. Where it cannot be taken, what was
   * not kept yet is gone with it, and the position is where that begins: it is fetched again.
   */
  take(page: CustomerChanges): void {
    if (!this.database.inTransaction) this.database.exec('BEGIN');
    // No savepoint for each page: its end would write the search's index to the disk each time.
    try {
      this.apply(page);
    } catch (error) {
      if (this.database.inTransaction) this.database.exec('ROLLBACK');
      throw error;
    }
  }

  private apply(page: CustomerChanges): void {
    if (page.reset) this.clear();
    let count = this.count();
    for (const customer of page.customers) count += this.put(customer);
    for (const entry of page.timeline) this.putTimeline(entry);
    for (const customerId of page.removed) count -= this.remove(customerId);
    // A line that is nobody's any more has lost its number. Only then is the journal all there is to see to.
    if (page.reset || page.removed.length > 0) this.setMeta.run(TO_FORGET, 'begin');
    else if (page.timeline.some(({ number }) => number === '')) this.database.prepare('INSERT OR IGNORE INTO meta (key, value) VALUES (?, ?)').run(TO_FORGET, 'journal');
    this.setMeta.run('customers', String(count));
    this.setMeta.run('cursor', String(page.cursor));
    this.setMeta.run('mark', page.mark);
  }

  /** Writes what was taken to the disk. */
  keep(): void {
    if (this.database.inTransaction) this.database.exec('COMMIT');
  }

  /**
   * A step of forgetting what was removed where deleting alone leaves it: the index of the search marks a text as gone and
   * keeps it until it is merged, and the journal has pages as they were. It goes on after a start, where it was cut short.
   * @returns whether there is more to do
   */
  forgetSome(): boolean {
    const state = this.database.prepare<[string], string>('SELECT value FROM meta WHERE key = ?').pluck().get(TO_FORGET);
    if (state === undefined) return false;
    if (state !== 'journal' && this.mergeSome(state === 'begin')) {
      if (state === 'begin') this.setMeta.run(TO_FORGET, 'merge');
      return true;
    }
    this.database.prepare('DELETE FROM meta WHERE key = ?').run(TO_FORGET);
    this.database.pragma('wal_checkpoint(TRUNCATE)');
    return false;
  }

  /** Merges some of the index into one piece (sqlite.org/fts5.html, 6.8): of a negative number, for the first time. @returns whether there was something to merge */
  private mergeSome(isFirst: boolean): boolean {
    const changes = this.database.prepare<[], number>('SELECT total_changes()').pluck();
    const before = changes.get() ?? 0;
    this.database.prepare("INSERT INTO search (search, rank) VALUES ('merge', ?)").run(isFirst ? -INDEX_PAGES : INDEX_PAGES);
    return (changes.get() ?? 0) - before >= 2;
  }

  private clear(): void {
    for (const table of ['meta', 'customers', 'numbers', 'timeline', 'search']) this.database.exec(`DELETE FROM ${table}`);
  }

  private count(): number {
    return Number(this.database.prepare<[], string>("SELECT value FROM meta WHERE key = 'customers'").pluck().get() ?? 0);
  }

  /** @returns how many more there are now */
  private put(customer: Customer): 0 | 1 {
    const { key, companyKey, keys, initials, digits } = indexed(customer);
    const columns = [customer.name, customer.company, JSON.stringify(customer.numbers), customer.vip ? 1 : 0, customer.warning, customer.note, customer.updatedAt, customer.version, key, companyKey];
    const inserted = this.insert.run(customer.customerId, ...columns);
    let id = Number(inserted.lastInsertRowid);
    if (inserted.changes === 0) {
      id = this.idOf.get(customer.customerId)?.id ?? 0;
      this.update.run(...columns, id);
      this.deleteNumbers.run(id);
      this.deleteSearch.run(id);
    }
    for (const { e164 } of customer.numbers) this.insertNumber.run(e164, id);
    this.insertSearch.run(id, keys, initials, digits);
    return inserted.changes === 0 ? 0 : 1;
  }

  private putTimeline(entry: TimelineEntry): void {
    this.putEntry.run(entry.contactId, entry.customerId, entry.number, entry.startedAt, JSON.stringify(entry));
  }

  /** @returns how many fewer there are now */
  private remove(customerId: string): 0 | 1 {
    const id = this.idOf.get(customerId)?.id;
    if (id === undefined) return 0;
    this.deleteNumbers.run(id);
    this.deleteSearch.run(id);
    this.database.prepare('DELETE FROM customers WHERE id = ?').run(id);
    this.database.prepare('DELETE FROM timeline WHERE customer_id = ?').run(customerId);
    return 1;
  }
}
