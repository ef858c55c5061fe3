/** What is looked at of a request's headers; Node's `IncomingHttpHeaders` fit. */
export interface AddressHeaders {
  host?: string | undefined;
  origin?: string | undefined;
}

/** Host names, IPv4 and bracketed IPv6 with a port: what may be copied into an address or a header of ours. */
const HOST = /^(?:[a-z\d](?:[a-z\d.-]{0,250}[a-z\d])?|\[[\da-f:.]{2,45}\])(?::\d{1,5})?$/i;

/** The host and port the client used, or null when the header holds anything else. */
export function hostOf({ host }: AddressHeaders): string | null {
  return host !== undefined && HOST.test(host) ? host : null;
}

/** Whether a page sent this, and the page is our own host's, or of an origin that an operator named. */
export function isFromOwnPage(headers: AddressHeaders, allowed: readonly string[] = []): boolean {
  const { origin } = headers;
  if (origin === undefined) return false;
  if (allowed.includes(origin)) return true;
  const host = hostOf(headers);
  return host !== null && (origin === `http://${host}` || origin === `https://${host}`);
}

/**
 * Whether a socket's handshake may come from this page. Programs send no Origin; a browser's must be our own
 * host, or one that an operator named: other sites' pages have no business here.
 */
export const isAllowedOrigin = (headers: AddressHeaders, allowed: readonly string[] = []): boolean => headers.origin === undefined || isFromOwnPage(headers, allowed);
