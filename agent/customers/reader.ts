import type { Database, Statement } from 'better-sqlite3';
import type { ContactKind, Customer, CustomerRecord, HistoryLine, HistoryPosition } from '../../contract/customer.ts';
import type { AgentId } from '../../contract/ids.ts';
import { CUSTOMER_COLUMNS, customerOfRow, timelineOfRows, type CustomerRow } from './rows.ts';
import { CustomerSearch, type CustomerPage } from './search.ts';

const TIMELINE_LINES = 100;

/** Which contacts of the history are wanted, and from where on. */
export interface HistoryQuery {
  /** Null: everybody's. */
  agentId: AgentId | null;
  missed: boolean;
  /** Null: every kind. */
  kind: ContactKind | null;
  limit: number;
  before: HistoryPosition | null;
}

export interface HistoryPage {
  lines: HistoryLine[];
  next: HistoryPosition | null;
}

/** Questions to the cache. It cannot write: what may change it is `CustomerWriter`. */
export class CustomerReader {
  private readonly database: Database;
  private readonly finder: CustomerSearch;
  private readonly byNumber: Statement<[string], CustomerRow>;
  private readonly byId: Statement<[string], CustomerRow>;
  private readonly timeline: Statement<[string, number], { entry: string }>;
  private readonly timelineOfNumber: Statement<[string, number], { entry: string }>;

  constructor(database: Database) {
    this.database = database;
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

  /** The customer and their history, newest first. */
  findByNumber(e164: string): CustomerRecord | null {
    const customer = this.lookup(e164);
    return customer && this.record(customer);
  }

  get(customerId: string): CustomerRecord | null {
    const row = this.byId.get(customerId);
    return row === undefined ? null : this.record(customerOfRow(row));
  }

  /** By part of a name, company or number; the empty text lists by name. */
  search(text: string, limit: number, offset: number): CustomerPage {
    return this.finder.find(text, limit, offset);
  }

  /** Contacts, newest first. A page begins behind a position and not at an offset, as contacts come in on top. */
  history({ agentId, missed, kind, limit, before }: HistoryQuery): HistoryPage {
    const conditions: [sql: string, ...parameters: unknown[]][] = [
      ...(agentId === null ? [] : [['agent_id = ?', agentId] as [string, unknown]]),
      ...(missed ? [['missed = 1'] as [string]] : []),
      ...(kind === null ? [] : [['kind = ?', kind] as [string, unknown]]),
      ...(before === null ? [] : [['(started_at, contact_id) < (?, ?)', before.startedAt, before.contactId] as [string, unknown, unknown]]),
    ];
    const where = conditions.length === 0 ? '' : `WHERE ${conditions.map(([sql]) => sql).join(' AND ')}`;
    const rows = this.database
      .prepare<unknown[], { entry: string }>(`SELECT entry FROM timeline ${where} ORDER BY started_at DESC, contact_id DESC LIMIT ?`)
      .all(...conditions.flatMap(([, ...parameters]) => parameters), limit);
    const lines = timelineOfRows(rows).map((entry): HistoryLine => {
      const row = entry.customerId === null ? this.byNumber.get(entry.number) : this.byId.get(entry.customerId);
      return row === undefined ? { ...entry, customerName: '' } : { ...entry, customerId: customerOfRow(row).customerId, customerName: row.name };
    });
    const last = lines.at(-1);
    return { lines, next: rows.length < limit || last === undefined ? null : { startedAt: last.startedAt, contactId: last.contactId } };
  }

  private record(customer: Customer): CustomerRecord {
    const own = this.timeline.all(customer.customerId, TIMELINE_LINES);
    // Calls from before the customer was known.
    const earlier = customer.numbers.flatMap(({ e164 }) => this.timelineOfNumber.all(e164, TIMELINE_LINES));
    const timeline = timelineOfRows([...own, ...earlier]).toSorted((a, b) => b.startedAt - a.startedAt);
    return { customer, timeline: timeline.slice(0, TIMELINE_LINES) };
  }
}
