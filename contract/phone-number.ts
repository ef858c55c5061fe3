import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/max';
import { fail, ok, type Result } from './errors.ts';

/** Characters that would split or extend a SIP URI or header, were they let into a dial string. */
const FORBIDDEN = /[;,@\r\n<>"\\]/;
const EXTENSION = /^\d{2,5}$/;
const EMERGENCY = new Set(['112', '119']);
/** Korean nationwide representative numbers: 15xx, 16xx, 18xx and four digits, no area code. */
const REPRESENTATIVE = /^1[568]\d{2}\d{4}$/;
/** The same as people and carriers write it all the same, behind an area code that it has not. */
const REPRESENTATIVE_WITH_AREA = /^0?(?:2|[3-6][1-5])(1[568]\d{2}\d{4})$/;
/** Nothing but digits and what people put between them. */
const WRITTEN = /^\+?[\d\s().\-/]+$/;
/** Longest number that is kept or shown; E.164 has 15 digits. */
export const MAX_NUMBER = 40;
const MAX_CALLER_NAME = 64;
/** What stands for the number of a caller who does not show it (RFC 3323 §4.1.1.3): no look-up, no call back. */
export const WITHHELD = 'anonymous';
const WITHHELD_WORDS = new Set([WITHHELD, 'unavailable', 'restricted', 'withheld', 'private', 'blocked', 'unknown', 'id unavailable', '발신번호표시제한', '발신번호 표시제한']);

/** Full-width digits, plus and hyphen (U+FF0B, U+FF0D, U+FF10–19) as typed by a Korean IME → ASCII. */
const toAscii = (text: string): string =>
  text.replace(/[\uFF01-\uFF5E]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0)).replace(/\u3000/g, ' ');

export type DialTarget =
  | { kind: 'extension'; extension: string }
  | { kind: 'emergency'; number: string }
  /** `e164` for numbers with an international form; `national` is what is shown and dialled. */
  | { kind: 'outside'; e164: string; national: string };

/**
 * What a person typed or a phone dialled, understood.
 * @returns `number.invalid` for anything that is no number, or holds a character that could inject into SIP.
 */
export function parseDialString(text: string, region: CountryCode = 'KR'): Result<DialTarget> {
  const ascii = toAscii(text).trim();
  if (ascii.length === 0 || ascii.length > MAX_NUMBER || FORBIDDEN.test(ascii)) {
    return fail('number.invalid', 'empty, too long, or with characters that no number has');
  }
  if (!WRITTEN.test(ascii)) return fail('number.invalid', 'not a phone number');
  const digits = ascii.replace(/[^\d+]/g, '');
  if (EMERGENCY.has(digits)) return ok({ kind: 'emergency', number: digits });
  if (EXTENSION.test(digits)) return ok({ kind: 'extension', extension: digits });
  const e164 = toE164(digits, region);
  if (e164 === null) return fail('number.invalid', 'not a phone number of this region');
  return ok({ kind: 'outside', e164, national: formatNumber(e164, region) });
}

/**
 * E.164 form of a number, the key by which customers are found, or null where there is none.
 * Representative and demo numbers that libphonenumber holds for impossible keep country code + digits.
 */
export function toE164(text: string, region: CountryCode = 'KR'): string | null {
  const ascii = toAscii(text).trim();
  // A name with digits in it (`SKT114114`) is no number.
  if (ascii.length > MAX_NUMBER || !WRITTEN.test(ascii)) return null;
  const digits = ascii.replace(/[^\d+]/g, '');
  const korean = digits.startsWith('+82') ? digits.slice(3) : region === 'KR' && !digits.startsWith('+') ? digits : null;
  if (korean !== null && REPRESENTATIVE.test(korean)) return `+82${korean}`;
  const behindArea = korean === null ? null : REPRESENTATIVE_WITH_AREA.exec(korean);
  if (behindArea !== null) return `+82${behindArea[1] ?? ''}`;
  if (korean !== null && /^0?10\d{8}$/.test(korean)) return `+82${korean.replace(/^0/, '')}`;
  const e164 = possible(digits, region);
  // A number that is another one when it is read again would be two customers, or be dialled as what nobody typed.
  return e164 !== null && possible(e164, region) === e164 ? e164 : null;
}

function possible(digits: string, region: CountryCode): string | null {
  const parsed = parsePhoneNumberFromString(digits, region);
  return parsed?.isPossible() ? parsed.number : null;
}

export interface Caller {
  /** E.164, or the digits of a short number or an extension; null where there is none. */
  number: string | null;
  /** As the caller's side gave it: for the screen, and no proof of anything. */
  name: string;
  /** They keep their number to themselves. */
  withheld: boolean;
}

/**
 * Whoever calls, by what the far end says of them, which may be anything: no number, a name instead of one, URI
 * parameters behind it (RFC 3966 `;phone-context`, RFC 4694 `;npdi` `;rn`, `;cpc`), any length. Never fails.
 */
export function readCaller(number: string, name = '', region: CountryCode = 'KR'): Caller {
  const user = userOf(number);
  const called = visible(name);
  if (WITHHELD_WORDS.has(user.toLowerCase())) return { number: null, name: WITHHELD_WORDS.has(called.toLowerCase()) ? '' : called, withheld: true };
  const read = EXTENSION.test(user) ? user : toE164(user, region);
  // Carriers repeat the number where they know no name.
  const isNumber = called === '' || toE164(called, region) !== null || WITHHELD_WORDS.has(called.toLowerCase());
  if (read !== null) return { number: read, name: isNumber ? '' : called, withheld: false };
  return { number: null, name: isNumber && /\p{L}/u.test(user) ? visible(user) : isNumber ? '' : called, withheld: false };
}

/** How a caller is kept where one text stands for their number: E.164, short digits, `WITHHELD`, or nothing. */
export const callerNumber = ({ number, withheld }: Caller): string => (withheld ? WITHHELD : (number ?? ''));

/** Whether a kept number says only that there is none to see; also as carriers put it. */
export const isWithheld = (number: string): boolean => WITHHELD_WORDS.has(number.toLowerCase());

/** What was dialled, without the parameters a carrier puts behind it, and never longer than a number can be. */
export const readDialled = (dialled: string): string => userOf(dialled).slice(0, MAX_NUMBER);

/** `sip:USER;parameters@host;parameters` → `USER`; full-width letters and digits are ASCII then. */
const userOf = (text: string): string => visible(toAscii(text).replace(/^(?:sips?|tel):/i, '').replace(/[;@].*$/su, ''), Infinity);

/** Text of strangers for a line of the screen: no controls, no marks that reorder, of bounded length. */
const visible = (text: string, longest = MAX_CALLER_NAME): string =>
  [...text.toWellFormed().normalize('NFC').replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')].slice(0, longest).join('').trim();

/** National format for the screen (`010-1234-5678`, `1588-0000`); what cannot be parsed is shown as it is. */
export function formatNumber(number: string, region: CountryCode = 'KR'): string {
  if (number.startsWith('+82')) {
    const national = number.slice(3);
    if (REPRESENTATIVE.test(national)) return `${national.slice(0, 4)}-${national.slice(4)}`;
    if (/^10\d{8}$/.test(national)) return `010-${national.slice(2, 6)}-${national.slice(6)}`;
  }
  if (EXTENSION.test(number)) return number;
  const parsed = parsePhoneNumberFromString(number, region);
  if (!parsed?.isPossible()) return number;
  const national = parsed.formatNational();
  // What is shown is copied and typed again: it must read as this number, and as no extension of ours.
  const readsAlike = !EXTENSION.test(national.replace(/\D/g, '')) && toE164(national, region) === parsed.number;
  return parsed.country === region && readsAlike ? national : parsed.formatInternational();
}
