import type { Database } from '../tables.ts';
import { nameOf, openServerBeside, openServerStore } from './postgres/open.ts';
import { openFileBeside, openFileStore } from './sqlite/open.ts';
import type { WriteWatch } from './write-watch.ts';

/** Where a store is kept: in a file of ours (its folder is made; 32 bytes of key, or null for none), or by a server of PostgreSQL. */
export type Place = { file: string; key: Uint8Array | null } | { url: string };

/** A place for people, and without its secrets. */
export const placeName = (place: Place): string => ('url' in place ? nameOf(place.url) : place.file);

/**
 * Opens a database, creating it where there is none, and brings its tables up to date. `findings`: what is wrong with single
 * values in it, as far as the database looks after that itself.
 * @throws StoreError with what an operator can do about it
 */
export async function openDatabase(place: Place, watch: WriteWatch): Promise<{ db: Database; findings: string[] }> {
  return 'url' in place ? { db: await openServerStore(place.url, watch), findings: [] } : openFileStore(place.file, place.key, watch);
}

/**
 * Opens the database of a center beside that center, for its worker.
 * @throws StoreError as `openDatabase`; `newer` where it is another version's
 */
export const openBeside = async (place: Place): Promise<Database> => ('url' in place ? openServerBeside(place.url) : openFileBeside(place.file, place.key));
