import { z } from 'zod';
import { done, fail, type Result } from '../../contract/errors.ts';
import { isSecureOrigin } from '../../contract/server-address.ts';
import { connectionErrorCode } from '../network.ts';

const TIMEOUT_MS = 5000;
/** What a center answers to anybody's `GET /healthz`. */
const Healthz = z.object({ ok: z.boolean() });

/**
 * Whether a center answers at an origin. A bad certificate is `center.untrusted`: nothing is sent to it, and there
 * is no way around it but an authority that is trusted.
 */
export async function probeCenter(server: string, fetch: typeof globalThis.fetch = globalThis.fetch): Promise<Result<null>> {
  if (!isSecureOrigin(server)) return fail('center.insecure', 'no center is asked without https');
  try {
    const response = await fetch(new URL('/healthz', server), { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
    const body: unknown = await response.json().catch(() => null);
    return Healthz.safeParse(body).success ? done() : fail('center.unknown', `${response.status} from something else than a center`);
  } catch (error) {
    return fail(connectionErrorCode(error), 'the center cannot be asked');
  }
}
