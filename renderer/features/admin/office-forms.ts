import type { ConfigurationChange, ConfigurationObject, GroupSettings, OpeningSpan, PersonSettings } from '../../../contract/configuration.ts';
import { GroupId } from '../../../contract/ids.ts';
import { Duty } from '../../../contract/permissions.ts';

export type PersonObject = Extract<ConfigurationObject, { kind: 'person' }>;
export type GroupObject = Extract<ConfigurationObject, { kind: 'group' }>;

/** A person as they are typed. */
export interface PersonForm {
  account: string;
  name: string;
  role: PersonSettings['role'];
  duties: PersonSettings['duties'];
  /** Empty: without a telephone. */
  extension: string;
  memberships: { groupId: string; skill: number }[];
}

/** A group as it is typed: times in whole seconds, hours as a clock shows them. */
export interface GroupForm {
  name: string;
  strategy: GroupSettings['strategy'];
  serviceLevelS: string;
  wrapUpS: string;
  offerTimeoutS: string;
  maxWaiting: string;
  conversationsAtOnce: number;
  callBlocksConversations: boolean;
  dispositionRequired: boolean;
  whenEmpty: GroupSettings['whenEmpty'];
  hours: { weekday: OpeningSpan['weekday']; from: string; to: string }[];
  /** Ids of people. */
  members: string[];
}

const clock = (minute: number): string => `${String(Math.floor(minute / 60) % 24).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
const minuteOf = (text: string): number => {
  const [hours = '', minutes = ''] = text.split(':');
  return Number(hours) * 60 + Number(minutes);
};
const seconds = (ms: number): string => String(Math.round(ms / 1000));

/** The first extension above all that are taken; 1001 in an empty office. */
export function freeExtension(taken: readonly string[]): string {
  const used = new Set(taken);
  for (let extension = 1001; ; extension++) if (!used.has(String(extension))) return String(extension);
}

export const personFormOf = (person: PersonObject | null, extension: string): PersonForm =>
  person === null
    ? { account: '', name: '', role: 'agent', duties: [], extension, memberships: [] }
    : { ...person.value, duties: [...person.value.duties], extension: person.value.extension ?? '', memberships: person.value.memberships.map((membership) => ({ ...membership })) };

export const personOf = ({ account, name, role, duties, extension, memberships }: PersonForm): PersonSettings => ({
  account: account.trim(),
  name: name.trim(),
  role,
  duties: Duty.options.filter((duty) => duties.includes(duty)),
  extension: extension.trim() || null,
  // Calls of a group ring at a telephone: who has none is in no group.
  memberships: extension.trim() === '' ? [] : memberships.map(({ groupId, skill }) => ({ groupId: GroupId.parse(groupId), skill })),
});

export function groupFormOf(group: GroupObject | null, people: readonly PersonObject[]): GroupForm {
  if (group === null) return { name: '', strategy: 'longest-idle', serviceLevelS: '20', wrapUpS: '30', offerTimeoutS: '20', maxWaiting: '50', conversationsAtOnce: 3, callBlocksConversations: true, dispositionRequired: false, whenEmpty: 'refuse', hours: [], members: [] };
  const { serviceLevelMs, wrapUpMs, offerTimeoutMs, maxWaiting, hours, ...rest } = group.value;
  return {
    ...rest,
    serviceLevelS: seconds(serviceLevelMs),
    wrapUpS: seconds(wrapUpMs),
    offerTimeoutS: seconds(offerTimeoutMs),
    maxWaiting: String(maxWaiting),
    hours: hours.map(({ weekday, fromMinute, toMinute }) => ({ weekday, from: clock(fromMinute), to: clock(toMinute) })),
    members: membersOf(group.id, people),
  };
}

export const membersOf = (groupId: string, people: readonly PersonObject[]): string[] => people.filter(({ value }) => value.memberships.some((membership) => membership.groupId === groupId)).map(({ id }) => id);

/** Of a number field: whole and in its bounds; null for anything else. */
export function wholeNumber(text: string, least: number, most: number): number | null {
  const value = Number(text.trim());
  return text.trim() !== '' && Number.isInteger(value) && value >= least && value <= most ? value : null;
}

/** The bounds of each number of a group, as they are typed. */
export const groupBounds = { serviceLevelS: [1, 3600], wrapUpS: [0, 3600], offerTimeoutS: [5, 600], maxWaiting: [0, 10_000] } as const;
export type GroupNumber = keyof typeof groupBounds;

/** The settings that a form says; null where a number of it is none. */
export function groupOf(form: GroupForm): GroupSettings | null {
  const numberOf = (field: GroupNumber): number | null => wholeNumber(form[field], groupBounds[field][0], groupBounds[field][1]);
  const [serviceLevelS, wrapUpS, offerTimeoutS, maxWaiting] = [numberOf('serviceLevelS'), numberOf('wrapUpS'), numberOf('offerTimeoutS'), numberOf('maxWaiting')];
  if (serviceLevelS === null || wrapUpS === null || offerTimeoutS === null || maxWaiting === null) return null;
  if (form.hours.some(({ from, to }) => from === '' || to === '')) return null;
  return {
    name: form.name.trim(),
    strategy: form.strategy,
    serviceLevelMs: serviceLevelS * 1000,
    wrapUpMs: wrapUpS * 1000,
    offerTimeoutMs: offerTimeoutS * 1000,
    maxWaiting,
    conversationsAtOnce: form.conversationsAtOnce,
    callBlocksConversations: form.callBlocksConversations,
    dispositionRequired: form.dispositionRequired,
    whenEmpty: form.whenEmpty,
    // Until midnight is the end of the same day.
    hours: form.hours.map(({ weekday, from, to }) => ({ weekday, fromMinute: minuteOf(from), toMinute: to === '00:00' ? 1440 : minuteOf(to) })),
  };
}

/** Who joins a group and who leaves it, as changes of those people. */
export function membershipChanges(groupId: string, wanted: readonly string[], people: readonly PersonObject[]): ConfigurationChange[] {
  return people.flatMap((person) => {
    const { memberships } = person.value;
    const isMember = memberships.some((membership) => membership.groupId === groupId);
    if (isMember === wanted.includes(person.id)) return [];
    const next = isMember ? memberships.filter((membership) => membership.groupId !== groupId) : [...memberships, { groupId: GroupId.parse(groupId), skill: 1 }];
    return [{ kind: 'person' as const, id: person.id, version: person.version, value: { ...person.value, memberships: next } }];
  });
}

/**
 * What undoes changes that were made: each thing gets back the value it had.
 * @param before the things as they were; what was not there is removed again
 * @param after the things as they are now, with their versions
 */
export function undoing(changes: readonly ConfigurationChange[], before: readonly ConfigurationObject[], after: readonly ConfigurationObject[]): ConfigurationChange[] {
  return changes.toReversed().map(({ kind, id }) => {
    const was = before.find((object) => object.kind === kind && object.id === id);
    const is = after.find((object) => object.kind === kind && object.id === id);
    return { kind, id, version: is?.version ?? null, value: was?.value ?? null } as ConfigurationChange;
  });
}
