import type { Database, Statement } from 'better-sqlite3';
import type { Customer } from '../../contract/customer.ts';
import { ALPHABET, digitsOf, initialsOfKey, keyOf, needlesOf, type Needle, type Word } from '../../contract/search/index.ts';
import { CUSTOMER_COLUMNS, customerOfRow, type CustomerRow } from './rows.ts';

/*
 * Search at a million customers, in bounded time: the index of trigrams answers what few are found by (a name). Of what
 * many are found by (a syllable, 010) it gives the first it comes upon, to which those are added whose name begins so;
 * nobody reads thousands of lines, and another letter makes them few.
 */

/** So many of either are looked at. */
const FEW = 500;
/** Between the texts of one column, so that nothing is found across two of them, and behind the last. */
const GAP = '\n';
const TRIGRAM = 3;
/** Each letter costs the index another look; so many of a part tell nearly everybody apart. */
const TELLING_LETTERS = 8;

export interface CustomerPage {
  customers: Customer[];
  /** All that are found; when there are `more`, as many as can be shown. */
  total: number;
  more: boolean;
}

/** What the index holds of a customer: names as they are searched, their initials, their numbers. */
export function indexed({ name, company, numbers }: Pick<Customer, 'name' | 'company' | 'numbers'>): { key: string; companyKey: string; keys: string; initials: string; digits: string } {
  const [key, companyKey] = [keyOf(name), keyOf(company)];
  let digits = '';
  for (const { e164 } of numbers) digits += digitsOf(e164).replaceAll(' ', GAP) + GAP;
  return { key, companyKey, keys: twoLines(key, companyKey), initials: twoLines(initialsOfKey(key), initialsOfKey(companyKey)), digits: digits + GAP };
}

const twoLines = (one: string, other: string): string => one + GAP + other + GAP + GAP;

type Condition = { sql: string; parameters: string[] };

/** Finds customers by what was typed: those whose name begins with it, then the others, each in the order of names. */
export class CustomerSearch {
  private readonly database: Database;
  private readonly hits: Statement<[string], number>;
  private readonly beginning: Statement<[string, string], number>;
  private readonly listed: Statement<[number, number], CustomerRow>;
  private readonly counted: Statement<[], string>;

  constructor(database: Database) {
    this.database = database;
    database.function('initials', { deterministic: true }, (key: unknown) => initialsOfKey(String(key)));
    database.function('matches', { deterministic: true }, (key: unknown, source: unknown) => (expression(String(source)).test(String(key)) ? 1 : 0));
    this.hits = database.prepare<[string], number>(`SELECT rowid FROM search WHERE search MATCH ? LIMIT ${FEW + 1}`).pluck();
    this.beginning = database.prepare<[string, string], number>(`SELECT id FROM customers WHERE key >= ? AND key < ? ORDER BY key, company_key, id LIMIT ${FEW + 1}`).pluck();
    this.listed = database.prepare(`SELECT ${CUSTOMER_COLUMNS} FROM customers c ORDER BY c.key, c.company_key, c.id LIMIT ? OFFSET ?`);
    this.counted = database.prepare<[], string>("SELECT value FROM meta WHERE key = 'customers'").pluck();
  }

  /** By part of a name, company or number, several words in any order; the empty text lists all. */
  find(text: string, limit: number, offset: number): CustomerPage {
    const needles = needlesOf(text);
    if (needles.length === 0) return { customers: this.listed.all(limit, offset).map(customerOfRow), total: Number(this.counted.get() ?? 0), more: false };
    for (const needle of needles) {
      const page = this.findNeedle(needle, withoutCommon(needle), limit, offset);
      if (page.total > 0) return page;
    }
    return { customers: [], total: 0, more: false };
  }

  /** @param telling the words of the needle that the index is asked for */
  private findNeedle(needle: Needle, telling: Needle, limit: number, offset: number): CustomerPage {
    const match = matchOf(telling, TELLING_LETTERS);
    const anywhere = match === null ? [] : this.candidates(match, matchOf(telling) ?? match);
    const starts = (needle.length === 1 ? (needle[0]?.keys ?? []) : []).map(rangeOf);
    const atTheBeginning = match !== null && anywhere.length <= FEW ? [] : starts.map((range) => this.beginning.all(...range));
    const more = [anywhere, ...atTheBeginning].some(({ length }) => length > FEW);
    const ids = this.inOrder([...anywhere, ...atTheBeginning.flat()], allOf(needle.map(conditionOf)), starts);
    // Of the first that were come upon none matched, but of all some may.
    if (ids.length === 0 && more && telling.length < needle.length) return this.findNeedle(needle, needle, limit, offset);
    return { customers: this.rows(ids.slice(offset, offset + limit)), total: ids.length, more };
  }

  /** By the ends of the parts, which few have; by the whole of them where more do. */
  private candidates(match: string, whole: string): number[] {
    const some = this.hits.all(match);
    return some.length > FEW && whole !== match ? this.hits.all(whole) : some;
  }

  /** Those that really match: first whose key is in one of the ranges. */
  private inOrder(ids: readonly number[], { sql, parameters }: Condition, starts: readonly [from: string, to: string][]): number[] {
    if (ids.length === 0) return [];
    const first = starts.map(() => '(c.key >= ? AND c.key < ?) DESC, ').join('');
    return this.database
      .prepare<unknown[], number>(`SELECT c.id FROM customers c WHERE c.id IN (SELECT value FROM json_each(?)) AND ${sql} ORDER BY ${first}c.key, c.company_key, c.id`)
      .pluck()
      .all(JSON.stringify(ids), ...parameters, ...starts.flat());
  }

  private rows(ids: readonly number[]): Customer[] {
    const rows = this.database.prepare<[string], CustomerRow & { id: number }>(`SELECT c.id, ${CUSTOMER_COLUMNS} FROM customers c WHERE c.id IN (SELECT value FROM json_each(?))`).all(JSON.stringify(ids));
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ids.flatMap((id) => byId.get(id) ?? []).map(customerOfRow);
  }
}

/** Keys that begin with this part. */
const rangeOf = (part: string): [from: string, to: string] => [part, part.slice(0, -1) + String.fromCodePoint((part.codePointAt(part.length - 1) ?? 0) + 1)];

let lastExpression = /(?:)/;
/** One expression is asked of many rows, one after the other. */
function expression(source: string): RegExp {
  if (lastExpression.source !== source) lastExpression = new RegExp(source);
  return lastExpression;
}

const anyOf = (conditions: readonly Condition[]): Condition => ({ sql: `(${conditions.map(({ sql }) => sql).join(' OR ')})`, parameters: conditions.flatMap(({ parameters }) => parameters) });
const allOf = (conditions: readonly Condition[]): Condition => ({ sql: conditions.map(({ sql }) => sql).join(' AND '), parameters: conditions.flatMap(({ parameters }) => parameters) });

/** What `isIn` of the contract says, in SQL. */
function conditionOf(word: Word): Condition {
  const within = (parts: readonly string[], sql: (column: string) => string): Condition[] => parts.flatMap((part) => ['c.key', 'c.company_key'].map((column) => ({ sql: sql(column), parameters: [part] })));
  return anyOf([
    ...within(word.keys, (column) => `instr(${column}, ?) > 0`),
    ...within(word.initials === '' ? [] : [word.initials], (column) => `instr(initials(${column}), ?) > 0`),
    ...within(word.mixed === '' ? [] : [word.mixed], (column) => `matches(${column}, ?)`),
    ...numbersOf(word.digits),
  ]);
}

/** In the numbers as they are kept: +82… for what is written and dialled with a leading zero. */
function numbersOf(digits: string): Condition[] {
  if (digits === '') return [];
  const national = digits.startsWith('0') ? [`+82${digits.slice(1)}`] : [];
  return [digits, ...national].map((part) => ({ sql: 'instr(c.numbers, ?) > 0', parameters: [part] }));
}

/**
 * The needle for the index of trigrams, which finds all that match and perhaps some more; null where it cannot help.
 * @param letters of each part, from its end, that it is asked for
 */
function matchOf(needle: Needle, letters = Infinity): string | null {
  const words = needle.map((word) => wordMatch(word, letters)).filter((match) => match !== null);
  return words.length === 0 ? null : words.map((match) => `(${match})`).join(' AND ');
}

/** Without 010, 8210 and their parts, which leave out hardly anybody and are looked up a million times for it. */
function withoutCommon(needle: Needle): Needle {
  const telling = needle.filter(({ digits }) => digits === '' || !['8210', '010'].some((common) => common.includes(digits)));
  return telling.length === 0 ? needle : telling;
}

function wordMatch(word: Word, letters: number): string | null {
  const end = (part: string): string => part.slice(-letters);
  const parts = [
    ...word.keys.map((part) => phrases('keys', end(part))),
    ...(word.initials === '' ? [] : [phrases('initials', end(word.initials))]),
    ...(word.mixed === '' ? [] : [phrases('initials', end(word.mixedInitials))]),
    ...(word.digits === '' ? [] : [phrases('digits', end(word.digits))]),
  ];
  // A way that the index does not know might be the one that finds.
  return parts.includes(null) ? null : parts.join(' OR ');
}

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** Trigrams answer three letters and more; two are three with any other behind them. */
function phrases(column: string, part: string): string | null {
  if (part.length >= TRIGRAM) return `${column} : ${quoted(part)}`;
  if (part.length < TRIGRAM - 1 || !Array.from(part).every((code) => ALPHABET.includes(code))) return null;
  return `${column} : (${[...ALPHABET, GAP].map((code) => quoted(part + code)).join(' OR ')})`;
}
