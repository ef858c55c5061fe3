import { z } from 'zod';
import { badRowsOf } from './bad-rows.ts';
import type { Reader, Tables } from './tables.ts';

/** What is wrong with a store that cannot be opened or trusted. `message` tells an operator what to do. */
export class StoreError extends Error {
  readonly code: 'corrupt' | 'newer' | 'unwritable' | 'key' | 'away' | 'refused' | 'foreign' | 'old';

  constructor(code: StoreError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StoreError';
    this.code = code;
  }
}

const HALF = /\\ud[89a-f]/i;
const mended = (_key: string, value: unknown): unknown => (typeof value === 'string' ? value.toWellFormed() : value);

/** A column of JSON text, parsed and then checked against `schema`. */
export const jsonColumn = <Schema extends z.ZodType>(schema: Schema) =>
  z
    .string()
    .transform((text, context): unknown => {
      try {
        // Half of a character stands there as an escape: a name that was taken with one makes its row no bad one.
        return HALF.test(text) ? JSON.parse(text, mended) : JSON.parse(text);
      } catch {
        context.addIssue({ code: 'custom', message: 'not JSON' });
        return z.NEVER;
      }
    })
    .pipe(schema);

export const flagColumn = z.union([z.literal(0), z.literal(1)]).transform((flag) => flag === 1);

/**
 * Rows as the types of the contract. One that is not what it should be is left out and told of (`badRowsOf`), and
 * stops none of the others: somebody else has written into the file, or a former program did not look.
 */
export function readRows<Schema extends z.ZodType>(db: Pick<Reader, 'getExecutor'>, table: keyof Tables, schema: Schema, rows: readonly unknown[]): z.infer<Schema>[] {
  return rows.flatMap((row) => {
    const parsed = schema.safeParse(row);
    if (parsed.success) return [parsed.data];
    badRowsOf(db).report(table, row, parsed.error.issues.map(({ path }) => String(path[0] ?? '')));
    return [];
  });
}
