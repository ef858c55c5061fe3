import Papa from 'papaparse';
import { BOM, csvLine } from '../../../contract/csv.ts';
import type { TypedPerson } from '../../../contract/new-people.ts';

/** The columns that a sheet of people may have, in the order they stand in where no first row names them. */
export const COLUMNS = ['name', 'extension', 'account', 'groups', 'role'] as const;
export type Column = (typeof COLUMNS)[number];

const words: Readonly<Record<Column, readonly string[]>> = {
  name: ['name', 'full name', '이름', '성명', '성함', '직원명', '상담원명'],
  extension: ['extension', 'ext', 'ext.', '내선', '내선번호', '내선 번호'],
  account: ['account', 'id', 'login', 'user', 'username', '계정', '아이디', '사번'],
  groups: ['group', 'groups', 'team', '그룹', '팀', '부서', '소속', '수신 그룹'],
  role: ['role', '권한', '역할', '직책'],
};

/** One person as a sheet says them, with the cells they were read from. */
export interface SheetRow {
  /** Of the sheet, counted from 1, the row of names among them. */
  row: number;
  person: TypedPerson;
  cells: readonly string[];
}

/**
 * The text of a file: UTF-8, with its mark or without, UTF-16 with its mark (as spreadsheets save "Unicode text"), else
 * CP949, which Korean spreadsheets save by default; a UTF-8 mark before CP949 is one that some program has put there.
 */
export function decodeSheet(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  const bare = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bare);
  } catch {
    // The encoding of this name is CP949 as a whole (WHATWG Encoding, 4.2).
    return new TextDecoder('euc-kr').decode(bare);
  }
}

/** People of a sheet that was pasted or read, separated by tabs, commas or semicolons, with a row that names its columns or without. */
export function readSheet(text: string): SheetRow[] {
  const { data } = Papa.parse<string[]>(text.trimEnd(), { delimiter: delimiterOf(text), skipEmptyLines: false });
  const rows = data.map((cells, index) => ({ row: index + 1, cells: cells.map((cell) => cell.trim()) })).filter(({ cells }) => cells.some((cell) => cell !== ''));
  const columns = columnsIn(rows[0]?.cells ?? []);
  return (columns === null ? rows : rows.slice(1)).map(({ row, cells }) => ({ row, cells, person: personOf(cells, columns) }));
}

/** So many characters tell which separator a sheet has. */
const LOOKED_AT = 4000;

/** The separator that its first lines have most of, outside of quotes. A tab is never in a name: one is enough. */
function delimiterOf(text: string): string {
  const bare = text.slice(0, LOOKED_AT).replaceAll(/"(?:[^"]|"")*"/g, '');
  if (bare.includes('\t')) return '\t';
  const counts = [',', ';'].map((sign) => ({ sign, count: bare.split(sign).length }));
  return counts.reduce((most, one) => (one.count > most.count ? one : most)).sign;
}

/** Which column stands where, by the words of a first row; null where it is no such row. */
function columnsIn(cells: readonly string[]): (Column | null)[] | null {
  const found = cells.map((cell) => COLUMNS.find((column) => words[column].includes(cell.toLowerCase())) ?? null);
  return found.includes('name') ? found : null;
}

function personOf(cells: readonly string[], columns: readonly (Column | null)[] | null): TypedPerson {
  const places = columns ?? guessed(cells);
  const cell = (column: Column): string => cells[places.indexOf(column)] ?? '';
  const groups = cell('groups');
  return { name: cell('name'), account: cell('account'), extension: cell('extension'), role: cell('role'), ...(groups !== '' && { groups: groups.split(/[,;/|]/).map((name) => name.trim()) }) };
}

/** A line without named columns: the name comes first, a short number is an extension, the rest in their order. */
function guessed(cells: readonly string[]): Column[] {
  const left: Column[] = ['account', 'groups', 'role'];
  return cells.map((cell, index): Column => {
    if (index === 0) return 'name';
    if (/^(="?)?\d{3,6}"?$/.test(cell)) return 'extension';
    return left.shift() ?? 'role';
  });
}

/** Cells as a CSV that Korean spreadsheets open right: with a mark, and nothing in it that they would compute. */
export const toCsv = (rows: readonly (readonly string[])[]): string => BOM + rows.map(csvLine).join('');
