import { z } from 'zod';
import { PersonToSetUp } from './configuration.ts';
import { Label } from './label.ts';
import type { Role } from './permissions.ts';
import { koreanService } from './service-number.ts';

/*
 * People who are to be set up, as a form, a sheet or a file says them: what is missing is made up, what is wrong is named.
 * The window shows by it what would be made, and the center makes it.
 */

/** A person as somebody typed them: anything may be empty but the name. Groups by name. */
export const TypedPerson = z.strictObject({
  name: z.string().max(200),
  account: z.string().max(200).default(''),
  extension: z.string().max(40).default(''),
  /** A role, in Korean or English; empty: an agent. */
  role: z.string().max(40).default(''),
  /** Left out: of the only group there is, if there is one only. */
  groups: z.array(z.string().max(200)).max(100).optional(),
});
export type TypedPerson = z.input<typeof TypedPerson>;

/** One that can be set up. */
export interface NewPerson {
  name: string;
  account: string;
  extension: string;
  role: Role;
  /** Names of groups, as those are written. */
  groups: string[];
}

export type PersonField = 'name' | 'account' | 'extension' | 'role' | 'groups';

export interface PersonProblem {
  field: PersonField;
  /** `formula`: a cell that a spreadsheet would compute. `taken`: `other` says by whom. */
  code: 'missing' | 'invalid' | 'taken' | 'unknown' | 'formula';
  /** For `taken` the row of the other (`row 3`, counted from 1) or who has it; for `unknown` the name; else empty. */
  other: string;
}

/** What becomes of one row. `made`: what was made up for it. */
export interface PlannedPerson {
  person: NewPerson | null;
  made: readonly ('account' | 'extension')[];
  problems: readonly PersonProblem[];
}

/** What there is already: accounts and extensions by whom they are, and the groups. */
export interface PresentOffice {
  accounts: ReadonlyMap<string, string>;
  extensions: ReadonlyMap<string, string>;
  groups: readonly string[];
}

const FIRST_EXTENSION = 1001;

const roleWords: Readonly<Record<string, Role>> = {
  '': 'agent', agent: 'agent', 상담원: 'agent', 상담사: 'agent',
  supervisor: 'supervisor', 관리자: 'supervisor', 팀장: 'supervisor',
  admin: 'admin', administrator: 'admin', 시스템관리자: 'admin', '시스템 관리자': 'admin',
};

/** `="1001"` is how a spreadsheet keeps a number as text. */
const plain = (cell: string): string => (/^="([^"]*)"$/.exec(cell.trim())?.[1] ?? cell).normalize('NFC').trim();
const isFormula = (cell: string): boolean => /^[=@\t\r]|^[+-](?!\d*$)/.test(cell);

/**
 * Pure: what would be set up for each row, in their order. Extensions are made up from 1001 on and accounts after them
 * (`agent1001`), none that is anybody's. Of two rows that want the same the first has it.
 */
export function planPeople(rows: readonly TypedPerson[], { accounts, extensions, groups }: PresentOffice): PlannedPerson[] {
  const takenAccounts = new Map([...accounts].map(([account, by]) => [account.toLowerCase(), by]));
  const takenExtensions = new Map(extensions);
  const groupNames = new Map(groups.map((name) => [name.toLowerCase(), name]));
  const typed = rows.map((row) => ({
    name: plain(row.name), account: plain(row.account ?? ''), extension: plain(row.extension ?? '').replaceAll(/[\s-]/g, ''), role: plain(row.role ?? ''),
    groups: row.groups?.map(plain).filter((name) => name !== ''),
  }));
  // What is typed comes before what is made up.
  const planned = typed.map((row, index) => {
    const problems = [...shapeProblems(row, groupNames), ...claim(row.account.toLowerCase(), 'account', takenAccounts, index), ...claim(row.extension, 'extension', takenExtensions, index)];
    return { row, problems };
  });
  let next = FIRST_EXTENSION;
  const freeExtension = (): string => {
    // 1330 is given to nobody who has not asked for it.
    while (takenExtensions.has(String(next)) || koreanService(String(next)) !== null) next++;
    return String(next++);
  };
  const freeAccount = (extension: string): string => {
    for (let tries = 0; ; tries++) {
      const account = `agent${extension}${tries === 0 ? '' : `-${tries + 1}`}`;
      if (!takenAccounts.has(account)) return account;
    }
  };
  return planned.map(({ row, problems }, index): PlannedPerson => {
    if (problems.length > 0) return { person: null, made: [], problems };
    const extension = row.extension === '' ? freeExtension() : row.extension;
    const account = row.account === '' ? freeAccount(extension) : row.account;
    takenExtensions.set(extension, `row ${index + 1}`);
    takenAccounts.set(account.toLowerCase(), `row ${index + 1}`);
    const only = groups.length === 1 ? groups : [];
    const names = row.groups === undefined ? only : row.groups.flatMap((name) => groupNames.get(name.toLowerCase()) ?? []);
    return {
      person: { name: row.name, account, extension, role: roleWords[row.role.toLowerCase()] ?? 'agent', groups: [...new Set(names)] },
      made: [...(row.account === '' ? (['account'] as const) : []), ...(row.extension === '' ? (['extension'] as const) : [])],
      problems: [],
    };
  });
}

type Row = Record<'name' | 'account' | 'extension' | 'role', string> & { groups: string[] | undefined };

function shapeProblems(row: Row, groups: ReadonlyMap<string, string>): PersonProblem[] {
  const problem = (field: PersonField, code: PersonProblem['code'], other = ''): PersonProblem => ({ field, code, other });
  const formulas = (['name', 'account', 'extension', 'role'] as const).filter((field) => isFormula(row[field])).map((field) => problem(field, 'formula'));
  const isFine = (field: 'account' | 'extension'): boolean => row[field] === '' || PersonToSetUp.shape[field].safeParse(row[field]).success;
  const asked = (['account', 'extension'] as const).filter((field) => !isFormula(row[field]) && !isFine(field)).map((field) => problem(field, 'invalid'));
  const name = row.name === '' ? [problem('name', 'missing')] : !isFormula(row.name) && !Label.safeParse(row.name).success ? [problem('name', 'invalid')] : [];
  const role = isFormula(row.role) || Object.hasOwn(roleWords, row.role.toLowerCase()) ? [] : [problem('role', 'unknown', row.role)];
  const unknown = (row.groups ?? []).filter((group) => !groups.has(group.toLowerCase())).map((group) => problem('groups', isFormula(group) ? 'formula' : 'unknown', group));
  return [...name, ...formulas, ...asked, ...role, ...unknown];
}

function claim(wanted: string, field: 'account' | 'extension', taken: Map<string, string>, index: number): PersonProblem[] {
  if (wanted === '') return [];
  const by = taken.get(wanted);
  if (by !== undefined) return [{ field, code: 'taken', other: by }];
  taken.set(wanted, `row ${index + 1}`);
  return [];
}
