import { readFileSync } from 'node:fs';
import { fail, ok, type Result } from '../contract/errors.ts';

/** A secret of the environment: the variable itself, else the file that `NAME_FILE` names. `input.invalid` says which is wrong. */
export function secretOf(name: string, value: string | undefined, file: string | undefined): Result<string> {
  if (value !== undefined) return ok(value);
  if (file === undefined) return fail('input.invalid', `${name}: needed (or ${name}_FILE, a file that holds it)`);
  try {
    const text = readFileSync(file, 'utf8').trim();
    return text === '' ? fail('input.invalid', `${name}_FILE: ${file} is empty`) : ok(text);
  } catch {
    return fail('input.invalid', `${name}_FILE: ${file} cannot be read`);
  }
}
