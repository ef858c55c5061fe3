import type { AuditRecord } from '../../../contract/audit.ts';

/** What is done to the center and its people, in the order of the filter. Each has its words in `messages.ts`. */
export const ACTIONS = [
  'auth.signed-in', 'auth.refused', 'auth.rate-limited', 'auth.signed-out', 'auth.signed-out-everywhere', 'auth.desk-ended', 'auth.factor-refused', 'auth.recovery-code-used', 'auth.refresh-replayed', 'auth.refresh-repeated',
  'auth.password-changed', 'auth.password-reset', 'auth.account-created', 'auth.account-enabled', 'auth.account-disabled', 'auth.factors-removed', 'auth.totp-added', 'auth.totp-removed', 'auth.passkey-added', 'auth.passkey-removed', 'auth.recovery-codes-made', 'auth.invitation-used', 'account.signOutEverywhere',
  'accounts.resetPassword', 'accounts.enable', 'accounts.disable', 'accounts.signOut', 'accounts.removeFactors', 'people.invite', 'invitations.make', 'setup.check', 'setup.make', 'displays.create', 'displays.revoke', 'keys.create', 'keys.revoke', 'configuration.changed', 'configuration.change',
  'customers.create', 'customers.update', 'customers.giveNumber', 'customers.takeNumberBack', 'customers.erase', 'customers.erased', 'contacts.correct', 'contact.corrected',
  'agent.force', 'supervision.start', 'supervision.setMode', 'supervision.stop', 'group.setOpen', 'group.setDispositionRequired', 'dialling.lift',
  'audit.verify', 'audit.export', 'media.upload', 'media.prepare', 'jobs.cancel', 'jobs.file',
] as const;

/** The key of an action's words; null for one that has none. */
export const wordOf = (action: string): string | null => ((ACTIONS as readonly string[]).includes(action) ? action.replace('.', '_') : null);

/** One thing that was changed. Null: it was not there, or is not any more. */
export interface Difference {
  field: string;
  before: string | null;
  after: string | null;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const shown = (value: unknown): string | null => (value === undefined || value === null ? null : typeof value === 'string' ? value : JSON.stringify(value));

/** What an entry says was changed, field by field; null where its note is none of that kind. */
export function differencesOf({ note }: Pick<AuditRecord, 'note'>): Difference[] | null {
  if (note === null) return null;
  try {
    const said: unknown = JSON.parse(note);
    if (!isObject(said) || !('before' in said || 'after' in said)) return null;
    const [before, after] = [isObject(said['before']) ? said['before'] : {}, isObject(said['after']) ? said['after'] : {}];
    return [...new Set([...Object.keys(before), ...Object.keys(after)])]
      .map((field) => ({ field, before: shown(before[field]), after: shown(after[field]) }))
      .filter((difference) => difference.before !== difference.after);
  } catch {
    return null;
  }
}

/** What else an entry says, beside what its words say already. */
export const factsOf = ({ details, action }: Pick<AuditRecord, 'details' | 'action'>): [name: string, value: unknown][] =>
  Object.entries(details).filter(([name, value]) => value !== null && name !== 'outcome' && !(action === 'configuration.changed' && ['kind', 'what'].includes(name)));

/** The code with which something was refused; null for what was done. */
export function refusalOf({ details, action }: Pick<AuditRecord, 'details' | 'action'>): string | null {
  const { outcome } = details;
  if (typeof outcome === 'string' && outcome !== 'ok') return outcome;
  return action === 'auth.refused' || action === 'auth.factor-refused' ? '' : null;
}
