import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dialTextOf, parseDialText } from '../../../contract/dial-text.ts';
import { dialStringOf } from '../../../contract/phone-number.ts';

describe('a text that calls somebody', () => {
  it.each([
    ['02-123-4567', '+8221234567', []],
    ['tel:+82-2-123-4567;ext=101', '+8221234567', ['101']],
    ['tel:0212345678,,101#', '+82212345678', ['101#']],
    ['tel:0212345678;postd=pp22', '+82212345678', ['22']],
    ['0212345678p101w22', '+82212345678', ['101', '22']],
    ['02-123-4567;101', '+8221234567', ['101']],
    ['02-123-4567 (내선 101)', '+8221234567', ['101']],
    ['02-123-4567 내선번호: 101', '+8221234567', ['101']],
    ['+1 212 555 1234 ext. 7', '+12125551234', ['7']],
    ['1588-0000x3', '+8215880000', ['3']],
    ['1012345678;phone-context=+82', '+821012345678', []],
    ['2125551234;phone-context=+1', '+12125551234', []],
    ['+821012345678;npdi=yes;cpc=ordinary', '+821012345678', []],
    ['1001,5', '1001', ['5']],
    ['119', '119', []],
    ['02-123-4567~8', '+8221234567', []],
    ['02–123–4567～8', '+8221234567', []],
  ])('%s calls %s, and then presses %j', (text, number, keys) => {
    const read = parseDialText(text);
    expect(read.ok && [dialStringOf(read.value.target), read.value.keys]).toEqual([number, keys]);
  });

  it('is the same again when it is written and read once more', () => {
    const keys = fc.array(fc.stringMatching(/^[\d*#]{1,32}$/), { maxLength: 5 });
    fc.assert(
      fc.property(fc.constantFrom('+8221234567', '+12125551234', '114', '1001', '119', '+8215880000'), keys, (number, groups) => {
        const read = parseDialText(number);
        if (!read.ok) throw new Error(number);
        const dialling = { ...read.value, keys: groups };
        expect(parseDialText(dialTextOf(dialling))).toEqual({ ok: true, value: dialling });
      }),
    );
  });

  describe('failure: no number, or no keys', () => {
    it.each(['', ',101', ';ext=101', 'tel:', '010-1234-5678,x', '010-1234-5678;phone-context=evil.example', '010-1234-5678;ext=abc', `01012345678,${'1'.repeat(33)}`, `01012345678${',1'.repeat(6)}`, '01012345678@evil', '01012345678\r\nVia: x', '02-123-4567,010-1234-5678', '1'.repeat(1_000_000), 'x,'.repeat(500_000)])('%# is refused', (text) => {
      expect(parseDialText(text)).toMatchObject({ ok: false, error: { code: 'number.invalid' } });
    });

    it('anything at all is answered, and never with a character that a SIP address reads as more', () => {
      const answered = fc.check(
        fc.property(fc.string({ unit: fc.constantFrom(...Array.from('0123456789+,;pwx*#-() @\r\n%="extil내선')), maxLength: 60 }), (text) => {
          const read = parseDialText(text);
          return !read.ok || /^\+?\d{2,15}$/.test(dialStringOf(read.value.target));
        }),
      );
      expect(answered).toMatchObject({ failed: false });
    });
  });
});
