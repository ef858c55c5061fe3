import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/max';
import { fail, ok, unreachable, type Result } from './errors.ts';
import { koreanE164, koreanServiceShown, koreanShown, ofNational } from './korean-number.ts';
import { digitsOfNumber, toAscii } from './number-text.ts';
import { koreanService } from './service-number.ts';

/** Everywhere; Korea's also with an area code. */
const EMERGENCY = new Set(['112', '119']);
const EXTENSION = /^\d{2,5}$/;
/** Longest number that is kept or shown; E.164 has 15 digits. */
export const MAX_NUMBER = 40;
const MAX_CALLER_NAME = 64;
/** Of what a stranger says of themselves, so much is looked at. */
const MOST_READ = 1000;
/** What stands for the number of a caller who does not show it (RFC 3323 §4.1.1.3): no look-up, no call back. */
export const WITHHELD = 'anonymous';
const WITHHELD_WORDS = new Set([WITHHELD, 'unavailable', 'restricted', 'withheld', 'private', 'blocked', 'unknown', 'id unavailable', '발신번호표시제한', '발신번호 표시제한']);

export type DialTarget =
  | { kind: 'extension'; extension: string }
  /** 112 and 119, and an area's (`02119`), as dialled. */
  | { kind: 'emergency'; number: string }
  /** 114, 1330, 02120: outside, with no international form. Somebody's extension all the same where an office has given it. */
  | { kind: 'service'; number: string }
  /** `e164` for numbers with an international form; `national` is what is shown and dialled. */
  | { kind: 'outside'; e164: string; national: string };

/**
 * What a person typed or a phone dialled, understood.
 * @returns `number.invalid` for anything that is no number, or holds a character that could inject into SIP.
 */
export function parseDialString(text: string, region: CountryCode = 'KR'): Result<DialTarget> {
  const digits = digitsOfNumber(text);
  if (digits === null || digits.length > MAX_NUMBER) return fail('number.invalid', 'empty, too long, or with characters that no number has');
  const service = region === 'KR' ? koreanService(digits) : EMERGENCY.has(digits) ? ({ kind: 'emergency', number: digits } as const) : null;
  if (service !== null) return ok(service);
  if (EXTENSION.test(digits)) return ok({ kind: 'extension', extension: digits });
  const e164 = e164Of(digits, region);
  if (e164 === null) return fail('number.invalid', 'not a phone number of this region');
  return ok({ kind: 'outside', e164, national: formatNumber(e164, region) });
}

/** What is sent to the phone for a target. */
export function dialStringOf(target: DialTarget): string {
  switch (target.kind) {
    case 'extension':
      return target.extension;
    case 'emergency':
    case 'service':
      return target.number;
    case 'outside':
      return target.e164;
    default:
      return unreachable(target);
  }
}

/** E.164 form of a number, the key by which customers are found, or null where there is none (114, an extension, a name). */
export function toE164(text: string, region: CountryCode = 'KR'): string | null {
  const digits = digitsOfNumber(text);
  return digits === null || digits.length > MAX_NUMBER ? null : e164Of(digits, region);
}

function e164Of(digits: string, region: CountryCode): string | null {
  if (digits.startsWith('+82')) return ofNational(digits.slice(3));
  if (region === 'KR' && !digits.startsWith('+')) return koreanE164(digits);
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
  const read = shortNumber(user, region) ?? toE164(user, region);
  // Carriers repeat the number where they know no name.
  const isNumber = called === '' || toE164(called, region) !== null || WITHHELD_WORDS.has(called.toLowerCase());
  if (read !== null) return { number: read, name: isNumber ? '' : called, withheld: false };
  return { number: null, name: isNumber && /\p{L}/u.test(user) ? visible(user) : isNumber ? '' : called, withheld: false };
}

/** An extension, or a service of the country, which carriers may give with its code (`+822120` is 02-120). */
function shortNumber(user: string, region: CountryCode): string | null {
  if (EXTENSION.test(user)) return user;
  const digits = region === 'KR' ? digitsOfNumber(user) : null;
  return digits === null ? null : (koreanService(digits)?.number ?? null);
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
  [...text.slice(0, MOST_READ).toWellFormed().normalize('NFC').replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')].slice(0, longest).join('').trim();

/** National format for the screen (`010-1234-5678`, `1588-0000`); what cannot be parsed is shown as it is. */
export function formatNumber(number: string, region: CountryCode = 'KR'): string {
  const korean = number.startsWith('+82') ? koreanShown(number.slice(3)) : null;
  if (korean !== null) return korean;
  const service = region === 'KR' ? koreanServiceShown(number) : null;
  if (service !== null) return service;
  if (EXTENSION.test(number)) return number;
  const parsed = parsePhoneNumberFromString(number, region);
  if (!parsed?.isPossible()) return number;
  const national = parsed.formatNational();
  // What is shown is copied and typed again: it must read as this number, and as no extension of ours.
  const readsAlike = !EXTENSION.test(national.replace(/\D/g, '')) && toE164(national, region) === parsed.number;
  return parsed.country === region && readsAlike ? national : parsed.formatInternational();
}
