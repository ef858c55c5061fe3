import type { Database, Statement } from 'better-sqlite3';
import type { ContactKind, Customer, CustomerRecord, HistoryLine, HistoryPosition, TimelineEntry } from '../../contract/customer.ts';
import type { AgentId, GroupId } from '../../contract/ids.ts';
import { digitsOf, isIn, keyOf, needlesOf, type Needle } from '../../contract/search/index.ts';
import { CUSTOMER_COLUMNS, customerOfRow, timelineOfRows, type CustomerRow } from './rows.ts';
import { CustomerSearch, type CustomerPage } from './search.ts';

/** Of a history, unless fewer are asked for. */
const TIMELINE_LINES = 100;
/** Contacts that a text is looked for in before the window may do something else. */
const LOOKED_AT = 2000;

/** Which contacts of the history are wanted, and from where on. */
export interface HistoryQuery {
  /** Null: everybody's. */
  agentId: AgentId | null;
  missed: boolean;
  /** Null: every kind. */
  kind: ContactKind | null;
  /** Epoch milliseconds: from this moment on, and before that. */
  from: number | null;
  to: number | null;
  groupId: GroupId | null;
  /** By name. */
  disposition: string | null;
  /** Only those without the disposition that their group asks for. */
  dispositionMissing: boolean;
  /** Part of a memo, a name or a number; empty: whatever they say. */
  text: string;
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
  private readonly reachedByNumber: Statement<[string, number], { entry: string }>;
  private readonly reachedByCustomer: Statement<[string, number], { entry: string }>;
  private readonly timelineOfNumber: Statement<[string, number], { entry: string }>;

  constructor(database: Database) {
    this.database = database;
    this.finder = new CustomerSearch(database);
    this.byNumber = database.prepare(`SELECT ${CUSTOMER_COLUMNS} FROM numbers n JOIN customers c ON c.id = n.id WHERE n.e164 = ? ORDER BY n.id LIMIT 1`);
    this.byId = database.prepare(`SELECT ${CUSTOMER_COLUMNS} FROM customers c WHERE c.customer_id = ?`);
    this.timeline = database.prepare('SELECT entry FROM timeline WHERE customer_id = ? ORDER BY started_at DESC LIMIT ?');
    this.reachedByNumber = database.prepare("SELECT entry FROM timeline WHERE number = ? AND number <> '' AND missed = 0 AND started_at > ? ORDER BY started_at LIMIT 1");
    this.reachedByCustomer = database.prepare('SELECT entry FROM timeline WHERE customer_id = ? AND missed = 0 AND started_at > ? ORDER BY started_at LIMIT 1');
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

  /**
   * Contacts, newest first. A page begins behind a position and not at an offset, as contacts come in on top. With a text so
   * many contacts are looked at and no more: the page may be shorter than asked for, and `next` tells where to go on.
   */
  history(query: HistoryQuery): HistoryPage {
    const { text, limit } = query;
    const needles = needlesOf(text);
    const most = needles.length === 0 ? limit : LOOKED_AT;
    const rows = this.historyRows(query, most);
    const found: HistoryLine[] = [];
    let [last, isFull]: [HistoryPosition | null, boolean] = [null, false];
    for (const entry of timelineOfRows(rows)) {
      const line = this.lineOf(entry);
      last = { startedAt: line.startedAt, contactId: line.contactId };
      if (needles.length === 0 || isFound(needles, line)) found.push(line);
      isFull = found.length === limit;
      if (isFull) break;
    }
    const lines = found.map((line) => ({ ...line, calledBack: this.calledBack(line) }));
    return { lines, next: isFull || rows.length === most ? last : null };
  }

  private historyRows({ agentId, missed, kind, from, to, groupId, disposition, dispositionMissing, before }: HistoryQuery, limit: number): { entry: string }[] {
    const conditions: [sql: string, ...parameters: unknown[]][] = [];
    if (agentId !== null) conditions.push(['k.agent_id = ?', agentId]);
    if (missed) conditions.push(['t.missed = 1']);
    if (kind !== null) conditions.push(['t.kind = ?', kind]);
    if (groupId !== null) conditions.push(['t.group_id = ?', groupId]);
    if (disposition !== null) conditions.push(["t.disposition = ? AND t.disposition <> ''", disposition]);
    if (dispositionMissing) conditions.push(['t.disposition_missing = 1']);
    // Of the table that is walked in order: of one agent's contacts, or of all.
    const walked = agentId === null ? 't' : 'k';
    if (from !== null) conditions.push([`${walked}.started_at >= ?`, from]);
    if (to !== null) conditions.push([`${walked}.started_at < ?`, to]);
    if (before !== null) conditions.push([`(${walked}.started_at, ${walked}.contact_id) < (?, ?)`, before.startedAt, before.contactId]);
    const where = conditions.length === 0 ? '' : `WHERE ${conditions.map(([sql]) => sql).join(' AND ')}`;
    const tables = agentId === null ? 'timeline t' : 'takers k CROSS JOIN timeline t ON t.contact_id = k.contact_id';
    return this.database
      .prepare<unknown[], { entry: string }>(`SELECT t.entry FROM ${tables} ${where} ORDER BY ${walked}.started_at DESC, ${walked}.contact_id DESC LIMIT ?`)
      .all(...conditions.flatMap(([, ...parameters]) => parameters), limit);
  }

  private lineOf(entry: TimelineEntry): HistoryLine {
    const row = entry.customerId === null ? this.byNumber.get(entry.number) : this.byId.get(entry.customerId);
    return row === undefined ? { ...entry, customerName: '', calledBack: null } : { ...entry, customerId: customerOfRow(row).customerId, customerName: row.name, calledBack: null };
  }

  /** Whoever called and reached nobody: the first time that somebody talked with them after it, whoever of the two called. */
  private calledBack({ kind, outcome, number, customerId, startedAt }: HistoryLine): HistoryLine['calledBack'] {
    if (kind !== 'inbound' || outcome === 'answered') return null;
    const later = [...(number === '' ? [] : this.reachedByNumber.all(number, startedAt)), ...(customerId === null ? [] : this.reachedByCustomer.all(customerId, startedAt))];
    const [first] = timelineOfRows(later).toSorted((a, b) => a.startedAt - b.startedAt);
    return first === undefined ? null : { at: first.startedAt, by: first.agentName };
  }

  private record(customer: Customer, lines: number): CustomerRecord {
    const own = this.timeline.all(customer.customerId, lines);
    // Calls from before the customer was known.
    const earlier = customer.numbers.flatMap(({ e164 }) => this.timelineOfNumber.all(e164, lines));
    const timeline = timelineOfRows([...own, ...earlier]).toSorted((a, b) => b.startedAt - a.startedAt);
    return { customer, timeline: timeline.slice(0, lines) };
  }
}

function isFound(needles: readonly Needle[], { memo, customerName, agentName, disposition, number }: HistoryLine): boolean {
  const keys = [customerName, memo, agentName, disposition].filter((text) => text !== '').map(keyOf);
  const digits = digitsOf(number).split(' ');
  return needles.some((needle) => isIn(needle, keys, digits));
}
