/** Longest text that is read as somebody to call: more than a number has with everything that people and programs put around and between its digits. */
export const MAX_DIAL_TEXT = 200;

/** Marks that nobody sees: directions (U+202A–E, 2066–9), joiners, soft hyphens, fillers, and the empty Braille cell. */
const UNSEEN = /[\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]+/gu;
/** Everything that stands for a dash, a dot or a tilde in some keyboard, font or word processor. */
const DASHES = /[\p{Pd}\u00b7\u02d7\u2022\u2024\u2027\u2043\u2212\u2219\u223c\u22c5\u2500\u2501\u301c\u3030\u30fb\u30fc\u3161\uff65\uff70~]/gu;
/** `02-123-4567~8`: the first of several lines in a row. */
const NEXT_LINES = /(?<=\d\D?\d{4})[ ]*[~\u223c\u301c][ ]*\d{1,2}$/u;
/** Nothing but digits and what people put between them. A line break or a control ends a number, and is none in it. */
const WRITTEN = /^\(?\+?[\d \t().\-/[\]]+$/;

/** Full-width letters, digits and signs (U+FF01–FF5E) as typed by a Korean IME → ASCII; all spaces are one kind. */
export const toAscii = (text: string): string =>
  text.replace(/[\uFF01-\uFF5E]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0)).replace(/\p{Zs}/gu, ' ');

/** A text in which every way to write a number is one way: without unseen marks, with `-` for dashes of all kinds. */
export const plainText = (text: string): string => toAscii(text.replace(UNSEEN, '')).replace(NEXT_LINES, '').replace(DASHES, '-');

/**
 * The digits of a written number, with its leading `+`. Null for what is more than a number: words, names with digits
 * in them (`SKT114114`), parameters; and, unread, for what is far too long.
 */
export function digitsOfNumber(text: string): string | null {
  if (text.length > MAX_DIAL_TEXT) return null;
  const plain = plainText(text.trim()).trim();
  if (!WRITTEN.test(plain)) return null;
  const digits = plain.replace(/[^\d+]/g, '');
  return /\d/.test(digits) ? digits : null;
}
