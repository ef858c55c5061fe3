import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as Electron from 'electron';
import { needsReady, settings, userData } from './environment.ts';

const keyFile = join(userData, 'stand-in-keyring');

/** The system's key ring: a key that outlives the process. */
function key(): Buffer {
  if (!existsSync(keyFile)) writeFileSync(keyFile, randomBytes(32), { mode: 0o600 });
  return readFileSync(keyFile);
}

function seal(text: string): Buffer {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key(), iv);
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]);
}

function open(sealed: Buffer): string {
  const cipher = createDecipheriv('aes-256-gcm', key(), sealed.subarray(0, 12));
  cipher.setAuthTag(sealed.subarray(12, 28));
  return Buffer.concat([cipher.update(sealed.subarray(28)), cipher.final()]).toString('utf8');
}

function available(): void {
  needsReady('safeStorage');
  if (settings.secretBackend === 'none') throw new Error('Encryption is not available.');
}

export const safeStorage = {
  isEncryptionAvailable: () => settings.secretBackend !== 'none',
  isAsyncEncryptionAvailable: () => Promise.resolve(settings.secretBackend !== 'none'),
  getSelectedStorageBackend: () => (settings.secretBackend === 'none' ? 'unknown' : settings.secretBackend),
  encryptString(text: string): Buffer {
    available();
    return seal(text);
  },
  decryptString(sealed: Buffer): string {
    available();
    return open(sealed);
  },
  async encryptStringAsync(text: string): Promise<Buffer> {
    available();
    return seal(text);
  },
  async decryptStringAsync(sealed: Buffer): Promise<{ result: string; shouldReEncrypt: boolean }> {
    available();
    return { result: open(sealed), shouldReEncrypt: false };
  },
} satisfies Pick<Electron.SafeStorage, 'isEncryptionAvailable' | 'isAsyncEncryptionAvailable' | 'getSelectedStorageBackend' | 'encryptString' | 'decryptString' | 'encryptStringAsync' | 'decryptStringAsync'>;
