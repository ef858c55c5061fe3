import { readFile } from 'node:fs/promises';
import { LineCounter, parseDocument, type Document } from 'yaml';
import { z } from 'zod';
import { TimeZone, type OpeningSpan } from '../contract/configuration.ts';
import { Label } from '../contract/label.ts';
import { fail, ok, type Result } from '../contract/errors.ts';
import type { FieldProblem, FirstOffice } from '../contract/set-up.ts';

/*
 * A first office as a file says it (YAML 1.2): the same as the API takes, but for the hours, which are written as people
 * write them. Everything is text, so that `0101` is an extension and no number. What is wrong is told with its line and
 * its field.
 */

const WEEKDAYS: Readonly<Record<string, OpeningSpan['weekday']>> = { sun: 0, mon: 1, tue: 2, wed: 3, thu: 4, fri: 5, sat: 6, 일: 0, 월: 1, 화: 2, 수: 3, 목: 4, 금: 5, 토: 6 };
const DAY = Object.keys(WEEKDAYS).join('|');
const SPAN = new RegExp(`^(${DAY})(?:\\s*[-–]\\s*(${DAY}))?\\s+(\\d{1,2}):(\\d{2})\\s*[-–]\\s*(\\d{1,2}):(\\d{2})$`, 'i');

/** `Mon-Fri 09:00-18:00`, `Sat 22:00-02:00`: one span a day. Null for anything else. */
export function spansIn(text: string): OpeningSpan[] | null {
  const found = SPAN.exec(text.trim());
  if (found === null) return null;
  const [, first = '', last = first, fromHour = '', fromMinutes = '', toHour = '', toMinutes = ''] = found;
  const [from, to] = [Number(fromHour) * 60 + Number(fromMinutes), Number(toHour) * 60 + Number(toMinutes)];
  if (from >= 1440 || to > 1440 || Number(fromMinutes) > 59 || Number(toMinutes) > 59) return null;
  const [begin, end] = [WEEKDAYS[first.toLowerCase()] ?? 0, WEEKDAYS[last.toLowerCase()] ?? 0];
  const days = Array.from({ length: ((end - begin + 7) % 7) + 1 }, (_, offset) => ((begin + offset) % 7) as OpeningSpan['weekday']);
  return days.map((weekday) => ({ weekday, fromMinute: from, toMinute: to === 0 ? 1440 : to }));
}

const Hours = z.array(
  z.string().transform((text, context): OpeningSpan[] => {
    const spans = spansIn(text);
    if (spans === null) context.addIssue({ code: 'custom', message: 'hours are written as Mon-Fri 09:00-18:00' });
    return spans ?? [];
  }),
).transform((spans) => spans.flat());

const OfficeFile = z.strictObject({
  company: Label,
  timeZone: TimeZone.default('Asia/Seoul'),
  /** Without a password the administrator is invited as everybody is. */
  administrator: z.strictObject({ account: z.string().regex(/^[a-z\d][a-z\d._-]{1,62}$/i, '2 to 63 letters, digits, dots, hyphens or underscores'), name: Label, password: z.string().min(1).max(256).optional() }),
  groups: z.array(z.strictObject({ name: Label, hours: Hours.optional() })).max(100).default([]),
  people: z.array(z.strictObject({ name: z.string(), account: z.string().default(''), extension: z.string().default(''), role: z.string().default(''), groups: z.array(z.string()).optional() })).max(10_000).default([]),
  numbers: z.array(z.strictObject({ number: z.string(), name: Label.optional(), group: Label.optional() })).max(100).default([]),
  hours: Hours.default([]),
});

/** A first office whose administrator may have no password yet. */
export type OfficeAsked = Omit<FirstOffice, 'administrator'> & { administrator: { account: string; name: string; password?: string | undefined } };

export interface ReadOffice {
  office: OfficeAsked;
  /** What is wrong with its parts, each with its line: for what is found out later. */
  told: (problems: readonly FieldProblem[]) => string;
}

/** Reads an office file. `input.invalid` names every line and field that will not do. */
export async function readOfficeFile(path: string): Promise<Result<ReadOffice>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    return fail('input.invalid', `${path} cannot be read.`);
  }
  return readOffice(text, path);
}

export function readOffice(text: string, name: string): Result<ReadOffice> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, schema: 'failsafe' });
  const [broken] = document.errors;
  if (broken !== undefined) return fail('input.invalid', `${name}:${broken.linePos?.[0].line ?? 1}: ${broken.message.split('\n')[0] ?? ''}`);
  const where = (path: readonly PropertyKey[]): string => `${name}:${lineOf(document, lines, path)}: ${path.map(String).join('.') || 'file'}`;
  const parsed = OfficeFile.safeParse(document.toJS({ maxAliasCount: 0 }));
  if (!parsed.success) return fail('input.invalid', parsed.error.issues.map((issue) => `${where([...issue.path, ...('keys' in issue && Array.isArray(issue.keys) ? issue.keys.map(String) : [])])}: ${issue.message}`).join('\n'));
  return ok({
    office: parsed.data,
    told: (problems) => problems.map(({ field, code, other }) => `${where(field.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part)))}: ${wordsOf(code, other)}`).join('\n'),
  });
}

/** Of the part itself, or of the nearest around it that is written. */
function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length--) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    const range = typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range) ? Number(node.range[0]) : null;
    if (range !== null) return lines.linePos(range).line;
  }
  return 1;
}

const words: Readonly<Partial<Record<string, string>>> = { taken: 'is taken', unknown: 'there is no such', formula: 'is a formula', missing: 'is missing', invalid: 'will not do', 'not-a-number': 'is no telephone number', overlaps: 'hours overlap', 'never-open': 'is never open', 'password-weak': 'will not do as a password' };
const wordsOf = (code: string, other: string): string => `${words[code] ?? code}${other === '' ? '' : ` (${other})`}`;
