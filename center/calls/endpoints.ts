import type { contactEndpoints } from '../../contract/api/contacts.ts';
import { TimelineEntry } from '../../contract/customer.ts';
import { ok } from '../../contract/errors.ts';
import type { ApiHandlers } from '../api.ts';
import type { ContactCenter } from '../ports.ts';
import type { Database } from '../store/index.ts';
import { historyScopeOf, seenIn } from '../store/scope.ts';

export interface ContactParts {
  db: Database;
  center: Pick<ContactCenter, 'correctContact'>;
  /** Whose contacts' memos an agent and a supervisor may read: of their groups, or everybody's. */
  historyScope: 'groups' | 'all';
}

/** What people write about contacts that are over. They are shown of it what they would see in the history. */
export const createContactEndpoints = ({ db, center, historyScope }: ContactParts): ApiHandlers<keyof typeof contactEndpoints> => ({
  'contacts.correct': async (correction, { agentId, me }) => {
    const answer = await center.correctContact(agentId, correction);
    const scope = await historyScopeOf(db, me, historyScope);
    if (answer.ok) return ok(seenIn(scope, answer.value));
    const present = TimelineEntry.safeParse(answer.error.present);
    return present.success ? { ok: false, error: { ...answer.error, present: seenIn(scope, present.data) } } : answer;
  },
});
