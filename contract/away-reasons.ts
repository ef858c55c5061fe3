import { AwayReason, CenterReason, type AgentState, type Choice } from './agent-state.ts';
import type { DeskSetUp } from './desk-set-up.ts';

/** A reason to be away, as a desk shows it. */
export interface ShownAwayReason {
  id: string;
  /** In Korean, or in every language where there is no other. */
  name: string;
  /** Empty: the same as in Korean. */
  english: string;
  /** Nobody chooses it any more; whoever is away with it is told so by it. */
  removed: boolean;
}

/** What every center begins with. */
export const firstAwayReasons: readonly ShownAwayReason[] = [
  { id: 'break', name: '휴식', english: 'Break', removed: false },
  { id: 'meal', name: '식사', english: 'Meal', removed: false },
  { id: 'meeting', name: '회의', english: 'Meeting', removed: false },
  { id: 'training', name: '교육', english: 'Training', removed: false },
  { id: 'other', name: '기타', english: 'Other', removed: false },
];

/** The reasons there are at this center, in their order. */
export const awayReasonsOf = (_setUp: DeskSetUp): readonly ShownAwayReason[] => firstAwayReasons;

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
