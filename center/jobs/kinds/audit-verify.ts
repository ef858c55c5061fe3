import { z } from 'zod';
import { countAudit, firstForgedAudit } from '../../store/audit-log.ts';
import { jobKind } from '../job.ts';

/** Checks the chain of the audit log. */
export const auditVerifyJob = jobKind({
  kind: 'audit.verify',
  lane: 'asked',
  payload: z.object({}),
  leaseMs: 30_000,
  mostAttempts: 3,
  async run({ db, step }) {
    const total = await countAudit(db);
    const brokenAt = await firstForgedAudit(db, (followed) => step({ done: Math.min(followed, total), total }));
    return { result: { of: 'check', checked: total, brokenAt } };
  },
});
