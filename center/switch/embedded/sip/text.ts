import { getBody, NameAddrHeader, type IncomingRequestMessage } from 'sip.js/lib/core/index.js';

/* What SIP messages say of themselves, out of their headers. */

/** The `X-Sangdam-*` headers of a request, keys in lower case; SIP.js keeps header names capitalised. */
export function ownHeaders(message: IncomingRequestMessage): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of Object.keys(message.headers)) {
    const value = message.getHeader(name);
    if (/^x-sangdam-/i.test(name) && value !== undefined) found[name.toLowerCase()] = value;
  }
  return found;
}

export interface DialogName {
  callId: string;
  toTag: string;
  fromTag: string;
}

/** A Replaces value (RFC 3891 §6.1), percent-encoded as in a Refer-To URI or plain; null when it is none. */
export function parseReplaces(value: string): DialogName | null {
  let text: string;
  try {
    text = decodeURIComponent(value);
  } catch {
    return null;
  }
  const [callId = '', ...parameters] = text.split(';').map((part) => part.trim());
  const parameter = (name: string): string | undefined =>
    parameters.find((part) => part.toLowerCase().startsWith(`${name}=`))?.slice(name.length + 1);
  const toTag = parameter('to-tag');
  const fromTag = parameter('from-tag');
  return callId === '' || toTag === undefined || fromTag === undefined ? null : { callId, toTag, fromTag };
}

/** The session description a message carries, or null. */
export function bodyOf(message: Parameters<typeof getBody>[0]): string | null {
  const body = getBody(message);
  return body !== undefined && /^application\/sdp/i.test(body.contentType) ? body.content : null;
}

/** Refer-To's target and what it replaces, as written in the URI. */
export function referTarget(message: IncomingRequestMessage): { to: string; replaces: string | null } | null {
  const parsed: unknown = message.parseHeader('refer-to');
  if (!(parsed instanceof NameAddrHeader) || parsed.uri.user === undefined) return null;
  return { to: parsed.uri.user, replaces: parsed.uri.getHeader('Replaces')?.[0] ?? null };
}
