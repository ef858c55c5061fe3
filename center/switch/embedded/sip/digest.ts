import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/*
 * HTTP digest as SIP uses it (RFC 3261 §22, RFC 2617): MD5 with qop=auth, the one form every phone speaks.
 * Nonces belong to one connection, live five minutes, and count up, so that nothing heard can be replayed.
 */

const NONCE_LIFE_MS = 5 * 60_000;
const MAX_NONCES = 32;

export interface Credentials {
  username: string;
  realm: string;
  nonce: string;
  uri: string;
  response: string;
  cnonce: string;
  nonceCount: string;
  qop: string;
}

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

/** Parses an Authorization header; null when it is no complete digest with qop=auth. */
export function parseAuthorization(header: string): Credentials | null {
  if (!/^Digest\s/i.test(header) || header.length > 4096) return null;
  const fields = new Map<string, string>();
  for (const [, name = '', quoted, plain] of header.slice(6).matchAll(/([a-z]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/gi)) {
    fields.set(name.toLowerCase(), (quoted ?? plain ?? '').replace(/\\(.)/g, '$1'));
  }
  const field = (name: string): string => fields.get(name) ?? '';
  const algorithm = fields.get('algorithm') ?? 'MD5';
  const credentials: Credentials = {
    username: field('username'),
    realm: field('realm'),
    nonce: field('nonce'),
    uri: field('uri'),
    response: field('response').toLowerCase(),
    cnonce: field('cnonce'),
    nonceCount: field('nc'),
    qop: field('qop'),
  };
  const complete = credentials.username !== '' && credentials.nonce !== '' && credentials.uri !== '' && /^[0-9a-f]{32}$/.test(credentials.response);
  const counted = credentials.qop === 'auth' && credentials.cnonce !== '' && /^[0-9a-f]{8}$/i.test(credentials.nonceCount);
  return complete && counted && algorithm.toUpperCase() === 'MD5' ? credentials : null;
}

/** Whether the response proves knowledge of the password. */
export function isProof(credentials: Credentials, password: string, method: string): boolean {
  const { username, realm, nonce, nonceCount, cnonce, qop, uri } = credentials;
  const secret = md5(`${username}:${realm}:${password}`);
  const expected = md5(`${secret}:${nonce}:${nonceCount}:${cnonce}:${qop}:${md5(`${method}:${uri}`)}`);
  return timingSafeEqual(Buffer.from(expected), Buffer.from(credentials.response));
}

/** The nonces of one connection. */
export class Nonces {
  private readonly issued = new Map<string, { at: number; count: number }>();
  private readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
  }

  /** A WWW-Authenticate header's value. `stale` tells the phone that its password was not the trouble. */
  challenge(realm: string, stale: boolean): string {
    const nonce = randomBytes(18).toString('base64url');
    this.issued.set(nonce, { at: this.now(), count: 0 });
    if (this.issued.size > MAX_NONCES) this.issued.delete(this.issued.keys().next().value ?? '');
    return `Digest realm="${realm}", nonce="${nonce}", algorithm=MD5, qop="auth"${stale ? ', stale=true' : ''}`;
  }

  /** Uses up one count of a nonce of ours. */
  consume(nonce: string, nonceCount: string): 'fresh' | 'stale' {
    const known = this.issued.get(nonce);
    const count = Number.parseInt(nonceCount, 16);
    if (known === undefined || this.now() - known.at > NONCE_LIFE_MS || count <= known.count) return 'stale';
    known.count = count;
    return 'fresh';
  }
}

const WINDOW_MS = 60_000;
const MAX_KEYS = 10_000;

/** Failed proofs by key: after `most` in a minute, even the right one is refused until the minute is over. */
export class FailureLimit {
  private readonly failures = new Map<string, number[]>();
  private readonly most: number;
  private readonly now: () => number;

  constructor(most: number, now: () => number) {
    this.most = most;
    this.now = now;
  }

  /** Milliseconds until the key may try again; 0 when it may now. */
  waitMs(key: string): number {
    const recent = this.recent(key);
    const oldest = recent[0];
    return recent.length < this.most || oldest === undefined ? 0 : oldest + WINDOW_MS - this.now();
  }

  failed(key: string): void {
    if (this.failures.size >= MAX_KEYS) this.failures.delete(this.failures.keys().next().value ?? '');
    this.failures.set(key, [...this.recent(key), this.now()]);
  }

  succeeded(key: string): void {
    this.failures.delete(key);
  }

  private recent(key: string): number[] {
    const since = this.now() - WINDOW_MS;
    const recent = (this.failures.get(key) ?? []).filter((at) => at > since).slice(-this.most);
    if (recent.length === 0) this.failures.delete(key);
    return recent;
  }
}
