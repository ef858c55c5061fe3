import { chmodSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import type { Disposer } from '../../../../contract/errors.ts';

/** A center that is being ended lets go within this. */
const WAIT_MS = 1000;

/**
 * Makes a database file one center's: two on the same data would each tell half of the truth. It is a lock of the operating
 * system on a file beside it, gone with the process however that ends; the database itself is left to the center's own worker.
 * @returns what lets go of it. @throws SQLite's `SQLITE_BUSY` while another center has it
 */
export function holdAlone(file: string): Disposer {
  const beside = `${file}.lock`;
  const lock = new Sqlite(beside, { timeout: WAIT_MS });
  try {
    chmodSync(beside, 0o600);
    lock.pragma('locking_mode = EXCLUSIVE');
    lock.exec('BEGIN EXCLUSIVE');
    return () => lock.close();
  } catch (error) {
    lock.close();
    throw error;
  }
}
