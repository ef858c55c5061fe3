import { mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../agent/customers/database.ts';
import { CustomerCache, type CacheEvent } from '../../../agent/customers/index.ts';
import { silentLogger } from '../../../agent/logger.ts';
import { plainLine, type Customer, type CustomerChanges, type TimelineEntry } from '../../../contract/customer.ts';
import { fail, ok } from '../../../contract/errors.ts';
import { ContactId, CustomerId } from '../../../contract/ids.ts';
import { must } from '../../switch/stage.ts';

const KEY = Buffer.alloc(32, 1);

const customer = (id: string, more: Partial<Customer> = {}): Customer => ({
  customerId: CustomerId.parse(id),
  name: '김철수',
  company: '한국상사',
  numbers: [{ e164: '+821012345678', label: '' }],
  vip: false,
  warning: '',
  note: '',
  updatedAt: 1,
  version: '1',
  ...more,
});

const entry = (id: string, more: Partial<TimelineEntry> = {}): TimelineEntry => ({
  ...plainLine,
  contactId: ContactId.parse(id),
  customerId: CustomerId.parse('c1'),
  number: '+821012345678',
  kind: 'inbound',
  startedAt: 1,
  groupId: null,
  groupName: '',
  agentId: null,
  agentName: '',
  outcome: 'answered',
  talkMs: 0,
  disposition: '',
  memo: '',
  ...more,
});

const page = (more: Partial<CustomerChanges> = {}): CustomerChanges => ({ customers: [], timeline: [], removed: [], cursor: 1, more: false, remaining: 0, mark: 'a', reset: false, ...more });

describe('the customer cache', () => {
  let folder: string;
  let file: string;
  let opened: CustomerCache[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sangdam-cache-'));
    file = join(folder, 'customers.db');
    opened = [];
  });

  afterEach(async () => {
    for (const cache of opened) cache.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('finds a customer by number, with their history, newest first', async () => {
    const cache = open();
    await fill(cache, page({ customers: [customer('c1')], timeline: [entry('old', { startedAt: 1 }), entry('new', { startedAt: 2 })] }));
    const record = must(cache.findByNumber('+821012345678'));
    expect(record?.customer).toEqual(customer('c1'));
    expect(record?.timeline.map(({ contactId }) => contactId)).toEqual(['new', 'old']);
    expect(must(cache.findByNumber('+821099999999'))).toBeNull();
  });

  it('gives no more of a history than is asked for, the newest lines of the customer and of their numbers', async () => {
    const cache = open();
    await fill(cache, page({ customers: [customer('c1')], timeline: [entry('old', { startedAt: 1 }), entry('before', { startedAt: 2, customerId: null }), entry('new', { startedAt: 3 })] }));
    expect([must(cache.findByNumber('+821012345678', 2)), must(cache.get('c1', 2))].map((record) => record?.timeline.map(({ contactId }) => contactId))).toEqual([['new', 'before'], ['new', 'before']]);
    expect(must(cache.get('c1'))?.timeline).toHaveLength(3);
  });

  describe('of a person who was erased', () => {
    const TRACES = ['QWZXJVK', 'QWZ', 'XJV', 'WARNINGOFTHEM', 'MEMOOFTHECALL', '77766655'];
    const person = customer('gone', { name: 'QWZXJVK', company: '', warning: 'WARNINGOFTHEM', numbers: [{ e164: '+821077766655', label: '' }] });
    const others = Array.from({ length: 300 }, (_, i) => customer(`c${i + 2}`, { name: `고객 ${i}`, numbers: [{ e164: `+8210111${10_000 + i}`, label: '' }] }));

    /** What the file holds for who has its key: every value of every table, those of the search's index included. */
    function held(): string[] {
      const { database } = openDatabase({ file, key: KEY, log: silentLogger });
      const tables = database.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'search'").pluck().all();
      const values = tables.flatMap((table) => database.prepare(`SELECT * FROM "${table}"`).raw().all() as unknown[][]).flat();
      database.close();
      const texts = values.map((value) => (Buffer.isBuffer(value) ? value.toString('latin1') : String(value)).toLowerCase());
      return TRACES.filter((trace) => texts.some((text) => text.includes(trace.toLowerCase())));
    }

    it('holds nothing in any table, in the index of the search or in the journal', async () => {
      const cache = open();
      await fill(cache, page({ customers: [...others.slice(0, 150), person, ...others.slice(150)], timeline: [entry('k1', { customerId: person.customerId, number: '+821077766655', memo: 'MEMOOFTHECALL' })] }));
      expect(held()).toEqual(TRACES);
      await fill(cache, page({ removed: [person.customerId], timeline: [entry('k1', { customerId: null, number: '', memo: '' })], cursor: 2 }));
      expect((await stat(`${file}-wal`)).size).toBe(0);
      expect(held()).toEqual([]);
      expect(must(cache.search('고객', 10, 0)).total).toBe(300);
    });

    it('goes on forgetting after a start, where it was cut short', async () => {
      const cache = open();
      await fill(cache, page({ customers: [...others, person], cursor: 1 }));
      // Closed as soon as the page is in.
      cache.onEvent(({ type }) => type === 'changed' && queueMicrotask(() => cache.close()));
      await cache.sync(() => Promise.resolve(ok(page({ removed: [person.customerId], cursor: 2 }))));
      await fill(open(), page({ cursor: 2 }));
      expect(held()).toEqual([]);
    });

    it('forgets the journal, too, of a line that is nobody’s any more', async () => {
      const cache = open();
      await fill(cache, page({ timeline: [entry('k1', { customerId: null, memo: 'MEMOOFTHECALL' })] }));
      await fill(cache, page({ timeline: [entry('k1', { customerId: null, number: '', memo: '' })], cursor: 2 }));
      expect((await stat(`${file}-wal`)).size).toBe(0);
      expect(held()).toEqual([]);
    });
  });

  it('shows calls from before the customer was known', async () => {
    const cache = open();
    await fill(cache, page({ customers: [customer('c1')], timeline: [entry('before', { customerId: null })] }));
    expect(must(cache.get('c1'))?.timeline).toHaveLength(1);
  });

  it.each(['철수', '김철수', '국상', '010-1234', '+82101234', '5678', '78', '01', 'ACME', 'ac'])('finds by the part "%s" of a name, company or number', async (text) => {
    const cache = open();
    await fill(cache, page({ customers: [customer('c1', { company: '한국상사 Acme' }), customer('c2', { name: '홍길동', company: '', numbers: [] })] }));
    const found = must(cache.search(text, 10, 0));
    expect(found.customers.map(({ customerId }) => customerId)).toEqual(['c1']);
    expect(found.total).toBe(1);
  });

  it.each([
    ['ㅎㄱㄷ', '홍길동'], ['홍기', '홍길동'], ['홍길ㄷ', '홍길동'], ['ghdrlfehd', '홍길동'], ['홍 길동', '홍길동'], ['홍ㄱㄷ', '홍길동'], ['ㅄ', '부산 님'], ['㈜서', '김민수'], ['(주)서울', '김민수'],
    ['ＫＩＭ', 'Kim Émile'], ['emile', 'Kim Émile'], ['홍길동 한국', '홍길동'], ['홍길동 5678', '홍길동'], ['김 (010)9999-0000', '김민수'], ['010/9999/0000', '김민수'], ['０１０９９９９', '김민수'], ['+82 10 9999', '김민수'],
    ['홍길동'.normalize('NFD'), '홍길동'],
  ])('finds as every search does: %s', async (text, name) => {
    const cache = open();
    await fill(cache, page({ customers: [
      customer('c1', { name: '홍길동'.normalize('NFD'), company: '한국' }),
      customer('c2', { name: '김민수', company: '㈜서울', numbers: [{ e164: '+821099990000', label: '' }] }),
      customer('c3', { name: '부산 님', company: '', numbers: [] }),
      customer('c4', { name: 'Kim Émile', company: '', numbers: [] }),
    ] }));
    expect(must(cache.search(text, 10, 0)).customers.map((found) => found.name.normalize('NFC'))).toEqual([name]);
  });

  it('lists those whose name begins with what was typed before those that only have it', async () => {
    const cache = open();
    await fill(cache, page({ customers: ['가민수', '민수정', '나민수'].map((name, i) => customer(`c${i}`, { name })) }));
    expect(must(cache.search('민수', 10, 0)).customers.map(({ name }) => name)).toEqual(['민수정', '가민수', '나민수']);
  });

  it('sorts as a Korean reader expects, and Latin without regard to case and accents', async () => {
    const cache = open();
    const names = ['Zebra', 'apple', 'Émile', 'Banana', '나', '강'.normalize('NFD'), '가나'];
    await fill(cache, page({ customers: names.map((name, i) => customer(`c${i}`, { name })) }));
    expect(must(cache.search('', 10, 0)).customers.map(({ name }) => name.normalize('NFC'))).toEqual(['가나', '강', '나', 'apple', 'Banana', 'Émile', 'Zebra']);
  });

  it('looks at a bounded number of those that very many are like, and says that there are more', async () => {
    const cache = open();
    await fill(cache, page({ customers: Array.from({ length: 4000 }, (_, i) => customer(`c${i}`, { name: `김민${i}`, numbers: [] })) }));
    const found = must(cache.search('김민', 10, 0));
    expect(found.more).toBe(true);
    expect(found.total).toBeLessThan(4000);
    expect(found.customers.map(({ name }) => name)).toEqual(['김민0', '김민1', '김민10', '김민100', '김민1000', '김민1001', '김민1002', '김민1003', '김민1004', '김민1005']);
    expect(must(cache.search('김민3999', 10, 0))).toMatchObject({ total: 1, more: false });
  });

  it('finds one by the first part of a long word whose end very many have', async () => {
    const cache = open();
    const same = '전국자영업협동조합연합회';
    await fill(cache, page({ customers: [...Array.from({ length: 3000 }, (_, i) => customer(`c${i}`, { name: `새김민수${same}`, company: '' })), customer('one', { name: `새홍길동${same}`, company: '' })] }));
    expect(must(cache.search(`홍길동${same}`, 10, 0)).customers.map(({ name }) => name)).toEqual([`새홍길동${same}`]);
  });

  it('finds who has 010 among very many who have not', async () => {
    const cache = open();
    const landlines = Array.from({ length: 3000 }, (_, i) => customer(`c${i}`, { name: '김민수', numbers: [{ e164: `+8223${String(i).padStart(7, '9').replaceAll('0', '2')}`, label: '' }] }));
    await fill(cache, page({ customers: [...landlines, customer('mobile', { name: '이김민' })] }));
    expect(must(cache.search('김민 010', 10, 0)).customers.map(({ name }) => name)).toEqual(['이김민']);
  });

  it.each(["' OR 1=1 --", 'NEAR(', 'keys:', '"a" OR "b"', 'la', 'e1', '철%김'])('takes %s in a search as text', async (text) => {
    const cache = open();
    await fill(cache, page({ customers: [customer('c1')] }));
    expect(must(cache.search(text, 10, 0))).toEqual({ customers: [], total: 0, more: false });
  });

  it.each(['"', '%', '_', '*', '\u200b'])('is told nothing by %s alone', async (text) => {
    const cache = open();
    await fill(cache, page({ customers: [customer('c1')] }));
    expect(must(cache.search(text, 10, 0)).total).toBe(1);
  });

  it('lists by name, page by page, with the total', async () => {
    const cache = open();
    await fill(cache, page({ customers: [customer('c1', { name: '나' }), customer('c2', { name: '가' }), customer('c3', { name: '다' })] }));
    const listed = must(cache.search('', 1, 1));
    expect(listed.customers.map(({ name }) => name)).toEqual(['나']);
    expect(listed.total).toBe(3);
  });

  it('forgets a former number and name when a customer changes', async () => {
    const cache = open();
    await fill(cache, page({ customers: [customer('c1')] }));
    await fill(cache, page({ customers: [customer('c1', { name: '박철수', numbers: [{ e164: '+821011112222', label: '' }] })], cursor: 2 }));
    expect(must(cache.lookup('+821012345678'))).toBeNull();
    expect(must(cache.lookup('+821011112222'))?.name).toBe('박철수');
    expect(must(cache.search('', 10, 0)).total).toBe(1);
    expect(must(cache.search('김철수', 10, 0)).total).toBe(0);
  });

  it('removes what the center removed', async () => {
    const cache = open();
    await fill(cache, page({ customers: [customer('c1')], timeline: [entry('e')] }));
    await fill(cache, page({ removed: [CustomerId.parse('c1')], cursor: 2 }));
    expect(must(cache.get('c1'))).toBeNull();
    expect(must(cache.search('철수', 10, 0)).total).toBe(0);
    expect(must(cache.search('', 10, 0)).total).toBe(0);
  });

  it('follows page by page from its cursor, telling what remains', async () => {
    const cache = open();
    const events: CacheEvent[] = [];
    const cursors: number[] = [];
    cache.onEvent((event) => events.push(event));
    must(
      await cache.sync(async ({ cursor }) => {
        cursors.push(cursor);
        return ok(cursor === 0 ? page({ customers: [customer('c1')], cursor: 5, more: true, remaining: 7 }) : page({ cursor: 12 }));
      }),
    );
    expect(cursors).toEqual([0, 5]);
    expect(events).toEqual([
      { type: 'changed', customerIds: ['c1'] },
      { type: 'health', health: { state: 'syncing', storage: 'encrypted', remaining: 7 } },
      { type: 'health', health: { state: 'ready', storage: 'encrypted', remaining: 0 } },
    ]);
  });

  it('takes a page while the next one is on its way, and has what it took when the next one fails', async () => {
    const cache = open();
    const asked: number[] = [];
    const seen: number[] = [];
    cache.onEvent(({ type }) => type === 'changed' && seen.push(asked.length));
    const result = await cache.sync(({ cursor }) => {
      asked.push(cursor);
      return Promise.resolve(cursor < 2 ? ok(page({ customers: [customer(`c${cursor}`)], cursor: cursor + 1, more: true, remaining: 1 })) : fail('center.unreachable', 'gone'));
    });
    expect(result).toMatchObject({ error: { code: 'center.unreachable' } });
    expect([asked, seen]).toEqual([[0, 1, 2], [2, 3]]);
    cache.close();
    expect(must(open().search('', 10, 0)).total).toBe(2);
  });

  it('goes on where it was after a restart', async () => {
    const first = open();
    await fill(first, page({ customers: [customer('c1')], cursor: 42 }));
    first.close();
    const again = open();
    expect(must(again.lookup('+821012345678'))?.name).toBe('김철수');
    let asked = -1;
    await again.sync(async ({ cursor }) => {
      asked = cursor;
      return ok(page({ cursor }));
    });
    expect(asked).toBe(42);
  });

  it('begins anew when the center says that its history is another one, and tells every window', async () => {
    const cache = open();
    await fill(cache, page({ customers: [customer('c1')], cursor: 9 }));
    const events: CacheEvent[] = [];
    cache.onEvent((event) => events.push(event));
    const asked: unknown[] = [];
    must(
      await cache.sync(async ({ cursor, mark }) => {
        asked.push({ cursor, mark });
        if (mark === 'a') return ok(page({ customers: [customer('c9', { numbers: [] })], cursor: 1, more: true, mark: 'b', reset: true }));
        return ok(page({ customers: [customer('c8', { numbers: [] })], cursor: 2, mark: 'b' }));
      }),
    );
    expect(asked).toEqual([{ cursor: 9, mark: 'a' }, { cursor: 1, mark: 'b' }]);
    expect(must(cache.search('', 10, 0)).customers.map(({ customerId }) => customerId).toSorted()).toEqual(['c8', 'c9']);
    expect(events).toContainEqual({ type: 'changed', customerIds: [] });
  });

  it('does not follow a center that begins anew for ever', async () => {
    const cache = open();
    let asked = 0;
    const synced = await cache.sync(async () => {
      asked += 1;
      return ok(page({ cursor: 1, more: true, mark: `m${asked}`, reset: true }));
    });
    expect(synced).toMatchObject({ ok: false, error: { code: 'unexpected' } });
    expect(asked).toBeLessThan(10);
  });

  it('of a program before versions is fetched again: no customer is left without one', async () => {
    const first = open();
    await fill(first, page({ customers: [customer('c1')], cursor: 42 }));
    first.close();
    const { database } = openDatabase({ file, key: KEY, log: silentLogger });
    database.exec('ALTER TABLE customers DROP COLUMN version; PRAGMA user_version = 2');
    database.close();
    const cache = open();
    let from: unknown = null;
    await cache.sync(async (position) => {
      from ??= position;
      return ok(page({ customers: [customer('c1')], cursor: 42 }));
    });
    expect(from).toMatchObject({ cursor: 0, mark: null });
    expect(must(cache.lookup('+821012345678'))).toEqual(customer('c1'));
  });

  it('keeps no number readable in the file', async () => {
    const cache = open();
    await fill(cache, page({ customers: [customer('c1')] }));
    cache.close();
    const bytes = await readFile(file);
    expect(bytes.includes('12345678')).toBe(false);
    expect(bytes.includes('SQLite format')).toBe(false);
  });

  describe('failure: the file', () => {
    it.each([
      ['another key', async () => {}, Buffer.alloc(32, 2)],
      ['garbage', () => writeFile(file, 'no database at all'.repeat(1000)), KEY],
      ['half a file', () => truncate(file, 6000), KEY],
      ['a newer version', async () => setVersion(99), KEY],
    ])('%s is put aside and the cache begun anew', async (_what, harm, key) => {
      const first = open();
      await fill(first, page({ customers: [customer('c1')] }));
      first.close();
      await harm();
      const cache = open(key);
      expect(cache.health.storage).toBe('encrypted');
      expect(must(cache.search('', 10, 0)).total).toBe(0);
      expect(existsSync(`${file}.quarantined`)).toBe(true);
      await fill(cache, page({ customers: [customer('c1')] }));
      expect(must(cache.lookup('+821012345678'))).not.toBeNull();
    });

    it('without a key nothing is written', async () => {
      const cache = new CustomerCache({ file, key: null, log: silentLogger });
      opened.push(cache);
      await fill(cache, page({ customers: [customer('c1')] }));
      expect(cache.health.storage).toBe('memory');
      expect(must(cache.lookup('+821012345678'))).not.toBeNull();
      expect(existsSync(file)).toBe(false);
    });

    it('where no file can be, the cache is in memory', async () => {
      await writeFile(join(folder, 'blocked'), '');
      const cache = new CustomerCache({ file: join(folder, 'blocked', 'customers.db'), key: KEY, log: silentLogger });
      opened.push(cache);
      expect(cache.health.storage).toBe('memory');
    });
  });

  describe('failure: the center', () => {
    it('keeps what it has when the center cannot be reached', async () => {
      const cache = open();
      await fill(cache, page({ customers: [customer('c1')] }));
      expect(await cache.sync(async () => fail('center.unreachable', 'away'))).toMatchObject({ ok: false });
      expect(cache.health.state).toBe('ready');
      expect(must(cache.lookup('+821012345678'))).not.toBeNull();
    });

    it('does not fetch for ever from a center whose cursor stands still', async () => {
      const cache = open();
      expect(await cache.sync(async () => ok(page({ cursor: 0, more: true })))).toMatchObject({ ok: false, error: { code: 'unexpected' } });
    });

    it('looks once more when it is asked during a fetch', async () => {
      const cache = open();
      let fetches = 0;
      const fetch = async () => {
        if (++fetches === 1) void cache.sync(fetch);
        return ok(page());
      };
      must(await cache.sync(fetch));
      expect(fetches).toBe(2);
    });
  });

  function open(key: Buffer = KEY): CustomerCache {
    const cache = new CustomerCache({ file, key, log: silentLogger });
    opened.push(cache);
    return cache;
  }

  async function fill(cache: CustomerCache, changes: CustomerChanges): Promise<void> {
    must(await cache.sync(async () => ok(changes)));
  }

  function setVersion(version: number): void {
    const { database } = openDatabase({ file, key: KEY, log: silentLogger });
    database.pragma(`user_version = ${version}`);
    database.close();
  }
});
