import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { endOfQuoted, isToken } from './reading.ts';

/*
 * HTTP digest as SIP uses it (RFC 3261 §22, RFC 2617): MD5 with qop=auth, the one form every phone speaks.
 * Nonces belong to one connection, live five minutes, and count up, so that nothing heard can be replayed.
 */

const NONCE_LIFE_MS = 5 * 60_000;
/** Nonces in use at once on a connection: a phone has one for registering and one for each call it is making. */
const MAX_NONCES_IN_USE = 16;
const MAX_HEADER_LENGTH = 2048;

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

/** Parses an Authorization header, in time linear in its length; null when it is no complete digest with qop=auth. */
export function parseAuthorization(header: string): Credentials | null {
  if (header.length > MAX_HEADER_LENGTH || !/^digest\s/i.test(header)) return null;
  const fields = fieldsOf(header, 'Digest'.length);
  if (fields === null) return null;
  const field = (name: string): string => fields.get(name) ?? '';
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
  const algorithm = fields.get('algorithm') ?? 'MD5';
  return complete && counted && algorithm.toUpperCase() === 'MD5' ? credentials : null;
}

/** `name=value` and `name="value"`, each name once, separated by commas, from `from` on; null where it is anything else. */
function fieldsOf(text: string, from: number): Map<string, string> | null {
  const fields = new Map<string, string>();
  for (let at = from; at < text.length; ) {
    const equals = text.indexOf('=', at);
    const name = text.slice(at, equals).trim().toLowerCase();
    if (equals === -1 || !isToken(name)) return text.slice(at).trim() === '' ? fields : null;
    if (fields.has(name)) return null;
    const start = equals + 1 + leadingSpaces(text, equals + 1);
    const quoteEnd = text[start] === '"' ? endOfQuoted(text, start) : null;
    if (quoteEnd !== null && quoteEnd > text.length) return null;
    const comma = text.indexOf(',', quoteEnd ?? start);
    const end = comma === -1 ? text.length : comma;
    if (quoteEnd !== null && text.slice(quoteEnd, end).trim() !== '') return null;
    fields.set(name, quoteEnd === null ? text.slice(start, end).trim() : text.slice(start + 1, quoteEnd - 1).replace(/\\(.)/g, '$1'));
    at = end + 1;
  }
  return fields;
}

function leadingSpaces(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ' || text[at] === '\t') at++;
  return at - from;
}

/** Whether the response proves knowledge of the password. */
export function isProof(credentials: Credentials, password: string, method: string): boolean {
  const { username, realm, nonce, nonceCount, cnonce, qop, uri } = credentials;
  const secret = md5(`${username}:${realm}:${password}`);
  const expected = md5(`${secret}:${nonce}:${nonceCount}:${cnonce}:${qop}:${md5(`${method}:${uri}`)}`);
  return timingSafeEqual(Buffer.from(expected), Buffer.from(credentials.response));
}

/**
 * Whether credentials are for this request and no other: their uri names the same resource as the Request-URI (RFC 2617
 * §3.2.2.5). Phones differ in the parameters and the port they repeat there, and in the case of the host: neither says
 * who is called.
 */
export function isFor(uri: string, requestUri: string): boolean {
  return uri === requestUri || resourceOf(uri) === resourceOf(requestUri);
}

/** Scheme, user and host. */
function resourceOf(uri: string): string {
  const colon = uri.indexOf(':');
  const at = uri.lastIndexOf('@');
  const user = at === -1 ? '' : uri.slice(colon + 1, at);
  const host = uri.slice(Math.max(at, colon) + 1).split(/[;?]/, 1)[0] ?? '';
  return `${uri.slice(0, colon).toLowerCase()}:${user}@${host.replace(/:\d{1,5}$/, '').toLowerCase()}`;
}

/**
 * The nonces of one connection. One that was issued is not remembered: it says itself when that was, and only who has
 * the secret can make one. Remembered is how far those have been counted that a password was proved with.
 */
export class Nonces {
  private readonly now: () => number;
  private readonly sign: (content: string) => string;
  private readonly counts = new Map<number, number>();
  private issued = 0;
  /** Nonces up to this serial number are no longer remembered, and not taken. */
  private floor = 0;

  /**
   * @param secret of this process
   * @param owner what no other connection is called
   */
  constructor(now: () => number, secret: Uint8Array, owner: string) {
    this.now = now;
    this.sign = (content) => createHmac('sha256', secret).update(`${owner} ${content}`).digest('base64url').slice(0, 22);
  }

  /** A WWW-Authenticate header's value. `stale` tells the phone that its password was not the trouble. */
  challenge(realm: string, stale: boolean): string {
    const content = `${Math.floor(this.now()).toString(36)}.${(++this.issued).toString(36)}`;
    return `Digest realm="${realm}", nonce="${content}.${this.sign(content)}", algorithm=MD5, qop="auth"${stale ? ', stale=true' : ''}`;
  }

  /** Uses up one count of a nonce of ours. To be asked only with a proof, since it remembers. */
  consume(nonce: string, nonceCount: string): 'fresh' | 'stale' {
    const [at = '', serialText = '', signature] = nonce.split('.', 4);
    const serial = Number.parseInt(serialText, 36);
    if (signature !== this.sign(`${at}.${serialText}`) || this.now() - Number.parseInt(at, 36) > NONCE_LIFE_MS || serial <= this.floor) return 'stale';
    const count = Number.parseInt(nonceCount, 16);
    if (count <= (this.counts.get(serial) ?? 0)) return 'stale';
    this.counts.set(serial, count);
    if (this.counts.size > MAX_NONCES_IN_USE) {
      this.floor = Math.min(...this.counts.keys());
      this.counts.delete(this.floor);
    }
    return 'fresh';
  }
}
