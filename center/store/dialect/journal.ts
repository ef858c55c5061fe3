import { sql } from 'kysely';
import type { Database } from '../tables.ts';
import { isPostgres } from './words.ts';

/** What was written before lies in the journal until it is written over: not what has been erased. */
export async function emptyJournal(db: Database): Promise<void> {
  // A server's journal is shared with its copies and its archive: how long those are kept is its operator's (docs/security.md).
  if (isPostgres(db)) return;
  // The first keeps nobody from writing, and leaves little for the second.
  await sql`PRAGMA wal_checkpoint(PASSIVE)`.execute(db);
  await sql`PRAGMA wal_checkpoint(TRUNCATE)`.execute(db);
}
