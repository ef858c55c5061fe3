import { z } from 'zod';
import { AccessRecord, AuditExport, AuditRecord } from '../audit.ts';
import { EpochMs } from '../ids.ts';
import { Job } from '../job.ts';
import type { Endpoint } from './endpoint.ts';

/** Where a page begins: below this moment and number. */
const Cursor = z.string().regex(/^\d{1,16}\.\d{1,16}$/);
const period = { from: EpochMs.optional(), to: EpochMs.optional(), cursor: Cursor.optional(), limit: z.number().int().min(1).max(200).default(100) };
const Text = z.string().min(1).max(200);

export const auditEndpoints = {
  'audit.list': {
    method: 'GET',
    path: '/audit',
    summary: 'Who did what to whom, newest first: by actor, action, subject, and time (`to` not included). `next` is the cursor of the page after; null: that was all.',
    scope: 'audit.read',
    request: z.strictObject({ actor: Text.optional(), action: Text.optional(), subject: Text.optional(), ...period }),
    response: z.object({ entries: z.array(AuditRecord), next: Cursor.nullable() }),
  },
  'audit.accesses': {
    method: 'GET',
    path: '/audit/accesses',
    summary: 'Who saw whose personal data beyond a call of their own, newest first.',
    scope: 'audit.read',
    request: z.strictObject({ agentId: Text.optional(), customerId: Text.optional(), ...period }),
    response: z.object({ entries: z.array(AccessRecord), next: Cursor.nullable() }),
  },
  'audit.verify': {
    method: 'POST',
    path: '/audit/verifications',
    summary: 'Checks that no entry of the audit log was changed or left out since it was written. A job: its result says the first that was.',
    scope: 'audit.read',
    request: z.strictObject({}),
    response: Job,
    audited: { subject: null, by: 'store' },
  },
  'audit.export': {
    method: 'POST',
    path: '/audit/exports',
    summary: 'Writes a log of a period into a file: CSV for spreadsheets, or a JSON object a line. A job: its file is read by `jobs.file` for a day.',
    scope: 'audit.read',
    request: AuditExport,
    response: Job,
    audited: { subject: 'of', by: 'store' },
  },
} as const satisfies Record<string, Endpoint>;
