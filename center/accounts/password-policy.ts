import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/*
 * What a new password must be (NIST SP 800-63B-4, 3.1.1.2; OWASP ASVS 5.0, V6.2): long, and not one that is tried first.
 * No rule about kinds of characters, no end by date.
 */

/** Characters as people count them: code points of the composed text. */
export const MIN_PASSWORD_LENGTH = 12;
export const MAX_PASSWORD_LENGTH = 256;
/** So many different characters must be left of a password when everything that guessers know is taken out of it. */
const OWN_CHARACTERS = 5;

/**
 * What passwords that many people use are made of: English words, names of ours, Korean words as they come out of an
 * English keyboard (두벌식), and Korean words in Roman letters.
 */
const COMMON_PARTS = [
  'password', 'passwort', 'passw0rd', 'passwd', 'welcome', 'letmein', 'iloveyou', 'administrator', 'administration', 'admin', 'master', 'secret', 'dragon', 'monkey', 'sunshine', 'princess', 'football', 'baseball', 'superman',
  'batman', 'trustno', 'starwars', 'whatever', 'freedom', 'michael', 'jordan', 'shadow', 'login', 'guest', 'default', 'demo', 'changeme', 'change', 'test', 'temp', 'user', 'root', 'qwerty', 'qwertz', 'azerty', 'asdf', 'zxcv', 'pass', 'hello',
  'love', 'korea', 'seoul', 'busan', 'daehan', 'minkuk', 'summer', 'winter', 'spring', 'autumn', 'company', 'office', 'service', 'center', 'centre', 'callcenter', 'customer', 'agent', 'supervisor', 'phone', 'telephone', 'january',
  'february', 'march', 'april', 'june', 'july', 'august', 'september', 'october', 'november', 'december', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday',
  'sangdam', 'sangdamsa', 'gwanri', 'gwanrija', 'bimilbeonho', 'bimil', 'annyeong', 'annyong', 'saranghae', 'sarang', 'hanguk', 'haengbok', 'daehanminguk', 'gogaek', 'jeonhwa', 'samsung', 'hyundai', 'naver', 'kakao',
  // 상담, 상담사, 상담원, 비밀번호, 비번, 관리자, 안녕하세요, 안녕, 사랑해요, 사랑해, 사랑, 대한민국, 한국, 행복, 고객, 전화, 회사, 센터, 콜센터, 암호, 가나다라
  'tkdeka', 'tkdekatk', 'tkdekadnjs', 'qlalfqjsgh', 'qlqjs', 'rhksflwk', 'dkssudgktpdy', 'dkssud', 'tkfkdgody', 'tkfkdgo', 'tkfkd', 'eogksalsrnr', 'gksrnr', 'godqhr', 'rhror', 'wjsghk', 'ghltk', 'tpsxj', 'zhftpsxj', 'dkagh', 'rkskekfk',
  '상담원', '상담사', '상담', '비밀번호', '비번', '관리자', '안녕하세요', '안녕', '사랑해', '사랑', '대한민국', '한국', '행복', '고객', '전화', '회사', '센터', '암호', '가나다라',
];

/** Rows of keyboards, and orders that everybody knows; walked forwards and backwards. */
const WALKS = ['1234567890', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm', 'abcdefghijklmnopqrstuvwxyz', '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p', 'q1w2e3r4t5y6u7i8o9p0', 'qawsedrftgyhujikolp', '147258369', 'ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔ', 'ㅁㄴㅇㄹㅎㅗㅓㅏㅣ', 'ㅋㅌㅊㅍㅠㅜㅡ'].flatMap((walk) => [walk, walk.split('').toReversed().join('')]);
const WALK_LENGTH = 4;

/** Letters that people write as digits and signs. */
const DISGUISES: Readonly<Record<string, string>> = { '0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't', '@': 'a', $: 's', '!': 'i' };

/** What is wrong with a password for this account; null: nothing. */
export function weaknessOf(password: string, account: string): string | null {
  const text = password.normalize('NFC');
  const { length } = Array.from(text);
  if (length < MIN_PASSWORD_LENGTH) return `at least ${MIN_PASSWORD_LENGTH} characters`;
  if (length > MAX_PASSWORD_LENGTH) return `at most ${MAX_PASSWORD_LENGTH} characters`;
  const plain = text.toLowerCase();
  const undisguised = plain.replaceAll(/(?:19|20)\d{2}/g, '').replaceAll(/[0134578@$!]/g, (sign) => DISGUISES[sign] ?? sign);
  const own = Math.min(ownCharacters(plain, account), ownCharacters(undisguised, account));
  return own < OWN_CHARACTERS || isCommon(plain) ? 'one of the passwords that are tried first' : null;
}

let common: ReadonlySet<string> | null = null;

/** Whether many people have it, by the lists of passwords that leaked; also with digits and signs put at its end. */
function isCommon(plain: string): boolean {
  common ??= new Set(readFileSync(join(import.meta.dirname, '../../resources/passwords/common.txt'), 'utf8').split('\n').filter((line) => line !== '' && !line.startsWith('#')));
  return common.has(plain) || common.has(plain.replace(/[\d\s\p{P}\p{S}]+$/u, ''));
}

/** How many different characters there are where nothing is that guessers know. Repeats add nothing. */
function ownCharacters(text: string, account: string): number {
  const name = account.toLowerCase();
  const known = new Set<number>();
  const mark = (from: number, length: number): void => {
    for (let at = from; at < from + length; at++) known.add(at);
  };
  for (const part of name.length >= 3 ? [name, ...COMMON_PARTS] : COMMON_PARTS) {
    for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) mark(at, part.length);
  }
  for (let at = 0; at < text.length; at++) {
    const length = walkAt(text, at);
    if (length >= WALK_LENGTH) mark(at, length);
  }
  // Years and dates; and the signs that people put at the end because a rule wanted them.
  for (const { index, 0: found } of text.matchAll(/(?:19|20)\d{2}|\d{6,8}|[\s\p{P}\p{S}]/gu)) mark(index, found.length);
  return new Set(text.split('').filter((_, at) => !known.has(at))).size;
}

/** How long the text follows one of the walks from there on. */
function walkAt(text: string, from: number): number {
  let longest = 0;
  for (const walk of WALKS) {
    const start = walk.indexOf(text[from] ?? '\n');
    if (start < 0) continue;
    let length = 0;
    while (from + length < text.length && start + length < walk.length && text[from + length] === walk[start + length]) length += 1;
    longest = Math.max(longest, length);
  }
  return longest;
}

/** A temporary password is good for so long: over a weekend. */
export const TEMPORARY_LIFE_MS = 72 * 3_600_000;

/** Without letters and digits that are taken for each other, read out over the telephone as they are. */
const TEMPORARY_ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';

/** A password for one use, four times four characters of 31: 79 bits. */
export function temporaryPassword(): string {
  const group = () => Array.from({ length: 4 }, () => TEMPORARY_ALPHABET[randomInt(TEMPORARY_ALPHABET.length)]).join('');
  return [group(), group(), group(), group()].join('-');
}
