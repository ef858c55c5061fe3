/*
 * A SIP message read by hand, in time linear in its length and without an expression that can backtrack: what has to be
 * known before SIP.js, whose grammar costs a thousand times as much, may see it. Nothing here throws.
 */

/** Headers by lower-case full name, each with its values in the order they came, unfolded. */
export type SipHeaders = ReadonlyMap<string, readonly string[]>;

interface Message {
  headers: SipHeaders;
  body: string;
  /** As it came, for SIP.js. */
  text: string;
  size: { bytes: number; lines: number };
  /** Tags of the From and To headers; empty where there is none. */
  fromTag: string;
  toTag: string;
  /** The top Via's branch; empty where it has none, or no more of one than the magic cookie (RFC 3261 §8.1.1.7). */
  branch: string;
  callId: string;
  /** Number and method of CSeq; null where it cannot be read or the number is beyond 31 bits. */
  cseq: { number: number; method: string } | null;
}

export interface SipRequest extends Message {
  kind: 'request';
  method: string;
  /** As written; what `isRequestUri` says of it is for the reader's user. */
  uri: string;
  version: string;
}

export interface SipResponse extends Message {
  kind: 'response';
}

/** Longest method: RFC 4475 §3.1.1.2 has one of 43 characters. */
const MAX_METHOD = 128;
const MAGIC_COOKIE = 'z9hG4bK';
const COMPACT: ReadonlyMap<string, string> = new Map([
  ['v', 'via'], ['f', 'from'], ['t', 'to'], ['i', 'call-id'], ['m', 'contact'], ['l', 'content-length'], ['c', 'content-type'],
  ['r', 'refer-to'], ['e', 'content-encoding'], ['k', 'supported'], ['s', 'subject'], ['o', 'event'],
]);

const TOKEN = /^[A-Za-z0-9!%*_+`'~.-]+$/;
export const isToken = (text: string): boolean => TOKEN.test(text);

/** Reads one message; null for what is none. Header lines beyond `maxLines` are left unread, and `size.lines` is beyond it then. */
export function readMessage(text: string, maxLines: number): SipRequest | SipResponse | null {
  const end = text.indexOf('\r\n\r\n');
  if (end === -1) return null;
  const firstEnd = text.indexOf('\r\n');
  const first = text.slice(0, firstEnd);
  const { headers, lines } = readHeaders(text, firstEnd + 2, end, maxLines);
  const one = (name: string): string => headers.get(name)?.[0] ?? '';
  const branch = parameter(firstElement(one('via')), 'branch') ?? '';
  const message: Message = {
    headers,
    body: text.slice(end + 4),
    text,
    size: { bytes: Buffer.byteLength(text), lines },
    fromTag: tagOf(one('from')),
    toTag: tagOf(one('to')),
    branch: branch === MAGIC_COOKIE ? '' : branch,
    callId: one('call-id'),
    cseq: readCseq(one('cseq')),
  };
  if (first.startsWith('SIP/')) return /^SIP\/2\.0 [1-6]\d\d( |$)/.test(first) ? { kind: 'response', ...message } : null;
  const line = readRequestLine(first);
  return line === null ? null : { kind: 'request', ...line, ...message };
}

function readRequestLine(line: string): { method: string; uri: string; version: string } | null {
  const start = line.indexOf(' ');
  const method = line.slice(0, start);
  if (start < 1 || start > MAX_METHOD || !isToken(method)) return null;
  const rest = line.slice(start + 1);
  const trimmed = rest.trimEnd();
  const stop = trimmed.lastIndexOf(' ');
  const version = trimmed.slice(stop + 1);
  if (stop < 0 || version.length > 12 || !/^SIP\/\S+$/i.test(version)) return null;
  // White space after the version is no part of a request line (RFC 3261 §7.1): a URI that is none says so.
  return { method, uri: trimmed.length === rest.length ? trimmed.slice(0, stop) : '', version };
}

function readHeaders(text: string, from: number, to: number, maxLines: number): { headers: Map<string, string[]>; lines: number } {
  const headers = new Map<string, string[]>();
  let lines = 0;
  let parts: string[] = [];
  const close = (): void => {
    if (parts.length > 0) addHeader(headers, parts.length === 1 ? (parts[0] ?? '') : parts.map((part) => part.trim()).join(' '));
  };
  for (let at = from; at <= to && lines <= maxLines; lines++) {
    const found = text.indexOf('\r\n', at);
    const lineEnd = found === -1 || found > to ? to : found;
    const line = text.slice(at, lineEnd);
    if (line.startsWith(' ') || line.startsWith('\t')) parts.push(line);
    else {
      close();
      parts = [line];
    }
    at = lineEnd + 2;
  }
  close();
  return { headers, lines };
}

function addHeader(headers: Map<string, string[]>, line: string): void {
  const colon = line.indexOf(':');
  const written = line.slice(0, Math.max(colon, 0)).trimEnd().toLowerCase();
  const name = isToken(written) ? (COMPACT.get(written) ?? written) : '';
  const value = line.slice(colon + 1).trim();
  const values = headers.get(name);
  if (values === undefined) headers.set(name, [value]);
  else values.push(value);
}

function readCseq(value: string): Message['cseq'] {
  const gap = value.search(/\s/);
  const digits = value.slice(0, Math.max(gap, 0));
  const method = value.slice(gap + 1).trim();
  const number = /^\d{1,10}$/.test(digits) ? Number(digits) : Number.NaN;
  return Number.isNaN(number) || number >= 2 ** 31 || !isToken(method) ? null : { number, method };
}

/** Whether a text may stand as the Request-URI of a request for us: a scheme, no white space, no brackets, no quotes. */
export const isRequestUri = (uri: string): boolean => /^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"]+$/.test(uri);

/** Where a name-addr's or addr-spec's parameters begin, and its URI (RFC 3261 §20.10, §25.1). */
interface Address {
  uri: string;
  parameters: string;
}

/** Reads one address of a From, To or Contact header; null where it cannot be read. */
export function readAddress(value: string): Address | null {
  const open = indexOutsideQuotes(value, '<', 0);
  if (open === null) return null;
  if (open === -1) {
    const semicolon = value.indexOf(';');
    const uri = (semicolon === -1 ? value : value.slice(0, semicolon)).trim();
    // Without brackets a question mark or a comma would be ambiguous.
    return isRequestUri(uri) && !/[?,]/.test(uri) ? checked({ uri, parameters: semicolon === -1 ? '' : value.slice(semicolon) }) : null;
  }
  if (!isDisplayName(value.slice(0, open).trim())) return null;
  const shut = value.indexOf('>', open);
  const uri = value.slice(open + 1, Math.max(shut, 0));
  return shut === -1 || !isRequestUri(uri) ? null : checked({ uri, parameters: value.slice(shut + 1) });
}

/** Nothing, words, or one quoted string. A comma in unquoted words is borne: what it means is clear here (RFC 4475 §3.1.2.15). */
const isDisplayName = (name: string): boolean => (name.startsWith('"') ? endOfQuoted(name, 0) === name.length : !/["<>;:]/.test(name));

function checked(address: Address): Address | null {
  for (const part of splitOutsideQuotes(address.parameters, ';').slice(1)) {
    const equals = part.indexOf('=');
    const name = (equals === -1 ? part : part.slice(0, equals)).trim();
    const value = equals === -1 ? null : part.slice(equals + 1).trim();
    if (!isToken(name)) return null;
    if (value !== null && (value.startsWith('"') ? endOfQuoted(value, 0) !== value.length : !/^[^\s",;<>]+$/.test(value))) return null;
  }
  const before = address.parameters.trimStart();
  return before === '' || before.startsWith(';') ? address : null;
}

/** The elements of a comma-separated header value. */
export const elementsOf = (value: string): string[] => splitOutsideQuotes(value, ',', true).map((element) => element.trim());

const firstElement = (value: string): string => {
  const comma = indexOutsideQuotes(value, ',', 0);
  return comma === null || comma === -1 ? value : value.slice(0, comma);
};

/** A tag of From or To, wherever its header can be read at all. */
function tagOf(value: string): string {
  const address = value === '' ? null : readAddress(value);
  return address === null ? '' : (parameter(address.parameters, 'tag') ?? '');
}

/** A parameter's value out of `…;name=value;…`. */
function parameter(text: string, name: string): string | undefined {
  for (const part of splitOutsideQuotes(text, ';').slice(1)) {
    const equals = part.indexOf('=');
    if (equals !== -1 && part.slice(0, equals).trim().toLowerCase() === name) return part.slice(equals + 1).trim();
  }
  return undefined;
}

function splitOutsideQuotes(text: string, separator: string, brackets = false): string[] {
  const parts: string[] = [];
  let start = 0;
  let isBracketed = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') at = Math.min(endOfQuoted(text, at), text.length) - 1;
    else if (brackets && character === '<') isBracketed = true;
    else if (brackets && character === '>') isBracketed = false;
    else if (character === separator && !isBracketed) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

/** -1 where it is not there, null where a quote is left open before it. */
function indexOutsideQuotes(text: string, wanted: string, from: number): number | null {
  for (let at = from; at < text.length; at++) {
    if (text[at] === wanted) return at;
    if (text[at] !== '"') continue;
    at = endOfQuoted(text, at) - 1;
    if (at >= text.length) return null;
  }
  return -1;
}

/** Where the quoted string that begins at `at` has ended; beyond the text's end where it does not. */
export function endOfQuoted(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '"') return i + 1;
  }
  return text.length + 1;
}
