import type { contactEndpoints } from '../../contract/api/contacts.ts';
import { TimelineEntry } from '../../contract/customer.ts';
import { ok } from '../../contract/errors.ts';
import type { ApiHandlers } from '../api.ts';
import type { ContactCenter } from '../ports.ts';
import { historyScopeOf, seenIn } from '../store/scope.ts';

export interface ContactParts {
  center: Pick<ContactCenter, 'correctContact' | 'membersOf'>;
  /** Whose contacts' memos an agent and a supervisor may read: of their groups, or everybody's. */
  historyScope: 'groups' | 'all';
}

/** What people write about contacts that are over. They are shown of it what they would see in the history. */
export const createContactEndpoints = ({ center, historyScope }: ContactParts): ApiHandlers<keyof typeof contactEndpoints> => ({
  'contacts.correct': async (correction, { agentId, me }) => {
    const answer = await center.correctContact(agentId, correction);
    const scope = historyScopeOf(me, (groupIds) => center.membersOf(groupIds), historyScope);
    if (answer.ok) return ok(seenIn(scope, answer.value));
    const present = TimelineEntry.safeParse(answer.error.present);
    return present.success ? { ok: false, error: { ...answer.error, present: seenIn(scope, present.data) } } : answer;
  },
});
