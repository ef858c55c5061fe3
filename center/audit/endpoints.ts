import type { auditEndpoints } from '../../contract/api/audit.ts';
import { fail, ok } from '../../contract/errors.ts';
import type { ApiHandlers } from '../api.ts';
import { askJob } from '../jobs/index.ts';
import type { Clock } from '../ports.ts';
import { accessEntries, auditEntries, type Place } from '../store/audit-read.ts';
import type { Database } from '../store/tables.ts';

export interface AuditParts {
  db: Database;
  clock: Pick<Clock, 'now'>;
}

/** Who did what, for those who are to know: read page by page, checked, and written into a file. */
export function createAuditEndpoints({ db, clock }: AuditParts): ApiHandlers<keyof typeof auditEndpoints> {
  return {
    'audit.list': async ({ cursor, ...asked }) => ok(pageOf(await auditEntries(db, { ...asked, limit: asked.limit + 1, before: placeOf(cursor) }), asked.limit, ({ hash: _hash, previousHash: _previous, ...entry }) => entry)),
    'audit.accesses': async ({ cursor, ...asked }) => ok(pageOf(await accessEntries(db, { ...asked, limit: asked.limit + 1, before: placeOf(cursor) }), asked.limit, (entry) => entry)),
    'audit.verify': (_asked, { agentId, address }) => askJob(db, { kind: 'audit.verify', payload: {}, key: agentId, askedBy: agentId, now: clock.now() }, { action: 'audit.verify', subject: '', address, details: {} }),
    'audit.export': async (asked, { agentId, address }) => {
      if (asked.from >= asked.to) return fail('input.invalid', 'the period ends before it begins');
      const { of, format, from, to } = asked;
      return askJob(db, { kind: 'audit.export', payload: asked, key: JSON.stringify([agentId, asked]), askedBy: agentId, now: clock.now() }, { action: 'audit.export', subject: of, address, details: { format, from, to } });
    },
  };
}

const placeOf = (cursor: string | undefined): Place | undefined => {
  if (cursor === undefined) return undefined;
  const [at = 0, id = 0] = cursor.split('.').map(Number);
  return { at, id };
};

/** One more than the page was read, to know whether there is another. */
function pageOf<Row extends Place, Entry>(rows: readonly Row[], limit: number, entryOf: (row: Row) => Entry): { entries: Entry[]; next: string | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { entries: page.map(entryOf), next: rows.length > limit && last !== undefined ? `${last.at}.${last.id}` : null };
}
