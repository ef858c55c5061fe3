import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';
import { syncFolder } from '../../key-file.ts';

/** How every database begins that is not encrypted (sqlite.org/fileformat.html, 1.3). */
const PLAIN = Buffer.from('SQLite format 3\0', 'latin1');

async function beginningOf(file: string): Promise<Buffer> {
  try {
    const handle = await open(file, 'r');
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(PLAIN.length), 0, PLAIN.length, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}

/** Whether the file holds something that is no readable database: encrypted, or none at all. */
export async function isEncrypted(file: string): Promise<boolean> {
  const beginning = await beginningOf(file);
  return beginning.length > 0 && !beginning.equals(PLAIN);
}

const isPlain = async (file: string): Promise<boolean> => (await beginningOf(file)).equals(PLAIN);

/** Gives an opened database its key: ChaCha20-Poly1305 a page, as the desks' caches; `raw:` takes the key as it is. */
export function unlock(sqlite: Sqlite.Database, key: Uint8Array, pragma: 'key' | 'rekey' = 'key'): void {
  sqlite.pragma("cipher = 'chacha20'");
  sqlite.pragma(`${pragma} = 'raw:${Buffer.from(key).toString('hex')}'`);
}

/**
 * Encrypts a database that is not yet: a copy is, and takes its place. A start that is cut short finds the one or the
 * other, whole. The key must be on the disk by then.
 */
export async function encryptIfPlain(file: string, key: Uint8Array): Promise<boolean> {
  if (!(await isPlain(file))) return false;
  const beside = `${file}.encrypting`;
  await rm(beside, { force: true });
  const plain = new Sqlite(file);
  try {
    // Nobody else may write what the copy would not have.
    plain.pragma('busy_timeout = 1000');
    plain.pragma('locking_mode = EXCLUSIVE');
    // What the journal of a center that was killed still holds belongs to it.
    plain.pragma('journal_mode = DELETE');
    plain.exec('BEGIN EXCLUSIVE; COMMIT');
    await (await open(beside, 'wx', 0o600)).close();
    plain.prepare('VACUUM INTO ?').run(beside);
    const copy = new Sqlite(beside);
    try {
      copy.pragma('journal_mode = MEMORY');
      unlock(copy, key, 'rekey');
    } finally {
      copy.close();
    }
    const handle = await open(beside, 'r+');
    await handle.sync().finally(() => handle.close());
    await rename(beside, file);
    await syncFolder(dirname(file));
    return true;
  } finally {
    plain.close();
    await rm(beside, { force: true });
  }
}
