import { describe, expect, it } from 'vitest';
import { Customer } from '../../../contract/customer.ts';
import { draftOf, formOf, hasProblems, isChanged, problemsOf, tidied, type CustomerForm } from '../../../renderer/features/customers/customer-form.ts';

const customer = Customer.parse({ customerId: 'c1', name: '고객 1', company: '한빛상사', numbers: [{ e164: '+821012345678', label: '휴대폰' }], vip: true, warning: '', note: '메모', updatedAt: 1, version: '1' });
const form = (more: Partial<CustomerForm> = {}): CustomerForm => ({ ...formOf(customer), ...more });
const numbers = (...texts: string[]) => texts.map((text) => ({ text, label: '' }));

describe('a customer in the form', () => {
  it('shows numbers as people write them, and gives them back as E.164', () => {
    expect(form().numbers).toEqual([{ text: '010-1234-5678', label: '휴대폰' }]);
    expect(draftOf(form())).toEqual({ name: '고객 1', company: '한빛상사', numbers: customer.numbers, vip: true, warning: '', note: '메모' });
  });

  it('begins empty, or with the number of who called', () => {
    expect(formOf(null).numbers).toEqual([{ text: '', label: '' }]);
    expect(formOf(null, '+82212345678').numbers[0]?.text).toBe('02-1234-5678');
  });

  it.each([
    ['０１０１２３４５６７８', '010-1234-5678'],
    ['+82 10 1234 5678', '010-1234-5678'],
    ['15880000', '1588-0000'],
    [' 1001 ', '1001'],
    ['abc', 'abc'],
  ])('%s is tidied to %s when its field is left', (typed, shown) => expect(tidied(typed)).toBe(shown));

  it('is changed by what it says, not by spaces or by another way of writing a number', () => {
    expect(isChanged(form({ name: ' 고객 1 ', numbers: [{ text: '+82 10-1234-5678', label: '휴대폰' }, { text: ' ', label: '' }] }), form())).toBe(false);
    expect(isChanged(form({ vip: false }), form())).toBe(true);
    expect(isChanged(form({ numbers: [] }), form())).toBe(true);
  });

  it('is saved composed, however it was typed', () => {
    const draft = draftOf(form({ name: '홍길동'.normalize('NFD'), company: '한빛'.normalize('NFD'), note: '메모'.normalize('NFD') }));
    expect(draft).toMatchObject({ name: '홍길동'.normalize('NFC'), company: '한빛'.normalize('NFC'), note: '메모'.normalize('NFC') });
  });

  it('leaves out empty numbers', () => expect(draftOf(form({ numbers: numbers('', '02-123-4567', ' ') }))?.numbers).toEqual([{ e164: '+8221234567', label: '' }]));
});

describe('failure: a form that cannot be saved', () => {
  it.each([
    ['a name of spaces', { name: '  ' }, { name: 'required' }],
    ...Array.from('\u200b\u3164\u115f\u2800\ufeff\u00ad', (mark): [string, Partial<CustomerForm>, object] => [`a name of U+${mark.codePointAt(0)?.toString(16)} alone, which nobody sees`, { name: mark }, { name: 'required' }]),
    ['a name that turns the text around', { name: 'a\u202eb' }, { name: 'text' }],
    ['a warning of several lines', { warning: 'a\nb' }, { warning: 'text' }],
    ['an extension', { numbers: numbers('1001') }, { numbers: ['extension'] }],
    ['an emergency number', { numbers: numbers('119') }, { numbers: ['emergency'] }],
    ['a service number', { numbers: numbers('02-120') }, { numbers: ['service'] }],
    ['no number', { numbers: numbers('010-1234') }, { numbers: ['notANumber'] }],
    ['a SIP address', { numbers: numbers('01012345678@a.com') }, { numbers: ['notANumber'] }],
    ['a label that turns the text around', { numbers: [{ text: '010-1234-5678', label: 'a\u202eb' }] }, { numbers: ['text'] }],
    ['the same number twice', { numbers: numbers('010-1234-5678', '+821012345678') }, { numbers: [null, 'twice'] }],
  ] satisfies [string, Partial<CustomerForm>, object][])('with %s says so at its field', (_what, more, problem) => {
    const bad = form(more);
    expect(problemsOf(bad)).toMatchObject(problem);
    expect(hasProblems(problemsOf(bad))).toBe(true);
    expect(draftOf(bad)).toBeNull();
  });
});
