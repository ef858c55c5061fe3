import { z } from 'zod';
import { done, fail, type ErrorCode, type Result } from '../../contract/errors.ts';

const TIMEOUT_MS = 5000;
/** What a center answers to `GET /healthz`, of which enough is checked to know one. */
const Healthz = z.object({ ok: z.boolean(), switch: z.boolean(), version: z.string() });

/** Codes of OpenSSL and Node for a certificate that is not to be trusted. */
const UNTRUSTED = /^(ERR_TLS_CERT_ALTNAME_INVALID|ERR_TLS_CERT_SIGNATURE_ALGORITHM_UNSUPPORTED|CERT_\w+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED)$/;

/** Why a connection to the center did not come about: no answer in time, a certificate not to be trusted, or nobody there. */
export function connectionErrorCode(error: unknown): Extract<ErrorCode, 'center.timeout' | 'center.untrusted' | 'center.unreachable'> {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (cause.name === 'TimeoutError') return 'center.timeout';
    if ('code' in cause && typeof cause.code === 'string' && UNTRUSTED.test(cause.code)) return 'center.untrusted';
  }
  return 'center.unreachable';
}

/**
 * Whether a center answers at an origin. A bad certificate is `center.untrusted`: nothing is sent to it, and there
 * is no way around it but an authority that is trusted.
 */
export async function probeCenter(server: string, fetch: typeof globalThis.fetch = globalThis.fetch): Promise<Result<null>> {
  try {
    const response = await fetch(new URL('/healthz', server), { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
    const body: unknown = await response.json().catch(() => null);
    return Healthz.safeParse(body).success ? done() : fail('center.unknown', `${response.status} from something else than a center`);
  } catch (error) {
    return fail(connectionErrorCode(error), 'the center cannot be asked');
  }
}
