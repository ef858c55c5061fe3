import type { IncomingRequestMessage } from 'sip.js/lib/core/index.js';

/*
 * Text on its way into and out of SIP headers. Nothing that came from outside may end a header line, close a
 * quoted string or open a URI parameter.
 */

const MAX_DISPLAY_NAME = 128;

/**
 * A display name fit for a quoted string: no controls, of bounded length. Quotes and backslashes are replaced
 * rather than escaped, since not every phone takes the escapes out again (SIP.js does not).
 */
export function displayName(name: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is removed
  const visible = name.toWellFormed().replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, ' ');
  return [...visible].slice(0, MAX_DISPLAY_NAME).join('').trim().replaceAll('"', "'").replaceAll('\\', '/');
}

/** A header line `name: value`, or null when the name or the value could break out of it. */
export function headerLine(name: string, value: string): string | null {
  // oxlint-disable-next-line no-control-regex -- control characters are what is refused
  if (!/^x-sangdam-[a-z0-9-]{1,64}$/i.test(name) || value.length > 1024 || /[\u0000-\u001f\u007f]/.test(value)) return null;
  return `${name}: ${value.toWellFormed()}`;
}

/** User part of a URI we write: digits, letters and a few marks; anything else could be URI syntax. */
export const isUriUser = (text: string): boolean => /^[A-Za-z0-9+*#._-]{1,64}$/.test(text);

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
