import { z } from 'zod';
import type { DialClass } from '../../contract/dial-rights.ts';

/** Who answers for a call to the outside: an agent, a phone that is nobody's desk, or the center itself. */
export const DialSubject = z.enum(['center', 'person', 'phone', 'group', 'forwarding']);
export type DialSubject = z.infer<typeof DialSubject>;

/** For whom a call is made. */
export const DialAccount = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('person'), id: z.string() }),
  z.object({ kind: z.literal('phone'), id: z.string() }),
  z.object({ kind: z.literal('forwarding'), id: z.string() }),
]);
export type DialAccount = z.infer<typeof DialAccount>;

export const accountKey = ({ kind, id }: { kind: DialSubject; id: string }): string => `${kind} ${id}`;

/** What somebody was given otherwise than everybody. Null: as everybody. */
export interface DialRule {
  subject: DialSubject;
  /** Agent, group, user of a phone, extension or number that is forwarded; empty for the center. */
  id: string;
  classes: readonly DialClass[] | null;
  /** Outside legs at once. */
  callsAtOnce: number | null;
  callsPerHour: number | null;
  longestMs: number | null;
}

/** From what on a pattern of outside calls counts as fraud, within `windowMs`. */
export const AlarmSettings = z.object({
  windowMs: z.number().int().positive(),
  /** Calls of one account, and of the center in total. */
  many: z.number().int().positive(),
  manyInTotal: z.number().int().positive(),
  /** Calls that lasted less than `shortMs`. */
  shortMs: z.number().int().nonnegative(),
  short: z.number().int().positive(),
  /** International and premium ones, tried and refused ones too. */
  foreign: z.number().int().positive(),
  foreignInTotal: z.number().int().positive(),
  /** The same at night; minutes of the day in the center's zone, over midnight where `from` is later than `to`. */
  nightForeign: z.number().int().positive(),
  nightFromMinute: z.number().int().min(0).max(1440),
  nightToMinute: z.number().int().min(0).max(1440),
  /** Emergency calls of one account, and of the center in total, within `emergencyWindowMs`: those in charge are told. */
  emergency: z.number().int().positive().default(5),
  emergencyInTotal: z.number().int().positive().default(20),
  emergencyWindowMs: z.number().int().positive().default(10 * 60_000),
  /** From so many of one account on there is one every `emergencyEveryMs`. */
  emergencyMost: z.number().int().positive().default(20),
  emergencyEveryMs: z.number().int().nonnegative().default(30_000),
});
export type AlarmSettings = z.infer<typeof AlarmSettings>;

/** What holds for the line to the outside as a whole. */
export const LineLimits = z.object({
  outsideAtOnce: z.number().int().nonnegative(),
  inboundAtOnce: z.number().int().nonnegative(),
  /** Of one representative number, and of one caller who shows a number. */
  inboundPerNumber: z.number().int().nonnegative(),
  inboundPerCaller: z.number().int().nonnegative(),
});
export type LineLimits = z.infer<typeof LineLimits>;

/** Somebody whose calls looked like fraud: no international and no premium ones until one in charge lifts it. */
export interface DialBlock {
  subject: DialSubject;
  id: string;
  /** Epoch milliseconds. */
  at: number;
  why: string;
}

/** Class of service and limits, as an administrator sets them. */
export interface DiallingRecord {
  rules: DialRule[];
  line: LineLimits;
  alarm: AlarmSettings;
  blocks: DialBlock[];
}

/** What one account may: its own rule, else the most its groups give, else the center's, else the default. */
export interface DialRights {
  classes: ReadonlySet<DialClass>;
  callsAtOnce: number;
  callsPerHour: number;
  longestMs: number;
}

const HOUR_MS = 3600_000;

export const defaultRights: DialRights = {
  classes: new Set<DialClass>(['emergency', 'internal', 'local', 'mobile', 'national']),
  callsAtOnce: 2,
  callsPerHour: 120,
  longestMs: 4 * HOUR_MS,
};

export const defaultDialling = (): DiallingRecord => ({
  rules: [],
  line: { outsideAtOnce: 500, inboundAtOnce: 2000, inboundPerNumber: 2000, inboundPerCaller: 30 },
  alarm: {
    windowMs: HOUR_MS,
    many: 90, manyInTotal: 3000,
    shortMs: 6000, short: 40,
    foreign: 15, foreignInTotal: 60,
    nightForeign: 4, nightFromMinute: 22 * 60, nightToMinute: 6 * 60,
    emergency: 5, emergencyInTotal: 20, emergencyWindowMs: 10 * 60_000, emergencyMost: 20, emergencyEveryMs: 30_000,
  },
  blocks: [],
});

/**
 * Pure.
 * @param groupIds groups of a person; nobody else is in one
 */
export function rightsOf(rules: readonly DialRule[], account: DialAccount, groupIds: readonly string[]): DialRights {
  const find = (subject: DialSubject, id: string) => rules.find((rule) => rule.subject === subject && rule.id === id);
  const own = find(account.kind, account.id);
  const groups = account.kind === 'person' ? groupIds.map((id) => find('group', id)).filter((rule) => rule !== undefined) : [];
  const center = find('center', '');
  const classes = own?.classes ?? union(groups) ?? center?.classes;
  const limit = (name: 'callsAtOnce' | 'callsPerHour' | 'longestMs'): number => own?.[name] ?? most(groups.map((rule) => rule[name])) ?? center?.[name] ?? defaultRights[name];
  return {
    classes: classes === undefined || classes === null ? defaultRights.classes : new Set<DialClass>(['emergency', ...classes]),
    callsAtOnce: limit('callsAtOnce'),
    callsPerHour: limit('callsPerHour'),
    longestMs: limit('longestMs'),
  };
}

const most = (values: readonly (number | null)[]): number | null => values.reduce((a, b) => (a === null || b === null ? (a ?? b) : Math.max(a, b)), null);

function union(groups: readonly DialRule[]): DialClass[] | null {
  const given = groups.flatMap(({ classes }) => (classes === null ? [] : [classes]));
  return given.length === 0 ? null : given.flat();
}
