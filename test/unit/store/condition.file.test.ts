import { CompiledQuery } from 'kysely';
import { describe, expect, it } from 'vitest';
import { draft, temporaryStore, valueOf } from './support.ts';

describe('failure: a file that cannot be written', () => {
  /** A store whose file may not grow any more, as on a full disk, and its room given back. */
  async function fullStore() {
    const store = await temporaryStore();
    // What its migrations have left free would be room.
    await store.db.executeQuery(CompiledQuery.raw('VACUUM'));
    const pages = async (most: number) => void (await store.db.executeQuery(CompiledQuery.raw(`PRAGMA max_page_count = ${most}`)));
    return { store, fill: () => pages(1), free: () => pages(1_000_000) };
  }

  const big = (n: number) => draft({ name: `고객 ${n}`, numbers: [], note: 'x'.repeat(4000) });

  it('says that it is the disk, and not that a rollback failed', async () => {
    const { store, fill, free } = await fullStore();
    const before = valueOf(await store.records.createCustomer(big(0)));
    await fill();
    await expect(store.records.createCustomer(big(1))).rejects.toMatchObject({ name: 'NotWritten', why: 'unwritable', message: 'database or disk is full' });
    expect(store.records.health.current).toEqual({ state: 'failing', cause: 'full' });
    expect(await store.trouble()).toBe('database or disk is full');
    // Reading goes on, and says nothing of the disk.
    expect(await store.records.customer(before.customerId)).toEqual(before);
    expect(store.records.health.current.state).toBe('failing');
    await free();
    valueOf(await store.records.createCustomer(big(2)));
    expect(store.records.health.current.state).toBe('low');
  });
});
