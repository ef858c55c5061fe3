import type { Reader } from './tables.ts';

/** A value that belongs to the store as a whole, or null. */
export async function metaValue(db: Reader, key: string): Promise<string | null> {
  const row = await db.selectFrom('meta').select('value').where('key', '=', key).executeTakeFirst();
  return row?.value ?? null;
}
