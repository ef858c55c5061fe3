import { isSecureOrigin } from '../../contract/server-address.ts';
import { isOwnPage } from './origin.ts';
import { securityHeaders } from './security.ts';

/** An address of an object's bytes that the center has signed; nothing else of it is reached this way. */
const SIGNED_PATH = /^\/api\/v1\/media\/[\da-f-]{36}\/content$/;
const SIGNED_QUERY = /^\?signed=[\w.-]{1,400}$/;
const PASSED_ON = ['content-type', 'content-length', 'content-range', 'accept-ranges', 'etag'] as const;
/** Of an answer to begin; what is heard may last. */
const TIMEOUT_MS = 10_000;

export interface AppSoundsOptions {
  /** Origin of the center; null while none is chosen. */
  server: () => string | null;
  fetch?: typeof fetch;
}

/** The path and query at the center of a sound that a page plays; null: the request is for something else. */
export function soundOfRequest(url: string): string | null {
  if (!isOwnPage(url)) return null;
  const { pathname, search } = new URL(url);
  return SIGNED_PATH.test(pathname) && SIGNED_QUERY.test(search) ? pathname + search : null;
}

/**
 * Sounds of the center, at the pages' own origin: an `<audio>` asks for `app://desk/api/v1/media/…?signed=…`, all or a range, and has
 * what the center answers. The address says who may; no token goes along.
 * @returns null for what is no such request
 */
export function createAppSounds({ server, fetch: ask = fetch }: AppSoundsOptions): (request: Pick<Request, 'url' | 'method' | 'headers' | 'signal'>) => Promise<Response> | null {
  return ({ url, method, headers, signal }) => {
    const path = soundOfRequest(url);
    return path === null ? null : answer(path, method, headers.get('range'), signal);
  };

  async function answer(path: string, method: string, range: string | null, gone: AbortSignal): Promise<Response> {
    if (method !== 'GET') return new Response(null, { status: 405 });
    const center = server();
    if (center === null || !isSecureOrigin(center)) return new Response(null, { status: 502 });
    const begun = new AbortController();
    const timer = setTimeout(() => begun.abort(), TIMEOUT_MS);
    try {
      const { status, headers, body } = await ask(new URL(path, center), { headers: range === null ? {} : { range }, redirect: 'error', signal: AbortSignal.any([gone, begun.signal]) });
      const passed = PASSED_ON.flatMap((name): [string, string][] => (headers.has(name) ? [[name, headers.get(name) ?? '']] : []));
      if (status !== 200 && status !== 206) {
        await body?.cancel();
        return new Response(null, { status });
      }
      return new Response(body, { status, headers: { ...securityHeaders, ...Object.fromEntries(passed), 'cache-control': 'no-store' } });
    } catch {
      return new Response(null, { status: 502 });
    } finally {
      clearTimeout(timer);
    }
  }
}
