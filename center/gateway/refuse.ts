import type { FastifyReply, FastifyRequest } from 'fastify';
import { API_BASE } from '../../contract/api/index.ts';
import type { AppError } from '../../contract/errors.ts';
import { answerProblem } from './api/http.ts';
import { answer } from './http-answer.ts';

/** Answers what went wrong before any route was reached, in the form of whatever is asked there. */
export function refuse({ url }: Pick<FastifyRequest, 'url'>, reply: FastifyReply, failed: { ok: false; error: AppError }): FastifyReply {
  return url.startsWith(`${API_BASE}/`) ? answerProblem(reply, failed.error) : answer(reply, failed);
}
