import { describe, expect, it } from 'vitest';
import { Extension } from '../../../contract/configuration.ts';
import { Label } from '../../../contract/label.ts';
import { MemoText } from '../../../contract/customer.ts';
import { planPeople } from '../../../contract/new-people.ts';

const nobody = { accounts: new Map<string, string>(), extensions: new Map<string, string>(), groups: [] };

describe('an extension', () => {
  it.each(['1001', '1330', '200', '0101', '2112', '123456'])('may be %s', (digits) => {
    expect(Extension.safeParse(digits).success).toBe(true);
  });

  it.each(['112', '119', '110', '114', '182', '02112', '031119', '12', '1234567', '11a'])('failure: may not be %s', (digits) => {
    expect(Extension.safeParse(digits).success).toBe(false);
  });

  it('is made up past numbers of services, which nobody is given who has not asked', () => {
    const people = planPeople([...Array.from({ length: 299 }, (_, index) => ({ name: `agent${index}` })), { name: 'next' }, { name: 'chosen', extension: '1330' }], nobody);
    expect(people.slice(298).map(({ person }) => person?.extension)).toEqual(['1299', '1400', '1330']);
  });
});

describe('text of people', () => {
  it('is one however its Hangul is composed', () => {
    expect(Label.parse('주문'.normalize('NFD'))).toBe('주문');
  });

  it('failure: has no half of a character, nor what nobody sees; a memo is mended and kept', () => {
    for (const bad of ['\ud800', '주문 \udc00', '\u202e', ' ', 'a\nb']) expect(Label.safeParse(bad).success).toBe(false);
    expect(MemoText.parse('전화함 \ud83d')).toBe('전화함 \ufffd');
    expect(MemoText.parse('전화함 😀')).toBe('전화함 😀');
  });
});
