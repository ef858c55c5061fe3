import { describe, expect, it, onTestFinished } from 'vitest';
import type { LoggedEvent } from '../../center/ports.ts';
import { openStore } from '../../center/store/index.ts';
import { ContactId } from '../../contract/ids.ts';
import { systemClock } from '../../server/clock.ts';
import { onPostgres, startPostgres } from '../support/postgres-server.ts';
import { until } from '../support/until.ts';
import { draft, valueOf } from '../unit/store/support.ts';

/** A center's store on a server that the test may end. */
async function ofOwnServer() {
  const server = await startPostgres();
  onTestFinished(() => server.close());
  await onPostgres(server.url('postgres'), 'CREATE DATABASE calls');
  const store = await openStore({ url: server.url('calls'), clock: systemClock, logger: { info: () => {}, warn: () => {}, error: () => {} } });
  onTestFinished(() => store.close());
  return { server, store, terminate: () => onPostgres(server.url('postgres'), "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'sangdam'") };
}

const line = (n: number): LoggedEvent => ({ at: n, type: 'contact.queued', contactId: ContactId.parse(`k${n}`), agentId: null, groupId: null, data: {} });

describe('failure: the connection to the server is lost', () => {
  it('and made again by the next who asks', async () => {
    const { store, terminate } = await ofOwnServer();
    await store.records.append([line(1)]);
    await terminate();
    const again = await until('it writes again', () => store.records.append([line(2)]).then(() => true, () => false));
    expect([again, await store.trouble()]).toEqual([true, null]);
    expect(await store.db.selectFrom('events').select('at').orderBy('id').execute()).toEqual([{ at: 1 }, { at: 2 }]);
  });

  it('and another center has taken its place meanwhile: what waits to be written is not wrong, and is not written', async () => {
    const { server, store, terminate } = await ofOwnServer();
    await terminate();
    const other = await openStore({ url: server.url('calls'), clock: systemClock, logger: { info: () => {}, warn: () => {}, error: () => {} } });
    await expect(store.records.append([line(1)])).rejects.toMatchObject({ name: 'NotWritten', why: 'unwritable', message: expect.stringContaining('in use by another center') });
    const there = await other.db.selectFrom('events').selectAll().execute();
    await other.close();
    expect(there).toEqual([]);
    expect(await until('it has its place again', () => store.records.append([line(2)]).then(() => true, () => false), 40_000)).toBe(true);
  });

  it('in the middle of a transaction: nothing of it is there, and who wrote it is told', async () => {
    const { store, terminate } = await ofOwnServer();
    const failed = await store.db
      .transaction()
      .execute(async (tx) => {
        await tx.insertInto('meta').values({ key: 'half', value: 'x' }).execute();
        await terminate();
        await tx.insertInto('meta').values({ key: 'other half', value: 'x' }).execute();
      })
      .then(() => null, (error: unknown) => error);
    expect(failed).toMatchObject({ code: 'DATABASE_AWAY' });
    expect(await until('it reads again', () => store.db.selectFrom('meta').selectAll().execute().catch(() => null))).toEqual([]);
  });

  it('and the server is away for a while: who saves is told, reading says so, and when it is back all is well by itself', async () => {
    const { server, store } = await ofOwnServer();
    const { records } = store;
    const customer = valueOf(await records.createCustomer(draft({ numbers: [] })));
    await server.kill();
    await expect(records.createCustomer(draft({ numbers: [] }))).rejects.toMatchObject({ name: 'NotWritten', why: 'unwritable' });
    expect(records.health.current).toEqual({ state: 'failing', cause: 'other' });
    expect(await store.trouble()).toContain('does not answer');
    await server.start();
    await until('the store is well', async () => records.health.current.state === 'well' || Promise.reject(new Error(String(await store.trouble()))), 40_000);
    expect(await records.customer(customer.customerId)).toEqual(customer);
    valueOf(await records.createCustomer(draft({ numbers: [] })));
    expect(await store.trouble()).toBeNull();
  });
});

