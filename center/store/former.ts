import { sql } from 'kysely';
import { z } from 'zod';
import { AgentState } from '../../contract/agent-state.ts';
import { ContactKind, ContactOutcome } from '../../contract/customer.ts';
import { AgentId, ContactId, DurationMs, EpochMs, GroupId } from '../../contract/ids.ts';
import type { FormerRecords, LoggedEvent } from '../ports.ts';
import { liveContacts } from './live-contacts.ts';
import { jsonColumn, readRows } from './rows.ts';
import type { Reader, Writer } from './tables.ts';

/*
 * What a center that starts anew needs of the one before, kept beside the log with the lines that it follows from: a
 * start never reads them again. Ids, times and codes alone.
 */

const End = z.object({ at: EpochMs, outcome: ContactOutcome, talkMs: DurationMs, agentId: AgentId.nullable(), groupId: GroupId.nullable() });

const UnfinishedRow = z
  .object({ contact_id: ContactId, started_at: z.number(), kind: ContactKind, ended: jsonColumn(End).nullable() })
  .transform((row) => ({ contactId: row.contact_id, startedAt: row.started_at, kind: row.kind, ended: row.ended }));

const AgentRow = z.object({ agent_id: AgentId, state: jsonColumn(AgentState) }).transform(({ agent_id, state }) => ({ agentId: agent_id, state }));

/** Follows lines that are being written. */
export async function keepUnfinished(db: Writer, lines: readonly LoggedEvent[]): Promise<void> {
  for (const { type, at, contactId, agentId, groupId, data } of lines) {
    if (type === 'agent.changed' && agentId !== null) {
      const row = { agent_id: agentId, state: JSON.stringify(data['to']), at: Math.round(at) };
      await db.insertInto('agent_states').values(row).onConflict((conflict) => conflict.column('agent_id').doUpdateSet(row)).execute();
    }
    if (contactId === null) continue;
    if (type === 'contact.started') await db.insertInto('unfinished_contacts').values({ contact_id: contactId, started_at: Math.round(at), kind: String(data['kind']), ended: null }).onConflict((conflict) => conflict.doNothing()).execute();
    if (type !== 'contact.ended') continue;
    const ended = JSON.stringify({ at: Math.round(at), outcome: data['outcome'], talkMs: data['talkMs'], agentId, groupId });
    await db.updateTable('unfinished_contacts').set({ ended }).where('contact_id', '=', contactId).execute();
    await sql`DELETE FROM unfinished_contacts WHERE contact_id = ${contactId} AND EXISTS (SELECT 1 FROM contacts WHERE contact_id = ${contactId})`.execute(db);
  }
}

/** The contact is in the history: with its end in the log, too, it is finished. */
export async function finished(db: Writer, contactId: ContactId): Promise<void> {
  await db.deleteFrom('unfinished_contacts').where('contact_id', '=', contactId).where('ended', 'is not', null).execute();
}

/** @param agentsSince, diallingSince epoch milliseconds from which on what there is counts */
export async function formerRun(db: Reader, { agentsSince, diallingSince }: { agentsSince: number; diallingSince: number }): Promise<FormerRecords> {
  const last = await db.selectFrom('events').select('at').orderBy('id', 'desc').limit(1).executeTakeFirst();
  const agents = await db.selectFrom('agent_states').selectAll().where('at', '>=', agentsSince).execute();
  const unfinished = await db.selectFrom('unfinished_contacts').selectAll().orderBy('started_at').execute();
  return {
    lastSignAt: last?.at ?? null,
    agents: readRows(db, 'agent_states', AgentRow, agents),
    unfinished: readRows(db, 'unfinished_contacts', UnfinishedRow, unfinished),
    live: await liveContacts(db),
    dialling: await diallingSinceThen(db, diallingSince),
  };
}

const DiallingRow = z
  .object({ at: z.number(), type: z.string(), contact_id: ContactId.nullable(), agent_id: AgentId.nullable(), group_id: GroupId.nullable(), data: jsonColumn(z.record(z.string(), z.unknown())) })
  .transform((row): LoggedEvent => ({ at: row.at, type: row.type, contactId: row.contact_id, agentId: row.agent_id, groupId: row.group_id, data: row.data }));

/** By an index of its own, which holds for the very words of its condition. */
async function diallingSinceThen(db: Reader, since: number): Promise<LoggedEvent[]> {
  const { rows } = await sql`SELECT * FROM events WHERE at >= ${since} AND type IN ('dialling.started', 'dialling.refused', 'dialling.alarm', 'dialling.lifted') ORDER BY at, id`.execute(db);
  return readRows(db, 'events', DiallingRow, rows);
}
