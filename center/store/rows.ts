import { z } from 'zod';

/** What is wrong with a store that cannot be opened or trusted. `message` tells an operator what to do. */
export class StoreError extends Error {
  readonly code: 'corrupt' | 'newer' | 'unwritable';

  constructor(code: StoreError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StoreError';
    this.code = code;
  }
}

/** A column of JSON text, parsed and then checked against `schema`. */
export const jsonColumn = <Schema extends z.ZodType>(schema: Schema) =>
  z
    .string()
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue({ code: 'custom', message: 'not JSON' });
        return z.NEVER;
      }
    })
    .pipe(schema);

export const flagColumn = z.union([z.literal(0), z.literal(1)]).transform((flag) => flag === 1);

/**
 * Rows as the types of the contract.
 * @throws StoreError `corrupt` naming the table, when someone else has written into it
 */
export function parseRows<Schema extends z.ZodType>(table: string, schema: Schema, rows: readonly unknown[]): z.infer<Schema>[] {
  return rows.map((row) => {
    const parsed = schema.safeParse(row);
    if (!parsed.success) {
      const where = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ');
      throw new StoreError('corrupt', `a row of ${table} is not what it should be (${where})`);
    }
    return parsed.data;
  });
}
