import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { changesAfter, type CachePosition } from '../../../center/store/changes.ts';
import type { Store } from '../../../center/store/index.ts';
import { copyStore } from './places.ts';
import { draft, temporaryFolder, temporaryStore, valueOf } from './support.ts';

/** A desk's cache, as far as it matters here. */
class Cache {
  readonly names = new Map<string, string>();
  position: CachePosition = { cursor: 0, mark: null };
  resets = 0;

  /** @param pages how many at most; all of them unless told */
  async follow({ db }: Pick<Store, 'db'>, limit = 1000, pages = Infinity): Promise<void> {
    for (let page = 0; page < pages; page++) {
      const { customers, removed, reset, cursor, mark, more } = await changesAfter(db, this.position, limit);
      if (reset) this.names.clear();
      this.resets += Number(reset);
      for (const { customerId, name } of customers) this.names.set(customerId, name);
      for (const customerId of removed) this.names.delete(customerId);
      this.position = { cursor, mark };
      if (!more) return;
    }
  }
}

/** A center's data folder, with what an operator does to it. */
async function office() {
  const folder = await temporaryFolder();
  const file = join(folder, 'data/center.db');
  for (const kept of ['data', 'backup']) await mkdir(join(folder, kept));
  const opened = { store: await temporaryStore(file) };
  const reopen = async (betweenTheTwo: () => Promise<void> = async () => {}) => {
    await opened.store.close();
    await betweenTheTwo();
    opened.store = await temporaryStore(file);
  };
  const copy = (from: string, to: string) => copyStore(join(folder, from, 'center.db'), join(folder, to, 'center.db'));
  let made = 0;
  const write = async (count: number) => {
    for (let i = 0; i < count; i++) valueOf(await opened.store.records.createCustomer(draft({ name: `고객 ${++made}`, numbers: [] })));
  };
  const truth = async () => new Map((await opened.store.db.selectFrom('customers').select(['customer_id', 'name']).execute()).map(({ customer_id, name }) => [customer_id, name]));
  return { opened, reopen, write, truth, backUp: () => reopen(() => copy('data', 'backup')), restore: () => reopen(() => copy('backup', 'data')) };
}

describe('a desk that follows a center', () => {
  it('goes on where it was when the center was only started again', async () => {
    const { opened, reopen, write, truth } = await office();
    const cache = new Cache();
    await write(3);
    await cache.follow(opened.store);
    await reopen();
    await write(2);
    await reopen();
    await cache.follow(opened.store);
    expect(cache.names).toEqual(await truth());
    expect(cache.resets).toBe(0);
  });

  it.each([
    ['has come less far than the desk', 1],
    ['has come just as far, with other changes', 5],
    ['has come farther than the desk since, with other changes', 9],
  ])('of a restored backup that %s begins anew, and shows what the center has', async (_what, writtenSince) => {
    const { opened, backUp, restore, write, truth } = await office();
    const cache = new Cache();
    await write(3);
    await backUp();
    await write(5);
    await cache.follow(opened.store);
    await restore();
    await write(writtenSince);
    await cache.follow(opened.store);
    expect(cache.names).toEqual(await truth());
    expect(cache.resets).toBe(1);
    await write(1);
    await cache.follow(opened.store);
    expect(cache.names).toEqual(await truth());
    expect(cache.resets).toBe(1);
  });

  it('and had heard of nothing that the backup lacks goes on where it was', async () => {
    const { opened, backUp, restore, write, truth } = await office();
    const cache = new Cache();
    await write(3);
    await cache.follow(opened.store);
    await backUp();
    await write(5);
    await restore();
    await write(4);
    await cache.follow(opened.store);
    expect(cache.names).toEqual(await truth());
    expect(cache.resets).toBe(0);
  });

  it('and was between two pages of its first fetch begins anew: what had moved behind its cursor is not there any more', async () => {
    const { opened, backUp, restore, write, truth } = await office();
    const cache = new Cache();
    await write(6);
    await backUp();
    // In the first page before, in the last one now.
    const [first] = await truth();
    const { customerId, version } = (await opened.store.records.customer(first?.[0] as never)) ?? { customerId: '' as never, version: '' };
    valueOf(await opened.store.records.updateCustomer(customerId, version, draft({ name: '바뀐 이름', numbers: [] })));
    await cache.follow(opened.store, 2, 1);
    await restore();
    await cache.follow(opened.store, 2);
    expect(cache.names).toEqual(await truth());
  });

  it('keeps up over two restores of the same backup, each of which counts to the same number', async () => {
    const { opened, backUp, restore, write, truth } = await office();
    const cache = new Cache();
    await write(3);
    await backUp();
    for (let turn = 0; turn < 2; turn++) {
      await restore();
      await write(4);
      await cache.follow(opened.store);
      expect(cache.names).toEqual(await truth());
    }
    expect(cache.resets).toBe(1);
  });

  it('is told to begin anew by a store of its own kind that it never saw, and by a mark that is none', async () => {
    const [one, other] = [await office(), await office()];
    const cache = new Cache();
    await one.write(2);
    await cache.follow(one.opened.store);
    await other.write(7);
    await cache.follow(other.opened.store);
    expect(cache.names).toEqual(await other.truth());
    for (const mark of ['', 'x', "'; DROP TABLE runs; --", `${cache.position.mark?.slice(0, 36)}.999999999`]) {
      expect(await changesAfter(other.opened.store.db, { cursor: 3, mark }, 10)).toMatchObject({ reset: true });
    }
  });
});
