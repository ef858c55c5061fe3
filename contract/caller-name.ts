/*
 * Names that callers choose for themselves, in one line of text where nothing can be marked up: a notification, a
 * window's title.
 */

const LONGEST = 80;
const graphemes = new Intl.Segmenter();
/** Letters of the scripts that are written from the right. */
const FROM_THE_RIGHT = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC]/;
/** Controls, line ends and marks that reorder; not the joiner that makes one character of several (Unicode, UAX 29). */
const UNSEEN = /(?:(?!\u200D)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}])+/gu;

/** No line breaks, no marks that reorder, no end of the screen; cut between characters as people count them. */
export function oneLine(written: string): string {
  const line = written.replace(UNSEEN, ' ').trim();
  if (line.length <= LONGEST) return line;
  let cut = '';
  for (const { segment } of graphemes.segment(line)) {
    if (cut.length + segment.length > LONGEST) break;
    cut += segment;
  }
  return cut;
}

/** Who calls: the name where there is one, and the number, whose digits no name turns around (UAX 9: first strong isolate). */
export function callerTitle(name: string, number: string): string {
  const shown = oneLine(name);
  if (shown === '') return oneLine(number);
  return `${FROM_THE_RIGHT.test(shown) ? `\u2068${shown}\u2069` : shown} · ${oneLine(number)}`;
}
