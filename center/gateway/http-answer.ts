import type { FastifyReply } from 'fastify';
import { errorKinds, type ErrorCode, type Result } from '../../contract/errors.ts';

const STATUS: Partial<Record<ErrorCode, number>> = {
  'auth.invalid': 401,
  'auth.expired': 401,
  'auth.replaced': 401,
  'auth.revoked': 401,
  'auth.rate-limited': 429,
  'rate-limited': 429,
  'auth.busy-elsewhere': 409,
  'agent.on-call': 409,
  'customer.conflict': 409,
  'configuration.conflict': 409,
  'configuration.invalid': 422,
  'setup.code-wrong': 403,
  'setup.code-expired': 403,
  'setup.done': 409,
  'setup.invalid': 422,
  'invitation.unknown': 404,
  'invitation.expired': 410,
  'invitation.used': 410,
  'customer.number-taken': 409,
  'contact.conflict': 409,
  'auth.demo-refused': 403,
  'auth.second-factor-needed': 401,
  'auth.factor-invalid': 401,
  'auth.factor-setup-needed': 403,
  'auth.recovery-codes-given': 403,
  'auth.password-change-needed': 403,
  'auth.password-expired': 403,
  'auth.disabled': 403,
  forbidden: 403,
  'not-found': 404,
  'input.too-large': 413,
  'file.wrong-type': 415,
  'file.in-use': 409,
  unexpected: 500,
};

/** HTTP status of an error: by its code, else by its kind. */
export const statusOf = (code: ErrorCode): number => STATUS[code] ?? (errorKinds[code] === 'operational' ? 503 : 400);

/** Sends a `Result` as JSON with the status of its error. */
export function answer(reply: FastifyReply, result: Result<unknown>): FastifyReply {
  if (result.ok) return reply.send(result);
  if (result.error.retryAfterMs !== undefined) void reply.header('retry-after', Math.ceil(result.error.retryAfterMs / 1000));
  return reply.code(statusOf(result.error.code)).send(result);
}
