import { AwayReason, CenterReason, type AgentState, type Choice } from './agent-state.ts';
import type { AwayReasonSettings } from './away-reason.ts';
import type { DeskSetUp } from './desk-set-up.ts';

/** A reason to be away, as a desk shows it. */
export interface ShownAwayReason extends AwayReasonSettings {
  id: string;
  /** Nobody chooses it any more; whoever is away with it is told so by it. */
  removed: boolean;
}

const first = (id: AwayReason, name: string, english: string, paid: boolean, order: number): { id: string; value: AwayReasonSettings } => ({ id, value: { name, english, paid, longestMs: null, colour: 'amber', order } });

/** What every center begins with. */
export const firstAwayRecords: readonly { id: string; value: AwayReasonSettings }[] = [
  first('break', '휴식', 'Break', true, 1),
  first('meal', '식사', 'Meal', false, 2),
  first('meeting', '회의', 'Meeting', true, 3),
  first('training', '교육', 'Training', true, 4),
  first('other', '기타', 'Other', true, 5),
];

/** The same as a desk shows them. */
export const firstAwayReasons: readonly ShownAwayReason[] = firstAwayRecords.map(({ id, value }) => ({ ...value, id, removed: false }));

/** The reasons there are at this center, in their order; a center from before it had its own has the first. */
export function awayReasonsOf({ awayReason }: DeskSetUp): readonly ShownAwayReason[] {
  return awayReason === undefined ? firstAwayReasons : awayReason.map(({ id, value, removed }) => ({ ...value, id, removed })).toSorted((a, b) => a.order - b.order);
}

/** Those that can be chosen. */
export const choosable = <Reason extends { removed: boolean }>(reasons: readonly Reason[]): Reason[] => reasons.filter(({ removed }) => !removed);

/** What somebody chooses with a reason of this id. */
export function awayChoice(id: string): Extract<Choice, { kind: 'away' }> {
  const known = AwayReason.safeParse(id);
  return known.success ? { kind: 'away', reason: known.data } : { kind: 'away', reason: 'other', own: id };
}

/** The id of the reason that a choice or a state names; null where the center has taken somebody out, or nobody is away. */
export function awayReasonId(of: Choice | AgentState): string | null {
  if ('kind' in of) return of.kind === 'away' ? (of.own ?? of.reason) : null;
  if (of.name !== 'NOT_READY' || CenterReason.safeParse(of.reason).success) return null;
  return of.own ?? of.reason;
}

/** Its name in this language. One that nobody here has heard of is `other`, as a desk from before would say. */
export function awayName(reasons: readonly ShownAwayReason[], id: string, language: 'ko' | 'en'): string {
  const found = reasons.find((reason) => reason.id === id) ?? firstAwayReasons.at(-1);
  if (found === undefined) return id;
  return language === 'en' && found.english !== '' ? found.english : found.name;
}
