import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Logger } from '../../agent/index.ts';

/** The part of Electron's safeStorage that is used. */
export interface SecretStore {
  isAsyncEncryptionAvailable(): Promise<boolean>;
  encryptStringAsync(plainText: string): Promise<Buffer>;
  decryptStringAsync(encrypted: Buffer): Promise<{ result: string }>;
  /** Linux only; elsewhere the system's own store is used. */
  getSelectedStorageBackend?(): string;
}

const KEY = /^[\da-f]{64}$/i;

/** `basic_text` hides the key behind a constant that everybody knows: that is no secret store. */
const isSecure = (backend: string | undefined): boolean => backend !== 'basic_text' && backend !== 'unknown';

/**
 * The customer cache's key, sealed by the system's secret store in `file`.
 * @returns 32 bytes; null where the system has no secure store: the cache is in memory then, never in the clear
 */
export async function loadSealedKey(store: SecretStore, file: string, platform: NodeJS.Platform, log: Logger): Promise<Buffer | null> {
  try {
    const backend = platform === 'linux' ? store.getSelectedStorageBackend?.() : undefined;
    if (!(await store.isAsyncEncryptionAvailable()) || !isSecure(backend)) {
      log.warn({}, 'no secure store for secrets on this system; customers are kept in memory');
      return null;
    }
    return (await openSealed(store, file, log)) ?? (await sealNew(store, file));
  } catch (error) {
    log.error({ error: String(error) }, 'the secret store failed; customers are kept in memory');
    return null;
  }
}

async function openSealed(store: SecretStore, file: string, log: Logger): Promise<Buffer | null> {
  let sealed: Buffer;
  try {
    sealed = await readFile(file);
  } catch {
    return null;
  }
  try {
    const { result } = await store.decryptStringAsync(sealed);
    return KEY.test(result) ? Buffer.from(result, 'hex') : null;
  } catch (error) {
    // Another user's, or the store was reset: the cache is rebuilt with a new key.
    log.warn({ error: String(error) }, 'the sealed key cannot be opened; making a new one');
    return null;
  }
}

async function sealNew(store: SecretStore, file: string): Promise<Buffer> {
  const key = randomBytes(32);
  const sealed = await store.encryptStringAsync(key.toString('hex'));
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.new`, sealed, { mode: 0o600 });
  await rename(`${file}.new`, file);
  return key;
}
