import { sql } from 'kysely';
import type { CustomerChanges } from '../../contract/customer.ts';
import { CustomerId } from '../../contract/ids.ts';
import { assemble } from './customers.ts';
import { currentRevision } from './revision.ts';
import { isInPast, presentMark } from './runs.ts';
import type { Reader } from './tables.ts';
import { parseTimeline } from './timeline.ts';

type Revised = { revision: number };

/** Where a cache stands: the cursor of its last page, and the mark that came with it; null for none. */
export interface CachePosition {
  cursor: number;
  mark: string | null;
}

/**
 * What changed after a position, oldest change first, at most `limit` rows over customers, histories and removals
 * together. To a cache that has followed another history than this store's, everything, beginning with `reset`. Read
 * it in one transaction, so that no change falls between its queries.
 */
export async function changesAfter(db: Reader, position: CachePosition, limit: number): Promise<CustomerChanges> {
  const reset = !(await isFollower(db, position));
  const cursor = reset ? 0 : position.cursor;
  const after = <Row extends Revised>(rows: readonly Row[], last: number): Row[] => rows.filter((row) => row.revision <= last);
  const customers = await db.selectFrom('customers').selectAll().where('revision', '>', cursor).orderBy('revision').limit(limit).execute();
  const timeline = await db.selectFrom('timeline').selectAll().where('revision', '>', cursor).orderBy('revision').limit(limit).execute();
  const removed = await db.selectFrom('removed_customers').selectAll().where('revision', '>', cursor).orderBy('revision').limit(limit).execute();

  const revisions = [customers, timeline, removed].flat().map(({ revision }: Revised) => revision).sort((a, b) => a - b);
  const more = revisions.length > limit || (revisions.length === limit && (await remainingAfter(db, revisions[limit - 1] ?? cursor)) > 0);
  // A page that ends the list ends at the present revision: revisions are left behind by rows that changed again.
  const last = more ? (revisions[limit - 1] ?? cursor) : Math.max(cursor, await currentRevision(db));
  return {
    customers: (await assemble(db, after(customers, last))).map(({ customer }) => customer),
    timeline: parseTimeline(after(timeline, last)),
    removed: after(removed, last).map(({ customer_id }) => CustomerId.parse(customer_id)),
    cursor: last,
    more,
    remaining: more ? await remainingAfter(db, last) : 0,
    reset,
    mark: await presentMark(db),
  };
}

/** Who has nothing follows whatever comes. */
async function isFollower(db: Reader, { cursor, mark }: CachePosition): Promise<boolean> {
  if (cursor === 0 && mark === null) return true;
  return mark !== null && cursor <= (await currentRevision(db)) && isInPast(db, mark);
}

async function remainingAfter(db: Reader, revision: number): Promise<number> {
  let count = 0;
  for (const table of ['customers', 'timeline', 'removed_customers'] as const) {
    const row = await db.selectFrom(table).select(sql<number>`count(*)`.as('rows')).where('revision', '>', revision).executeTakeFirstOrThrow();
    count += row.rows;
  }
  return count;
}
