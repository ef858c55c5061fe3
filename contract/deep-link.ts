import { fail, ok, type Result } from './errors.ts';
import { parseDialText, type Dialling } from './dial-text.ts';
import { plainText } from './number-text.ts';
import { dialStringOf, formatNumber, parseDialString, type DialTarget } from './phone-number.ts';
import { isSecureOrigin, serverOrigin } from './server-address.ts';

/** Schemes the desktop registers itself for, without colon. */
export const LINK_SCHEMES = ['tel', 'callto', 'sip', 'sangdam'] as const;

/** No number and no invitation comes near this; what is longer was not written by a person. */
const MAX_LINK_CHARS = 512;
const MAX_CLIPBOARD_CHARS = 2000;
// Control characters, line and paragraph separators. In an address also marks that reorder what a person would read: a
// number is shown as we write it.
const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}]/u;
const UNSEEN = /\p{Cf}/u;

export type DeepLink =
  | { kind: 'dial'; dialling: Dialling }
  /** `host` is ASCII (punycode), so that no look-alike letters are read as another name. */
  | { kind: 'invitation'; server: string; host: string };

/** Whether an argument of the command line is a link of ours at all, good or bad. */
export const isLink = (text: string): boolean => /^(tel|callto|sip|sangdam):/i.test(text);

/**
 * What a link from outside asks for. Nothing is carried out by it: a person is asked first.
 * `tel:` (RFC 3966), `callto:`, `sip:` (RFC 3261 §19.1) without parameters and headers, and
 * `sangdam://join?server=https://center.example.com`.
 * @returns `input.too-large`, `number.invalid`, `link.invalid` or `center.insecure` for everything else
 */
export function parseDeepLink(text: string): Result<DeepLink> {
  if (text.length > MAX_LINK_CHARS) return fail('input.too-large', 'a link of more than 512 characters');
  const [, scheme = '', rest = ''] = /^(tel|callto|sip|sangdam):(.*)$/is.exec(text) ?? [];
  if (scheme === '') return fail('link.invalid', 'not a link of the desk');
  if (scheme.toLowerCase() === 'sangdam') return parseInvitation(text);
  const written = decoded(rest.replace(/^\/\//, '').replace(/\/$/, ''));
  if (written === null) return fail('number.invalid', 'badly or doubly encoded');
  if (scheme.toLowerCase() === 'sip') return parseSipTarget(written);
  const dialling = parseDialText(written);
  return dialling.ok ? ok({ kind: 'dial', dialling: dialling.value }) : dialling;
}

/** What a person is shown of a target. */
export const shownNumberOf = (target: DialTarget): string => (target.kind === 'outside' ? target.national : formatNumber(dialStringOf(target)));

/**
 * The first telephone number in a text that was copied somewhere: the whole text, or a number within its words.
 * @returns `number.invalid` where there is none, `input.too-large` for what is a document rather than a number
 */
export function numberInText(text: string): Result<Dialling> {
  if (text.length > MAX_CLIPBOARD_CHARS) return fail('input.too-large', 'too long to hold a number');
  const whole = parseDialText(text);
  if (whole.ok) return whole;
  // A number's own separators only: a line break or a tab ends it.
  for (const [candidate] of plainText(text).matchAll(/[+(]?\d[\d ().[\]/-]{5,38}\d/g)) {
    const target = parseDialString(candidate);
    if (target.ok && target.value.kind === 'outside') return ok({ target: target.value, keys: [] });
  }
  return fail('number.invalid', 'no telephone number in the text');
}

/** Decoded once; null for what is malformed or hides another encoding. */
function decoded(text: string): string | null {
  try {
    const plain = decodeURIComponent(text);
    return plain.includes('%') || CONTROLS.test(plain) ? null : plain;
  } catch {
    return null;
  }
}

/**
 * A number is dialled by our own center whatever host stands behind the `@`. An extension means something only
 * within its own domain, so one of a foreign host is refused.
 */
function parseSipTarget(written: string): Result<DeepLink> {
  const [, user = '', host = ''] = /^([^@]+)(?:@([a-z0-9.-]+(?::\d{1,5})?))?$/i.exec(written) ?? [];
  const target = parseDialString(user);
  if (!target.ok) return target;
  if (host !== '' && target.value.kind !== 'outside') return fail('number.invalid', 'an extension of another domain');
  return ok({ kind: 'dial', dialling: { target: target.value, keys: [] } });
}

function parseInvitation(text: string): Result<DeepLink> {
  const [, written = ''] = /^sangdam:\/\/join\/?\?server=([^&#]+)$/i.exec(text) ?? [];
  const address = decoded(written) ?? '';
  const server = UNSEEN.test(address) ? null : serverOrigin(address);
  if (server === null) return fail('link.invalid', 'an invitation names the address of a center and nothing else');
  if (!isSecureOrigin(server)) return fail('center.insecure', 'an invitation to a center without https');
  return ok({ kind: 'invitation', server, host: server.replace(/^https?:\/\//, '') });
}
