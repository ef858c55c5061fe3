import { done, fail, type Result } from '../../contract/errors.ts';
import type { OriginateRequest } from './port.ts';

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
  const visible = name.toWellFormed().replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ');
  return [...visible].slice(0, MAX_DISPLAY_NAME).join('').trim().replaceAll('"', "'").replaceAll('\\', '/');
}

/** A header line `name: value`, or null when the name or the value could break out of it. */
export function headerLine(name: string, value: string): string | null {
  if (!/^x-sangdam-[a-z0-9-]{1,64}$/i.test(name) || value.length > 1024 || /\p{Cc}/u.test(value)) return null;
  return `${name}: ${value.toWellFormed()}`;
}

/** User part of a URI we write: digits, letters and a few marks; anything else could be URI syntax. */
export const isUriUser = (text: string): boolean => /^[A-Za-z0-9+*#._-]{1,64}$/.test(text);

/** How a caller's number stands in a URI we write: as it is, or (RFC 3323) as nobody's. Whoever called, their call can be shown. */
export const callerUser = (number: string): string => (isUriUser(number) ? number : 'anonymous');

/** A name, not a path: nothing outside of the announcements' folder can be played. */
export const isAnnouncementName = (text: string): boolean => /^[a-z0-9][a-z0-9-]{0,63}$/i.test(text);

/** Keys of a telephone, so many as a person may press in one go. */
export const areKeys = (text: string): boolean => /^[0-9*#A-D]{0,64}$/.test(text);

/** `input.invalid` for what no engine may put into an INVITE. */
export function checkOriginate({ callerNumber, headers = {} }: OriginateRequest): Result<null> {
  if (!isUriUser(callerNumber)) return fail('input.invalid', 'a caller number no SIP URI can have');
  if (Object.entries(headers).some(([name, value]) => headerLine(name, value) === null)) return fail('input.invalid', 'headers must be X-Sangdam-* on one line');
  return done();
}
