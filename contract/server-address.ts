const MAX_CHARS = 512;
const LABEL = '[a-z\\d](?:[a-z\\d-]{0,61}[a-z\\d])?';
const ORIGIN = new RegExp(`^(https?):\\/\\/(${LABEL}(?:\\.${LABEL})*\\.?|\\[[\\da-f:.]+\\])(?::(\\d{1,5}))?\\/?$`);
// A host that ends in a number is an IPv4 address to every browser (URL Standard, "ends in a number"): `2130706433` and
// `0x7f.1` are 127.0.0.1. Only the form in which it is what it looks like is taken.
const ENDS_IN_NUMBER = /(?:^|\.)(?:\d+|0x[\da-f]*)\.?$/;
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;
const DEFAULT_PORT: Readonly<Record<string, number>> = { http: 80, https: 443 };

/**
 * Origin of a center as typed or received (`center.example.com` counts as https), or null for what is none: another
 * scheme, credentials, a path, a name that is not written in ASCII.
 */
export function serverOrigin(text: string): string | null {
  const trimmed = text.trim().toLowerCase();
  if (trimmed.length > MAX_CHARS) return null;
  const [, scheme = '', host = '', port] = ORIGIN.exec(trimmed.includes('://') ? trimmed : `https://${trimmed}`) ?? [];
  if (host === '' || (ENDS_IN_NUMBER.test(host) && !IPV4.test(host))) return null;
  if (port === undefined || Number(port) === DEFAULT_PORT[scheme]) return `${scheme}://${host}`;
  return Number(port) > 0 && Number(port) < 65_536 ? `${scheme}://${host}:${Number(port)}` : null;
}

/** Whether a host, as written in an address or a setting, is this very machine: what is sent there meets no network. */
export function isLoopbackHost(host: string): boolean {
  const plain = host.toLowerCase().replace(/^\[(.*)\]$/, '$1');
  return plain === 'localhost' || plain === '::1' || /^127(?:\.\d{1,3}){3}$/.test(plain);
}

/** Whether passwords may go to this origin, as `serverOrigin` writes it: by https, or to this very machine. */
export const isSecureOrigin = (origin: string): boolean => origin.startsWith('https://') || isLoopbackHost(/^http:\/\/(\[[^\]]*\]|[^:/]*)/.exec(origin)?.[1] ?? '');
