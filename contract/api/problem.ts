import { z } from 'zod';
import { AppError, type ErrorCode } from '../errors.ts';

/** Of the answer to a request that failed. */
export const PROBLEM_TYPE = 'application/problem+json';

/** Why a request failed (RFC 9457). `type` is a name and no address; `code` the same for programs. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  ...AppError.omit({ message: true }).shape,
});
export type Problem = z.infer<typeof Problem>;

const titleOf = (code: ErrorCode): string => code.replaceAll(/[.-]/g, ' ');

export const problemOf = ({ message, ...error }: AppError, status: number): Problem => ({ type: `urn:sangdam:problem:${error.code}`, title: titleOf(error.code), status, detail: message, ...error });

/** The error of a problem, as every boundary answers it. */
export const errorOf = ({ code, detail, retryAfterMs, present, step }: Problem): AppError => ({
  code,
  message: detail,
  ...(retryAfterMs !== undefined && { retryAfterMs }),
  ...(present !== undefined && { present }),
  ...(step !== undefined && { step }),
});
