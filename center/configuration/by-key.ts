import type { ConfigurationChange } from '../../contract/configuration.ts';
import { fail, type Result } from '../../contract/errors.ts';
import { AgentId } from '../../contract/ids.ts';
import type { ContactCenter } from '../ports.ts';

/**
 * What of the set-up is no key's to change, though it may change what is set up: it would give somebody, and with them
 * itself, more than it was given. `forbidden` says what it was; null: it may.
 */
export function refusalToKey(changes: readonly ConfigurationChange[], center: Pick<ContactCenter, 'me'>): Result<never> | null {
  if (changes.some((change) => raises(change, center))) return fail('forbidden', 'who is in charge, or sees to the audit, is set up by a person');
  if (changes.some(opensPhone)) return fail('forbidden', 'a telephone, and its password, is set up by a person');
  return null;
}

/** Whether a change is of somebody in charge, before or after: another system makes nobody an administrator. */
function raises({ kind, id, value }: ConfigurationChange, center: Pick<ContactCenter, 'me'>): boolean {
  if (kind !== 'person') return false;
  const before = center.me(AgentId.parse(id), 'console');
  return [before, value].some((person) => person !== null && (person.role !== 'agent' || person.duties.length > 0));
}

/** Whether whoever asks would know a telephone's password afterwards: who knows one, calls at the company's cost. */
const opensPhone = ({ kind, version, value }: ConfigurationChange): boolean => kind === 'phone' && value !== null && (version === null || value.password !== undefined);
