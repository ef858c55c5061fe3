import type { Clock, Records } from '../ports.ts';
import { badRowsOf } from './bad-rows.ts';
import { Condition } from './condition.ts';
import { openDatabase, placeName, type Place } from './dialect/index.ts';
import { createRecords } from './records.ts';
import { noReserve, Reserve } from './reserve.ts';
import { currentRevision } from './revision.ts';
import { StoreError } from './rows.ts';
import { beginRun } from './runs.ts';
import { forgetOldFamilies } from './sessions.ts';
import type { Database } from './tables.ts';

/** As much of a pino logger as the store uses. */
export interface StoreLogger {
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
  error(fields: Record<string, unknown>, message: string): void;
}

/** Of a file the key is of `loadStoreKey`; null: it is not encrypted, for tests that look into it. */
export type StoreOptions = Place & {
  clock: Clock;
  logger: StoreLogger;
  /** Room on a file's disk that is kept for when it is full; none unless told. */
  reserveBytes?: number;
};

export interface Store {
  /** For functions of an aggregate (`appendAudit(store.db, …)`). */
  readonly db: Database;
  readonly records: Records;
  /** What is wrong with it, for the operator: it does not answer, or cannot keep what is written. Null for nothing. */
  trouble(): Promise<string | null>;
  /** Rows that could not be read and were left out since the store was opened. */
  readonly badRows: number;
  close(): Promise<void>;
}

/**
 * Opens the center's store.
 * @throws StoreError with what an operator can do about it
 */
export async function openStore({ clock, logger, reserveBytes = 0, ...place }: StoreOptions): Promise<Store> {
  const probe = async (): Promise<void> => void (await db.updateTable('revision').set((eb) => ({ value: eb.ref('value') })).execute());
  const reserve = 'file' in place ? new Reserve(`${place.file}.reserve`, reserveBytes) : noReserve;
  const condition = new Condition({ reserve, clock, logger, probe });
  const { db, findings } = await openDatabase(place, condition);
  const badRows = badRowsOf(db);
  badRows.onFound = (row) => {
    const what = row.takes === undefined ? 'a row of the store cannot be read and is left out; what it may have forbidden is forbidden' : 'parts of a setting in the store cannot be read: their defaults hold';
    logger.warn({ ...row }, what);
  };
  for (const finding of findings) logger.warn({ finding }, 'the store holds what it should not');
  try {
    await beginRun(db);
    await forgetOldFamilies(db, clock.now());
  } catch (error) {
    await db.destroy();
    throw error;
  }
  await condition.begin();
  const about = { store: placeName(place) };
  logger.info(about, 'store opened');
  return {
    db,
    records: createRecords(db, clock, condition),
    trouble: () => currentRevision(db).then(() => condition.trouble, (error: unknown) => `the store does not answer: ${String(error)}`),
    get badRows() {
      return badRows.count;
    },
    close: async () => {
      condition.close();
      await db.destroy();
      logger.info(about, 'store closed');
    },
  };
}

export { causeOf } from './condition.ts';
export { openBeside, type Place } from './dialect/index.ts';
export { freeLeases } from './jobs.ts';
export { loadStoreKey, storeKeyOf } from './store-key.ts';
export { StoreError };
export type { Database };
