import { convertHangulToQwerty, convertQwertyToHangul } from 'es-hangul';
import { END, initialsOfKey, isConsonant, unitsOf, type Unit } from './letters.ts';

/** One word of what somebody typed, in every way in which it may be meant. */
export interface Word {
  /** Parts of a key, any of which will do: the syllable being typed may still give its last letter to the next. */
  keys: readonly string[];
  /** Initial consonants alone (ㅎㄱㄷ); empty for none. */
  initials: string;
  /** Syllables and initial consonants (홍ㄱㄷ), as the source of a regular expression over a key; empty for none. */
  mixed: string;
  /** The initials that whatever `mixed` matches has. */
  mixedInitials: string;
  /** Part of a telephone number; empty for none. */
  digits: string;
}

/** What is looked for: all of its words. */
export type Needle = readonly Word[];

/** Digits with what people put between them: spaces, brackets, dots, slashes, dashes of any kind. */
const NUMBER = /^\+?[\d\s().,/\\\p{Pd}\u00b7\u2212\u30fb]+$/u;
/** More than anybody types to find something; what is behind it is not looked at. */
const MOST_CHARACTERS = 120;
const MOST_WORDS = 8;

/**
 * What a typed text looks for, best guess first: as it stands, then as if the keyboard had been in its other layout
 * (`ghdrlfehd` is 홍길동). Ask for the next only if nothing is found. No needle at all: everything is wanted.
 */
export function needlesOf(typed: string): Needle[] {
  const text = typed.slice(0, MOST_CHARACTERS);
  const first = needleOf(text);
  if (first.length === 0) return [];
  const other = otherLayout(text);
  const second = other === null ? [] : needleOf(other);
  return second.length === 0 ? [first] : [first, second];
}

function otherLayout(text: string): string | null {
  if (/^[a-z\s]+$/i.test(text)) {
    const hangul = convertQwertyToHangul(text);
    // Whole syllables: initials that stand for English words would be found everywhere.
    return /[가-힣]/.test(hangul) ? hangul : null;
  }
  return /^[ㄱ-ㅣ가-힣\s]+$/.test(text) ? convertHangulToQwerty(text) : null;
}

function needleOf(text: string): Needle {
  const plain = text.normalize('NFKC').trim();
  if (NUMBER.test(plain)) return [numberWord(plain)];
  return text.split(/[\s\u200b]+/u).flatMap((word) => wordOf(word) ?? []).slice(0, MOST_WORDS);
}

function numberWord(text: string): Word {
  const digits = text.replace(/\D/g, '');
  return { keys: [digits], initials: '', mixed: '', mixedInitials: '', digits };
}

function wordOf(text: string): Word | null {
  const plain = text.normalize('NFKC');
  if (NUMBER.test(plain) && /\d/.test(plain)) return numberWord(plain);
  const units = unitsOf(text);
  if (units.length === 0) return null;
  const initials = units.every(isInitials) ? units.map((unit) => (unit.kind === 'letters' ? unit.codes : unit.kind === 'other' ? unit.code : '')).join('') : '';
  const hasLetters = units.some(({ kind }) => kind === 'letters');
  const isMixed = initials === '' && units.slice(0, -1).some(isConsonants) && units.every((unit) => unit.kind !== 'letters' || isConsonants(unit));
  return {
    keys: keysOf(units),
    initials: hasLetters ? initials : '',
    mixed: isMixed ? mixedOf(units) : '',
    mixedInitials: isMixed ? units.map(initialOf).join('') : '',
    digits: '',
  };
}

const isConsonants = (unit: Unit): boolean => unit.kind === 'letters' && Array.from(unit.codes).every(isConsonant);
const isInitials = (unit: Unit): boolean => unit.kind === 'other' || isConsonants(unit);
const initialOf = (unit: Unit): string => (unit.kind === 'syllable' ? unit.initial : unit.kind === 'letters' ? unit.codes : unit.code);

/** The last syllable is still being typed: its end is open, and what looks like its final may begin the next one. */
function keysOf(units: readonly Unit[]): string[] {
  const before = units.slice(0, -1).map((unit) => (unit.kind === 'syllable' ? unit.initial + unit.vowel + unit.final + END : unit.kind === 'letters' ? unit.codes + END : unit.code)).join('');
  const last = units.at(-1);
  if (last === undefined) return [];
  if (last.kind !== 'syllable') return [before + (last.kind === 'letters' ? last.codes : last.code)];
  const whole = before + last.initial + last.vowel + last.final;
  if (last.final === '') return [whole];
  const [next, rest] = [last.final.slice(-1), last.final.slice(0, -1)];
  return [whole, before + last.initial + last.vowel + rest + END + next];
}

const escaped = (text: string): string => text.replace(/[$()*+.?[\\\]^{|}/]/g, '\\$&');

function mixedOf(units: readonly Unit[]): string {
  const rest = `[^${END}]*${END}`;
  return units
    .map((unit, i) => {
      const isLast = i === units.length - 1;
      switch (unit.kind) {
        case 'syllable':
          return escaped(unit.initial + unit.vowel + unit.final) + (isLast ? '' : rest);
        case 'letters':
          return Array.from(unit.codes, (code, k) => escaped(code) + (isLast && k === unit.codes.length - 1 ? '' : rest)).join('');
        case 'other':
          return escaped(unit.code);
      }
    })
    .join('');
}

/** What may be found: texts by what is in them, numbers by part of what is written or dialled. */
export interface Findable {
  texts: readonly string[];
  /** E.164, or an extension. */
  numbers?: readonly string[];
}

/** A number as people look for it: with its country and as it is dialled inside of it (82 is Korea's code). */
export const digitsOf = (number: string): string => (number.startsWith('+82') ? `${number.slice(1)} 0${number.slice(3)}` : number.replace(/\D/g, ''));

/** Whether every word of the needle is in it somewhere. Keys are of `keyOf`, digits of `digitsOf`. */
export function isIn(needle: Needle, keys: readonly string[], digits: readonly string[]): boolean {
  return needle.every((word) => {
    if (word.digits !== '' && digits.some((each) => each.includes(word.digits))) return true;
    return keys.some((key) => word.keys.some((part) => key.includes(part)) || (word.initials !== '' && initialsOfKey(key).includes(word.initials)) || (word.mixed !== '' && new RegExp(word.mixed).test(key)));
  });
}
