import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { temporaryPassword, TEMPORARY_LIFE_MS, weaknessOf } from '../center/accounts/password-policy.ts';
import { allAccounts, disableAccount, enableAccount, findAccount, insertAccount, setPassword, type Account } from '../center/store/accounts.ts';
import { appendAudit } from '../center/store/audit-log.ts';
import { readConfiguration } from '../center/store/configuration.ts';
import { removeFactors } from '../center/store/factors.ts';
import type { Database } from '../center/store/index.ts';
import { hashPassword } from '../center/store/passwords.ts';
import { endFamilies } from '../center/store/sessions.ts';
import { Extension } from '../contract/configuration.ts';
import { setUpByFile } from './set-up-command.ts';
import { fail, ok, type Result } from '../contract/errors.ts';
import { AgentId } from '../contract/ids.ts';

export const USAGE = `npm run sangdam -- COMMAND

  setup --file FILE [--check]
                             sets up a center that has no administrator: docs/operations.md shows such a file; prints
                             the invitations. --check says only what is wrong
  admin create ACCOUNT [--name NAME] [--extension NUMBER] [--password-file FILE]
                             a person who may set everything up, with a telephone where an extension is given;
                             prints a password for the first sign-in
  password reset ACCOUNT     prints a password that is good for choosing another, for three days
  account list
  account disable ACCOUNT    nobody gets in or goes on with it
  account enable ACCOUNT
  factor remove ACCOUNT      takes every second factor away
  sign-out ACCOUNT           ends every sign-in

--password-file reads a password from a file, or with - from standard input, instead of making one up.
It works on the data folder of SANGDAM_DATA while no center runs on it; while one does, an administrator
does the same there.`;

export interface AdministrationParts {
  db: Database;
  now: number;
  /** Standard input, for `--password-file -`. */
  input: NodeJS.ReadableStream;
  /** The address people reach the center by, for what is printed. */
  origin: string;
}

type Act = (parts: AdministrationParts, account: string, options: Options) => Promise<Result<string>>;

interface Options {
  name?: string | undefined;
  extension?: string | undefined;
  'password-file'?: string | undefined;
  file?: string | undefined;
  check?: boolean | undefined;
}

/** What a command line asks of the accounts. @returns what to print, or `input.invalid` and why */
export async function administer(args: readonly string[], parts: AdministrationParts): Promise<Result<string>> {
  const parsed = parse(args);
  if (!parsed.ok) return parsed;
  const { words, options } = parsed.value;
  if (words.join(' ') === 'account list') return ok((await allAccounts(parts.db)).map(line).join('\n'));
  if (words.join(' ') === 'setup') return options.file === undefined ? fail('input.invalid', 'setup needs --file FILE.') : setUpByFile({ db: parts.db, now: parts.now, origin: parts.origin, file: options.file, checkOnly: options.check === true });
  const account = words.at(-1);
  const act = words.length > 1 ? COMMANDS.get(words.slice(0, -1).join(' ')) : undefined;
  return act === undefined || account === undefined ? fail('input.invalid', USAGE) : act(parts, account, options);
}

/** What is done to an account that there is, written down as `action`. */
const to =
  (action: string, told: string, act: (parts: AdministrationParts, agentId: AgentId) => Promise<unknown>): Act =>
  (parts, name) =>
    onAccount(parts, name, async ({ agentId, account }) => {
      await act(parts, agentId);
      await write(parts, action, agentId);
      return ok(`${account} ${told}.`);
    });

const COMMANDS = new Map<string, Act>([
  ['admin create', createAdministrator],
  ['password reset', (parts, name, options) => onAccount(parts, name, (account) => resetPassword(parts, account, options))],
  [
    'account disable',
    to('auth.account-disabled', 'is disabled', async ({ db, now }, agentId) => {
      await disableAccount(db, agentId, { by: null, address: '', at: now });
      await endFamilies(db, agentId, now);
    }),
  ],
  ['account enable', to('auth.account-enabled', 'is enabled', ({ db }, agentId) => enableAccount(db, agentId))],
  ['factor remove', to('auth.factors-removed', 'has no second factor any more', ({ db }, agentId) => removeFactors(db, agentId))],
  ['sign-out', to('auth.signed-out-everywhere', 'is signed out everywhere', ({ db, now }, agentId) => endFamilies(db, agentId, now))],
]);

function parse(args: readonly string[]): Result<{ words: string[]; options: Options }> {
  try {
    const { positionals, values } = parseArgs({ args: [...args], allowPositionals: true, options: { name: { type: 'string' }, extension: { type: 'string' }, 'password-file': { type: 'string' }, file: { type: 'string' }, check: { type: 'boolean' } } });
    return ok({ words: positionals, options: values });
  } catch (error) {
    return fail('input.invalid', `${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
}

async function onAccount({ db }: AdministrationParts, name: string, act: (account: Account) => Promise<Result<string>>): Promise<Result<string>> {
  const account = await findAccount(db, name);
  return account === null ? fail('input.invalid', `There is no account ${name}.`) : act(account);
}

async function createAdministrator(parts: AdministrationParts, name: string, options: Options): Promise<Result<string>> {
  const { db, now } = parts;
  if (!/^[a-z\d][a-z\d._-]{1,62}$/i.test(name)) return fail('input.invalid', 'An account has 2 to 63 letters, digits, dots, hyphens or underscores.');
  const { people, phones } = await readConfiguration(db);
  if (people.some(({ agentId, account }) => [agentId, account].some((taken) => taken.toLowerCase() === name.toLowerCase()))) return fail('input.invalid', `There is an account ${name} already.`);
  const extensions = new Set([...people.map(({ extension }) => extension), ...phones.map(({ number }) => number)]);
  const extension = options.extension ?? null;
  if (extension !== null && !Extension.safeParse(extension).success) return fail('input.invalid', 'An extension has 3 to 6 digits, and is no emergency or service number.');
  if (extension !== null && extensions.has(extension)) return fail('input.invalid', `The extension ${extension} is somebody's already.`);
  const given = await passwordOf(parts, options, name);
  if (!given.ok) return given;
  const { password, isMadeUp } = given.value;
  const agentId = AgentId.parse(name.toLowerCase());
  await insertAccount(db, agentId, { account: name, name: options.name ?? name, role: 'admin', duties: [], extension, memberships: [] }, await stateOf(password, now, isMadeUp));
  await write(parts, 'auth.account-created', agentId);
  return ok(inWords(`${name} is an administrator, ${extension === null ? 'without a telephone' : `extension ${extension}`}.`, password, isMadeUp));
}

async function resetPassword(parts: AdministrationParts, { agentId, account }: Account, options: Options): Promise<Result<string>> {
  const given = await passwordOf(parts, options, account);
  if (!given.ok) return given;
  const { password, isMadeUp } = given.value;
  await setPassword(parts.db, agentId, await stateOf(password, parts.now, true));
  await endFamilies(parts.db, agentId, parts.now);
  await write(parts, 'auth.password-reset', agentId);
  return ok(inWords(`${account} has another password, to be changed at the next sign-in.`, password, isMadeUp));
}

async function passwordOf({ input }: AdministrationParts, { 'password-file': file }: Options, account: string): Promise<Result<{ password: string; isMadeUp: boolean }>> {
  if (file === undefined) return ok({ password: temporaryPassword(), isMadeUp: true });
  try {
    const password = (file === '-' ? await text(input) : await readFile(file, 'utf8')).replace(/\r?\n$/, '');
    const weakness = weaknessOf(password, account);
    return weakness === null ? ok({ password, isMadeUp: false }) : fail('input.invalid', `The password will not do: ${weakness}.`);
  } catch {
    return fail('input.invalid', `${file} cannot be read.`);
  }
}

const stateOf = async (password: string, now: number, isTemporary: boolean) => ({ passwordHash: await hashPassword(password), changedAt: now, mustChange: isTemporary, expiresAt: isTemporary ? now + TEMPORARY_LIFE_MS : null });

const inWords = (what: string, password: string, isMadeUp: boolean): string => (isMadeUp ? `${what}\nPassword, good for choosing another within three days: ${password}` : what);

const write = ({ db, now }: AdministrationParts, action: string, agentId: AgentId): Promise<void> => appendAudit(db, { at: now, actor: null, action, subject: agentId, address: '', details: { by: 'command line' } });

const line = ({ account, role, disabledAt, mustChange }: Account): string => [account, role, disabledAt === null ? '' : 'disabled', mustChange ? 'has to change the password' : ''].filter((word) => word !== '').join(', ');

