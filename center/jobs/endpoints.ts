import type { jobEndpoints } from '../../contract/api/jobs.ts';
import { fail, ok, type Result } from '../../contract/errors.ts';
import type { Job, JobId } from '../../contract/job.ts';
import { hasScope, type Scope } from '../../contract/permissions.ts';
import type { ApiCaller, ApiHandlers } from '../api.ts';
import type { Clock } from '../ports.ts';
import { addAudit, appendAuditOnce } from '../store/audit-log.ts';
import { askedJobs, cancelJob, findJob, secretOfJob } from '../store/jobs.ts';
import type { Database } from '../store/tables.ts';
import { readPart } from './files.ts';

export interface JobParts {
  db: Database;
  clock: Pick<Clock, 'now'>;
  /** Where jobs put the files that they make. */
  filesFolder: string;
}

/** What somebody must still be able to do when they fetch the file of such a job. */
const FILE_SCOPES: Readonly<Record<string, Scope>> = { 'audit.export': 'audit.read' };

/** What becomes of jobs that somebody has asked for: their own, or everybody's for who administers them. */
export function createJobEndpoints({ db, clock, filesFolder }: JobParts): ApiHandlers<keyof typeof jobEndpoints> {
  /** Somebody else's is not there. */
  async function jobFor(jobId: JobId, { agentId, me }: ApiCaller): Promise<Result<Job>> {
    const job = await findJob(db, jobId);
    return job === null || (job.askedBy !== agentId && !hasScope(me, 'jobs.administer')) ? fail('not-found', 'no such job') : ok(job);
  }

  return {
    'jobs.list': async ({ own, limit }, { agentId, me }) => ok(await askedJobs(db, !own && hasScope(me, 'jobs.administer') ? null : agentId, limit)),
    'jobs.get': ({ jobId }, caller) => jobFor(jobId, caller),
    'jobs.cancel': async ({ jobId }, caller) => {
      const found = await jobFor(jobId, caller);
      if (!found.ok) return found;
      await db.transaction().execute(async (tx) => {
        const now = clock.now();
        if (await cancelJob(tx, jobId, now)) await addAudit(tx, { at: now, actor: caller.agentId, action: 'jobs.cancel', subject: jobId, address: caller.address, details: { kind: found.value.kind } });
      });
      return jobFor(jobId, caller);
    },
    'jobs.file': async ({ jobId, part }, caller) => {
      const found = await jobFor(jobId, caller);
      if (!found.ok) return found;
      const { kind, result } = found.value;
      const scope = FILE_SCOPES[kind];
      if (scope !== undefined && !hasScope(caller.me, scope)) return fail('forbidden', `it needs ${scope}`);
      if (result?.of !== 'file' || result.expiresAt <= clock.now()) return fail('not-found', 'no file, or no longer');
      const secret = await secretOfJob(db, jobId);
      const data = secret === null ? null : await readPart(filesFolder, jobId, { secret, part, parts: result.parts });
      if (data === null) return fail('not-found', 'no such part');
      // Whichever part comes first: nobody takes a file away unseen, and nobody fills the log by taking it again.
      await appendAuditOnce(db, { at: clock.now(), actor: caller.agentId, action: 'jobs.file', subject: jobId, address: caller.address, details: { kind } });
      return ok({ data: data.toString('base64') });
    },
  };
}
