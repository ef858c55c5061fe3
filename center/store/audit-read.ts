import { sql } from 'kysely';
import { z } from 'zod';
import { AccessRecord, AuditRecord } from '../../contract/audit.ts';
import { jsonColumn, readRows } from './rows.ts';
import type { Reader } from './tables.ts';

/** Where a page begins: after this moment and number, in its direction. */
export interface Place {
  at: number;
  id: number;
}

/** What is read: of a time, `to` not included. `before`: newest first from there down; `after`: oldest first from there up. */
export interface Span {
  from?: number | undefined;
  to?: number | undefined;
  limit: number;
  before?: Place | undefined;
  after?: Place | undefined;
}

const AuditRow = z
  .object({ ...AuditRecord.shape, details: jsonColumn(AuditRecord.shape.details), previous_hash: z.string(), hash: z.string() })
  .transform(({ previous_hash, ...row }) => ({ ...row, previousHash: previous_hash }));
const AccessRow = AccessRecord.omit({ agentId: true, customerId: true })
  .extend({ agent_id: AccessRecord.shape.agentId, customer_id: AccessRecord.shape.customerId })
  .transform(({ agent_id, customer_id, ...row }): AccessRecord => ({ ...row, agentId: agent_id, customerId: customer_id }));

/** With what links it to the entry before. */
export type ChainedRecord = z.infer<typeof AuditRow>;

/** Conditions that all hold; those that are undefined are none. */
const inSpan = ({ from, to, before, after }: Span) =>
  sql.join(
    [
      ...(from === undefined ? [] : [sql`at >= ${from}`]),
      ...(to === undefined ? [] : [sql`at < ${to}`]),
      ...(before === undefined ? [] : [sql`(at, id) < (${before.at}, ${before.id})`]),
      ...(after === undefined ? [] : [sql`(at, id) > (${after.at}, ${after.id})`]),
      sql`true`,
    ],
    sql` AND `,
  );

/** Entries of the audit log. */
export async function auditEntries(db: Reader, { actor, action, subject, ...span }: Span & { actor?: string | undefined; action?: string | undefined; subject?: string | undefined }): Promise<ChainedRecord[]> {
  const direction = span.after === undefined ? 'desc' : 'asc';
  let query = db.selectFrom('audit').select(['id', 'at', 'actor', 'action', 'subject', 'address', 'details', 'note', 'previous_hash', 'hash']).where(sql<boolean>`${inSpan(span)}`);
  if (actor !== undefined) query = query.where('actor', '=', actor);
  if (action !== undefined) query = query.where('action', '=', action);
  if (subject !== undefined) query = query.where('subject', '=', subject);
  return readRows(db, 'audit', AuditRow, await query.orderBy('at', direction).orderBy('id', direction).limit(span.limit).execute());
}

/** Entries of the access log. */
export async function accessEntries(db: Reader, { agentId, customerId, ...span }: Span & { agentId?: string | undefined; customerId?: string | undefined }): Promise<AccessRecord[]> {
  const direction = span.after === undefined ? 'desc' : 'asc';
  let query = db.selectFrom('access_log').select(['id', 'at', 'agent_id', 'address', 'kind', 'customer_id', 'customers', 'contacts']).where(sql<boolean>`${inSpan(span)}`);
  if (agentId !== undefined) query = query.where('agent_id', '=', agentId);
  if (customerId !== undefined) query = query.where('customer_id', '=', customerId);
  return readRows(db, 'access_log', AccessRow, await query.orderBy('at', direction).orderBy('id', direction).limit(span.limit).execute());
}

/** How many entries of a log are of a time. Looks at each: for the worker. */
export async function countEntries(db: Reader, log: 'audit' | 'access_log', from: number, to: number): Promise<number> {
  const { count } = await db.selectFrom(log).select((select) => select.fn.countAll<number>().as('count')).where('at', '>=', from).where('at', '<', to).executeTakeFirstOrThrow();
  return count;
}
