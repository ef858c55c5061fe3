import { describe, expect, it } from 'vitest';
import { callerTitle, oneLine } from '../../../contract/caller-name.ts';

describe('a caller’s name in one line', () => {
  it.each([
    ['새내기 부모', '010-0000-0001', '새내기 부모 · 010-0000-0001'],
    ['', '010-0000-0001', '010-0000-0001'],
    ['عميل', '010-0000-0001', '\u2068عميل\u2069 · 010-0000-0001'],
    ['לקוח', '02-123-4567', '\u2068לקוח\u2069 · 02-123-4567'],
  ])('%o beside its number leaves the number as it is', (name, number, title) => {
    expect(callerTitle(name, number)).toBe(title);
  });

  it('is cut between characters as people count them', () => {
    const family = '👨‍👩‍👧‍👦';
    for (const length of [70, 71, 75, 79]) expect(oneLine(`${'x'.repeat(length)}${family}${family}`)).toMatch(/^x+(👨‍👩‍👧‍👦)*$/u);
    expect(oneLine('e\u0301'.repeat(60))).toBe('e\u0301'.repeat(40));
  });

  it('failure: has no line breaks and no marks that reorder', () => {
    expect(oneLine('A\r\nB\u202EC\u2028D')).toBe('A B C D');
    expect(oneLine('\u200F\u2066 ')).toBe('');
  });
});
