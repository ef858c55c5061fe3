import { z } from 'zod';
import { ContactPart } from '../../contract/customer.ts';
import { unreachable } from '../../contract/errors.ts';
import { clamped, clampedMs } from './clamp.ts';
import { readRows } from './rows.ts';
import type { Reader, Tables, Writer } from './tables.ts';

type LegRow = Tables['contact_legs'];

/** A contact that was handed on for hours has a trail that nobody reads to its end. */
const MOST_LEGS = 60;
/** Rows of one INSERT, and ids of one question, below SQLite's limit of bound parameters. */
const ROWS = 200;
const IDS = 1000;

const unsaid = { group_id: null, group_name: '', agent_id: null, name: '', number: '', how: '', asked_by: '', handed_to: '', waited_ms: 0, talk_ms: 0, hold_ms: 0, consult_ms: 0 } satisfies Partial<LegRow>;

const [waited, missed, talked] = ContactPart.options;
const ofContact = { contact_id: z.string(), at: waited.shape.at };
const LegOfContact = z.discriminatedUnion('kind', [
  z
    .object({ ...ofContact, kind: waited.shape.kind, group_id: waited.shape.groupId.unwrap(), group_name: waited.shape.groupName, waited_ms: waited.shape.ms })
    .transform(({ contact_id, kind, at, ...row }) => ({ contact_id, part: { kind, at, groupId: row.group_id, groupName: row.group_name, ms: row.waited_ms } })),
  z
    .object({ ...ofContact, kind: missed.shape.kind, agent_id: missed.shape.agentId, name: missed.shape.name, how: missed.shape.why })
    .transform(({ contact_id, kind, at, ...row }) => ({ contact_id, part: { kind, at, agentId: row.agent_id, name: row.name, why: row.how } })),
  z
    .object({
      ...ofContact,
      kind: talked.shape.kind,
      agent_id: talked.shape.agentId,
      name: talked.shape.name,
      number: talked.shape.number,
      how: talked.shape.as,
      asked_by: talked.shape.from,
      handed_to: talked.shape.to,
      talk_ms: talked.shape.talkMs,
      hold_ms: talked.shape.holdMs,
      consult_ms: talked.shape.consultMs.unwrap(),
    })
    .transform(({ contact_id, kind, at, name, number, ...row }) => ({ contact_id, part: { kind, at, agentId: row.agent_id, name, number, as: row.how, from: row.asked_by, talkMs: row.talk_ms, holdMs: row.hold_ms, consultMs: row.consult_ms, to: row.handed_to } })),
]);

/** The legs of contacts, by the contact, each in the order in which it went. */
export async function legsOf(db: Reader, contactIds: readonly string[]): Promise<ReadonlyMap<string, ContactPart[]>> {
  const legs = new Map<string, ContactPart[]>();
  for (let from = 0; from < contactIds.length; from += IDS) {
    const rows = await db.selectFrom('contact_legs').selectAll().where('contact_id', 'in', contactIds.slice(from, from + IDS)).orderBy('contact_id').orderBy('position').execute();
    for (const { contact_id, part } of readRows(db, 'contact_legs', LegOfContact, rows)) {
      const known = legs.get(contact_id);
      if (known === undefined) legs.set(contact_id, [part]);
      else known.push(part);
    }
  }
  return legs;
}

interface Legged {
  contactId: string;
  /** When the contact began, epoch milliseconds. */
  startedAt: number;
  parts: readonly ContactPart[];
}

/** The legs of these contacts in place of those that they had. Whatever a caller showed, the rows can be read again. */
export async function putLegs(db: Writer, contacts: readonly Legged[]): Promise<void> {
  await db.deleteFrom('contact_legs').where('contact_id', 'in', contacts.map(({ contactId }) => contactId)).execute();
  await insertLegs(db, contacts);
}

/** For contacts that are new. */
export async function insertLegs(db: Writer, contacts: readonly Legged[]): Promise<void> {
  const rows = contacts.flatMap(({ contactId, startedAt, parts }) => parts.slice(0, MOST_LEGS).map((part, position): LegRow => ({ ...unsaid, contact_id: contactId, position, started_at: Math.round(clampedMs(startedAt)), ...columnsOf(part) })));
  for (let from = 0; from < rows.length; from += ROWS) await db.insertInto('contact_legs').values(rows.slice(from, from + ROWS)).execute();
}

function columnsOf(part: ContactPart): Partial<LegRow> & Pick<LegRow, 'kind' | 'at'> {
  const { kind } = part;
  const at = Math.round(clampedMs(part.at));
  switch (part.kind) {
    case 'waited':
      return { kind, at, group_id: part.groupId, group_name: clamped(part.groupName, 'name'), waited_ms: clampedMs(part.ms) };
    case 'missed':
      return { kind, at, agent_id: part.agentId, name: clamped(part.name, 'name'), how: part.why };
    case 'talked':
      return {
        kind,
        at,
        agent_id: part.agentId,
        name: clamped(part.name, 'name'),
        number: clamped(part.number, 'number'),
        how: part.as,
        asked_by: clamped(part.from, 'name'),
        handed_to: clamped(part.to, 'name'),
        talk_ms: clampedMs(part.talkMs),
        hold_ms: clampedMs(part.holdMs),
        consult_ms: clampedMs(part.consultMs),
      };
    default:
      return unreachable(part);
  }
}

/** Nobody outside who was called in to these contacts, or got their customer, is known any more. */
export async function eraseOutsiders(db: Writer, contactIds: readonly string[]): Promise<void> {
  const legs = await db.selectFrom('contact_legs').select(['contact_id', 'position', 'number', 'handed_to']).where('contact_id', 'in', contactIds).where((where) => where.or([where('number', '!=', ''), where('handed_to', '!=', '')])).execute();
  for (const { contact_id, position, number, handed_to } of legs) {
    const erased = { ...(isNumber(number) && { name: '', number: '' }), ...(isNumber(handed_to) && { handed_to: '' }) };
    if (Object.keys(erased).length > 0) await db.updateTable('contact_legs').set(erased).where('contact_id', '=', contact_id).where('position', '=', position).execute();
  }
}

const isNumber = (text: string): boolean => /^\+?\d+$/.test(text);

/** A number is taken out of whatever contact it was called in to. @returns the contacts that had it */
export async function eraseNumberFromLegs(db: Writer, number: string): Promise<string[]> {
  const found = await db
    .selectFrom('contact_legs').select('contact_id').where('number', '=', number).where('number', '!=', '')
    .union(db.selectFrom('contact_legs').select('contact_id').where('handed_to', '=', number).where('handed_to', '!=', ''))
    .execute();
  await db.updateTable('contact_legs').set({ name: '', number: '' }).where('number', '=', number).where('number', '!=', '').execute();
  await db.updateTable('contact_legs').set({ handed_to: '' }).where('handed_to', '=', number).where('handed_to', '!=', '').execute();
  return found.map(({ contact_id }) => contact_id);
}
