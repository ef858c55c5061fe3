import { describe, expect, it } from 'vitest';
import { formatNumber, parseDialString, toE164 } from '../../../contract/phone-number.ts';

describe('a number as it is written', () => {
  it.each([
    ['010-1234-5678', '+821012345678'],
    ['+82-10-1234-5678', '+821012345678'],
    ['０１０－１２３４－５６７８', '+821012345678'],
    ['02-123-4567', '+8221234567'],
    ['1588-0000', '+8215880000'],
    ['070-1234-5678', '+827012345678'],
    ['080 123 4567', '+82801234567'],
    ['+1 650 253 0000', '+16502530000'],
  ])('%s is %s', (written, e164) => {
    expect(toE164(written)).toBe(e164);
  });

  it.each([
    ['+821012345678', '010-1234-5678'],
    ['+8215880000', '1588-0000'],
    ['1001', '1001'],
    ['+16502530000', '+1 650 253 0000'],
    // As a national number it would read as the extension 20000.
    ['+8220000', '+82 20000'],
  ])('%s is shown as %s', (number, shown) => {
    expect(formatNumber(number)).toBe(shown);
  });

  it.each(['0000000', '0020000'])('failure: %s, which would be another number when read again, is none', (written) => {
    expect(toE164(written)).toBeNull();
  });

  it('is an extension, an emergency or an outside number', () => {
    expect(parseDialString('1001')).toEqual({ ok: true, value: { kind: 'extension', extension: '1001' } });
    expect(parseDialString('119')).toEqual({ ok: true, value: { kind: 'emergency', number: '119' } });
    expect(parseDialString('010 0000 0001')).toMatchObject({ ok: true, value: { kind: 'outside', e164: '+821000000001' } });
  });

  it.each(['', 'abc', '1001;x=y', '010@evil', '010\r\nVia: x', '010,1', '<sip:1001>', '0'.repeat(41)])('failure: %o is refused', (written) => {
    expect(parseDialString(written)).toMatchObject({ ok: false, error: { code: 'number.invalid' } });
  });
});
