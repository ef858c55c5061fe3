/** First consonants of the Hangul syllables block, in its order (Unicode 3.12: (syllable − U+AC00) / 588). */
const INITIALS = ['ㄱ', 'ㄲ', 'ㄴ', 'ㄷ', 'ㄸ', 'ㄹ', 'ㅁ', 'ㅂ', 'ㅃ', 'ㅅ', 'ㅆ', 'ㅇ', 'ㅈ', 'ㅉ', 'ㅊ', 'ㅋ', 'ㅌ', 'ㅍ', 'ㅎ'];

const initialsOf = (text: string): string =>
  Array.from(text, (letter) => {
    const index = letter.charCodeAt(0) - 0xac00;
    return index >= 0 && index < 11_172 ? (INITIALS[Math.floor(index / 588)] ?? letter) : letter;
  }).join('');

/**
 * Whether a text holds what was typed, whatever its case and spaces. Consonants alone (`ㅎㄱㄷ`) match the syllables
 * that begin with them, as people search in Korean.
 */
export function textMatches(text: string, typed: string): boolean {
  const wanted = typed.replaceAll(/\s/g, '').toLowerCase();
  const plain = text.replaceAll(/\s/g, '').toLowerCase();
  return plain.includes(wanted) || (/^[ㄱ-ㅎ]+$/.test(wanted) && initialsOf(plain).includes(wanted));
}
