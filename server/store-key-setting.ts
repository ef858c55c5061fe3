import { z } from 'zod';
import { storeKeyOf } from '../center/store/index.ts';
import { fail, ok, type Result } from '../contract/errors.ts';
import { secretOf } from './secret-setting.ts';

export const storeKeyEnvironment = {
  SANGDAM_STORE_KEY: z.string().min(1).optional(),
  SANGDAM_STORE_KEY_FILE: z.string().min(1).optional(),
};

const Parsed = z.object(storeKeyEnvironment);

/** The key of the database, from the operator's secret manager; null: the one in the data folder. */
export function storeKeySetting({ SANGDAM_STORE_KEY: given, SANGDAM_STORE_KEY_FILE: file }: z.infer<typeof Parsed>): Result<Uint8Array | null> {
  if (given === undefined && file === undefined) return ok(null);
  const secret = secretOf('SANGDAM_STORE_KEY', given, file);
  if (!secret.ok) return secret;
  const key = storeKeyOf(secret.value);
  return key === null ? fail('input.invalid', `SANGDAM_STORE_KEY${given === undefined ? '_FILE' : ''}: is not 64 hexadecimal digits (openssl rand -hex 32 makes some)`) : ok(key);
}
