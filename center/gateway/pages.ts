import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { fail } from '../../contract/errors.ts';
import { hostOf } from '../../contract/origin.ts';
import { isLoopbackHost } from '../../contract/server-address.ts';
import { refuse } from './refuse.ts';

const DESK_PAGE = 'renderer/index.html';
const DEMO_FOLDER = '/demo/';
/** Where the build puts what belongs to a page. */
const ASSETS = '/assets/';
/** What no browser opens as a page. */
const NO_DOCUMENT = /^(?:application\/javascript|text\/javascript|text\/css|audio\/)/;
const CUSTOMER_PAGE = 'demo/customer/index.html';
const YEAR_S = 31_536_000;

/** Of every answer. */
const HEADERS: Readonly<Record<string, string>> = { 'x-content-type-options': 'nosniff', 'cross-origin-resource-policy': 'same-origin' };

/**
 * Of every answer but a page's own scripts, styles and sounds: a desk loads fifty of them, and these would be a tenth of
 * all its bytes. Microphone and speaker choice are for our own pages alone, all else for none.
 */
const DOCUMENT_HEADERS: Readonly<Record<string, string>> = {
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'microphone=(self), speaker-selection=(self), autoplay=(self), camera=(), geolocation=(), display-capture=(), usb=(), payment=()',
};

/**
 * What a page may load: scripts from here alone, none inline. `'self'` does not cover `ws:` in every browser,
 * so the sockets of this very host are named. Style attributes are needed by positioned menus and toasts.
 */
export function contentSecurityPolicy(host: string | null): string {
  const sockets = host === null ? '' : ` ws://${host} wss://${host}`;
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "media-src 'self' blob: mediastream:",
    "worker-src 'self' blob:",
    "manifest-src 'self'",
    `connect-src 'self'${sockets}`,
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/**
 * The built web edition: every navigation is the desk, which routes by itself, but `/customer`, which is the phone of the
 * demo and of nothing else. Each file goes out as the build has compressed it, by what the browser takes. `folder` null,
 * or not built: a page that says so.
 */
export async function addPages(app: FastifyInstance, folder: string | null, demo: boolean): Promise<void> {
  app.addHook('onSend', (request, reply, _payload, next) => {
    // Browsers keep it for the name, whatever else this machine serves: not for one that everybody has.
    if (request.protocol === 'https' && !isLoopbackHost((hostOf(request.headers) ?? 'localhost').replace(/:\d+$/, ''))) void reply.header('strict-transport-security', `max-age=${YEAR_S}`);
    void reply.headers(HEADERS);
    if (!request.url.startsWith(ASSETS) || !NO_DOCUMENT.test(String(reply.getHeader('content-type')))) void reply.headers({ ...DOCUMENT_HEADERS, 'content-security-policy': contentSecurityPolicy(hostOf(request.headers)) });
    if (!reply.hasHeader('cache-control')) void reply.header('cache-control', 'no-store');
    next();
  });
  if (folder !== null && existsSync(folder)) await app.register(fastifyStatic, { root: folder, wildcard: true, index: false, cacheControl: false, preCompressed: true, setHeaders: cacheForever, allowedPath: (path) => demo || !posix.normalize(path).startsWith(DEMO_FOLDER) });
  else app.decorateReply('sendFile', function (this: FastifyReply) {
    return this.code(503).type('text/plain; charset=utf-8').send('The web edition is not built: run `npm run build`.');
  });

  const sendPage = (request: FastifyRequest, reply: FastifyReply) => {
    const wantsCustomer = isCustomerPage(request.url);
    if (wantsCustomer && !(demo && hasPage(folder, CUSTOMER_PAGE))) return reply.code(404).type('text/plain; charset=utf-8').send('Nothing is here.');
    void reply.type('text/html; charset=utf-8');
    return reply.sendFile(wantsCustomer ? CUSTOMER_PAGE : DESK_PAGE);
  };
  // The folder itself has no page, and would be refused as a listing.
  app.get('/', sendPage);
  app.setNotFoundHandler((request, reply) => (isNavigation(request) ? sendPage(request, reply) : refuse(request, reply, fail('not-found', 'nothing is here'))));
}

/** Names under /assets carry a hash of their content. */
function cacheForever(reply: FastifyReply, path: string): void {
  const forever = /[\\/]assets[\\/][^\\/]+$/.test(path);
  void reply.header('cache-control', forever ? `public, max-age=${YEAR_S}, immutable` : 'no-cache');
}

const hasPage = (folder: string | null, page: string): boolean => folder !== null && existsSync(join(folder, page));

const isCustomerPage = (url: string): boolean => /^\/customer\/?(?:[?#]|$)/.test(url);

/** A page's address has no file extension, and is no call. */
function isNavigation({ method, url }: FastifyRequest): boolean {
  const path = url.split('?', 1)[0] ?? '';
  return (method === 'GET' || method === 'HEAD') && !path.startsWith('/api/') && !/\.[^/]+$/.test(path);
}
