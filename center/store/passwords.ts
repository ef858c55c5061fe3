import { hash, verify } from '@node-rs/argon2';

/*
 * Passwords of people: argon2id with the package's defaults (19 MiB, two passes, one lane), the second choice of
 * OWASP's password storage cheat sheet, about 30 ms of one core each.
 */

export const hashPassword = (password: string): Promise<string> => hash(password);

/** Whether `password` is the one hashed. False, too, for a hash that is none. */
export async function verifyPassword(passwordHash: string, password: string): Promise<boolean> {
  try {
    return await verify(passwordHash, password);
  } catch {
    return false;
  }
}
