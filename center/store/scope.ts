import { createHash } from 'node:crypto';
import type { Me } from '../../contract/directory.ts';
import type { TimelineEntry } from '../../contract/customer.ts';
import type { AgentId, GroupId } from '../../contract/ids.ts';

/** Whose contacts a person may read what was written of. */
export interface HistoryScope {
  /** Changes with what is in the scope: a cache that was filled for another begins anew. Empty: everything. */
  readonly key: string;
  includes(entry: Pick<TimelineEntry, 'groupId' | 'agentId'>): boolean;
}

export const EVERYTHING: HistoryScope = { key: '', includes: () => true };

/**
 * Of groups: their contacts, and the calls without a group (to the outside, or to a person) of who is in one of them.
 * An administrator's is everything; so is everybody's where the center is set to `all`.
 */
export function historyScopeOf({ role, groupIds }: Pick<Me, 'role' | 'groupIds'>, membersOf: (groupIds: readonly GroupId[]) => Iterable<AgentId>, setting: 'groups' | 'all'): HistoryScope {
  if (setting === 'all' || role === 'admin') return EVERYTHING;
  const groups = new Set<string>(groupIds);
  const colleagues = new Set<string>([...membersOf(groupIds)].toSorted());
  const key = createHash('sha256').update(JSON.stringify([[...groups].toSorted(), [...colleagues]])).digest('hex').slice(0, 16);
  return { key, includes: ({ groupId, agentId }) => (groupId === null ? agentId === null || colleagues.has(agentId) : groups.has(groupId)) };
}

/** The line as somebody outside of its scope may see it: that there was a contact, and not what it was about. */
export const seenIn = (scope: HistoryScope, entry: TimelineEntry): TimelineEntry => (scope.includes(entry) ? entry : { ...entry, memo: '', disposition: '' });
