import type { Clock, Records } from '../ports.ts';
import { openDatabase } from './database.ts';
import { createRecords } from './records.ts';
import { currentRevision } from './revision.ts';
import { StoreError } from './rows.ts';
import { forgetOldFamilies } from './sessions.ts';
import type { Database } from './tables.ts';

/** As much of a pino logger as the store uses. */
export interface StoreLogger {
  info(fields: Record<string, unknown>, message: string): void;
}

export interface StoreOptions {
  /** Path of the SQLite file; its folder is made. */
  file: string;
  clock: Pick<Clock, 'now'>;
  logger: StoreLogger;
}

export interface Store {
  /** For functions of an aggregate (`appendAudit(store.db, …)`). */
  readonly db: Database;
  readonly records: Records;
  /** Whether the database answers. */
  isHealthy(): Promise<boolean>;
  close(): Promise<void>;
}

/**
 * Opens the center's store.
 * @throws StoreError with what an operator can do about it
 */
export async function openStore({ file, clock, logger }: StoreOptions): Promise<Store> {
  const db = await openDatabase(file);
  await forgetOldFamilies(db, clock.now());
  logger.info({ file }, 'store opened');
  return {
    db,
    records: createRecords(db, clock),
    isHealthy: () => currentRevision(db).then(() => true, () => false),
    close: async () => {
      await db.destroy();
      logger.info({ file }, 'store closed');
    },
  };
}

export { StoreError };
export type { Database };
