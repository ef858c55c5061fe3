import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { AREA, koreanService } from './service-number.ts';

/*
 * What libphonenumber does not know of Korea's numbers (+82): representative numbers, which it holds for impossible,
 * service numbers, and that `00` is no exit code there but how many carriers' exit codes begin.
 */

/** Area code and the digits behind it. */
export const GEOGRAPHIC = new RegExp(`^(${AREA})(\\d{7,8})$`);
export const MOBILE = /^1(?:0\d{8}|[16-9]\d{7,8})$/;
/** Nationwide representative numbers (15xx, 16xx, 18xx and four digits, no area code), internet, free, personal. */
export const NATIONWIDE = /^(?:1[568]\d{6}|70\d{7,8}|80\d{7,8}|50\d{8,10})$/;
export const REPRESENTATIVE = /^1[568]\d{2}\d{4}$/;
/** The same as people and carriers write it all the same, behind an area code that it has not. */
const REPRESENTATIVE_WITH_AREA = new RegExp(`^(?:${AREA})(1[568]\\d{6})$`);
/** Numbers of eight digits and more, in ranges that nobody has been given as far as we know; 010 is known to have eight behind it. */
const OF_LENGTH = /^(?!10)[1-9]\d{7,10}$/;

/** Carriers' exit codes, longest first: `00700 1 …` is +1 …. */
const EXITS = /^00(?:300|321|341|345|358|365|388|391|700|727|73\d|755|76[126]|77[07]|799|[125689])/;
const GENERAL_EXIT = '00';

/** E.164 of what is dialled in Korea; null where it is no number. @param digits without `+` */
export function koreanE164(digits: string): string | null {
  if (digits.startsWith(GENERAL_EXIT)) return abroad(digits);
  return (digits.startsWith('82') ? ofNational(digits.slice(2), true) : null) ?? ofNational(digits);
}

/**
 * E.164 of what stands behind +82, with its zero or without.
 * @param known only in ranges that are in use, as where it might be something else
 */
export function ofNational(written: string, known = false): string | null {
  const national = written.replace(/^0/, '');
  const number = REPRESENTATIVE_WITH_AREA.exec(national)?.[1] ?? national;
  const isOne = [MOBILE, GEOGRAPHIC, NATIONWIDE].some((form) => form.test(number)) || (!known && OF_LENGTH.test(number));
  return isOne ? `+82${number}` : null;
}

/**
 * Behind an exit code. `0082` is how Korea's own numbers are written for the world, and no call to Egypt by carrier 008;
 * then the carriers' codes, then `00` as the world has it, whichever makes a number that exists.
 */
function abroad(digits: string): string | null {
  const general = digits.slice(GENERAL_EXIT.length);
  if (general.startsWith('82')) return ofNational(general.slice(2), true);
  const exit = EXITS.exec(digits)?.[0];
  const readings = [...(exit === undefined ? [] : [digits.slice(exit.length)]), general].map(readAbroad).filter((reading) => reading !== null);
  const existing = readings.find(({ exists }) => exists);
  // What only might exist must not be one of two.
  return existing?.e164 ?? (readings.length === 1 ? (readings[0]?.e164 ?? null) : null);
}

function readAbroad(digits: string): { e164: string; exists: boolean } | null {
  if (digits.startsWith('82')) {
    const e164 = ofNational(digits.slice(2));
    return e164 === null ? null : { e164, exists: true };
  }
  const parsed = parsePhoneNumberFromString(`+${digits}`);
  return parsed?.isPossible() === true && parsed.number === `+${digits}` ? { e164: parsed.number, exists: parsed.isValid() } : null;
}

/** `02120` as people read it: 02-120. Null for what is none. */
export function koreanServiceShown(digits: string): string | null {
  const service = koreanService(digits);
  return service === null ? null : service.number.replace(/^(0\d{1,2})(?=1)/, '$1-');
}

/** `010-1234-5678`, `0507-1234-5678`, `1588-0000`: those that libphonenumber groups otherwise; null for the rest. */
export function koreanShown(national: string): string | null {
  if (REPRESENTATIVE.test(national)) return `${national.slice(0, 4)}-${national.slice(4)}`;
  const [, prefix, middle, last] = /^(10|[35]0\d)(\d{3,4})(\d{4})$/.exec(national) ?? [];
  return prefix === undefined ? null : `0${prefix}-${middle}-${last}`;
}
