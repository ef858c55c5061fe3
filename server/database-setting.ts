import { z } from 'zod';
import { fail, ok, type Result } from '../contract/errors.ts';
import { secretOf } from './secret-setting.ts';

export const databaseEnvironment = {
  SANGDAM_DATABASE: z.string().min(1).optional(),
  SANGDAM_DATABASE_FILE: z.string().min(1).optional(),
};

const Parsed = z.object(databaseEnvironment);

const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;

/** Address of a PostgreSQL server's database, with the password in it; null: the file in the data folder. */
export function databaseSetting({ SANGDAM_DATABASE: given, SANGDAM_DATABASE_FILE: file }: z.infer<typeof Parsed>): Result<string | null> {
  if (given === undefined && file === undefined) return ok(null);
  const secret = secretOf('SANGDAM_DATABASE', given, file);
  if (!secret.ok) return secret;
  const objection = objectionTo(secret.value);
  return objection === null ? ok(secret.value) : fail('input.invalid', `SANGDAM_DATABASE${given === undefined ? '_FILE' : ''}: ${objection}`);
}

/** What is wrong with an address; says nothing of what is in it. */
function objectionTo(text: string): string | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['postgres:', 'postgresql:'].includes(url.protocol) || url.hostname === '' || url.pathname.length < 2) return 'is not postgres://USER:PASSWORD@HOST:PORT/DATABASE (what is special in a password is written as %40 for @, %2F for /)';
  if (!LOOPBACK.test(url.hostname) && !url.searchParams.has('sslmode')) return 'the server is on another machine: say how it is reached, by ?sslmode=verify-full, or by ?sslmode=disable where nobody else is on the way';
  return null;
}
