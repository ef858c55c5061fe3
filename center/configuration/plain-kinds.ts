import type { ConfigurationProblem } from '../../contract/configuration.ts';
import type { Attendant, AttendantParts } from '../attendant.ts';
import { awayReason } from './away-reasons.ts';
import type { Configuration, PlainKind, PlainRecord, PlainRecords } from './records.ts';

/** What the center does with a kind beside keeping it. */
export interface PlainRules<Kind extends PlainKind> {
  /** What is wrong with them beside each other, and beside the rest. */
  problemsOf?: (configuration: Configuration) => ConfigurationProblem[];
  /** What an office of ours begins with. Stores that there are have it by a migration. */
  first?: readonly PlainRecord<Kind>[];
  /** One that was removed is told by its last value where something refers to it yet. */
  keepsLast?: true;
  /** What is seen to while the center runs, made once for each run. */
  attend?: (parts: AttendantParts) => Attendant;
}

/** The plain kinds. */
export const plainKinds: { readonly [Kind in PlainKind]: PlainRules<Kind> } = {
  announcement: {},
  awayReason,
};

export const plainKindNames = Object.keys(plainKinds) as PlainKind[];

/** What is seen to because of them. */
export const plainAttendants = (parts: AttendantParts): Attendant[] => plainKindNames.flatMap((kind) => plainKinds[kind].attend?.(parts) ?? []);

/** The same for each of them. */
const each = (recordsOf: (kind: PlainKind) => readonly PlainRecord<PlainKind>[]): PlainRecords => Object.fromEntries(plainKindNames.map((kind) => [kind, recordsOf(kind)])) as unknown as PlainRecords;

/** What an office of ours begins with, of every plain kind. */
export const firstPlain = (): PlainRecords => each((kind) => plainKinds[kind].first ?? []);
/** Nothing of any. */
export const noPlain = (): PlainRecords => each(() => []);

/** Everything that is wrong with what there is of them. */
export const plainProblems = (configuration: Configuration): ConfigurationProblem[] => plainKindNames.flatMap((kind) => plainKinds[kind].problemsOf?.(configuration) ?? []);

type Changed = ReadonlyMap<string, unknown>;

/**
 * Pure: what there is of them, and what there was, after these changes.
 * @param changed of one kind the new values by id; null: it is removed
 */
export function plainWith({ plain, former }: Pick<Configuration, 'plain' | 'former'>, changed: (kind: PlainKind) => Changed): Pick<Configuration, 'plain' | 'former'> {
  const isSame = plainKindNames.every((kind) => changed(kind).size === 0);
  if (isSame) return { plain, former };
  return { plain: each((kind) => (changed(kind).size === 0 ? plain[kind] : withThese(plain[kind], changed(kind)))), former: each((kind) => (plainKinds[kind].keepsLast ? formerWith(former[kind], plain[kind], changed(kind)) : former[kind])) };
}

function withThese(records: readonly PlainRecord<PlainKind>[], changed: Changed): PlainRecord<PlainKind>[] {
  const kept = records.flatMap(({ id, value }) => (changed.get(id) === null ? [] : [{ id, value: (changed.get(id) ?? value) as PlainRecord<PlainKind>['value'] }]));
  const known = new Set(records.map(({ id }) => id));
  return [...kept, ...[...changed].flatMap(([id, value]) => (value === null || known.has(id) ? [] : [{ id, value: value as PlainRecord<PlainKind>['value'] }]))];
}

/** Whatever comes back is former no more. */
const formerWith = (former: readonly PlainRecord<PlainKind>[], records: readonly PlainRecord<PlainKind>[], changed: Changed): PlainRecord<PlainKind>[] => [...former.filter(({ id }) => !changed.has(id)), ...records.filter(({ id }) => changed.get(id) === null)];
