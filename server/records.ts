import { join } from 'node:path';
import type { Configuration } from '../center/configuration/records.ts';
import type { Records } from '../center/ports.ts';
import { endDemoSignIns, isDemoPhone, seedDemo } from '../center/store/demo/index.ts';
import { loadStoreKey, openStore, type Database, type Place, type Store } from '../center/store/index.ts';
import { systemClock } from './clock.ts';
import type { Logger } from './logger.ts';

/** About an hour of a busy center's calls. */
const RESERVE_BYTES = 16 * 1024 * 1024;

/** The database of a data folder. */
export const fileOf = (dataFolder: string): string => join(dataFolder, 'center.db');

export interface RecordsOptions {
  dataFolder: string;
  /** Of the file, and of what is sealed in either database; 32 bytes; default: the one in the data folder. */
  storeKey?: Uint8Array | null;
  /** Address of the PostgreSQL server's database that the records are in; default: the file in the data folder. */
  database?: string | null;
  /** Whether the demo's accounts and phones count. */
  demo: boolean;
  /** Changes what the store says before the core reads it. */
  configure?: (configuration: Configuration) => Configuration;
}

/**
 * The store, filled with the demo where that is wanted, and what the core is to see of it. Outside the demo none of the
 * demo's secrets opens anything, whatever an earlier run has left in the store.
 * @throws StoreError with what an operator can do about it
 */
export async function openRecords({ dataFolder, storeKey, database = null, demo, configure = same }: RecordsOptions, logger: Logger): Promise<{ store: Store; storeKey: Uint8Array; place: Place; records: Records; configuration: Configuration }> {
  const file = fileOf(dataFolder);
  const key = storeKey ?? (await loadStoreKey(file));
  const place: Place = database === null ? { file, key } : { url: database };
  const store = await openStore({ ...place, clock: systemClock, logger: logger.child({ part: 'store' }), reserveBytes: RESERVE_BYTES });
  try {
    if (demo && (await seedDemo(store.db, systemClock.now()))) logger.info('the store is filled with the demo');
    if (!demo) await refuseDemo(store.db, await store.records.configuration(), logger);
    const records = withConfiguration(store.records, (configuration) => configure(demo ? configuration : withoutDemoPhones(configuration)));
    const configuration = await records.configuration();
    return { store, storeKey: key, place, records, configuration };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** Nobody goes on with what anyone may read in the README, and the operator is told who and what that is. */
async function refuseDemo(db: Database, { phones }: Configuration, logger: Logger): Promise<void> {
  const accounts = await endDemoSignIns(db, systemClock.now());
  const users = phones.filter(isDemoPhone).map(({ user }) => user);
  if (accounts.length > 0) logger.warn({ accounts }, 'these accounts have the password of the demo, and are refused until it is changed');
  if (users.length > 0) logger.warn({ phones: users }, 'these phones have a password of the demo, and get no account on the switch');
}

const same = (configuration: Configuration): Configuration => configuration;

const withoutDemoPhones = (configuration: Configuration): Configuration => ({ ...configuration, phones: configuration.phones.filter((phone) => !isDemoPhone(phone)) });

const withConfiguration = (records: Records, configure: (configuration: Configuration) => Configuration): Records => ({
  ...records,
  configuration: async () => configure(await records.configuration()),
});
