import type { FastifyReply } from 'fastify';
import { errorStatuses, type Result } from '../../contract/errors.ts';

/** Sends a `Result` as JSON with the status of its error. */
export function answer(reply: FastifyReply, result: Result<unknown>): FastifyReply {
  if (result.ok) return reply.send(result);
  if (result.error.retryAfterMs !== undefined) void reply.header('retry-after', Math.ceil(result.error.retryAfterMs / 1000));
  return reply.code(errorStatuses[result.error.code]).send(result);
}
