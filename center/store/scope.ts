import { createHash } from 'node:crypto';
import type { Me } from '../../contract/directory.ts';
import type { TimelineEntry } from '../../contract/customer.ts';
import type { Reader } from './tables.ts';

/** Whose contacts a person may read what was written of. */
export interface HistoryScope {
  /** Changes with what is in the scope: a cache that was filled for another begins anew. Empty: everything. */
  readonly key: string;
  includes(entry: TimelineEntry): boolean;
}

export const EVERYTHING: HistoryScope = { key: '', includes: () => true };

/**
 * Of groups: their contacts, and the calls without a group (to the outside, or to a person) of who is in one of them.
 * An administrator's is everything; so is everybody's where the center is set to `all`.
 */
export async function historyScopeOf(db: Reader, { role, groupIds }: Pick<Me, 'role' | 'groupIds'>, setting: 'groups' | 'all'): Promise<HistoryScope> {
  if (setting === 'all' || role === 'admin') return EVERYTHING;
  const groups = new Set<string>(groupIds);
  const members = groupIds.length === 0 ? [] : await db.selectFrom('memberships').select('agent_id').distinct().where('group_id', 'in', groupIds).orderBy('agent_id').execute();
  const colleagues = new Set(members.map(({ agent_id }) => agent_id));
  const key = createHash('sha256').update(JSON.stringify([[...groups].toSorted(), [...colleagues]])).digest('hex').slice(0, 16);
  return { key, includes: ({ groupId, agentId }) => (groupId === null ? agentId === null || colleagues.has(agentId) : groups.has(groupId)) };
}

/** The line as somebody outside of its scope may see it: that there was a contact, and not what it was about. */
export const seenIn = (scope: HistoryScope, entry: TimelineEntry): TimelineEntry => (scope.includes(entry) ? entry : { ...entry, memo: '', disposition: '' });
