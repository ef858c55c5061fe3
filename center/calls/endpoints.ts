import type { contactEndpoints } from '../../contract/api/contacts.ts';
import type { ApiHandlers } from '../api.ts';
import type { ContactCenter } from '../ports.ts';

/** What people write about contacts that are over. */
export const createContactEndpoints = ({ center }: { center: Pick<ContactCenter, 'correctContact'> }): ApiHandlers<keyof typeof contactEndpoints> => ({
  'contacts.correct': (correction, { agentId }) => center.correctContact(agentId, correction),
});
