/** Longest SIP message the phone takes; a longer one is dropped before anything parses it. */
export const MAX_MESSAGE_BYTES = 64 * 1024;
const MAX_HEADERS = 200;
const REQUEST_LINE = /^[A-Z]{3,12} sips?:[^\s]{1,512} SIP\/2\.0$/;
const STATUS_LINE = /^SIP\/2\.0 [1-6]\d{2} [^\r\n]*$/;
const REQUIRED = ['via', 'from', 'to', 'call-id', 'cseq'] as const;
const COMPACT: Readonly<Record<string, string>> = { v: 'via', f: 'from', t: 'to', i: 'call-id', l: 'content-length', c: 'content-type' };

export type Verdict = { ok: true } | { ok: false; why: string };
const no = (why: string): Verdict => ({ ok: false, why });

/**
 * Whether SIP.js may see this message. SIP.js throws on several malformed ones (a bad Request-URI, CSeq that does
 * not match, a body without Content-Type), and some of those are noticed only deep in a transaction; what fails
 * here is dropped, as RFC 3261 §8.2 and §18.1.2 allow for what cannot be parsed.
 */
export function checkMessage(text: string): Verdict {
  if (text.length > MAX_MESSAGE_BYTES) return no('oversize');
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return no('no end of headers');
  const [first = '', ...lines] = text.slice(0, end).split('\r\n');
  const isRequest = !first.startsWith('SIP/');
  if (!(isRequest ? REQUEST_LINE : STATUS_LINE).test(first)) return no('bad first line');
  if (lines.length > MAX_HEADERS) return no('too many headers');
  const headers = new Map<string, string>();
  for (const line of lines) {
    if (/^[ \t]/.test(line)) continue;
    const colon = line.indexOf(':');
    if (colon < 1) return no('bad header');
    const written = line.slice(0, colon).trim().toLowerCase();
    headers.set(COMPACT[written] ?? written, line.slice(colon + 1).trim());
  }
  const missing = REQUIRED.find((name) => !headers.has(name));
  if (missing !== undefined) return no(`no ${missing}`);
  const [, method] = /^\d{1,10}\s+([A-Z]+)$/.exec(headers.get('cseq') ?? '') ?? [];
  if (method === undefined || (isRequest && !first.startsWith(`${method} `))) return no('CSeq does not match');
  const bodyLength = Buffer.byteLength(text) - Buffer.byteLength(text.slice(0, end + 4));
  if (bodyLength > 0 && !headers.has('content-type')) return no('body without Content-Type');
  const declared = headers.get('content-length');
  if (declared !== undefined && (!/^\d{1,7}$/.test(declared) || Number(declared) > bodyLength)) return no('bad Content-Length');
  return { ok: true };
}
