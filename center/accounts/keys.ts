import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A key of its own for one purpose, from the installation's (HKDF, RFC 5869). */
export const keyFor = (installationKey: Uint8Array, purpose: string): Buffer => Buffer.from(hkdfSync('sha256', installationKey, '', `sangdam ${purpose}`, 32));

/** Seals a few bytes (AES-256-GCM, NIST SP 800-38D): nonce, text, tag. `context` is bound to it: what was sealed for one person opens for no other. */
export function seal(key: Uint8Array, content: Uint8Array | string, context: string = ''): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, nonce).setAAD(Buffer.from(context));
  return Buffer.concat([nonce, cipher.update(content), cipher.final(), cipher.getAuthTag()]);
}

/** Null when it was sealed with another key, for another context, or changed since. */
export function unseal(key: Uint8Array, sealed: Uint8Array, context: string = ''): Buffer | null {
  if (sealed.length <= NONCE_BYTES + TAG_BYTES) return null;
  const decipher = createDecipheriv(ALGORITHM, key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES }).setAAD(Buffer.from(context));
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
  } catch {
    return null;
  }
}

export const mac = (key: Uint8Array, text: string): string => createHmac('sha256', key).update(text).digest('base64url');

/** Compares secrets in a time that says nothing about them. */
export function isSameSecret(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
