import type { IncomingHttpHeaders } from 'node:http';

/** Host names, IPv4 and bracketed IPv6 with a port: what may be copied into an address or a header of ours. */
const HOST = /^(?:[a-z\d](?:[a-z\d.-]{0,250}[a-z\d])?|\[[\da-f:.]{2,45}\])(?::\d{1,5})?$/i;

/** The host and port the client used, or null when the header holds anything else. */
export function hostOf(headers: IncomingHttpHeaders): string | null {
  return headers.host !== undefined && HOST.test(headers.host) ? headers.host : null;
}

/**
 * Whether a socket's handshake may come from this page. Programs send no Origin; a browser's must be our own
 * host, or one that an operator named: other sites' pages have no business here.
 */
export function isAllowedOrigin(headers: IncomingHttpHeaders, allowed: readonly string[]): boolean {
  const { origin } = headers;
  if (origin === undefined) return true;
  if (allowed.includes(origin)) return true;
  const host = hostOf(headers);
  return host !== null && (origin === `http://${host}` || origin === `https://${host}`);
}
