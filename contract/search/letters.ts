/*
 * Text as it is searched and sorted: a Hangul syllable is its letters (홍 → ㅎㅗㅇ) and a mark of its end, Latin letters
 * lose case and accents, everything else that is neither letter nor digit is gone. Every letter is one ASCII character,
 * and their order is that of a Korean dictionary: digits, Hangul, Latin. So `key(a) < key(b)` sorts, `key(a)` within
 * `key(b)` searches, and a database does both with what it has.
 *
 * Unicode 15, §3.12: a syllable's code is 0xAC00 + (initial * 21 + vowel) * 28 + final.
 */

const CONSONANTS = 'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ';
const VOWELS = 'ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅛㅜㅠㅡㅣ';
/** Vowels and finals of several letters, by the keys that type them. */
const VOWELS_OF_SYLLABLES = ['ㅏ', 'ㅐ', 'ㅑ', 'ㅒ', 'ㅓ', 'ㅔ', 'ㅕ', 'ㅖ', 'ㅗ', 'ㅗㅏ', 'ㅗㅐ', 'ㅗㅣ', 'ㅛ', 'ㅜ', 'ㅜㅓ', 'ㅜㅔ', 'ㅜㅣ', 'ㅠ', 'ㅡ', 'ㅡㅣ', 'ㅣ'];
const FINALS_OF_SYLLABLES = ['', 'ㄱ', 'ㄲ', 'ㄱㅅ', 'ㄴ', 'ㄴㅈ', 'ㄴㅎ', 'ㄷ', 'ㄹ', 'ㄹㄱ', 'ㄹㅁ', 'ㄹㅂ', 'ㄹㅅ', 'ㄹㅌ', 'ㄹㅍ', 'ㄹㅎ', 'ㅁ', 'ㅂ', 'ㅂㅅ', 'ㅅ', 'ㅆ', 'ㅇ', 'ㅈ', 'ㅊ', 'ㅋ', 'ㅌ', 'ㅍ', 'ㅎ'];
/** What an input method makes of two letters typed one after the other, in the order of U+3131 to U+3163. */
const CLUSTERS: Readonly<Record<string, string>> = {
  ㄳ: 'ㄱㅅ', ㄵ: 'ㄴㅈ', ㄶ: 'ㄴㅎ', ㄺ: 'ㄹㄱ', ㄻ: 'ㄹㅁ', ㄼ: 'ㄹㅂ', ㄽ: 'ㄹㅅ', ㄾ: 'ㄹㅌ', ㄿ: 'ㄹㅍ', ㅀ: 'ㄹㅎ', ㅄ: 'ㅂㅅ',
  ㅘ: 'ㅗㅏ', ㅙ: 'ㅗㅐ', ㅚ: 'ㅗㅣ', ㅝ: 'ㅜㅓ', ㅞ: 'ㅜㅔ', ㅟ: 'ㅜㅣ', ㅢ: 'ㅡㅣ',
};

/** Ends a syllable. Before every letter, so that 가나 stands before 간. */
export const END = '!';
const FIRST_LETTER = 0x3a;
const LETTERS = Array.from(CONSONANTS + VOWELS);
const letterCode = new Map(LETTERS.map((letter, i) => [letter, String.fromCharCode(FIRST_LETTER + i)]));
const coded = (letters: string): string => Array.from(letters, (letter) => letterCode.get(letter) ?? '').join('');

const INITIAL_CODES = Array.from(CONSONANTS, coded);
const VOWEL_CODES = VOWELS_OF_SYLLABLES.map(coded);
const FINAL_CODES = FINALS_OF_SYLLABLES.map(coded);
const LONE_CODES = new Map(LETTERS.map((letter) => [letter, coded(letter)] as const).concat(Object.entries(CLUSTERS).map(([cluster, letters]) => [cluster, coded(letters)] as const)));
const CONSONANT_CODES = new Set(INITIAL_CODES);
/** Every character of a key but the letters of other scripts. */
export const ALPHABET: readonly string[] = [END, ...Array.from('0123456789'), ...letterCode.values(), ...Array.from('abcdefghijklmnopqrstuvwxyz')];

const SYLLABLES_FROM = 0xac00;
const SYLLABLES_TO = 0xd7a3;

/** A stretch of a key: a syllable, letters that form none, or a character of another script. */
export type Unit =
  | { kind: 'syllable'; initial: string; vowel: string; final: string }
  /** Codes of one letter, or of the two that an input method drew together. */
  | { kind: 'letters'; codes: string }
  | { kind: 'other'; code: string };

/** Reads a text as units; what nobody searches by (marks, spaces, punctuation, invisible characters) is left out. */
export function unitsOf(text: string): Unit[] {
  const units: Unit[] = [];
  for (const character of text.normalize('NFC')) addUnits(units, character);
  return units;
}

function addUnits(units: Unit[], character: string): void {
  const code = character.codePointAt(0) ?? 0;
  if (code >= SYLLABLES_FROM && code <= SYLLABLES_TO) {
    const index = code - SYLLABLES_FROM;
    units.push({ kind: 'syllable', initial: INITIAL_CODES[Math.floor(index / 588)] ?? '', vowel: VOWEL_CODES[Math.floor((index % 588) / 28)] ?? '', final: FINAL_CODES[index % 28] ?? '' });
    return;
  }
  const letters = LONE_CODES.get(character);
  if (letters !== undefined) return void units.push({ kind: 'letters', codes: letters });
  if (code < 0x80) return addPlain(units, character);
  const compatible = character.normalize('NFKC');
  if (compatible !== character) return Array.from(compatible).forEach((each) => addUnits(units, each));
  addPlain(units, character.normalize('NFD').replace(/\p{M}/gu, ''));
}

function addPlain(units: Unit[], text: string): void {
  for (const character of text.toLowerCase()) if (/[\p{L}\p{N}]/u.test(character)) units.push({ kind: 'other', code: character });
}

const codesOf = (unit: Unit): string => {
  switch (unit.kind) {
    case 'syllable':
      return unit.initial + unit.vowel + unit.final + END;
    case 'letters':
      return unit.codes + END;
    case 'other':
      return unit.code;
  }
};

/** Keys of syllables as they were met, by their place among all. */
const syllableKeys: string[] = [];

function keyOfSyllable(index: number): string {
  return (syllableKeys[index] ??= unitsOf(String.fromCharCode(SYLLABLES_FROM + index)).map(codesOf).join(''));
}

/** What a text is sorted by and found in. */
export function keyOf(text: string): string {
  const composed = text.normalize('NFC');
  let key = '';
  // Nearly all of a hundred thousand names are syllables and ASCII; the rest is read letter by letter.
  for (let i = 0; i < composed.length; i++) {
    const code = composed.charCodeAt(i);
    if (code >= SYLLABLES_FROM && code <= SYLLABLES_TO) key += keyOfSyllable(code - SYLLABLES_FROM);
    else if ((code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x7a)) key += composed[i];
    else if (code >= 0x41 && code <= 0x5a) key += String.fromCharCode(code + 0x20);
    else if (code >= 0x80) return unitsOf(composed).map(codesOf).join('');
  }
  return key;
}

/** What a text is found in by initial consonants (초성): the first letter of each syllable, and all that is not Hangul. */
export function initialsOfKey(key: string): string {
  let initials = '';
  let begins = true;
  for (const code of key) {
    const isLetter = code >= ':' && code <= 'Z';
    if (code !== END && (begins || !isLetter)) initials += code;
    begins = code === END || !isLetter;
  }
  return initials;
}

export const isConsonant = (code: string): boolean => CONSONANT_CODES.has(code);
