import { sql } from 'kysely';
import type { CustomerChanges } from '../../contract/customer.ts';
import { CustomerId } from '../../contract/ids.ts';
import { assemble } from './customers.ts';
import { metaValue } from './database.ts';
import { currentRevision } from './revision.ts';
import { StoreError } from './rows.ts';
import type { Reader } from './tables.ts';
import { parseTimeline } from './timeline.ts';

type Revised = { revision: number };

/**
 * What changed after `cursor` (a revision), oldest change first, at most `limit` rows over customers, histories
 * and removals together. Read it in one transaction, so that no change falls between its queries.
 */
export async function changesAfter(db: Reader, cursor: number, limit: number): Promise<CustomerChanges> {
  const after = <Row extends Revised>(rows: readonly Row[], last: number): Row[] => rows.filter((row) => row.revision <= last);
  const customers = await db.selectFrom('customers').selectAll().where('revision', '>', cursor).orderBy('revision').limit(limit).execute();
  const timeline = await db.selectFrom('timeline').selectAll().where('revision', '>', cursor).orderBy('revision').limit(limit).execute();
  const removed = await db.selectFrom('removed_customers').selectAll().where('revision', '>', cursor).orderBy('revision').limit(limit).execute();

  const revisions = [customers, timeline, removed].flat().map(({ revision }: Revised) => revision).sort((a, b) => a - b);
  const more = revisions.length > limit || (revisions.length === limit && (await remainingAfter(db, revisions[limit - 1] ?? cursor)) > 0);
  // A page that ends the list ends at the present revision: revisions are left behind by rows that changed again.
  const last = more ? (revisions[limit - 1] ?? cursor) : Math.max(cursor, await currentRevision(db));
  const epoch = await metaValue(db, 'epoch');
  if (epoch === null) throw new StoreError('corrupt', 'the store has no epoch');
  return {
    customers: (await assemble(db, after(customers, last))).map(({ customer }) => customer),
    timeline: parseTimeline(after(timeline, last)),
    removed: after(removed, last).map(({ customer_id }) => CustomerId.parse(customer_id)),
    cursor: last,
    more,
    remaining: more ? await remainingAfter(db, last) : 0,
    epoch,
  };
}

async function remainingAfter(db: Reader, revision: number): Promise<number> {
  let count = 0;
  for (const table of ['customers', 'timeline', 'removed_customers'] as const) {
    const row = await db.selectFrom(table).select(sql<number>`count(*)`.as('rows')).where('revision', '>', revision).executeTakeFirstOrThrow();
    count += row.rows;
  }
  return count;
}
