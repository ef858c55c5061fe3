import { z } from 'zod';
import { Job, JobId } from '../job.ts';
import type { Endpoint } from './endpoint.ts';

export const jobEndpoints = {
  'jobs.list': {
    method: 'GET',
    path: '/jobs',
    summary: 'The newest jobs that one has asked for; of whoever administers jobs, everybody’s, unless they ask for `own`.',
    scope: 'jobs.own',
    request: z.strictObject({ own: z.boolean().default(false), limit: z.number().int().min(1).max(100).default(20) }),
    response: z.array(Job),
  },
  'jobs.get': {
    method: 'GET',
    path: '/jobs/:jobId',
    summary: 'How a job stands.',
    scope: 'jobs.own',
    request: z.strictObject({ jobId: JobId }),
    response: Job,
  },
  'jobs.cancel': {
    method: 'POST',
    path: '/jobs/:jobId/cancel',
    summary: 'Ends a job: one that waits at once, one that runs at its next step. What is over stays as it is.',
    scope: 'jobs.own',
    request: z.strictObject({ jobId: JobId }),
    response: Job,
    audited: { subject: 'jobId', by: 'store' },
  },
  'jobs.file': {
    method: 'GET',
    path: '/jobs/:jobId/file',
    summary: 'A part of the file that a job has made, from 0, in base64. That somebody read it is kept in the audit log, once.',
    scope: 'jobs.own',
    request: z.strictObject({ jobId: JobId, part: z.number().int().min(0).max(1_000_000).default(0) }),
    response: z.object({ data: z.base64() }),
    audited: { subject: 'jobId', by: 'store' },
  },
} as const satisfies Record<string, Endpoint>;
