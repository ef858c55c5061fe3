import { chmod, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { migrate, SCHEMA_VERSION } from './migrate.ts';
import { StoreError } from './rows.ts';
import { beginRun } from './runs.ts';
import type { Database, Reader, Tables } from './tables.ts';
import { watched, type WriteWatch } from './watched.ts';

/**
 * Opens the database file, creating it where there is none, and brings its tables up to date.
 * @throws StoreError `unwritable`, `corrupt`, or `newer` when a later version of the program has migrated it
 */
export async function openDatabase(file: string, watch: WriteWatch): Promise<Database> {
  const sqlite = await openFile(file);
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: watched(sqlite, watch) }) });
  try {
    check(sqlite, file);
    await migrate(db);
    await beginRun(db);
    return db;
  } catch (error) {
    await db.destroy();
    throw explained(error, file);
  }
}

async function openFile(file: string): Promise<Sqlite.Database> {
  try {
    await mkdir(dirname(file), { recursive: true });
    // SQLite would make it readable for everybody, if only for a moment.
    await (await open(file, 'a', 0o600)).close();
    const sqlite = new Sqlite(file);
    try {
      // Two centers on the same data would each tell half of the truth: the first keeps the file for itself.
      sqlite.pragma('busy_timeout = 1000');
      sqlite.pragma('locking_mode = EXCLUSIVE');
      sqlite.pragma('journal_mode = WAL');
      // The audio of calls is mixed in this process: a flush at each commit would stall it by up to tens of
      // milliseconds. NORMAL flushes at checkpoints: a killed process loses nothing, a power cut at most the
      // last seconds, and neither harms the file.
      sqlite.pragma('synchronous = NORMAL');
      sqlite.pragma('foreign_keys = ON');
      sqlite.pragma('trusted_schema = OFF');
      await chmod(file, 0o600);
      return sqlite;
    } catch (error) {
      sqlite.close();
      throw error;
    }
  } catch (error) {
    throw explained(error, file);
  }
}

function check(sqlite: Sqlite.Database, file: string): void {
  const version = Number(sqlite.pragma('user_version', { simple: true }));
  if (version > SCHEMA_VERSION) {
    throw new StoreError('newer', `${file} was written by a newer version of Sangdam (schema ${version}, this one knows ${SCHEMA_VERSION}): start that version, or use another data folder`);
  }
  const verdict = sqlite.pragma('quick_check(1)', { simple: true });
  if (verdict !== 'ok') throw new StoreError('corrupt', `${file} is damaged (${String(verdict)}): restore it from a backup, or move it away to start with an empty one`);
}

function explained(error: unknown, file: string): unknown {
  if (error instanceof StoreError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
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

/** A value that belongs to the store as a whole, or null. */
export async function metaValue(db: Reader, key: string): Promise<string | null> {
  const row = await db.selectFrom('meta').select('value').where('key', '=', key).executeTakeFirst();
  return row?.value ?? null;
}
