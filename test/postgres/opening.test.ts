import { join } from 'node:path';
import type { PoolClient } from 'pg';
import { describe, expect, inject, it } from 'vitest';
import { own } from '../../center/store/dialect/postgres/owning.ts';
import { TURNS } from '../../center/store/dialect/postgres/turns.ts';
import { openBeside, openStore } from '../../center/store/index.ts';
import { systemClock } from '../../server/clock.ts';
import { onPostgres } from '../support/postgres-server.ts';
import { placeAt } from '../unit/store/places.ts';
import { temporaryFolder, temporaryStore } from '../unit/store/support.ts';

const open = (url: string) => openStore({ url, clock: systemClock, logger: { info: () => {}, warn: () => {}, error: () => {} } });

/** The address of an empty store of the test's own. */
async function anEmptyStore(): Promise<{ path: string; url: string }> {
  const path = join(await temporaryFolder(), 'center.db');
  const place = await placeAt(path);
  return { path, url: 'url' in place ? place.url : '' };
}

const changed = (url: string, change: (url: URL) => void): string => {
  const other = new URL(url);
  change(other);
  return other.href;
};

describe('a database of a server', () => {
  it('may be a schema of its own beside what others keep', async () => {
    const { url } = await anEmptyStore();
    await onPostgres(url, 'CREATE SCHEMA calls');
    const store = await open(changed(url, (address) => address.searchParams.set('options', '-csearch_path=calls')));
    const found = await store.trouble();
    await store.close();
    expect(found).toBeNull();
  });

  it('names nobody in what is logged of it', async () => {
    const { url } = await anEmptyStore();
    const logged: unknown[] = [];
    const store = await openStore({ url, clock: systemClock, logger: { info: (fields) => logged.push(fields), warn: () => {}, error: () => {} } });
    await store.close();
    expect(JSON.stringify(logged)).toContain(new URL(url).pathname);
    expect(JSON.stringify(logged)).not.toContain(new URL(url).password);
  });
});

describe('failure: a database that cannot be opened says why and what to do', () => {
  it('when no server is there', async () => {
    const { url } = await anEmptyStore();
    await expect(open(changed(url, (address) => (address.port = '1')))).rejects.toMatchObject({ name: 'StoreError', code: 'away', message: expect.stringContaining('Is the server running') });
  });

  it.each([
    ['when the password is wrong', (address: URL) => void (address.password = 'another'), 'Check the user and the password'],
    ['when there is no such user', (address: URL) => void (address.username = 'nobody-of-ours'), 'Check the user and the password'],
    ['when there is no such database', (address: URL) => void (address.pathname = '/not_there'), 'createdb'],
  ])('%s, and not what the password is', async (_when, change, advice) => {
    const { url } = await anEmptyStore();
    const failed = await open(changed(url, change)).then(() => null, (error: unknown) => error);
    expect(failed).toMatchObject({ name: 'StoreError', code: 'refused', message: expect.stringContaining(advice) });
    expect(String(failed)).not.toContain(new URL(url).password);
  });

  it('when it holds the tables of somebody else, which stay as they were', async () => {
    await onPostgres(`${inject('postgres')}/postgres`, 'CREATE TABLE IF NOT EXISTS of_somebody (x int)');
    await expect(open(`${inject('postgres')}/postgres`)).rejects.toMatchObject({ code: 'foreign', message: expect.stringContaining('not Sangdam') });
    await onPostgres(`${inject('postgres')}/postgres`, 'SELECT x FROM of_somebody', 'DROP TABLE of_somebody');
  });

  it('when search_path names no schema', async () => {
    const { url } = await anEmptyStore();
    await expect(open(changed(url, (address) => address.searchParams.set('options', '-csearch_path=nowhere')))).rejects.toMatchObject({ code: 'foreign', message: expect.stringContaining('schema') });
  });

  it('when a newer version has written it; nor does a worker begin beside it', async () => {
    const { url } = await anEmptyStore();
    await onPostgres(url, `UPDATE ${TURNS} SET version = 9999`);
    await expect(open(url)).rejects.toMatchObject({ code: 'newer', message: expect.stringContaining('newer version') });
    await expect(openBeside({ url })).rejects.toMatchObject({ code: 'newer' });
  });

  it('when the server only answers questions', async () => {
    const { url } = await anEmptyStore();
    await onPostgres(url, `ALTER DATABASE ${new URL(url).pathname.slice(1)} SET default_transaction_read_only = on`);
    await expect(open(url)).rejects.toMatchObject({ code: 'unwritable', message: expect.stringContaining('only answers questions') });
  });

  it('when another center has it open, until that lets go', async () => {
    const { path, url } = await anEmptyStore();
    const one = await temporaryStore(path);
    await expect(open(url)).rejects.toMatchObject({ code: 'unwritable', message: expect.stringContaining('running already') });
    await one.close();
    const other = await open(url);
    expect(await other.trouble()).toBeNull();
    await other.close();
  });

  it('when the server is too old', async () => {
    const old = { query: () => Promise.resolve({ rows: [{ version: 130_011, schema: 'public' }] }) };
    await expect(own(old as unknown as PoolClient, 'postgres://here/x')).rejects.toMatchObject({ code: 'old', message: expect.stringContaining('is PostgreSQL 13, and at least 14') });
  });
});
