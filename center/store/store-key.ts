import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { isEncrypted } from './dialect/sqlite/encryption.ts';
import { readIfThere, writeSecret } from './key-file.ts';
import { StoreError } from './rows.ts';

const KEY_BYTES = 32;
const HEX = /^[\da-f]{64}$/i;

/** The 32 bytes of 64 hexadecimal digits, or null. */
export const storeKeyOf = (text: string): Uint8Array | null => (HEX.test(text.trim()) ? Buffer.from(text.trim(), 'hex') : null);

/**
 * The key of a database, from the file `store.key` beside it; made for a database that is new or not encrypted yet.
 * Beside what it opens it protects a copied or backed-up database only: an operator who wants more keeps it elsewhere.
 * @throws StoreError `key` when the database is encrypted and its key is gone or none
 */
export async function loadStoreKey(database: string): Promise<Uint8Array> {
  const file = join(dirname(database), 'store.key');
  for (;;) {
    const kept = await readIfThere(file);
    if (kept !== null) {
      const key = storeKeyOf(kept.toString('latin1'));
      if (key === null) throw new StoreError('key', `${file} holds no key (64 hexadecimal digits): restore it from where you keep it apart from the data, or give the key with SANGDAM_STORE_KEY_FILE`);
      return key;
    }
    if (await isEncrypted(database)) throw new StoreError('key', `${database} is encrypted, or no database, and ${file} with its key is not there: put that back, or name the file that holds the key with SANGDAM_STORE_KEY_FILE; or restore both from a backup`);
    await writeSecret(file, `${randomBytes(KEY_BYTES).toString('hex')}\n`, { keep: true });
  }
}
