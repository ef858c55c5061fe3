import { sql, type RawBuilder } from 'kysely';
import { z } from 'zod';
import type { ApiAsked, ApiResponse } from '../../contract/api/index.ts';
import type { HistoryLine, HistoryPosition, TimelineEntry } from '../../contract/customer.ts';
import { AgentId, ContactId, EpochMs, GroupId } from '../../contract/ids.ts';
import { digitsOf, isIn, keyOf, needlesOf, type Needle } from '../../contract/search/index.ts';
import { readContacts } from './contacts.ts';
import { readRows } from './rows.ts';
import { seenIn, type HistoryScope } from './scope.ts';
import type { Reader } from './tables.ts';

export type ContactQuery = ApiAsked<'contacts.search'>;
export type ContactPage = ApiResponse<'contacts.search'>;

/** Contacts that one question looks at: a few milliseconds. Who wants to look further asks from there on. */
export const LOOKED_AT = 500;

type Condition = RawBuilder<unknown>;
const allOf = (conditions: readonly Condition[]): Condition => sql.join([...conditions, sql`true`], sql` AND `);

/**
 * Contacts as somebody may see them, newest first. A page begins behind a position and not at an offset, as contacts come
 * in on top. One index is walked, of who or which group had a part, or of what is rare; whatever else is asked for is looked
 * for among so many contacts of that walk and no more. So no question takes longer than another, however few it finds: the
 * page is shorter than asked for then, and `next` says where to go on.
 */
export async function searchContacts(db: Reader, query: ContactQuery, scope: HistoryScope): Promise<ContactPage> {
  const { text, limit, disposition } = query;
  const needles = needlesOf(text);
  const { walk, wanted } = walkOf(query);
  const isNarrowed = needles.length > 0 || wanted.length > 0;
  const most = isNarrowed ? LOOKED_AT : limit;
  const { rows } = await sql<Record<string, unknown>>`
    SELECT walked.started_at, walked.contact_id, c.contact_id AS found, c.agent_id, c.group_id, c.memo, c.disposition, c.agent_name, c.number, coalesce(own.name, theirs.name, '') AS customer_name
    FROM (${walk(most)}) AS walked
    LEFT JOIN contacts AS c ON c.contact_id = walked.contact_id AND ${allOf(wanted)}
    LEFT JOIN customers AS own ON own.customer_id = c.customer_id
    LEFT JOIN customer_numbers AS n ON c.customer_id IS NULL AND n.e164 = c.number
    LEFT JOIN customers AS theirs ON theirs.customer_id = n.customer_id
    ORDER BY walked.started_at DESC, walked.contact_id DESC`.execute(db);

  const names = new Map<string, string>();
  let last: HistoryPosition | null = null;
  for (const row of readRows(db, 'contacts', WalkedRow, rows)) {
    last = row.position;
    if (row.line === null || !isMeant(row.line, needles, disposition, scope)) continue;
    names.set(row.position.contactId, row.line.customerName);
    if (names.size === limit) break;
  }
  return { lines: await linesOf(db, names, scope), next: names.size === limit || rows.length === most ? last : null };
}

const WalkedRow = z
  .object({
    started_at: EpochMs,
    contact_id: ContactId,
    found: z.string().nullable(),
    agent_id: AgentId.nullable(),
    group_id: GroupId.nullable(),
    memo: z.string().nullable(),
    disposition: z.string().nullable(),
    agent_name: z.string().nullable(),
    number: z.string().nullable(),
    customer_name: z.string(),
  })
  .transform(({ started_at, contact_id, found, ...row }) => ({
    position: { startedAt: started_at, contactId: contact_id },
    line: found === null ? null : { agentId: row.agent_id, groupId: row.group_id, memo: row.memo ?? '', disposition: row.disposition ?? '', agentName: row.agent_name ?? '', number: row.number ?? '', customerName: row.customer_name },
  }));
type WalkedLine = NonNullable<z.infer<typeof WalkedRow>['line']>;

/** What somebody may not see of a contact, they cannot find it by. */
function isMeant(line: WalkedLine, needles: readonly Needle[], disposition: string | null, scope: HistoryScope): boolean {
  const isSeen = scope.includes(line);
  if (disposition !== null && !isSeen) return false;
  if (needles.length === 0) return true;
  const keys = [line.customerName, line.agentName, ...(isSeen ? [line.memo, line.disposition] : [])].filter((text) => text !== '').map(keyOf);
  const digits = digitsOf(line.number).split(' ');
  return needles.some((needle) => isIn(needle, keys, digits));
}

/** Which contacts are walked, newest first, at most so many; and what else is wanted of each (`c`). */
function walkOf({ agentId, groupId, kind, missed, from, to, disposition, dispositionMissing, before }: ContactQuery): { walk: (most: number) => Condition; wanted: Condition[] } {
  const span = allOf([
    ...(from === null ? [] : [sql`started_at >= ${from}`]),
    ...(to === null ? [] : [sql`started_at < ${to}`]),
    ...(before === null ? [] : [sql`(started_at, contact_id) < (${before.startedAt}, ${before.contactId})`]),
  ]);
  const newest = (table: 'contacts' | 'contact_legs', condition: Condition, most: number): Condition =>
    sql`SELECT started_at, contact_id FROM (SELECT DISTINCT started_at, contact_id FROM ${sql.table(table)} WHERE ${condition} AND ${span} ORDER BY started_at DESC, contact_id DESC LIMIT ${most}) AS newest`;
  /** Whoever is named in the contact itself, or in a leg of it: of the newest of both the newest. */
  const ofBoth = (own: Condition, leg: Condition) => (most: number): Condition => sql`${newest('contacts', own, most)} UNION ${newest('contact_legs', leg, most)} ORDER BY started_at DESC, contact_id DESC LIMIT ${most}`;

  const wanted = [...(kind === null ? [] : [sql`c.kind = ${kind}`]), ...(disposition === null ? [] : [sql`c.disposition = ${disposition} AND c.disposition <> ''`])];
  const rare = [...(missed ? [sql`outcome <> 'answered'`] : []), ...(dispositionMissing ? [sql`disposition_missing = 1`] : [])];
  // Beside a person or a group it is looked for among theirs.
  const others = [...(missed ? [sql`c.outcome <> 'answered'`] : []), ...(dispositionMissing ? [sql`c.disposition_missing = 1`] : [])];
  if (agentId !== null) {
    const ofGroup = groupId === null ? [] : [sql`(c.group_id = ${groupId} OR EXISTS (SELECT 1 FROM contact_legs WHERE contact_legs.contact_id = c.contact_id AND contact_legs.group_id = ${groupId}))`];
    return { walk: ofBoth(sql`agent_id = ${agentId}`, sql`agent_id = ${agentId} AND kind = 'talked'`), wanted: [...wanted, ...others, ...ofGroup] };
  }
  if (groupId !== null) return { walk: ofBoth(sql`group_id = ${groupId}`, sql`group_id = ${groupId}`), wanted: [...wanted, ...others] };
  return { walk: (most) => newest('contacts', allOf(rare), most), wanted };
}

/** The whole of each, with its customer's name and who called back, in their order. */
async function linesOf(db: Reader, names: ReadonlyMap<string, string>, scope: HistoryScope): Promise<HistoryLine[]> {
  if (names.size === 0) return [];
  const rows = await db.selectFrom('contacts').selectAll().where('contact_id', 'in', [...names.keys()]).orderBy('started_at', 'desc').orderBy('contact_id', 'desc').execute();
  const entries = await readContacts(db, rows);
  const calledBack = await calledBackOf(db, entries);
  return entries.map((entry) => ({ ...seenIn(scope, entry), customerName: names.get(entry.contactId) ?? '', calledBack: calledBack.get(entry.contactId) ?? null }));
}

const ReachedRow = z.object({ contact_id: z.string(), at: EpochMs, by: z.string() });

/** Of whoever called and reached nobody: the first time that somebody talked with them after it, whoever of the two called. */
async function calledBackOf(db: Reader, entries: readonly TimelineEntry[]): Promise<ReadonlyMap<string, { at: number; by: string }>> {
  const inVain = entries.filter(({ kind, outcome }) => kind === 'inbound' && outcome !== 'answered').map(({ contactId }) => contactId);
  if (inVain.length === 0) return new Map();
  const firstAfter = (isSame: Condition): Condition => sql`
    SELECT missed.contact_id, reached.started_at AS at, reached.agent_name AS by FROM contacts AS missed
    JOIN contacts AS reached ON reached.contact_id = (
      SELECT later.contact_id FROM contacts AS later WHERE ${isSame} AND later.outcome = 'answered' AND later.started_at > missed.started_at ORDER BY later.started_at LIMIT 1)
    WHERE missed.contact_id IN (${sql.join(inVain)})`;
  const { rows } = await sql<Record<string, unknown>>`
    ${firstAfter(sql`later.number = missed.number AND later.number <> ''`)} UNION ALL ${firstAfter(sql`later.customer_id = missed.customer_id`)} ORDER BY at DESC`.execute(db);
  // The earlier of the two comes last.
  return new Map(readRows(db, 'contacts', ReachedRow, rows).map(({ contact_id, at, by }) => [contact_id, { at, by }]));
}
