import type { Customer, CustomerRecord } from '../../contract/customer.ts';
import type { CustomerChanges } from '../../contract/customer.ts';
import type { Me } from '../../contract/directory.ts';
import { fail, ok, type Disposer, type Result } from '../../contract/errors.ts';
import type { CustomerId } from '../../contract/ids.ts';
import { Emitter } from '../../contract/emitter.ts';
import type { Logger } from '../logger.ts';
import { openDatabase, quarantine, type Storage } from './database.ts';
import { CustomerReader } from './reader.ts';
import type { CustomerPage } from './search.ts';
import { CustomerWriter, type Position } from './writer.ts';

const PAGE_ROWS = 2000;
/** So many pages are written to the disk at once: each time, much of the search's index is written again. What is lost with a crash is fetched again. */
const PAGES_AT_ONCE = 10;
/** The center may be restored once while one fetches; one that always begins anew is broken. */
const MOST_RESETS = 3;

/** Fetches one page of changes after a position. */
export type FetchChanges = (position: Position & { limit: number }) => Promise<Result<CustomerChanges>>;

export interface CacheHealth {
  state: 'ready' | 'syncing' | 'unavailable';
  storage: Storage;
  /** Rows still to be fetched. */
  remaining: number;
}

export type CacheEvent = { type: 'health'; health: CacheHealth } | { type: 'changed'; customerIds: CustomerId[] };

export interface CacheOptions {
  /** Null: in memory. */
  file: string | null;
  /** 32 bytes; null: in memory. */
  key: Buffer | null;
  log: Logger;
}

/** A page that was asked for, from this position on. */
interface Asked {
  position: Position;
  answering: Promise<Result<CustomerChanges>>;
}

/** What a session asks of customers, and how it follows the center. */
export interface Customers {
  readonly health: CacheHealth;
  onEvent(listener: (event: CacheEvent) => void): Disposer;
  /** This person has signed in: from now on what they may see. */
  enter(me: Me): void;
  /** Their sign-in is over. */
  leave(): void;
  lookup(e164: string): Result<Customer | null>;
  /** With so many lines of the history at most, the newest first; by default as many as a record holds. */
  findByNumber(e164: string, lines?: number): Result<CustomerRecord | null>;
  get(customerId: string, lines?: number): Result<CustomerRecord | null>;
  search(text: string, limit: number, offset: number): Result<CustomerPage>;
  /** Fetches all changes. A call during another one makes that one look once more. */
  sync(fetch: FetchChanges): Promise<Result<null>>;
}

/**
 * The local copy of customers and their histories. A desktop has one: to who may see something else than the one before
 * the center gives everything anew.
 */
export class CustomerCache implements Customers {
  private readonly options: CacheOptions;
  private readonly events = new Emitter<CacheEvent>();
  private opened: ReturnType<typeof openParts>;
  private syncing: Promise<Result<null>> | null = null;
  private again = false;
  private current: CacheHealth;
  private closed = false;

  constructor(options: CacheOptions) {
    this.options = options;
    this.opened = openParts(options);
    this.current = { state: 'ready', storage: this.opened.storage, remaining: 0 };
  }

  get health(): CacheHealth {
    return this.current;
  }

  onEvent(listener: (event: CacheEvent) => void): Disposer {
    return this.events.on(listener);
  }

  enter(): void {
    // What is in it follows who fetches.
  }

  leave(): void {
    // It is kept for the next sign-in.
  }

  lookup(e164: string): Result<Customer | null> {
    return this.read((reader) => reader.lookup(e164));
  }

  findByNumber(e164: string, lines?: number): Result<CustomerRecord | null> {
    return this.read((reader) => reader.findByNumber(e164, lines));
  }

  get(customerId: string, lines?: number): Result<CustomerRecord | null> {
    return this.read((reader) => reader.get(customerId, lines));
  }

  search(text: string, limit: number, offset: number): Result<CustomerPage> {
    return this.read((reader) => reader.search(text, limit, offset));
  }

  /** Fetches all changes. A call during another one makes that one look once more. */
  async sync(fetch: FetchChanges): Promise<Result<null>> {
    if (this.syncing !== null) {
      this.again = true;
      return this.syncing;
    }
    this.syncing = this.follow(fetch).finally(() => (this.syncing = null));
    return this.syncing;
  }

  close(): void {
    if (!this.closed) this.read(() => this.opened.writer.keep());
    this.closed = true;
    this.opened.database.close();
  }

  private async follow(fetch: FetchChanges): Promise<Result<null>> {
    try {
      return await this.followPages(fetch);
    } finally {
      if (!this.closed) this.read(() => this.opened.writer.keep());
    }
  }

  private async followPages(fetch: FetchChanges): Promise<Result<null>> {
    let ahead: Asked | null = null;
    for (let [pages, resets] = [1, 0]; ; pages++) {
      const position = this.read(() => this.opened.writer.position());
      if (!position.ok) return position;
      // The cache may have begun anew meanwhile: then what was asked for is of no use.
      const asked: Asked = ahead !== null && isSame(ahead.position, position.value) ? ahead : this.ask(fetch, position.value);
      const answer: Result<CustomerChanges> = await asked.answering;
      if (this.closed) return ok(null);
      if (!answer.ok) {
        this.move({ state: 'ready', remaining: 0 });
        return answer;
      }
      if (answer.value.reset) resets += 1;
      if (resets > MOST_RESETS) return fail('unexpected', 'the center begins anew again and again');
      ahead = answer.value.more && !isStuck(answer.value, position.value) ? this.ask(fetch, answer.value) : null;
      // The question is on its way before this page is taken, and lets a call that rings meanwhile read between two pages.
      await new Promise((resolve) => setImmediate(resolve));
      if (this.closed) return ok(null);
      const more = this.take(answer.value, position.value);
      if (!more.ok) return more;
      if (!more.value || pages % PAGES_AT_ONCE === 0) this.read(() => this.opened.writer.keep());
      if (!more.value) await this.forget();
      if (this.closed || (!more.value && !this.again)) return ok(null);
    }
  }

  /** Whoever wants to know what is new from here on is answered by this page, or one after it. */
  private ask(fetch: FetchChanges, { cursor, mark }: Position): Asked {
    this.again = false;
    return { position: { cursor, mark }, answering: fetch({ cursor, mark, limit: PAGE_ROWS }) };
  }

  /** Whoever was removed leaves the file as a whole, a little at a time: calls ring meanwhile. */
  private async forget(): Promise<void> {
    for (;;) {
      const more = this.read(() => this.opened.writer.forgetSome());
      if (!more.ok || !more.value) return;
      await new Promise((resolve) => setImmediate(resolve));
      if (this.closed) return;
    }
  }

  /** @returns whether to ask for another page */
  private take(page: CustomerChanges, position: Position): Result<boolean> {
    if (page.reset) this.options.log.warn({}, 'the center has another history than this cache, which begins anew');
    const stuck = isStuck(page, position);
    const applied = this.read(() => this.opened.writer.take(page));
    if (!applied.ok) return applied;
    const ids = new Set([...page.customers.map((c) => c.customerId), ...page.removed, ...page.timeline.flatMap((t) => t.customerId ?? [])]);
    // A contact of a stranger changes the history too, and no customer; a new beginning changes whatever is shown.
    if (page.reset || ids.size > 0 || page.timeline.length > 0) this.events.emit({ type: 'changed', customerIds: page.reset ? [] : [...ids] });
    this.move(page.more && !stuck ? { state: 'syncing', remaining: page.remaining } : { state: 'ready', remaining: 0 });
    return stuck ? fail('unexpected', 'the center gives the same page again and again') : ok(page.more);
  }

  /** Runs a query. A corrupt file is put aside and begun anew, in memory if need be; the query answers an error. */
  private read<Value>(query: (reader: CustomerReader) => Value): Result<Value> {
    if (this.closed) return fail('cache.unavailable', 'the cache is closed');
    try {
      return ok(query(this.opened.reader));
    } catch (error) {
      this.options.log.error({ error: String(error) }, 'customer cache failed');
      if (isBroken(error)) this.rebuild();
      return fail('cache.unavailable', 'the customer cache failed; it is being rebuilt');
    }
  }

  private rebuild(): void {
    const { file } = this.options;
    try {
      this.opened.database.close();
      if (file !== null && this.opened.storage === 'encrypted') quarantine(file);
      this.opened = openParts(this.options);
    } catch (error) {
      this.options.log.error({ error: String(error) }, 'customer cache could not be rebuilt');
      this.opened = openParts({ ...this.options, file: null });
    }
    this.move({ state: 'ready', remaining: 0 });
  }

  private move(change: Pick<CacheHealth, 'state' | 'remaining'>): void {
    const health: CacheHealth = { ...change, storage: this.opened.storage };
    const same = health.state === this.current.state && health.remaining === this.current.remaining && health.storage === this.current.storage;
    this.current = health;
    if (!same) this.events.emit({ type: 'health', health });
  }
}

function openParts(options: CacheOptions) {
  const { database, storage } = openDatabase(options);
  return { database, storage, reader: new CustomerReader(database), writer: new CustomerWriter(database) };
}

/** A center whose cursor stands still would be asked for ever. */
const isStuck = (page: CustomerChanges, { cursor }: Position): boolean => page.more && page.cursor <= (page.reset ? 0 : cursor);

const isSame = (one: Position, other: Position): boolean => one.cursor === other.cursor && one.mark === other.mark;

const isBroken = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && ['SQLITE_CORRUPT', 'SQLITE_NOTADB', 'SQLITE_FULL', 'SQLITE_IOERR'].some((code) => String(error.code).startsWith(code));
