import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';

/*
 * Passwords of people: argon2id with the package's defaults (19 MiB, two passes, one lane), the second choice of
 * OWASP's password storage cheat sheet, about 30 ms of one core each.
 */

/** Keyboards and systems write the same Hangul in different ways: composed, it is one (Unicode, UAX 15). */
const composed = (password: string): string => password.normalize('NFC');

export const hashPassword = (password: string): Promise<string> => hash(composed(password));

/** Whether `password` is the one hashed; null for a hash that is none, which is known at once and costs nothing. */
async function compare(passwordHash: string, password: string): Promise<boolean | null> {
  try {
    return await verify(passwordHash, composed(password));
  } catch {
    return null;
  }
}

/** Whether `password` is the one hashed. False, too, for a hash that is none. */
export const verifyPassword = async (passwordHash: string, password: string): Promise<boolean> => (await compare(passwordHash, password)) ?? false;

/** Whether a password is an account's. Null, for no account, takes as long as a wrong password, and so does an account that has none yet. */
export type PasswordCheck = (passwordHash: string | null, password: string) => Promise<boolean>;

/** What accounts are measured against that are unknown, or have no password: one in a process. */
let unknown: Promise<string> | null = null;

/** @param compared compares with a hash, as `compare`; another one in tests, which see by it what was hashed */
export async function createPasswordCheck(compared: typeof compare = compare): Promise<PasswordCheck> {
  const nobody = await (unknown ??= hashPassword(randomBytes(16).toString('hex')));
  return async (passwordHash, password) => {
    const matches = passwordHash === null ? null : await compared(passwordHash, password);
    if (matches !== null) return matches;
    await compared(nobody, password);
    return false;
  };
}
