import type { invitationEndpoints } from '../../contract/api/invitations.ts';
import type { ConfigurationChange, ConfigurationObject } from '../../contract/configuration.ts';
import { fail, ok, type Result } from '../../contract/errors.ts';
import { AgentId } from '../../contract/ids.ts';
import type { InvitedPerson } from '../../contract/set-up.ts';
import { weaknessOf } from '../accounts/password-policy.ts';
import { somebodyElse } from '../accounts/somebody-else.ts';
import type { ApiHandlers } from '../api.ts';
import type { Limiter } from '../gateway/limits.ts';
import type { Admission, Clock, ContactCenter } from '../ports.ts';
import { accountOf, setPassword, type Account } from '../store/accounts.ts';
import { appendAudit } from '../store/audit-log.ts';
import { configurationObjects } from '../store/configuration.ts';
import type { Database } from '../store/index.ts';
import { findInvitation, newInvitation, putInvitation, spendInvitation } from '../store/invitations.ts';
import { hashPassword } from '../store/passwords.ts';

export interface InvitationParts {
  db: Database;
  clock: Pick<Clock, 'now'>;
  center: Pick<ContactCenter, 'configuration' | 'me'>;
  /** A person has chosen another password: whatever goes on with the old one ends. */
  passwordChosen: (agentId: AgentId) => Promise<void>;
  /** What is asked with the good link of one person: choosing is a hash. */
  guests: Limiter;
}

/** People who are set up and invited, and what they do with their invitation. */
export function createInvitationEndpoints({ db, clock, center, passwordChosen, guests }: InvitationParts): ApiHandlers<keyof typeof invitationEndpoints> {
  /** The account that a good link is of. */
  async function guest(token: string): Promise<Result<{ account: Account; expiresAt: number }>> {
    const invitation = await findInvitation(db, token, clock.now());
    const account = invitation === null ? null : await accountOf(db, invitation.agentId);
    if (invitation === null || account === null) return fail('invitation.unknown', 'no invitation');
    if (account.disabledAt !== null) return fail('auth.disabled', 'the account is disabled');
    if (invitation.state === 'ended') return fail('invitation.used', 'used, or replaced by a newer one');
    if (invitation.state === 'expired') return fail('invitation.expired', 'too old');
    return (await guests.take(account.agentId)) ?? ok({ account, expiresAt: invitation.expiresAt });
  }

  return {
    'people.invite': async ({ people }, { agentId: by, address }) => {
      if (center.configuration === null) return fail('switch.unavailable', 'the center is not running');
      const now = clock.now();
      const changes = people.map((value): ConfigurationChange => ({ kind: 'person', id: value.account.toLowerCase(), version: null, value }));
      const again = changes.find(({ id }, index) => changes.findIndex((one) => one.id === id) < index);
      if (again !== undefined) return fail('input.invalid', `${again.id} is there twice`);
      const admissions = changes.map(({ id }): Admission => ({ agentId: AgentId.parse(id), kind: 'invitation', invitation: newInvitation(now) }));
      const changed = await center.configuration.change(changes, { by, address, at: now, admissions });
      return changed.ok ? ok(changed.value.objects.flatMap((object) => invitedOf(object, admissions))) : changed;
    },

    'invitations.make': async ({ agentId }, { agentId: actor }) => {
      const found = await somebodyElse(db, agentId, actor);
      if (!found.ok) return found;
      if (found.value.disabledAt !== null) return fail('auth.disabled', 'the account is disabled');
      const invitation = newInvitation(clock.now());
      await putInvitation(db, agentId, invitation, clock.now());
      return ok(invitation.told);
    },

    'invitations.look': async ({ token }) => {
      const found = await guest(token);
      if (!found.ok) return found;
      const { account, expiresAt } = found.value;
      const [present] = (await configurationObjects(db, 'center', -1, 1)).objects;
      return ok({ account: account.account, name: center.me(account.agentId, 'console')?.name ?? account.account, company: present?.kind === 'center' ? present.value.company : '', expiresAt });
    },

    'invitations.use': async ({ token, password }, { address }) => {
      const found = await guest(token);
      if (!found.ok) return found;
      const { agentId, account, passwordHash: was } = found.value.account;
      const weakness = weaknessOf(password, account);
      if (weakness !== null) return fail('auth.password-weak', weakness);
      const passwordHash = await hashPassword(password);
      const now = clock.now();
      // Two at one moment: the first has it.
      if (!(await spendInvitation(db, token, now))) return fail('invitation.used', 'used, or replaced by a newer one');
      if (!(await setPassword(db, agentId, { passwordHash, changedAt: now, mustChange: false, expiresAt: null }, was))) return fail('invitation.used', 'the password is another by now');
      await passwordChosen(agentId);
      await appendAudit(db, { at: now, actor: agentId, action: 'auth.invitation-used', subject: agentId, address, details: {} });
      return ok({ account });
    },
  };
}

/** What is told of a new person, once; nothing of anything else. */
export function invitedOf(object: ConfigurationObject, admissions: readonly Admission[]): InvitedPerson[] {
  const admission = admissions.find(({ agentId }) => agentId === object.id);
  if (object.kind !== 'person' || admission?.kind !== 'invitation') return [];
  const { account, name, extension } = object.value;
  return [{ agentId: admission.agentId, account, name, extension, version: object.version, invitation: admission.invitation.told }];
}
