import { z } from 'zod';
import { AgentId, ContactId, GroupId } from '../../contract/ids.ts';
import { KEPT_BESIDE } from '../events.ts';
import type { LoggedEvent } from '../ports.ts';
import { keepLive } from './live-contacts.ts';
import { jsonColumn, readRows } from './rows.ts';
import type { Reader, Writer } from './tables.ts';

/** Rows of one INSERT: well below SQLite's limit of bound parameters. */
const BATCH = 500;

const EventRow = z
  .object({
    at: z.number().int(),
    type: z.string(),
    contact_id: ContactId.nullable(),
    agent_id: AgentId.nullable(),
    group_id: GroupId.nullable(),
    data: jsonColumn(z.record(z.string(), z.unknown())),
  })
  .transform(
    (row): LoggedEvent => ({ at: row.at, type: row.type, contactId: row.contact_id, agentId: row.agent_id, groupId: row.group_id, data: row.data }),
  );

/** Adds events to the log, and keeps beside it what does not belong into it. Run it in a transaction when there are several. */
export async function appendEvents(db: Writer, events: readonly LoggedEvent[]): Promise<void> {
  const lines = events.filter(({ type }) => type !== KEPT_BESIDE);
  for (const event of events) if (event.type === KEPT_BESIDE) await keepLive(db, event);
  for (let from = 0; from < lines.length; from += BATCH) {
    const rows = lines.slice(from, from + BATCH).map((event) => ({
      at: Math.round(event.at),
      type: event.type,
      contact_id: event.contactId,
      agent_id: event.agentId,
      group_id: event.groupId,
      data: JSON.stringify(event.data),
    }));
    await db.insertInto('events').values(rows).execute();
  }
}

/** Events with `fromMs <= at < toMs`, oldest first; those of one moment in the order they were appended. */
export async function eventsBetween(db: Reader, fromMs: number, toMs: number): Promise<LoggedEvent[]> {
  const rows = await db
    .selectFrom('events')
    .select(['id', 'at', 'type', 'contact_id', 'agent_id', 'group_id', 'data'])
    .where('at', '>=', fromMs)
    .where('at', '<', toMs)
    .orderBy('at')
    .orderBy('id')
    .execute();
  return readRows(db, 'events', EventRow, rows);
}
