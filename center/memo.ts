/** The longest memo there may be (`MemoText`). */
const MOST = 4000;

/**
 * What is to be kept of a memo that somebody typed at their desk while another word on it came in: theirs, and what was
 * added meanwhile. Nothing that anybody typed is lost.
 * @param present as it is kept
 * @param base as it was when the desk last knew it; undefined where a desk does not say: then its word is the last
 */
export function memoWith(present: string, base: string | undefined, typed: string): string {
  if (base === undefined || present === base || typed.includes(present)) return typed;
  if (present.includes(typed)) return present;
  const added = typed.startsWith(base) ? typed.slice(base.length).trim() : typed;
  return added === '' ? present : `${present}\n${added}`.slice(0, MOST).toWellFormed();
}
