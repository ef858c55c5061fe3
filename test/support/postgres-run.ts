import type { TestProject } from 'vitest/node';
import { openStore } from '../../center/store/index.ts';
import { systemClock } from '../../server/clock.ts';
import { onPostgres, startPostgres } from './postgres-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of the run's server of PostgreSQL, without a database; undefined in a run on files. */
    postgres: string | undefined;
  }
}

/** An empty store, up to date: what the stores of tests are copies of. */
export const EMPTY = 'empty';

/** One server for a whole run of tests, with a database that each copies. */
export default async function providePostgres(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgres();
  try {
    await onPostgres(server.url('postgres'), `CREATE DATABASE ${EMPTY}`);
    const store = await openStore({ url: server.url(EMPTY), clock: systemClock, logger: { info: () => {}, warn: () => {}, error: () => {} } });
    await store.close();
    project.provide('postgres', server.url('').slice(0, -1));
    return () => server.close();
  } catch (error) {
    await server.close();
    throw error;
  }
}
