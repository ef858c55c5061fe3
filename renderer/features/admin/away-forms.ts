import { AwayReasonSettings, type AwayColour } from '../../../contract/away-reason.ts';
import type { ConfigurationChange, ConfigurationObject } from '../../../contract/configuration.ts';
import { wholeNumber } from './office-forms.ts';

export type AwayReasonObject = Extract<ConfigurationObject, { kind: 'awayReason' }>;

/** A reason as it is typed. */
export interface AwayForm {
  name: string;
  english: string;
  paid: boolean;
  /** Whole minutes; empty: it may take as long as it does. */
  longestMinutes: string;
  colour: AwayColour;
}

/** The reasons in the order that desks show them in. */
export const awayReasonsIn = (objects: readonly ConfigurationObject[]): AwayReasonObject[] => objects.filter((object): object is AwayReasonObject => object.kind === 'awayReason').toSorted((a, b) => a.value.order - b.value.order);

export const awayFormOf = (reason: AwayReasonObject | null): AwayForm =>
  reason === null
    ? { name: '', english: '', paid: true, longestMinutes: '', colour: 'amber' }
    : { name: reason.value.name, english: reason.value.english, paid: reason.value.paid, longestMinutes: reason.value.longestMs === null ? '' : String(Math.round(reason.value.longestMs / 60_000)), colour: reason.value.colour };

/** Of a form the whole minutes, in milliseconds; undefined where they are none. */
export function longestMsOf({ longestMinutes }: Pick<AwayForm, 'longestMinutes'>): number | null | undefined {
  if (longestMinutes.trim() === '') return null;
  const minutes = wholeNumber(longestMinutes, 1, 1440);
  return minutes === null ? undefined : minutes * 60_000;
}

/** The settings that a form says, at this place; which parts of it are wrong, where it says none. */
export function awayReasonOf(form: AwayForm, order: number): { value: AwayReasonSettings } | { wrong: ('name' | 'english' | 'longest')[] } {
  const longestMs = longestMsOf(form);
  const parsed = AwayReasonSettings.safeParse({ name: form.name, english: form.english.trim(), paid: form.paid, longestMs: longestMs ?? null, colour: form.colour, order });
  const wrong = (['name', 'english'] as const).filter((field) => parsed.error?.issues.some(({ path }) => path[0] === field));
  if (parsed.success && longestMs !== undefined) return { value: parsed.data };
  return { wrong: longestMs === undefined ? [...wrong, 'longest'] : wrong };
}

/** Where a new one stands: behind all there are. */
export const lastOrder = (reasons: readonly AwayReasonObject[]): number => Math.min(10_000, Math.max(0, ...reasons.map(({ value }) => value.order)) + 1);

/** What moves a reason one place up or down: every reason whose place is another then. Empty: it is at the end already. */
export function moved(reasons: readonly AwayReasonObject[], id: string, by: -1 | 1): ConfigurationChange[] {
  const from = reasons.findIndex((reason) => reason.id === id);
  const [one, other] = [reasons[from], reasons[from + by]];
  if (one === undefined || other === undefined) return [];
  const order = reasons.with(from, other).with(from + by, one);
  return order.flatMap((reason, index) => (reason.value.order === index + 1 ? [] : [{ kind: 'awayReason' as const, id: reason.id, version: reason.version, value: { ...reason.value, order: index + 1 } }]));
}
