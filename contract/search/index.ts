import { keyOf } from './letters.ts';
import { digitsOf, isIn, needlesOf, type Findable } from './needle.ts';

export { ALPHABET, END, initialsOfKey, keyOf } from './letters.ts';
export { digitsOf, isIn, needlesOf, type Findable, type Needle, type Word } from './needle.ts';

/**
 * Those of a list that a typed text finds, in the list's order: by part of a word, half a syllable, initial consonants,
 * part of a number, several words in any order, and in the wrong keyboard layout. The empty text finds all.
 */
export function found<Item>(items: readonly Item[], text: string, findable: (item: Item) => Findable): Item[] {
  const needles = needlesOf(text);
  if (needles.length === 0) return [...items];
  const ready = items.map((item) => {
    const { texts, numbers = [] } = findable(item);
    return { item, keys: texts.map(rememberedKeyOf), digits: numbers.map(digitsOf) };
  });
  for (const needle of needles) {
    const hits = ready.filter(({ keys, digits }) => isIn(needle, keys, digits));
    if (hits.length > 0) return hits.map(({ item }) => item);
  }
  return [];
}

/** So many texts' keys are remembered: a list is searched anew with each letter that is typed. */
const MOST_REMEMBERED = 20_000;
const remembered = new Map<string, string>();

function rememberedKeyOf(text: string): string {
  const known = remembered.get(text);
  if (known !== undefined) return known;
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  const key = keyOf(text);
  remembered.set(text, key);
  return key;
}

const collator = new Intl.Collator(['ko', 'en'], { numeric: true });

/** The order of names on every list: Korean dictionary order, then Latin without regard to case and accents. */
export const byText = (a: string, b: string): number => collator.compare(a, b);
