import { chmod, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import type { Disposer } from '../../../../contract/errors.ts';
import { encryptIfPlain, isEncrypted, unlock } from './encryption.ts';
import { SCHEMA_VERSION } from '../../migrations/index.ts';
import { StoreError } from '../../rows.ts';
import type { Database, Tables } from '../../tables.ts';
import { unwatched, type WriteWatch } from '../write-watch.ts';
import { migrate } from './migrate.ts';
import { holdAlone } from './one-center.ts';
import { watched } from './watched.ts';

/**
 * Opens the database file, creating it where there is none, and brings its tables up to date. `findings`: what is wrong
 * with single values in it.
 * @param key 32 bytes; a database that is not encrypted yet will be. Null: it is not, and stays so
 * @throws StoreError `unwritable`, `corrupt`, `key`, or `newer` when a later version of the program has migrated it
 */
export async function openFileStore(file: string, key: Uint8Array | null, watch: WriteWatch): Promise<{ db: Database; findings: string[] }> {
  const { sqlite, letGo } = await unlocked(file, key);
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: watched(sqlite, watch, letGo) }) });
  try {
    const findings = check(sqlite, file);
    await migrate(db);
    return { db, findings };
  } catch (error) {
    await db.destroy();
    throw explained(error, file);
  }
}

/**
 * Opens the database of a center beside that center, for its worker.
 * @throws StoreError as `openFileStore`; `newer` where it is another version's
 */
export function openFileBeside(file: string, key: Uint8Array | null): Database {
  try {
    const sqlite = new Sqlite(file, { fileMustExist: true });
    try {
      prepare(sqlite, key, WORKER_CACHE_KB);
      const version = Number(sqlite.pragma('user_version', { simple: true }));
      if (version !== SCHEMA_VERSION) throw new StoreError('newer', `${file} is of schema ${version}, and this worker knows ${SCHEMA_VERSION}`);
      return new Kysely<Tables>({ dialect: new SqliteDialect({ database: watched(sqlite, unwatched, () => {}) }) });
    } catch (error) {
      sqlite.close();
      throw error;
    }
  } catch (error) {
    throw explained(error, file);
  }
}

/** Pages that are read again are not decrypted again. */
const CENTER_CACHE_KB = 65_536;
const WORKER_CACHE_KB = 16_384;
/** Center and worker write in turns of some milliseconds: who waits so long waits for a process that stands still. */
const BUSY_MS = 5000;

/** A connection as every process has it. */
function prepare(sqlite: Sqlite.Database, key: Uint8Array | null, cacheKb: number): void {
  if (key !== null) unlock(sqlite, key);
  sqlite.pragma(`busy_timeout = ${BUSY_MS}`);
  sqlite.pragma('journal_mode = WAL');
  // The audio of calls is mixed in the center's process: a flush at each commit would stall it by up to tens of
  // milliseconds. NORMAL flushes at checkpoints: a killed process loses nothing, a power cut at most the
  // last seconds, and neither harms the file.
  sqlite.pragma('synchronous = NORMAL');
  sqlite.pragma('foreign_keys = ON');
  sqlite.pragma('trusted_schema = OFF');
  // What is deleted is overwritten, and nothing is sorted in a file that is not encrypted.
  sqlite.pragma('secure_delete = ON');
  sqlite.pragma('temp_store = MEMORY');
  sqlite.pragma(`cache_size = -${cacheKb}`);
}

async function unlocked(file: string, key: Uint8Array | null): Promise<{ sqlite: Sqlite.Database; letGo: Disposer }> {
  let letGo: Disposer = () => {};
  let wasEncrypted = false;
  try {
    await mkdir(dirname(file), { recursive: true });
    letGo = holdAlone(file);
    wasEncrypted = await isEncrypted(file).catch(() => false);
    // SQLite would make it readable for everybody, if only for a moment.
    await (await open(file, 'a', 0o600)).close();
    if (key !== null) await encryptIfPlain(file, key);
    const sqlite = new Sqlite(file);
    try {
      prepare(sqlite, key, CENTER_CACHE_KB);
      await chmod(file, 0o600);
      return { sqlite, letGo };
    } catch (error) {
      sqlite.close();
      throw error;
    }
  } catch (error) {
    letGo();
    throw wasEncrypted && codeOf(error) === 'SQLITE_NOTADB' ? wrongKey(file, key, error) : explained(error, file);
  }
}

/** A file that was encrypted with another key, and one that is no database, look the same. */
const wrongKey = (file: string, key: Uint8Array | null, cause: unknown): StoreError =>
  new StoreError('key', `${file} ${key === null ? 'is encrypted, or no database' : 'cannot be read with this key: it is encrypted with another, or damaged'}. Give the key it was made with (SANGDAM_STORE_KEY, SANGDAM_STORE_KEY_FILE, or store.key beside it), or restore it from a backup with its key`, { cause });

/** What the check says of single values, and not of the file: it has been written to by somebody else. */
const OF_A_VALUE = /^(?:CHECK constraint failed|(?:NULL|NUMERIC|REAL|INT|INTEGER|TEXT|BLOB|non-\w+) value) in /;
/** Beyond so many the rest will be no better. */
const MOST_FINDINGS = 20;
/** Read and deciphered in well below a second. */
const LARGE_BYTES = 64 * 1024 * 1024;

/** @returns what is wrong with single rows. @throws StoreError when the file as a whole cannot be used */
function check(sqlite: Sqlite.Database, file: string): string[] {
  const version = Number(sqlite.pragma('user_version', { simple: true }));
  if (version > SCHEMA_VERSION) {
    throw new StoreError('newer', `${file} was written by a newer version of Sangdam (schema ${version}, this one knows ${SCHEMA_VERSION}): start that version, or use another data folder`);
  }
  const verdicts = checked(sqlite).filter((verdict) => verdict !== 'ok');
  // What was read for this is not read again.
  sqlite.pragma('shrink_memory');
  const damage = verdicts.find((verdict) => !OF_A_VALUE.test(verdict));
  if (damage !== undefined) throw new StoreError('corrupt', `${file} is damaged (${damage}): restore it from a backup, or move it away to start with an empty one`);
  return verdicts;
}

/**
 * A large file is so by its event log. That one a start does not read: its pages are authentic or unreadable, and its rows
 * are looked at one by one wherever they are read.
 */
function checked(sqlite: Sqlite.Database): string[] {
  const verdictsOf = (what: string | number): string[] => (sqlite.pragma(`quick_check(${what})`) as { quick_check: string }[]).map((row) => row.quick_check);
  const bytes = Number(sqlite.pragma('page_count', { simple: true })) * Number(sqlite.pragma('page_size', { simple: true }));
  if (bytes <= LARGE_BYTES) return verdictsOf(MOST_FINDINGS);
  const tables = sqlite.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'events' AND substr(name, 1, 7) <> 'sqlite_'").pluck().all() as string[];
  return tables.flatMap((table) => verdictsOf(`'${table}'`)).slice(0, MOST_FINDINGS);
}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');

function explained(error: unknown, file: string): unknown {
  if (error instanceof StoreError) return error;
  const code = codeOf(error);
  if (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT')) {
    return new StoreError('corrupt', `${file} is not a database, or is damaged: restore it from a backup, or move it away to start with an empty one`, { cause: error });
  }
  if (code === 'SQLITE_BUSY') {
    return new StoreError('unwritable', `${file} is in use by another process: is Sangdam running already?`, { cause: error });
  }
  if (['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EISDIR', 'EEXIST', 'ENOSPC', 'SQLITE_CANTOPEN', 'SQLITE_READONLY', 'SQLITE_FULL'].includes(code) || code.startsWith('SQLITE_READONLY')) {
    return new StoreError('unwritable', `${file} cannot be written (${code}): check the folder's owner, rights and free space, or choose another with SANGDAM_DATA`, { cause: error });
  }
  return error;
}
