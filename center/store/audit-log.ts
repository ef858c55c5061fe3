import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { AgentId } from '../../contract/ids.ts';
import { jsonColumn, parseRows } from './rows.ts';
import type { Database, Reader } from './tables.ts';

/** Who did what to whom, from where. `details` holds no secrets. */
export interface AuditEntry {
  at: number;
  /** Null for someone who is not signed in. */
  actor: AgentId | null;
  action: string;
  subject: string;
  /** Network address, or empty for the center itself. */
  address: string;
  details: Record<string, unknown>;
}

const GENESIS = '0'.repeat(64);

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
});
type Hashed = Pick<z.infer<typeof AuditRow>, 'at' | 'actor' | 'action' | 'subject' | 'address' | 'details' | 'previous_hash'>;

const hashOf = (row: Hashed): string =>
  createHash('sha256')
    .update(JSON.stringify([row.previous_hash, row.at, row.actor, row.action, row.subject, row.address, row.details]))
    .digest('hex');

/** Adds an entry whose hash covers the one before it, so that no entry can be changed or left out unnoticed. */
export async function appendAudit(db: Database, entry: AuditEntry): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const last = await tx.selectFrom('audit').select('hash').orderBy('id', 'desc').limit(1).executeTakeFirst();
    // Details as they will be read again: JSON drops what it cannot hold.
    const details = JSON.stringify(entry.details);
    const row = { ...entry, at: Math.round(entry.at), details, previous_hash: last?.hash ?? GENESIS };
    const hash = hashOf({ ...row, details: JSON.parse(details) });
    await tx.insertInto('audit').values({ ...row, hash }).execute();
  });
}

/** Follows the chain from its beginning. @returns the id of the first entry that is not as it was written, or null */
export async function firstForgedAudit(db: Reader): Promise<number | null> {
  const rows = parseRows('audit', AuditRow, await db.selectFrom('audit').selectAll().orderBy('id').execute());
  let previous = GENESIS;
  for (const row of rows) {
    if (row.previous_hash !== previous || row.hash !== hashOf(row)) return row.id;
    previous = row.hash;
  }
  return null;
}
