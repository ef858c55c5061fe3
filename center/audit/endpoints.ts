import type { auditEndpoints } from '../../contract/api/audit.ts';
import { fail, ok } from '../../contract/errors.ts';
import type { Job } from '../../contract/job.ts';
import type { ApiHandlers } from '../api.ts';
import type { Clock } from '../ports.ts';
import { addAudit } from '../store/audit-log.ts';
import { accessEntries, auditEntries, type Place } from '../store/audit-read.ts';
import { enqueueJob, findJob, type NewJob } from '../store/jobs.ts';
import type { Database, Writer } from '../store/tables.ts';

export interface AuditParts {
  db: Database;
  clock: Pick<Clock, 'now'>;
}

/** Who did what, for those who are to know: read page by page, checked, and written into a file. */
export function createAuditEndpoints({ db, clock }: AuditParts): ApiHandlers<keyof typeof auditEndpoints> {
  const begun = async (tx: Writer, job: NewJob): Promise<Job> => {
    const found = await findJob(tx, await enqueueJob(tx, job));
    if (found === null) throw new Error('a job that was queued is not there');
    return found;
  };

  return {
    'audit.list': async ({ cursor, ...asked }) => ok(pageOf(await auditEntries(db, { ...asked, limit: asked.limit + 1, before: placeOf(cursor) }), asked.limit, ({ hash: _hash, previousHash: _previous, ...entry }) => entry)),
    'audit.accesses': async ({ cursor, ...asked }) => ok(pageOf(await accessEntries(db, { ...asked, limit: asked.limit + 1, before: placeOf(cursor) }), asked.limit, (entry) => entry)),
    'audit.verify': async (_asked, { agentId }) => ok(await begun(db, { kind: 'audit.verify', payload: {}, key: agentId, askedBy: agentId, now: clock.now() })),
    'audit.export': async (asked, { agentId, address }) => {
      if (asked.from >= asked.to) return fail('input.invalid', 'the period ends before it begins');
      const job = await db.transaction().execute(async (tx) => {
        const queued = await begun(tx, { kind: 'audit.export', payload: asked, key: JSON.stringify([agentId, asked]), askedBy: agentId, now: clock.now() });
        await addAudit(tx, { at: clock.now(), actor: agentId, action: 'audit.export', subject: asked.of, address, details: { format: asked.format, from: asked.from, to: asked.to, jobId: queued.jobId } });
        return queued;
      });
      return ok(job);
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
