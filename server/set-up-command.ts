import { planFirstOffice, asFields } from '../center/set-up/first-office.ts';
import { problemsOf } from '../center/configuration/problems.ts';
import { withChanges } from '../center/configuration/objects.ts';
import type { Admission } from '../center/ports.ts';
import { temporaryPassword } from '../center/accounts/password-policy.ts';
import { changeConfiguration, configurationObjects, readConfiguration } from '../center/store/configuration.ts';
import type { Database } from '../center/store/index.ts';
import { newInvitation } from '../center/store/invitations.ts';
import { hashPassword } from '../center/store/passwords.ts';
import { fail, ok, type Result } from '../contract/errors.ts';
import { readOfficeFile } from './set-up-file.ts';

export interface SetUpCommand {
  db: Database;
  now: number;
  /** The address people reach the center by, for the links. */
  origin: string;
  file: string;
  /** Says what is wrong, and makes nothing. */
  checkOnly: boolean;
}

/**
 * Sets a center up by a file, on the store of a center that does not run: all of it or none.
 * @returns what to print, invitations among it, or `input.invalid` with each line and field that will not do
 */
export async function setUpByFile({ db, now, origin, file, checkOnly }: SetUpCommand): Promise<Result<string>> {
  const read = await readOfficeFile(file);
  if (!read.ok) return read;
  const { office, told } = read.value;
  const present = await readConfiguration(db);
  if (present.people.some(({ role }) => role === 'admin')) return fail('setup.done', 'This center is set up already: it has an administrator. Go on there, on its page of set-up.');
  const [center] = (await configurationObjects(db, 'center', -1, 1)).objects;
  const { password } = office.administrator;
  // Who has none yet is invited; one that is made up stands for it while the rest is looked at.
  const { plan, problems } = planFirstOffice({ ...office, administrator: { ...office.administrator, password: password ?? temporaryPassword() } }, present, center?.version ?? null);
  if (plan === null) return fail('input.invalid', told(problems));
  const wrong = problemsOf(withChanges(present, plan.changes));
  if (wrong.length > 0) return fail('input.invalid', told(asFields(wrong, plan.fieldOf)));
  if (checkOnly) return ok(`${file} is in order: ${plan.people.length} people, ${office.groups.length} groups, ${office.numbers.length} numbers.`);
  const invited = password === undefined ? [plan.administrator, ...plan.people] : plan.people;
  const admissions: Admission[] = [...invited.map((agentId) => ({ agentId, kind: 'invitation' as const, invitation: newInvitation(now) })), ...(password === undefined ? [] : [{ agentId: plan.administrator, kind: 'password' as const, passwordHash: await hashPassword(password) }])];
  const written = await changeConfiguration(db, plan.changes, { by: null, address: '', at: now, admissions });
  if (!written.ok) return written;
  const links = admissions.flatMap((admission) => (admission.kind === 'invitation' ? [`${admission.agentId}\t${origin}${admission.invitation.told.path}`] : []));
  return ok([`${office.company} is set up; ${office.administrator.account} is its administrator.`, ...(links.length > 0 ? ['By these links people choose their passwords, once, within two weeks. They are told only now:', ...links] : [])].join('\n'));
}
