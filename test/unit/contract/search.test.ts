import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byText, found, keyOf } from '../../../contract/search/index.ts';

interface Person {
  name: string;
  company: string;
  number: string;
}

const people: Person[] = [
  { name: '홍길동', company: '한국상사', number: '+821012345678' },
  { name: '김민수', company: '㈜서울', number: '+82215880000' },
  { name: '관우', company: '부산 가상', number: '+827012341234' },
  { name: 'Émile Zola', company: 'ACME', number: '1002' },
];
const search = (text: string, among = people): string[] => found(among, text, ({ name, company, number }) => ({ texts: [name, company], numbers: [number] })).map(({ name }) => name);

describe('searching as one types', () => {
  it.each([
    ['part of a name', '길동', '홍길동'],
    ['initial consonants', 'ㅎㄱㄷ', '홍길동'],
    ['some of the initials', 'ㅁㅅ', '김민수'],
    ['a syllable whose final will begin the next', '홍기', '홍길동'],
    ['a letter of the syllable to come', '홍길ㄷ', '홍길동'],
    ['a syllable that is being composed', '김미', '김민수'],
    ['syllables and initials', '홍ㄱㄷ', '홍길동'],
    ['the wrong layout', 'ghdrlfehd', '홍길동'],
    ['the wrong layout, the other way', 'ㅁㅊㅡㄷ', 'Émile Zola'],
    ['spaces where the name has none', '홍 길동', '홍길동'],
    ['name and company', '홍길동 한국', '홍길동'],
    ['company and name', '한국 길동', '홍길동'],
    ['name and digits', '홍길동 5678', '홍길동'],
    ['two initials that the input method drew together', 'ㅄ', '관우'],
    ['and others', 'ㅄ ㄳ', '관우'],
    ['a company by its sign', '㈜서', '김민수'],
    ['a company by its abbreviation', '(주)서울', '김민수'],
    ['another case', 'acme', 'Émile Zola'],
    ['no accent', 'emile', 'Émile Zola'],
    ['full-width letters', 'ＡＣＭＥ', 'Émile Zola'],
    ['a number in brackets', '(010)1234-5678', '홍길동'],
    ['a number with slashes', '010/1234/5678', '홍길동'],
    ['full-width digits', '０１０１２３４', '홍길동'],
    ['a number with its country', '+82 10-1234', '홍길동'],
    ['the end of a number', '5678', '홍길동'],
    ['an extension', '1002', 'Émile Zola'],
    ['a decomposed text', '홍길'.normalize('NFD'), '홍길동'],
  ])('finds by %s: %s', (_what, typed, name) => {
    expect(search(typed)).toContain(name);
    expect(search(typed).length).toBeLessThan(3);
  });

  it('finds a name that was saved decomposed', () => {
    expect(search('길동', [{ name: '홍길동'.normalize('NFD'), company: '', number: '' }])).toHaveLength(1);
  });

  it('finds a name while each of its syllables is being composed', () => {
    for (const typed of ['ㄱ', '기', '김', '김ㅁ', '김미', '김민', '김민ㅅ', '김민수']) expect(search(typed)).toContain('김민수');
    for (const typed of ['ㄱ', '각', '가기']) expect(search(typed, [{ name: '가기', company: '', number: '' }])).toHaveLength(1);
  });

  it('finds all by nothing, and nothing by what is not there', () => {
    expect(search('  ')).toHaveLength(people.length);
    expect(search('홍길순')).toEqual([]);
    expect(search('홍길동 서울')).toEqual([]);
    expect(search('ㅎㄱㅋ')).toEqual([]);
  });

  it('does not take one half-typed syllable for another', () => {
    expect(search('긴', [{ name: '김민수', company: '', number: '' }])).toEqual([]);
  });

  it('finds every part of a name that begins with a syllable, whatever is typed around it', () => {
    const syllables = fc.array(fc.integer({ min: 0xac00, max: 0xd7a3 }).map((code) => String.fromCharCode(code)), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(syllables, fc.nat(5), (name, from) => {
        const part = name.slice(from % name.length).join('');
        expect(found([name.join('')], part, (each) => ({ texts: [each] }))).toHaveLength(1);
        expect(found([name.join('')], part.normalize('NFD'), (each) => ({ texts: [each] }))).toHaveLength(1);
      }),
    );
  });
});

describe('the key of a text', () => {
  it('is that of its characters, one after the other, whatever stands beside them', () => {
    const character = fc.constantFrom(...Array.from('가힣각홍 aZé9.-ㄳㅏㅎ、ａ①京漢😀\u200b\t'));
    fc.assert(
      fc.property(fc.array(character, { maxLength: 12 }), (all) => {
        expect(keyOf(all.join(''))).toBe(all.map(keyOf).join(''));
      }),
    );
  });
});

describe('the order of names', () => {
  it('is Korean, then Latin without regard to case and accents', () => {
    const sorted = ['Zebra', 'apple', 'Émile', 'Banana', '나', '간', '가나', '강'.normalize('NFD'), '7번가'];
    const right = ['7번가', '가나', '간', '강'.normalize('NFD'), '나', 'apple', 'Banana', 'Émile', 'Zebra'];
    expect(sorted.toSorted(byText)).toEqual(right);
    expect(sorted.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))).toEqual(right);
  });

  it('is the same by key as by the collator, for names of whole syllables', () => {
    // Without finals of two letters, where a key is shorter than the dictionary is exact.
    const syllable = fc.tuple(fc.nat(18), fc.nat(20), fc.constantFrom(0, 1, 4, 7, 8, 16, 17, 19, 21, 22)).map(([i, v, f]) => String.fromCharCode(0xac00 + (i * 21 + v) * 28 + f));
    const name = fc.array(syllable, { minLength: 1, maxLength: 4 }).map((all) => all.join(''));
    const byKey = (a: string, b: string): number => (keyOf(a) === keyOf(b) ? 0 : keyOf(a) < keyOf(b) ? -1 : 1);
    fc.assert(
      fc.property(name, name, (a, b) => {
        expect(byKey(a, b)).toBe(Math.sign(byText(a, b)));
      }),
    );
  });
});

describe('failure: what is typed', () => {
  it('is answered whatever it is, and never slowly for being long', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        expect(Array.isArray(search(text))).toBe(true);
      }),
    );
    expect(search('ㄱ'.repeat(5000))).toEqual([]);
    expect(search('a '.repeat(5000))).toBeInstanceOf(Array);
  });
});
