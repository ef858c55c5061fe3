import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';

/*
 * Passwords of people: argon2id with the package's defaults (19 MiB, two passes, one lane), the second choice of
 * OWASP's password storage cheat sheet, about 30 ms of one core each.
 */

/** Keyboards and systems write the same Hangul in different ways: composed, it is one (Unicode, UAX 15). */
const composed = (password: string): string => password.normalize('NFC');

export const hashPassword = (password: string): Promise<string> => hash(composed(password));

/** Whether `password` is the one hashed. False, too, for a hash that is none. */
export async function verifyPassword(passwordHash: string, password: string): Promise<boolean> {
  try {
    return await verify(passwordHash, composed(password));
  } catch {
    return false;
  }
}

/** Whether a password is an account's. Null, for no account, takes as long as a wrong password. */
export type PasswordCheck = (passwordHash: string | null, password: string) => Promise<boolean>;

/** What unknown accounts are measured against: one in a process. */
let unknown: Promise<string> | null = null;

export async function createPasswordCheck(): Promise<PasswordCheck> {
  const nobody = await (unknown ??= hashPassword(randomBytes(16).toString('hex')));
  return async (passwordHash, password) => {
    const matches = await verifyPassword(passwordHash ?? nobody, password);
    return matches && passwordHash !== null;
  };
}
