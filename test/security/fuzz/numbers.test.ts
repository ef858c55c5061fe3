import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numberInText, parseDeepLink, shownNumberOf } from '../../../contract/deep-link.ts';
import type { Dialling } from '../../../contract/dial-text.ts';
import { errorStatuses, ok, type Result } from '../../../contract/errors.ts';
import { dialStringOf, formatNumber, parseDialString, toE164, type DialTarget } from '../../../contract/phone-number.ts';
import { hostileText } from './support/hostile.ts';
import { fuzz } from './support/run.ts';

const markOf = (marks: string): fc.Arbitrary<string> => fc.constantFrom(...Array.from(marks));

/** Something like a number, with anything between its digits. */
const numberLike = (): fc.Arbitrary<string> =>
  fc
    .array(fc.oneof({ weight: 6, arbitrary: markOf('0123456789') }, { weight: 2, arbitrary: markOf('+-() ./＋０１２３－') }, { weight: 1, arbitrary: markOf(';,@\r\n<>"\\%#*ABCD٠१') }), { maxLength: 48 })
    .map((marks) => marks.join(''));

const written = (): fc.Arbitrary<string> => fc.oneof(numberLike(), fc.tuple(fc.constantFrom('+82', '010', '02', '1588', '+1', '0082', '001', '00700', '82', '112', '114'), numberLike()).map((parts) => parts.join('')), hostileText());

/** A refusal has a code of ours and says nothing of the program; a number has nothing in it that SIP could read as more. */
function isClean(result: Result<DialTarget>): boolean {
  if (!result.ok) return Object.hasOwn(errorStatuses, result.error.code) && !/\n\s*at /.test(result.error.message);
  return /^\+?\d{2,40}$/.test(dialStringOf(result.value)) && /^[+\d() .-]{2,40}$/.test(shownNumberOf(result.value));
}

const targetOf = (read: Result<Dialling>): Result<DialTarget> => (read.ok ? ok(read.value.target) : read);

describe('fuzz: what a person types, clicks or copies', () => {
  it('is a number that can be dialled, or refused by its code', async () => {
    await fuzz('numbers', 5000, fc.property(written(), (text) => isClean(parseDialString(text)) && isClean(targetOf(numberInText(text)))));
  });

  it('is one number however often it is read, and shown so that it can be typed again', async () => {
    await fuzz(
      'numbers read again',
      5000,
      fc.property(written(), (text) => {
        const read = parseDialString(text);
        if (!read.ok) return;
        const dialled = dialStringOf(read.value);
        expect(read.value.kind === 'outside' ? toE164(dialled) : dialled).toBe(dialled);
        for (const shown of [dialled, shownNumberOf(read.value), formatNumber(dialled)]) expect([shown, parseDialString(shown)]).toEqual([shown, read]);
      }),
    );
  });

  it('is the number that it is, with whatever people and programs put between, before and behind its digits', async () => {
    const marks = '\u200b\u200e\u202a\u202c\u2066\u2069\u2060\u00ad\ufeff\u3164 \u00a0-.\u2010\u2011\u2012\u2013\u2014\u2212\u00b7\u30fb\u301c~\uff0d';
    const between = fc.array(markOf(marks), { maxLength: 3 }).map((chosen) => chosen.join(''));
    const decorated = fc.constantFrom('01012345678', '+821012345678', '0082-10-1234-5678', '15880000', '021234567', '050712345678', '114', '02120', '119', '1001', '+12125551234').chain((number) => fc.tuple(fc.constant(number), fc.array(between, { minLength: number.length, maxLength: number.length })));
    await fuzz(
      'numbers with marks',
      5000,
      fc.property(decorated, ([number, gaps]) => {
        // A plus stands before the digits, and a tilde with one or two digits behind it names the next lines.
        const text = Array.from(number, (digit, i) => (i === 0 ? '' : i > number.length - 3 ? (gaps[i] ?? '').replaceAll(/[~\u301c]/g, '') : number[i - 1] === '+' ? '' : (gaps[i] ?? '')) + digit).join('');
        expect([text, parseDialString(text)]).toEqual([text, parseDialString(number)]);
      }),
    );
  });

  it('is a link that asks, or refused: never an address of a center by anything but http and https', async () => {
    const link = fc.tuple(fc.constantFrom('tel:', 'callto:', 'sip:', 'sip://', 'SIPS:', 'sangdam://join?server=', 'sangdam://join/?server=https%3A%2F%2F', 'sangdam:', 'javascript:', ''), fc.oneof(written(), fc.webUrl(), fc.webUrl().map(encodeURIComponent)), fc.constantFrom('', '@evil.example', ';phone-context=+1', '?subject=1', '%0d%0aX: y', '/'));
    await fuzz(
      'links',
      5000,
      fc.property(link, (parts) => {
        const result = parseDeepLink(parts.join(''));
        if (!result.ok) return isClean(result);
        if (result.value.kind === 'dial') return isClean(ok(result.value.dialling.target));
        const { server, host } = result.value;
        return new URL(server).origin === server && /^https?:$/.test(new URL(server).protocol) && /^[\x21-\x7e]+$/.test(host);
      }),
    );
  });
});
