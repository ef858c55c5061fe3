import type { contactEndpoints } from '../../contract/api/contacts.ts';
import { TimelineEntry } from '../../contract/customer.ts';
import { ok } from '../../contract/errors.ts';
import type { ApiCaller, ApiHandlers } from '../api.ts';
import type { Clock, ContactCenter } from '../ports.ts';
import { logAccess } from '../store/access-log.ts';
import { searchContacts } from '../store/contact-search.ts';
import type { Database } from '../store/index.ts';
import { historyScopeOf, seenIn, type HistoryScope } from '../store/scope.ts';

export interface ContactParts {
  db: Database;
  clock: Pick<Clock, 'now'>;
  center: Pick<ContactCenter, 'correctContact' | 'membersOf'>;
  /** Whose contacts' memos an agent and a supervisor may read: of their groups, or everybody's. */
  historyScope: 'groups' | 'all';
}

/** Contacts that are over: which there are, and what people write about them. They are shown what they may see of each. */
export function createContactEndpoints({ db, clock, center, historyScope }: ContactParts): ApiHandlers<keyof typeof contactEndpoints> {
  const scopeOf = ({ me }: ApiCaller): HistoryScope => historyScopeOf(me, (groupIds) => center.membersOf(groupIds), historyScope);

  return {
    'contacts.search': async (query, caller) => {
      const page = await searchContacts(db, query, scopeOf(caller));
      const { agentId, address } = caller;
      // What somebody had a part in they know.
      if (query.agentId !== agentId && page.lines.length > 0) await logAccess(db, [{ at: clock.now(), agentId, address, kind: 'history', customerId: null, customers: 0, contacts: page.lines.length }]);
      return ok(page);
    },

    'contacts.correct': async (correction, caller) => {
      const answer = await center.correctContact(caller.agentId, correction);
      const scope = scopeOf(caller);
      if (answer.ok) return ok(seenIn(scope, answer.value));
      const present = TimelineEntry.safeParse(answer.error.present);
      return present.success ? { ok: false, error: { ...answer.error, present: seenIn(scope, present.data) } } : answer;
    },
  };
}
