import type { FastifyReply } from 'fastify';
import { PROBLEM_TYPE, problemOf } from '../../../contract/api/index.ts';
import { errorStatuses, type AppError } from '../../../contract/errors.ts';

/** Sends an error as a problem (RFC 9457) with the status of its code. */
export function answerProblem(reply: FastifyReply, error: AppError): FastifyReply {
  const status = errorStatuses[error.code];
  if (error.retryAfterMs !== undefined) void reply.header('retry-after', Math.ceil(error.retryAfterMs / 1000));
  if (status === 401) void reply.header('www-authenticate', 'Bearer');
  return reply.code(status).type(PROBLEM_TYPE).send(JSON.stringify(problemOf(error, status)));
}

/** The version that an `If-Match` header says was seen (RFC 9110 §13.1.1): one strong tag; undefined for none and for anything else. */
export const versionOf = (header: string | undefined): string | undefined => /^"([\w.:-]{0,64})"$/.exec(header ?? '')?.[1];

/** The tag of what has a version, or null. */
export function entityTagOf(value: unknown): string | null {
  return typeof value === 'object' && value !== null && 'version' in value && typeof value.version === 'string' ? `"${value.version}"` : null;
}
