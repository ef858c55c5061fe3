import { describe, expect, it } from 'vitest';
import { Accelerator, DesktopSettings, defaultDesktopSettings } from '../../../contract/bridge/index.ts';
import { isLink, numberInText, parseDeepLink, shownNumberOf } from '../../../contract/deep-link.ts';
import { dialStringOf } from '../../../contract/phone-number.ts';
import { serverOrigin } from '../../../contract/server-address.ts';

describe('links to dial', () => {
  it.each([
    ['tel:01012345678', '+821012345678', '010-1234-5678'],
    ['tel:+82-10-1234-5678', '+821012345678', '010-1234-5678'],
    ['tel:%2B82%2010%201234%205678', '+821012345678', '010-1234-5678'],
    ['TEL:1588-0000', '+8215880000', '1588-0000'],
    ['callto:02-1234-5678', '+82212345678', '02-1234-5678'],
    ['callto://1001/', '1001', '1001'],
    ['sip:1001', '1001', '1001'],
    ['sip:+821012345678@pbx.example.com:5060', '+821012345678', '010-1234-5678'],
    ['tel:112', '112', '112'],
    ['tel:02120', '02120', '02-120'],
    // Shown as it will be dialled, whatever order the mark would have it read in.
    ['tel:0101234\u202e5678', '+821012345678', '010-1234-5678'],
    ['tel:%E2%80%AA010%E2%80%911234%E2%80%915678%E2%80%AC', '+821012345678', '010-1234-5678'],
    ['tel:０１０－１２３４－５６７８', '+821012345678', '010-1234-5678'],
  ])('%s dials %s and shows %s', (link, dialled, shown) => {
    const parsed = parseDeepLink(link);
    expect(parsed).toMatchObject({ ok: true, value: { kind: 'dial' } });
    if (!parsed.ok || parsed.value.kind !== 'dial') return;
    expect(dialStringOf(parsed.value.dialling.target)).toBe(dialled);
    expect(shownNumberOf(parsed.value.dialling.target)).toBe(shown);
  });

  describe('failure: hostile links', () => {
    it.each([
      ['a line break', 'tel:010\r\nINVITE sip:evil'],
      ['an encoded line break', 'tel:01012345678%0d%0aX-Evil:1'],
      ['an encoding within an encoding', 'tel:01012345678%250d%250a'],
      ['a parameter', 'tel:01012345678;phone-context=evil'],
      ['an encoded parameter', 'sip:1001%3Btransport=udp'],
      ['a header', 'sip:1001@pbx.example.com?Subject=x'],
      ['a letter that is no key behind a pause', 'tel:01012345678,,,x'],
      ['more keys than anybody presses', `tel:01012345678,${'1,'.repeat(9)}1`],
      ['an extension of another domain', 'sip:1001@evil.example'],
      ['two hosts', 'sip:01012345678@a@b'],
      ['a broken encoding', 'tel:%'],
      ['a service code', 'tel:*21*01012345678%23'],
      ['nothing', 'tel:'],
      ['letters', 'callto:echo123'],
      ['NUL', 'tel:010%001234'],
    ])('%s is refused', (_what, link) => {
      expect(parseDeepLink(link)).toMatchObject({ ok: false, error: { code: 'number.invalid' } });
    });

    it('5,000 characters are refused unread', () => {
      expect(parseDeepLink(`tel:${'1'.repeat(5000)}`)).toMatchObject({ error: { code: 'input.too-large' } });
    });

    it.each(['mailto:a@example.com', 'javascript:alert(1)', 'file:///etc/passwd', 'telephone:1', ''])('%s is no link of ours', (link) => {
      expect(isLink(link)).toBe(false);
      expect(parseDeepLink(link)).toMatchObject({ error: { code: 'link.invalid' } });
    });
  });
});

describe('invitations', () => {
  it.each([
    ['sangdam://join?server=https://center.example.com', { server: 'https://center.example.com', host: 'center.example.com' }],
    ['sangdam://join/?server=https%3A%2F%2Fcenter.example.com%3A8443', { server: 'https://center.example.com:8443', host: 'center.example.com:8443' }],
    ['sangdam://join?server=http://127.0.0.1:7400', { server: 'http://127.0.0.1:7400', host: '127.0.0.1:7400' }],
  ])('%s names its host', (link, invitation) => {
    expect(parseDeepLink(link)).toEqual({ ok: true, value: { kind: 'invitation', ...invitation } });
  });

  it.each(['http://10.0.0.5:7400', 'http://center.example.com', 'http://localhost.example.com', 'http://127.0.0.1.example.com'])('failure: to a center without https (%s) is refused as such', (server) => {
    expect(parseDeepLink(`sangdam://join?server=${server}`)).toMatchObject({ error: { code: 'center.insecure' } });
  });

  describe('failure: hostile invitations', () => {
    it.each([
      'sangdam://join?server=https://center.example.com@evil.example',
      'sangdam://join?server=https://center.example.com/%2e%2e',
      'sangdam://join?server=javascript:alert(1)',
      'sangdam://join?server=file:///etc/passwd',
      'sangdam://join?server=https://center.example.com&autologin=1',
      'sangdam://join?server=https://a&server=https://b',
      'sangdam://dial?number=119',
      'sangdam://join',
      'sangdam://join?server=https://cеnter.example.com', // Cyrillic е
      'sangdam://join?server=https://center.example.com%0d%0a',
      'sangdam://join?server=https://[::1',
      'sangdam:join?server=https://a',
      'sangdam://join?server=https://center\u202e.example.com',
    ])('%s is refused', (link) => {
      expect(parseDeepLink(link)).toMatchObject({ ok: false, error: { code: 'link.invalid' } });
    });
  });
});

describe('the address of a center', () => {
  it.each([
    ['center.example.com', 'https://center.example.com'],
    [' HTTPS://Center.Example.com/ ', 'https://center.example.com'],
    ['http://127.0.0.1:7400', 'http://127.0.0.1:7400'],
    ['https://center.example.com:443', 'https://center.example.com'],
    ['http://[::1]:7400', 'http://[::1]:7400'],
    ['center:8443', 'https://center:8443'],
  ])('%s is %s', (typed, origin) => {
    expect(serverOrigin(typed)).toBe(origin);
  });

  it.each(['', 'ftp://center.example.com', 'https://center.example.com/desk', 'https://user:pw@center.example.com', 'https://', 'center example', 'https://a:99999', 'https://-a', '//center', 'https://a\\b', '2130706433', 'http://0x7f000001', '127.1', '010.0.0.1', '1.2.3.256', 'https://1588'])(
    'failure: "%s" is none',
    (typed) => {
      expect(serverOrigin(typed)).toBeNull();
    },
  );
});

describe('a number on the clipboard', () => {
  it.each([
    ['010-1234-5678', '+821012345678'],
    ['  02)1234-5678\n'.replace(')', '-'), '+82212345678'],
    ['고객님 번호는 010 1234 5678 입니다.', '+821012345678'],
    ['이름\t연락처\r\n고객\t1588-0000', '+8215880000'],
    ['1002', '1002'],
    ['1588-0000, 1544-0000', '+8215880000'],
    ['\u202a010‑1234‑5678\u202c', '+821012345678'],
    ['연락처: 02–123–4567 (평일)', '+8221234567'],
    ['주문 20231, ０１０－１２３４－５６７８', '+821012345678'],
  ])('%j gives %s', (text, dialled) => {
    const found = numberInText(text);
    expect(found.ok && dialStringOf(found.value.target)).toBe(dialled);
  });

  describe('failure: nothing to dial', () => {
    it.each(['', 'no number here', '주문 20231', '12'.repeat(60)])('%j', (text) => {
      expect(numberInText(text)).toMatchObject({ error: { code: 'number.invalid' } });
    });

    it('a document is not searched', () => {
      expect(numberInText(`010-1234-5678 ${'x'.repeat(5000)}`)).toMatchObject({ error: { code: 'input.too-large' } });
    });
  });
});

describe('desktop settings', () => {
  it('the defaults are valid, and all system-wide keys are off', () => {
    expect(DesktopSettings.parse(defaultDesktopSettings)).toEqual(defaultDesktopSettings);
    expect(Object.values(defaultDesktopSettings.shortcuts).every((keys) => keys === null)).toBe(true);
    expect(defaultDesktopSettings.mediaKeys).toBe(false);
  });

  it.each(['CommandOrControl+Shift+A', 'Alt+F4', 'Control+Space', 'F13'])('the keys %s are allowed', (keys) => {
    expect(Accelerator.safeParse(keys).success).toBe(true);
  });

  it.each(['A', 'F2', 'Control', 'Control+', 'Control+A+B', 'Control++', '<script>', ''])('failure: the keys "%s" are not', (keys) => {
    expect(Accelerator.safeParse(keys).success).toBe(false);
  });

  it.each([
    { server: 'http://center.example.com' },
    { proxy: { mode: 'manual', url: 'http://user:secret@proxy:3128' } },
    { proxy: { mode: 'manual', url: 'socks5://proxy:1080' } },
    { updateUrl: 'http://updates.example.com/' },
    { server: 'file:///x' },
    { nonsense: true },
  ])('failure: %j is not a setting', (change) => {
    expect(DesktopSettings.partial().safeParse(change).success).toBe(false);
  });
});
