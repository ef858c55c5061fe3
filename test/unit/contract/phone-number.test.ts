import { describe, expect, it } from 'vitest';
import { callerNumber, formatNumber, isWithheld, MAX_NUMBER, parseDialString, readCaller, readDialled, toE164 } from '../../../contract/phone-number.ts';

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
    ['02-1588-0000', '+8215880000'],
    ['+82215880000', '+8215880000'],
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

describe('a caller, as a carrier gives them', () => {
  it.each([
    ['01012345678', '', '+821012345678', ''],
    ['+821012345678;npdi=yes', '', '+821012345678', ''],
    ['1012345678;phone-context=+82', '', '+821012345678', ''],
    ['+821012345678;cpc=ordinary', '김민수', '+821012345678', '김민수'],
    ['sip:+821012345678@carrier.example;user=phone', '', '+821012345678', ''],
    ['01012345678', '01012345678', '+821012345678', ''],
    ['1001', '', '1001', ''],
    ['John Doe', '', '', 'John Doe'],
    ['kim@home', '', '', 'kim'],
    ['김민수', '', '', '김민수'],
    ["O'Brien", '', '', "O'Brien"],
    ['SKT114114', '', '', 'SKT114114'],
    ['room101-0212345678', '', '', 'room101-0212345678'],
    ['01O12345678', '', '', '01O12345678'],
    ['', '', '', ''],
    [' ', '', '', ''],
    ['7'.repeat(70), '', '', ''],
    ['a'.repeat(65), '', '', 'a'.repeat(64)],
    ['01012345678', 'a\u202eb\r\nVia: x', '+821012345678', 'a b Via: x'],
  ])('%o, %o is %o and called %o', (number, name, read, called) => {
    const caller = readCaller(number, name);
    expect([callerNumber(caller), caller.name, caller.withheld]).toEqual([read, called, false]);
  });

  it.each(['anonymous', 'Anonymous', 'unavailable', 'Restricted', 'anonymous@anonymous.invalid', 'sip:Restricted@anonymous.invalid', '발신번호표시제한'])('%s keeps the number to themselves', (number) => {
    const caller = readCaller(number, 'Anonymous');
    expect(caller).toEqual({ number: null, name: '', withheld: true });
    expect(isWithheld(callerNumber(caller))).toBe(true);
  });

  it.each([
    ['15880000;npdi', '15880000'],
    ['+8215880000;npdi;rn=+8215880000', '+8215880000'],
    ['1'.repeat(60), '1'.repeat(MAX_NUMBER)],
  ])('%s was dialled as %s', (dialled, read) => {
    expect(readDialled(dialled)).toBe(read);
  });

  it.each(['SKT114114', 'room101-0212345678', '01O12345678'])('failure: %s is a name with digits, and no number', (written) => {
    expect(toE164(written)).toBeNull();
  });
});
