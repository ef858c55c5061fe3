import { createHash, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { z } from 'zod';
import { DoorAction, type AtTheDoor } from '../../contract/account.ts';
import type { AgentId } from '../../contract/ids.ts';
import { wordsOf } from './dialect/words.ts';
import { withdrawFiles } from './jobs.ts';
import { jsonColumn } from './rows.ts';
import type { Database, Reader, Writer } from './tables.ts';

/** Who did what to whom, from where. Ids and codes, which stay for good; what a person wrote is the `note`. */
export interface AuditEntry {
  at: number;
  /** Null for someone who is not signed in. */
  actor: AgentId | null;
  action: string;
  subject: string;
  /** Network address, or empty for the center itself. */
  address: string;
  /** No secrets, and nobody's name, number or words. */
  details: Record<string, unknown>;
  /** Words of a person, as the reason they gave: they can be erased, and the log stays whole. */
  note?: string;
}

const GENESIS = '0'.repeat(64);
const SALT_BYTES = 16;

const AuditRow = z.object({
  id: z.number().int(),
  at: z.number().int(),
  actor: z.string().nullable(),
  action: z.string(),
  subject: z.string(),
  address: z.string(),
  details: jsonColumn(z.record(z.string(), z.unknown())),
  previous_hash: z.string(),
  hash: z.string(),
  note: z.string().nullable(),
  note_salt: z.string().nullable(),
  note_digest: z.string().nullable(),
});
type Hashed = Pick<z.infer<typeof AuditRow>, 'at' | 'actor' | 'action' | 'subject' | 'address' | 'details' | 'previous_hash' | 'note_digest'>;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Of a note only the digest is hashed, with a salt: who has no note can find out neither what it was nor that it was another. */
const hashOf = (row: Hashed): string =>
  sha256(JSON.stringify([row.previous_hash, row.at, row.actor, row.action, row.subject, row.address, row.details, ...(row.note_digest === null ? [] : [row.note_digest])]));

const digestOf = (salt: string, note: string): string => sha256(`${salt}${note}`);

/** Adds an entry whose hash covers the one before it, so that no entry can be changed or left out unnoticed. */
export const appendAudit = (db: Database, entry: AuditEntry): Promise<void> => db.transaction().execute((tx) => addAudit(tx, entry));

/** The same within a transaction of the caller's. */
export async function addAudit(tx: Writer, { note, ...entry }: AuditEntry): Promise<void> {
  const last = await tx.selectFrom('audit').select('hash').orderBy('id', 'desc').limit(1).executeTakeFirst();
  // Details as they will be read again: JSON drops what it cannot hold.
  const details = JSON.stringify(entry.details);
  const salt = note === undefined ? null : randomBytes(SALT_BYTES).toString('hex');
  const noted = { note: note ?? null, note_salt: salt, note_digest: note === undefined || salt === null ? null : digestOf(salt, note) };
  const row = { ...entry, ...noted, at: Math.round(entry.at), details, previous_hash: last?.hash ?? GENESIS };
  const hash = hashOf({ ...row, details: JSON.parse(details) });
  await tx.insertInto('audit').values({ ...row, hash }).execute();
}

/** The same for what is worth one entry however often it is done: by this actor, to this subject, where it came to something. */
export async function appendAuditOnce(db: Database, entry: AuditEntry & { actor: AgentId }): Promise<void> {
  // Who finds it there keeps nobody from writing.
  if (await isDone(db, entry)) return;
  await db.transaction().execute(async (tx) => {
    if (!(await isDone(tx, entry))) await addAudit(tx, entry);
  });
}

async function isDone(db: Reader, { actor, action, subject }: Pick<AuditEntry, 'action' | 'subject'> & { actor: AgentId }): Promise<boolean> {
  const row = await db.selectFrom('audit').select('id').where('subject', '=', subject).where('actor', '=', actor).where('action', '=', action).where(sql<boolean>`coalesce(${wordsOf(db).jsonText('details', 'outcome')}, 'ok') = 'ok'`).limit(1).executeTakeFirst();
  return row !== undefined;
}

/** Erases what people wrote in the entries about `subject`, also from files that were made of them. That the entries were made stays, and that they had a note. */
export async function eraseAuditNotes(db: Writer, subject: string): Promise<void> {
  const { numUpdatedRows } = await db.updateTable('audit').set({ note: null, note_salt: null }).where('subject', '=', subject).where('note', 'is not', null).executeTakeFirst();
  if (numUpdatedRows > 0n) await withdrawFiles(db);
}

/** Entries of one page of the chain. */
const LINKS = 500;

/**
 * Follows the chain from its beginning, page by page.
 * @param onPage hears after each page how many entries have been followed
 * @returns the id of the first entry that is not as it was written, or null
 */
export async function firstForgedAudit(db: Reader, onPage: (followed: number) => Promise<void> = async () => {}): Promise<number | null> {
  let previous = GENESIS;
  let followed = 0;
  for (let after = 0; ; ) {
    const page = await db.selectFrom('audit').selectAll().where('id', '>', after).orderBy('id').limit(LINKS).execute();
    for (const raw of page) {
      const parsed = AuditRow.safeParse(raw);
      if (!parsed.success) return raw.id;
      const row = parsed.data;
      const hasOtherNote = row.note !== null && digestOf(row.note_salt ?? '', row.note) !== row.note_digest;
      if (hasOtherNote || row.previous_hash !== previous || row.hash !== hashOf(row)) return row.id;
      previous = row.hash;
      after = row.id;
    }
    followed += page.length;
    if (page.length < LINKS) return null;
    await onPage(followed);
  }
}

/** How many entries there are. Looks at each: for the worker. */
export const countAudit = async (db: Reader): Promise<number> => (await db.selectFrom('audit').select((select) => select.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()).count;

/** What of the door a person is told about their own account: of whoever gave its name, and of its person. */
const BY_NAME: readonly DoorAction[] = ['auth.signed-in', 'auth.refused', 'auth.rate-limited'];
const BY_ID: readonly DoorAction[] = DoorAction.options.filter((action) => !BY_NAME.includes(action));

/** Who came to the door of an account, or was turned away there, the newest first. */
export async function doorOf(db: Reader, { agentId, account }: { agentId: AgentId; account: string }, limit: number): Promise<AtTheDoor[]> {
  const rows = await db
    .selectFrom('audit')
    .select(['at', 'action', 'address', 'details'])
    // One person's name may be another's id.
    .where((eb) => eb.or([eb('subject', '=', account).and('action', 'in', BY_NAME), eb('subject', '=', agentId).and('action', 'in', BY_ID)]))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ details, action, ...entry }) => ({ ...entry, action: DoorAction.parse(action), client: jsonColumn(Details).safeParse(details).data?.client ?? null }));
}

const Details = z.object({ client: z.string().optional() });
