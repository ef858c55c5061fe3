import { Parser, IncomingRequestMessage, type IncomingResponseMessage, type Logger } from 'sip.js/lib/core/index.js';

/*
 * Everything that comes off a socket passes here before SIP.js sees it: SIP.js throws on, exits over or misreads
 * several malformed messages. A request we can address an answer to is answered, anything else dropped.
 */

export type Screened =
  | { kind: 'message'; message: IncomingRequestMessage | IncomingResponseMessage }
  | { kind: 'answer'; response: string; why: string }
  | { kind: 'keepAlive' }
  | { kind: 'drop'; why: string };

export const MAX_MESSAGE_BYTES = 64 * 1024;
const MAX_HEADERS = 200;
/** Extensions a request may require of us (RFC 3261 §8.2.2.3); Replaces as in RFC 3891. */
const SUPPORTED: ReadonlySet<string> = new Set(['replaces', 'norefersub']);

const COMPACT: Readonly<Record<string, string>> = { v: 'via', f: 'from', t: 'to', i: 'call-id', m: 'contact', l: 'content-length', c: 'content-type', r: 'refer-to' };
const SINGLE = ['from', 'to', 'call-id', 'cseq', 'content-length', 'content-type', 'max-forwards'];

interface Rough {
  method: string;
  uri: string;
  version: string;
  headers: Map<string, string[]>;
  body: string;
}

/** Checks one message. Never throws. */
export function screen(text: string, logger: Logger): Screened {
  if (/^[\r\n]*$/.test(text)) return { kind: 'keepAlive' };
  if (/^SIP\//i.test(text)) return screenResponse(text, logger);
  const rough = readRoughly(text);
  if (rough === null) return { kind: 'drop', why: 'not a SIP message' };
  const fault = faultOf(rough, text);
  if (fault !== null) return refuse(rough, fault);
  const message = parse(text, logger);
  if (!(message instanceof IncomingRequestMessage) || !isUsable(message)) return refuse(rough, { status: 400, phrase: 'Bad Request' });
  return { kind: 'message', message };
}

function screenResponse(text: string, logger: Logger): Screened {
  if (!/^SIP\/2\.0 [1-6]\d\d( |\r)/.test(text)) return { kind: 'drop', why: 'bad status line' };
  if (Buffer.byteLength(text) > MAX_MESSAGE_BYTES || countHeaders(text) > MAX_HEADERS) return { kind: 'drop', why: 'oversize response' };
  const message = parse(text, logger);
  if (message === null || message instanceof IncomingRequestMessage) return { kind: 'drop', why: 'malformed response' };
  if (!isAddressed(message)) return { kind: 'drop', why: 'response without its headers' };
  // A body without Content-Type makes SIP.js throw; one that is a session description is taken for it.
  if (message.body && !message.hasHeader('content-type')) {
    if (message.body.startsWith('v=0')) message.setHeader('content-type', 'application/sdp');
    else message.body = '';
  }
  return { kind: 'message', message };
}

interface Fault {
  status: number;
  phrase: string;
  headers?: string[];
}

function faultOf(rough: Rough, text: string): Fault | null {
  const { method, headers, version } = rough;
  const bad = (phrase: string): Fault => ({ status: 400, phrase });
  if (version !== 'SIP/2.0') return { status: 505, phrase: 'Version Not Supported' };
  if (Buffer.byteLength(text) > MAX_MESSAGE_BYTES) return { status: 513, phrase: 'Message Too Large' };
  if (countHeaders(text) > MAX_HEADERS) return bad('Too Many Headers');
  for (const name of SINGLE) if ((headers.get(name)?.length ?? 0) > 1) return bad(`Repeated ${name}`);
  const [, number, cseqMethod] = /^(\d{1,10})\s+(\S+)$/.exec(headers.get('cseq')?.[0] ?? '') ?? [];
  if (number === undefined || Number(number) >= 2 ** 31) return bad('Bad CSeq');
  if (cseqMethod !== method) return bad('CSeq Method Mismatch');
  const length = headers.get('content-length')?.[0];
  if (length !== undefined && (!/^\d{1,6}$/.test(length) || Number(length) > Buffer.byteLength(rough.body))) return bad('Bad Content-Length');
  const hasBody = length === undefined ? rough.body.length > 0 : Number(length) > 0;
  if (hasBody && !headers.has('content-type')) return bad('Missing Content-Type');
  if (headers.get('max-forwards')?.[0] === '0' && method !== 'ACK') return { status: 483, phrase: 'Too Many Hops' };
  const unsupported = (headers.get('require') ?? []).flatMap((value) => value.split(',')).map((tag) => tag.trim().toLowerCase()).filter((tag) => tag !== '' && !SUPPORTED.has(tag));
  if (unsupported.length > 0 && method !== 'ACK' && method !== 'CANCEL') {
    return { status: 420, phrase: 'Bad Extension', headers: [`Unsupported: ${unsupported.join(', ')}`] };
  }
  // No provisional answer of ours asks for PRACK, so none can match (RFC 3262 §3).
  if (method === 'PRACK') return { status: 481, phrase: 'Call/Transaction Does Not Exist' };
  if (/^[a-z][a-z0-9+.-]*:/i.test(rough.uri) && !/^sips?:/i.test(rough.uri)) return { status: 416, phrase: 'Unsupported URI Scheme' };
  return null;
}

/** First line, headers and body by the simplest reading; null where not even that is possible. */
function readRoughly(text: string): Rough | null {
  const end = text.indexOf('\r\n\r\n');
  if (end === -1) return null;
  const lines = text.slice(0, end).replace(/\r\n[ \t]+/g, ' ').split('\r\n', MAX_HEADERS + 2);
  const [, method = '', uri = '', version = ''] = /^([A-Za-z0-9!%*_+`'~.-]{1,32}) (.*) (SIP\/\S{1,8})$/i.exec(lines[0] ?? '') ?? [];
  if (method === '') return null;
  const headers = new Map<string, string[]>();
  for (const line of lines.slice(1)) {
    const [, written = '', value = ''] = /^([A-Za-z0-9!%*_+`'~.-]+)\s*:\s*(.*)$/.exec(line) ?? [];
    const name = COMPACT[written.toLowerCase()] ?? written.toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), value.trim()]);
  }
  return { method, uri, version, headers, body: text.slice(end + 4) };
}

const countHeaders = (text: string): number => {
  let count = 0;
  for (let at = text.indexOf('\r\n'); at !== -1 && count <= MAX_HEADERS; at = text.indexOf('\r\n', at + 2)) {
    if (text.startsWith('\r\n', at + 2)) break;
    count++;
  }
  return count;
};

function parse(text: string, logger: Logger): IncomingRequestMessage | IncomingResponseMessage | null {
  try {
    return Parser.parseMessage(text, logger) ?? null;
  } catch {
    return null;
  }
}

/** SIP.js types these as always there; a parsed message may lack any of them. */
const isAddressed = (message: Partial<IncomingRequestMessage>): boolean =>
  Boolean(message.viaBranch && message.callId && message.from && message.fromTag && message.to && message.method) && Number.isInteger(message.cseq);

const isUsable = (message: IncomingRequestMessage): boolean => {
  if (!isAddressed(message) || message.ruri === undefined) return false;
  return message.method !== 'INVITE' || message.parseHeader('contact') !== undefined;
};

/** An answer written by hand, since SIP.js could not read the request. An ACK is never answered. */
function refuse(rough: Rough, fault: Fault): Screened {
  const why = `${fault.status} ${fault.phrase}`;
  const get = (name: string): string | undefined => rough.headers.get(name)?.[0];
  const [via, from, to, callId, cseq] = [rough.headers.get('via'), get('from'), get('to'), get('call-id'), get('cseq')];
  if (rough.method === 'ACK' || via === undefined || from === undefined || to === undefined || callId === undefined || cseq === undefined) {
    return { kind: 'drop', why };
  }
  const tagged = /;\s*tag=/i.test(to) ? to : `${to};tag=refused`;
  const lines = [
    `SIP/2.0 ${fault.status} ${fault.phrase}`,
    ...via.map((value) => `Via: ${value}`),
    `From: ${from}`,
    `To: ${tagged}`,
    `Call-ID: ${callId}`,
    `CSeq: ${cseq}`,
    ...(fault.headers ?? []),
    'Content-Length: 0',
  ];
  return { kind: 'answer', response: `${lines.join('\r\n')}\r\n\r\n`, why };
}
