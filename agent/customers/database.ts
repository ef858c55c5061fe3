import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite, { type Database } from 'better-sqlite3';
import type { Logger } from '../logger.ts';
import { migrate } from './migrations.ts';

export type Storage = 'encrypted' | 'memory';

export interface OpenedDatabase {
  database: Database;
  storage: Storage;
}

export interface DatabaseOptions {
  /** Null: in memory. */
  file: string | null;
  /** 32 bytes; null: in memory, as nothing is ever written unencrypted. */
  key: Buffer | null;
  log: Logger;
}

/**
 * Opens the cache's database. A file that is corrupt, has another key or comes from a newer program is put aside
 * (`.quarantined`, the last one is kept) and a new one begun: the center has everything. Where no file can be
 * written, the cache is in memory.
 */
export function openDatabase({ file, key, log }: DatabaseOptions): OpenedDatabase {
  if (file === null || key === null) return inMemory();
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    try {
      return { database: openFile(file, key), storage: 'encrypted' };
    } catch (error) {
      if (isFileProblem(error)) throw error;
      log.warn({ error: String(error) }, 'customer cache quarantined, rebuilding it');
      quarantine(file);
      return { database: openFile(file, key), storage: 'encrypted' };
    }
  } catch (error) {
    log.error({ error: String(error) }, 'customer cache cannot be written, keeping it in memory');
    return inMemory();
  }
}

function inMemory(): OpenedDatabase {
  const database = new Sqlite(':memory:');
  migrate(database);
  return { database, storage: 'memory' };
}

function openFile(file: string, key: Buffer): Database {
  if (key.length !== 32) throw new RangeError('the key has 32 bytes');
  const database = new Sqlite(file);
  try {
    // ChaCha20-Poly1305 per page; `raw:` takes the key as it is, without deriving one from a password.
    database.pragma("cipher = 'chacha20'");
    database.pragma(`key = 'raw:${key.toString('hex')}'`);
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = NORMAL');
    database.pragma('temp_store = MEMORY');
    // Who was erased at the center is overwritten here, too.
    database.pragma('secure_delete = ON');
    database.pragma('cache_size = -65536');
    // 16 MB of journal: a first fetch writes many pages again and again, and they go to the file the fewer times.
    database.pragma('wal_autocheckpoint = 4000');
    migrate(database);
    // Touches every table's root page: a truncated or foreign file shows itself here and not in a call.
    for (const table of ['meta', 'customers', 'numbers', 'timeline', 'search']) database.prepare(`SELECT 1 FROM ${table} LIMIT 1`).get();
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Puts the file aside, together with its journal. */
export function quarantine(file: string): void {
  for (const suffix of ['', '-wal', '-shm']) {
    rmSync(`${file}.quarantined${suffix}`, { force: true });
    if (existsSync(file + suffix)) renameSync(file + suffix, `${file}.quarantined${suffix}`);
  }
}

/** The folder or the disk is the problem, not the file's content. */
function isFileProblem(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return ['SQLITE_CANTOPEN', 'SQLITE_FULL', 'SQLITE_READONLY', 'EACCES', 'ENOSPC', 'EROFS'].some((code) => String(error.code).startsWith(code));
}
