import { z } from 'zod';
import { AgentId, ContactId, GroupId } from '../../contract/ids.ts';
import { KEPT_BESIDE } from '../events.ts';
import type { LoggedEvent } from '../ports.ts';
import { keepUnfinished } from './former.ts';
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
  await keepUnfinished(db, lines);
}

const COLUMNS = ['id', 'at', 'type', 'contact_id', 'agent_id', 'group_id', 'data'] as const;

/** The number of the last line; 0 for none. */
export async function lastLine(db: Reader): Promise<number> {
  return (await db.selectFrom('events').select('id').orderBy('id', 'desc').limit(1).executeTakeFirst())?.id ?? 0;
}

/** The number before the first line that there still is; 0 for none. */
export async function firstLineBefore(db: Reader): Promise<number> {
  return ((await db.selectFrom('events').select('id').orderBy('id').limit(1).executeTakeFirst())?.id ?? 1) - 1;
}

/** When a line was written; null where it is gone. */
export async function timeOfLine(db: Reader, id: number): Promise<number | null> {
  return (await db.selectFrom('events').select('at').where('id', '=', id).executeTakeFirst())?.at ?? null;
}

/** The number before the first line of a moment or later. Looks at all lines since: the clock may have been set back between. */
export async function lineBefore(db: Reader, at: number): Promise<number> {
  const { first } = await db.selectFrom('events').select((select) => select.fn.min('id').as('first')).where('at', '>=', at).executeTakeFirstOrThrow();
  return first === null ? lastLine(db) : first - 1;
}

/** Lines of these kinds whose number is above `after` and at most `to`, in their order. */
export async function linesAfter(db: Reader, after: number, to: number, types: readonly string[]): Promise<LoggedEvent[]> {
  return readRows(db, 'events', EventRow, await db.selectFrom('events').select(COLUMNS).where('id', '>', after).where('id', '<=', to).where('type', 'in', types).orderBy('id').execute());
}
