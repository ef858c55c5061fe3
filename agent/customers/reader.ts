import type { Database, Statement } from 'better-sqlite3';
import type { Customer, CustomerRecord } from '../../contract/customer.ts';
import { CUSTOMER_COLUMNS, customerOfRow, timelineOfRows, type CustomerRow } from './rows.ts';
import { CustomerSearch, type CustomerPage } from './search.ts';

/** Of a history, unless fewer are asked for. */
const TIMELINE_LINES = 100;
/** Questions to the cache. It cannot write: what may change it is `CustomerWriter`. */
export class CustomerReader {
  private readonly finder: CustomerSearch;
  private readonly byNumber: Statement<[string], CustomerRow>;
  private readonly byId: Statement<[string], CustomerRow>;
  private readonly timeline: Statement<[string, number], { entry: string }>;
  private readonly timelineOfNumber: Statement<[string, number], { entry: string }>;

  constructor(database: Database) {
    this.finder = new CustomerSearch(database);
    this.byNumber = database.prepare(`SELECT ${CUSTOMER_COLUMNS} FROM numbers n JOIN customers c ON c.id = n.id WHERE n.e164 = ? ORDER BY n.id LIMIT 1`);
    this.byId = database.prepare(`SELECT ${CUSTOMER_COLUMNS} FROM customers c WHERE c.customer_id = ?`);
    this.timeline = database.prepare('SELECT entry FROM timeline WHERE customer_id = ? ORDER BY started_at DESC LIMIT ?');
    this.timelineOfNumber = database.prepare('SELECT entry FROM timeline WHERE number = ? AND customer_id IS NULL ORDER BY started_at DESC LIMIT ?');
  }

  /** @param e164 as `toE164` gives it; of several customers with one number, the one known longest */
  lookup(e164: string): Customer | null {
    const row = this.byNumber.get(e164);
    return row === undefined ? null : customerOfRow(row);
  }

  /** The customer and their history, newest first, of so many lines at most. */
  findByNumber(e164: string, lines = TIMELINE_LINES): CustomerRecord | null {
    const customer = this.lookup(e164);
    return customer && this.record(customer, lines);
  }

  get(customerId: string, lines = TIMELINE_LINES): CustomerRecord | null {
    const row = this.byId.get(customerId);
    return row === undefined ? null : this.record(customerOfRow(row), lines);
  }

  /** By part of a name, company or number; the empty text lists by name. */
  search(text: string, limit: number, offset: number): CustomerPage {
    return this.finder.find(text, limit, offset);
  }

  private record(customer: Customer, lines: number): CustomerRecord {
    const own = this.timeline.all(customer.customerId, lines);
    // Calls from before the customer was known.
    const earlier = customer.numbers.flatMap(({ e164 }) => this.timelineOfNumber.all(e164, lines));
    const timeline = timelineOfRows([...own, ...earlier]).toSorted((a, b) => b.startedAt - a.startedAt);
    return { customer, timeline: timeline.slice(0, lines) };
  }
}
