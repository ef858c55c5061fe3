import type { HistoryLine } from '../../../contract/customer.ts';
import type { Me } from '../../../contract/directory.ts';

/** Whether `a` stands above `b`: newest first, as the host sorts. */
const above = (a: HistoryLine, b: HistoryLine): boolean => a.startedAt > b.startedAt || (a.startedAt === b.startedAt && a.contactId > b.contactId);

/**
 * What is shown after the newest page was fetched again: that page tells the truth down to its last line (changed
 * lines are replaced, lines that no longer belong are gone), what stands below stays. A page that ends above all that
 * was known leaves a gap below it, so nothing of that stays; nor below a page that is `complete`, the only one.
 */
export function withTop(known: readonly HistoryLine[], top: readonly HistoryLine[], complete: boolean): HistoryLine[] {
  const last = top.at(-1);
  const [newest] = known;
  if (complete || last === undefined || newest === undefined || above(last, newest)) return [...top];
  return [...top, ...known.filter((line) => above(last, line))];
}

/** What is shown after the page below was fetched. */
export function withBelow(known: readonly HistoryLine[], below: readonly HistoryLine[]): HistoryLine[] {
  const last = known.at(-1);
  return [...known, ...below.filter((line) => last === undefined || above(last, line))];
}

/** Whether nobody was reached. */
export const isMissed = ({ outcome }: HistoryLine): boolean => outcome !== 'answered';

/**
 * Whether the button to correct it is there: for who handled it and was not merely asked, and for who is in charge of its
 * group. The center decides.
 */
export function mayCorrect({ agentId, groupId, parts, number }: HistoryLine, me: Me): boolean {
  // Nobody's any more.
  if (number === '' && parts.length === 0) return false;
  if (agentId === me.agentId || parts.some((part) => part.kind === 'talked' && part.agentId === me.agentId && part.as !== 'consulted')) return true;
  return me.role === 'admin' || (me.role === 'supervisor' && (groupId === null || me.groupIds.includes(groupId)));
}
