import { elementsOf, isRequestUri, readAddress, readMessage, type SipRequest, type SipResponse } from './reading.ts';

/*
 * Everything that comes off a socket passes here first: whether it is a SIP message we can take, and what is answered to
 * one that we cannot. A request we can address an answer to is answered, anything else dropped. Linear, and without
 * SIP.js, whose parser throws on, misreads or lingers over several malformed messages.
 */

export type Screened =
  | { kind: 'request'; request: SipRequest }
  | { kind: 'response'; response: SipResponse }
  | { kind: 'refuse'; request: SipRequest; answer: Answer }
  | { kind: 'keepAlive' }
  | { kind: 'drop'; why: string };

/** What is answered to a request; `phrase` names no number and no secret. */
export interface Answer {
  status: number;
  phrase: string;
  headers?: string[];
}

export const MAX_MESSAGE_BYTES = 64 * 1024;
const MAX_HEADER_LINES = 200;
/**
 * Characters of the headers that SIP.js reads by its grammar, which takes about a microsecond for each. RFC 4475's
 * longest (`longreq`) have 3,300.
 */
const MAX_GRAMMAR_CHARACTERS = 6 * 1024;
/** Headers SIP.js parses by its grammar as they come. */
const BY_GRAMMAR = ['via', 'from', 'to', 'call-id', 'cseq', 'contact', 'record-route', 'refer-to', 'content-type', 'content-length', 'max-forwards', 'www-authenticate', 'proxy-authenticate'];
/** Extensions a request may require of us (RFC 3261 §8.2.2.3); Replaces as in RFC 3891. */
const SUPPORTED: ReadonlySet<string> = new Set(['replaces', 'norefersub']);
const SINGLE = ['from', 'to', 'call-id', 'cseq', 'content-length', 'content-type', 'max-forwards'];

/** Checks one message. Never throws. */
export function screen(text: string): Screened {
  if (text.trim() === '') return { kind: 'keepAlive' };
  const message = readMessage(text, MAX_HEADER_LINES);
  if (message === null) return { kind: 'drop', why: 'not a SIP message' };
  if (message.kind === 'response') {
    const why = troubleOf(message);
    return why === null ? { kind: 'response', response: message } : { kind: 'drop', why };
  }
  const answer = faultOf(message);
  if (answer === null) return { kind: 'request', request: message };
  return isAnswerable(message) ? { kind: 'refuse', request: message, answer } : { kind: 'drop', why: `${answer.status} ${answer.phrase}` };
}

/** Characters of `message` that SIP.js would read by its grammar. */
export function grammarCharacters({ headers }: SipRequest | SipResponse): number {
  let sum = 0;
  for (const name of BY_GRAMMAR) for (const value of headers.get(name) ?? []) sum += value.length;
  return sum;
}

function troubleOf(response: SipResponse): string | null {
  if (response.size.bytes > MAX_MESSAGE_BYTES || response.size.lines > MAX_HEADER_LINES || grammarCharacters(response) > MAX_GRAMMAR_CHARACTERS) return 'oversize response';
  if (response.branch === '' || response.callId === '' || response.fromTag === '' || response.cseq === null) return 'response without its headers';
  return null;
}

/** An ACK is never answered, and an answer needs what it is addressed by. */
const isAnswerable = ({ method, headers }: SipRequest): boolean => method !== 'ACK' && ['via', 'from', 'to', 'call-id', 'cseq'].every((name) => headers.has(name));

function faultOf(request: SipRequest): Answer | null {
  return faultOfShape(request) ?? faultOfBody(request) ?? faultOfContact(request) ?? faultOfWishes(request);
}

const bad = (phrase: string): Answer => ({ status: 400, phrase });

function faultOfShape(request: SipRequest): Answer | null {
  const { method, headers, version, size, uri, cseq } = request;
  if (version.toUpperCase() !== 'SIP/2.0') return { status: 505, phrase: 'Version Not Supported' };
  if (size.bytes > MAX_MESSAGE_BYTES) return { status: 513, phrase: 'Message Too Large' };
  if (size.lines > MAX_HEADER_LINES) return bad('Too Many Headers');
  if (uri.length + grammarCharacters(request) > MAX_GRAMMAR_CHARACTERS) return bad('Headers Too Long');
  for (const name of SINGLE) if ((headers.get(name)?.length ?? 0) > 1) return bad(`Repeated ${name}`);
  if (cseq === null) return bad('Bad CSeq');
  if (cseq.method !== method) return bad('CSeq Method Mismatch');
  if (!isRequestUri(uri)) return bad('Bad Request-URI');
  if (!/^sips?:/i.test(uri)) return { status: 416, phrase: 'Unsupported URI Scheme' };
  for (const name of ['from', 'to']) if (headers.has(name) && readAddress(headers.get(name)?.[0] ?? '') === null) return bad(`Bad ${name}`);
  return null;
}

function faultOfBody({ headers, body }: SipRequest): Answer | null {
  const length = headers.get('content-length')?.[0];
  if (length !== undefined && (!/^\d{1,6}$/.test(length) || Number(length) > Buffer.byteLength(body))) return bad('Bad Content-Length');
  const hasBody = length === undefined ? body.length > 0 : Number(length) > 0;
  return hasBody && !headers.has('content-type') ? bad('Missing Content-Type') : null;
}

function faultOfContact({ method, headers }: SipRequest): Answer | null {
  const written = headers.get('contact');
  if (written === undefined) return method === 'INVITE' ? bad('Missing Contact') : null;
  const contacts = written.flatMap(elementsOf);
  const isAll = method === 'REGISTER' && contacts.length === 1 && contacts[0] === '*';
  if (!isAll && contacts.some((contact) => readAddress(contact) === null)) return bad('Bad Contact');
  // A dialog has one remote target (RFC 3261 §8.1.1.8).
  return method === 'INVITE' && contacts.length > 1 ? bad('Repeated contact') : null;
}

function faultOfWishes({ method, headers }: SipRequest): Answer | null {
  if (headers.get('max-forwards')?.[0] === '0' && method !== 'ACK') return { status: 483, phrase: 'Too Many Hops' };
  const required = (headers.get('require') ?? []).flatMap((value) => value.split(',')).map((tag) => tag.trim().toLowerCase());
  const unsupported = required.filter((tag) => tag !== '' && !SUPPORTED.has(tag));
  if (unsupported.length > 0 && method !== 'ACK' && method !== 'CANCEL') {
    return { status: 420, phrase: 'Bad Extension', headers: [`Unsupported: ${unsupported.join(', ')}`] };
  }
  // No provisional answer of ours asks for PRACK, so none can match (RFC 3262 §3).
  return method === 'PRACK' ? { status: 481, phrase: 'Call/Transaction Does Not Exist' } : null;
}
