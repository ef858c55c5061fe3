import type { Result } from '../../contract/errors.ts';

/** The value of a Result that must be one. */
export function must<Value>(result: Result<Value>): Value {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
}
