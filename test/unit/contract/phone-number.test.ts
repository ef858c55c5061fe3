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
    ['+82 (0)10 1234 5678', '+821012345678'],
    ['(+82) 10-1234-5678', '+821012345678'],
    ['82-10-1234-5678', '+821012345678'],
    ['0507-1234-5678', '+8250712345678'],
    ['02-123-4567~8', '+8221234567'],
    // 00 is how the world begins Korea's numbers; in Korea it begins a carrier's code.
    ['0082 010 1234 5678', '+821012345678'],
    ['00821012345678', '+821012345678'],
    ['0082-10-1234-5678', '+821012345678'],
    ['0082-2-123-4567', '+8221234567'],
    ['0082-1588-0000', '+8215880000'],
    ['0012125551234', '+12125551234'],
    ['001 1 212 555 1234', '+12125551234'],
    ['002-81-3-1234-5678', '+81312345678'],
    ['0081312345678', '+81312345678'],
    ['00700 1 212 555 1234', '+12125551234'],
    ['00345-81-3-1234-5678', '+81312345678'],
    ['00182 10 1234 5678', '+821012345678'],
    ['00 49 30 901820', '+4930901820'],
  ])('%s is %s', (written, e164) => {
    expect(toE164(written)).toBe(e164);
  });

  it.each([
    ['+821012345678', '010-1234-5678'],
    ['+8215880000', '1588-0000'],
    ['1001', '1001'],
    ['+8250712345678', '0507-1234-5678'],
    ['+825051234567', '0505-123-4567'],
    ['+8230312345678', '0303-1234-5678'],
    ['02120', '02-120'],
    ['1330', '1330'],
    ['+16502530000', '+1 650 253 0000'],
    // As a national number it would read as the extension 20000.
    ['+8220000', '+82 20000'],
  ])('%s is shown as %s', (number, shown) => {
    expect(formatNumber(number)).toBe(shown);
  });

  // As they come out of word processors, chats, right-to-left pages, and fonts.
  it.each([
    '\u202a010-1234-5678\u202c', '\u2066+82 10 1234 5678\u2069', '010\u200b1234\u200b5678', '\u200e010-1234-5678\u200f', '010\u20601234\u20605678', '010\u00ad1234\u00ad5678', '\ufeff01012345678', '\u3164010-1234-5678',
    ...Array.from('\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u00b7\u30fb\u301c~\uff5e\uff0d\u30fc\u2022\u3161\u00a0\u2009\u202f\u3000.\uff0e/', (mark) => `010${mark}1234${mark}5678`),
    '（010）1234－5678', '[010] 1234 5678',
  ])('%j is 010-1234-5678', (text) => {
    expect(toE164(text)).toBe('+821012345678');
    expect(parseDialString(text)).toMatchObject({ ok: true, value: { kind: 'outside', e164: '+821012345678' } });
  });

  it.each(['01000', '0101234567', '010123456789', '02', '0212', '+82101234567', '+8220000', '+', '0082 10 1234 567', '0082 20 1012 3456', '00', '0012', '001123'])('failure: %s is no number', (text) => {
    expect(toE164(text)).toBeNull();
  });

  it.each(['0000000', '0020000'])('failure: %s, which would be another number when read again, is none', (written) => {
    expect(toE164(written)).toBeNull();
  });

  it('is an extension, an emergency or an outside number', () => {
    expect(parseDialString('1001')).toEqual({ ok: true, value: { kind: 'extension', extension: '1001' } });
    expect(parseDialString('119')).toEqual({ ok: true, value: { kind: 'emergency', number: '119' } });
    expect(parseDialString('031-119')).toEqual({ ok: true, value: { kind: 'emergency', number: '031119' } });
    for (const number of ['114', '120', '1330', '1345', '110', '182']) expect(parseDialString(number)).toEqual({ ok: true, value: { kind: 'service', number } });
    expect(parseDialString('02-120')).toEqual({ ok: true, value: { kind: 'service', number: '02120' } });
    expect(parseDialString('+82 2 120')).toEqual({ ok: true, value: { kind: 'service', number: '02120' } });
    // Elsewhere than in Korea they are extensions.
    expect(parseDialString('114', 'US')).toEqual({ ok: true, value: { kind: 'extension', extension: '114' } });
    expect(parseDialString('010 0000 0001')).toMatchObject({ ok: true, value: { kind: 'outside', e164: '+821000000001' } });
  });

  it.each(['', 'abc', '1001;x=y', '010@evil', '010\r\nVia: x', '010,1', '<sip:1001>', '0'.repeat(41), '1'.repeat(1_000_000), '\u200b'.repeat(1_000_000)])('failure: %# is refused', (written) => {
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
    ['114', '', '114', ''],
    ['+822120', '', '02120', ''],
    ['00821012345678', '', '+821012345678', ''],
    ['821012345678', '', '+821012345678', ''],
    ['02‑1588‑0000', '', '+8215880000', ''],
    ['\u202a+821012345678\u202c', '', '+821012345678', ''],
    ['01000', '', '01000', ''],
    ['01012345678', 'x'.repeat(10_000), '+821012345678', 'x'.repeat(64)],
    ['x'.repeat(100_000), 'y'.repeat(100_000), '', 'y'.repeat(64)],
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
