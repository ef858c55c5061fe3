import { sql } from 'kysely';
import { z } from 'zod';
import type { CustomerChanges } from '../../contract/customer.ts';
import { CustomerId } from '../../contract/ids.ts';
import { assemble } from './customers.ts';
import { currentRevision } from './revision.ts';
import { readRows } from './rows.ts';
import { isInPast, presentMark } from './runs.ts';
import { EVERYTHING, seenIn, type HistoryScope } from './scope.ts';
import type { Reader } from './tables.ts';
import { readContacts } from './contacts.ts';

type Revised = { revision: number };

const RemovedRow = z.object({ customer_id: CustomerId }).transform(({ customer_id }) => customer_id);

/** Where a cache stands: the cursor of its last page, and the mark that came with it; null for none. */
export interface CachePosition {
  cursor: number;
  mark: string | null;
}

/**
 * What changed after a position, oldest change first, at most `limit` rows over customers, histories and removals
 * together. To a cache that has followed another history than this store's, everything, beginning with `reset`. Read
 * it in one transaction, so that no change falls between its queries. A row that cannot be read is left out, and the
 * cursor goes past it. `scope`: of other contacts only that they were is told; a cache that was filled for another
 * scope begins anew, too.
 */
export async function changesAfter(db: Reader, position: CachePosition, limit: number, scope: HistoryScope = EVERYTHING): Promise<CustomerChanges> {
  const reset = !(await isFollower(db, position, scope));
  const cursor = reset ? 0 : position.cursor;
  // A revision that was never given would lead every cursor past all that is to come.
  const present = await currentRevision(db);
  const after = <Row extends Revised>(rows: readonly Row[], last: number): Row[] => rows.filter((row) => row.revision <= last);
  const customers = await db.selectFrom('customers').selectAll().where('revision', '>', cursor).where('revision', '<=', present).orderBy('revision').limit(limit).execute();
  const timeline = await db.selectFrom('contacts').selectAll().where('revision', '>', cursor).where('revision', '<=', present).orderBy('revision').limit(limit).execute();
  const removed = await db.selectFrom('removed_customers').selectAll().where('revision', '>', cursor).where('revision', '<=', present).orderBy('revision').limit(limit).execute();

  const revisions = [customers, timeline, removed].flat().map(({ revision }: Revised) => revision).sort((a, b) => a - b);
  const more = revisions.length > limit || (revisions.length === limit && (await remainingAfter(db, revisions[limit - 1] ?? cursor, present)) > 0);
  // A page that ends the list ends at the present revision: revisions are left behind by rows that changed again.
  const last = more ? (revisions[limit - 1] ?? cursor) : Math.max(cursor, present);
  return {
    customers: (await assemble(db, after(customers, last))).map(({ customer }) => customer),
    timeline: (await readContacts(db, after(timeline, last))).map((entry) => seenIn(scope, entry)),
    removed: readRows(db, 'removed_customers', RemovedRow, after(removed, last)),
    cursor: last,
    more,
    remaining: more ? await remainingAfter(db, last, present) : 0,
    reset,
    mark: `${await presentMark(db)}${scope.key === '' ? '' : `~${scope.key}`}`,
  };
}

/** Who has nothing follows whatever comes. A mark says for which scope it was given. */
async function isFollower(db: Reader, { cursor, mark }: CachePosition, scope: HistoryScope): Promise<boolean> {
  if (cursor === 0 && mark === null) return true;
  const [state, key = ''] = mark?.split('~') ?? [];
  return state !== undefined && key === scope.key && cursor <= (await currentRevision(db)) && isInPast(db, state);
}

/** How many cards and lines of the history a cache at this cursor has not got. */
export async function countAfter(db: Reader, cursor: number): Promise<{ customers: number; contacts: number }> {
  const of = async (table: 'customers' | 'contacts'): Promise<number> => (await db.selectFrom(table).select(sql<number>`count(*)`.as('rows')).where('revision', '>', cursor).executeTakeFirstOrThrow()).rows;
  return { customers: await of('customers'), contacts: await of('contacts') };
}

async function remainingAfter(db: Reader, revision: number, present: number): Promise<number> {
  let count = 0;
  for (const table of ['customers', 'contacts', 'removed_customers'] as const) {
    const row = await db.selectFrom(table).select(sql<number>`count(*)`.as('rows')).where('revision', '>', revision).where('revision', '<=', present).executeTakeFirstOrThrow();
    count += row.rows;
  }
  return count;
}
