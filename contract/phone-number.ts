import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/max';
import { fail, ok, type Result } from './errors.ts';

/** Characters that would split or extend a SIP URI or header, were they let into a dial string. */
const FORBIDDEN = /[;,@\r\n<>"\\]/;
const EXTENSION = /^\d{2,5}$/;
const EMERGENCY = new Set(['112', '119']);
/** Korean nationwide representative numbers: 15xx, 16xx, 18xx and four digits, no area code. */
const REPRESENTATIVE = /^1[568]\d{2}\d{4}$/;

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
  if (ascii.length === 0 || ascii.length > 40 || FORBIDDEN.test(ascii)) {
    return fail('number.invalid', 'empty, too long, or with characters that no number has');
  }
  if (!/^\+?[\d\s().\-/]+$/.test(ascii)) return fail('number.invalid', 'not a phone number');
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
  if (ascii.length > 40 || FORBIDDEN.test(ascii)) return null;
  const digits = ascii.replace(/[^\d+]/g, '');
  const korean = digits.startsWith('+82') ? digits.slice(3) : region === 'KR' && !digits.startsWith('+') ? digits : null;
  if (korean !== null && REPRESENTATIVE.test(korean)) return `+82${korean}`;
  if (korean !== null && /^0?10\d{8}$/.test(korean)) return `+82${korean.replace(/^0/, '')}`;
  const e164 = possible(digits, region);
  // A number that is another one when it is read again would be two customers, or be dialled as what nobody typed.
  return e164 !== null && possible(e164, region) === e164 ? e164 : null;
}

function possible(digits: string, region: CountryCode): string | null {
  const parsed = parsePhoneNumberFromString(digits, region);
  return parsed?.isPossible() ? parsed.number : null;
}

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
