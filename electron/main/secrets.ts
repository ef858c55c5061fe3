import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../../agent/index.ts';

/** The part of Electron's safeStorage that is used. */
export interface SecretStore {
  isAsyncEncryptionAvailable(): Promise<boolean>;
  encryptStringAsync(plainText: string): Promise<Buffer>;
  /** `shouldReEncrypt`: the system's key has changed, the old one still opens. */
  decryptStringAsync(encrypted: Buffer): Promise<{ result: string; shouldReEncrypt: boolean }>;
  /** Linux only; elsewhere the system's own store is used. */
  getSelectedStorageBackend?(): string;
}

export type SecretName = 'cache-key' | 'sign-in';

/** Secrets of this desktop, each in a file sealed by the system's secret store. */
export interface Vault {
  /** `memory`: the system has no secure store, so nothing is ever written, sealed or not. */
  readonly storage: 'sealed' | 'memory';
  /** Null: there is none, or it cannot be opened any more. */
  read(name: SecretName): Promise<string | null>;
  write(name: SecretName, secret: string): Promise<void>;
  remove(name: SecretName): Promise<void>;
}

/** `basic_text` hides the key behind a constant that everybody knows: that is no secret store. */
const isSecure = (backend: string | undefined): boolean => backend !== 'basic_text' && backend !== 'unknown';

/**
 * Opens the vault in `folder`. Where the system has no secure store, or it fails, secrets are kept in memory: closed
 * when the program ends, never in the clear on disk.
 */
export async function openVault(store: SecretStore, folder: string, platform: NodeJS.Platform, log: Logger): Promise<Vault> {
  try {
    const backend = platform === 'linux' ? store.getSelectedStorageBackend?.() : undefined;
    if ((await store.isAsyncEncryptionAvailable()) && isSecure(backend) && (await opensWhatItSeals(store))) return new SealedVault(store, folder, log);
    log.warn({ backend: backend ?? null }, 'no secure store for secrets on this system; they are kept in memory');
  } catch (error) {
    log.error({ error: String(error) }, 'the secret store failed; secrets are kept in memory');
  }
  return new MemoryVault();
}

/** A store that is locked or broken shows itself here, before anything depends on it. */
async function opensWhatItSeals(store: SecretStore): Promise<boolean> {
  const sample = randomBytes(16).toString('hex');
  return (await store.decryptStringAsync(await store.encryptStringAsync(sample))).result === sample;
}

class MemoryVault implements Vault {
  readonly storage = 'memory';
  private readonly secrets = new Map<SecretName, string>();

  read(name: SecretName): Promise<string | null> {
    return Promise.resolve(this.secrets.get(name) ?? null);
  }

  write(name: SecretName, secret: string): Promise<void> {
    this.secrets.set(name, secret);
    return Promise.resolve();
  }

  remove(name: SecretName): Promise<void> {
    this.secrets.delete(name);
    return Promise.resolve();
  }
}

class SealedVault implements Vault {
  readonly storage = 'sealed';
  private readonly store: SecretStore;
  private readonly folder: string;
  private readonly log: Logger;
  /** Writes of one secret must not overtake each other; one that failed does not hold up the next. */
  private last: Promise<void> = Promise.resolve();

  constructor(store: SecretStore, folder: string, log: Logger) {
    this.store = store;
    this.folder = folder;
    this.log = log;
  }

  async read(name: SecretName): Promise<string | null> {
    await this.last;
    let sealed: Buffer;
    try {
      sealed = await readFile(this.file(name));
    } catch {
      return null;
    }
    try {
      const { result, shouldReEncrypt } = await this.store.decryptStringAsync(sealed);
      if (shouldReEncrypt) await this.write(name, result);
      return result;
    } catch (error) {
      // Another user's, or the store was reset: as if there were none.
      this.log.warn({ secret: name, error: String(error) }, 'a sealed secret cannot be opened');
      return null;
    }
  }

  write(name: SecretName, secret: string): Promise<void> {
    return this.inOrder('write', name, async () => {
      const sealed = await this.store.encryptStringAsync(secret);
      await mkdir(this.folder, { recursive: true, mode: 0o700 });
      await writeFile(`${this.file(name)}.new`, sealed, { mode: 0o600 });
      await rename(`${this.file(name)}.new`, this.file(name));
    });
  }

  remove(name: SecretName): Promise<void> {
    return this.inOrder('remove', name, () => rm(this.file(name), { force: true }));
  }

  private inOrder(what: string, name: SecretName, act: () => Promise<void>): Promise<void> {
    this.last = this.last.then(act).catch((error: unknown) => this.log.error({ secret: name, error: String(error) }, `could not ${what} a secret`));
    return this.last;
  }

  private file(name: SecretName): string {
    return join(this.folder, `${name}.sealed`);
  }
}

const KEY = /^[\da-f]{64}$/i;

/**
 * The customer cache's key, made on the first start.
 * @returns 32 bytes; null where secrets are in memory only: the cache is in memory then, too
 */
export async function loadCacheKey(vault: Vault): Promise<Buffer | null> {
  if (vault.storage === 'memory') return null;
  const kept = await vault.read('cache-key');
  if (kept !== null && KEY.test(kept)) return Buffer.from(kept, 'hex');
  const key = randomBytes(32);
  await vault.write('cache-key', key.toString('hex'));
  // A key that was not kept would lock the cache for ever.
  return (await vault.read('cache-key')) === null ? null : key;
}
