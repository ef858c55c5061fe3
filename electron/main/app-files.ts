import { readFile, realpath } from 'node:fs/promises';
import { extname, join, resolve, sep } from 'node:path';
import { isOwnPage } from './origin.ts';
import { securityHeaders } from './security.ts';

const PAGE = 'renderer/index.html';
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.wav': 'audio/wav',
  '.mp3': 'audio/mpeg',
  '.ogg': 'audio/ogg',
};

/**
 * Path below the root that a request of the `app:` scheme names; a navigation (no extension) is the one page.
 * @returns null for what must not be served: another host, `..` in any spelling, NUL, backslashes
 */
export function pathOfRequest(url: string): string | null {
  if (!isOwnPage(url)) return null;
  // The URL parser has resolved plain `..`; what is decoded afterwards may hide another one.
  const written = /^app:\/\/desk([^?#]*)/i.exec(url)?.[1] ?? '/';
  let path: string;
  try {
    path = decodeURIComponent(written);
  } catch {
    return null;
  }
  if (/[\0\\%]/.test(path) || path.split('/').includes('..')) return null;
  return extname(path) === '' ? PAGE : path.replace(/^\/+/, '');
}

/** Answers requests of the `app:` scheme from a folder. Symbolic links out of it are refused. */
export function createAppFiles(root: string): (request: { url: string; method: string }) => Promise<Response> {
  return async ({ url, method }) => {
    if (method !== 'GET' && method !== 'HEAD') return new Response(null, { status: 405 });
    const path = pathOfRequest(url);
    if (path === null) return new Response(null, { status: 400 });
    try {
      const folder = await realpath(root);
      const file = await realpath(resolve(join(folder, path)));
      if (!file.startsWith(folder + sep)) return new Response(null, { status: 403 });
      const type = TYPES[extname(file)];
      if (type === undefined) return new Response(null, { status: 404 });
      return new Response(new Uint8Array(await readFile(file)), { headers: { 'content-type': type, ...securityHeaders } });
    } catch {
      return new Response(null, { status: 404 });
    }
  };
}
