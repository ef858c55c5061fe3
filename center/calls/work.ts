import type { GroupId } from '../../contract/ids.ts';
import type { WaitingItem } from '../work-items/work-item.ts';
import type { Contact } from './contact.ts';

/** No caller goes before another who has waited longer. */
const PRIORITY = 0;

/** The call of a contact as it waits, or would wait, in this group. */
export function workOf({ contactId, queuedAt, queuedMonotonic }: Contact, groupId: GroupId, now: number): WaitingItem {
  return { workId: contactId, medium: 'voice', groupId, priority: PRIORITY, since: queuedAt ?? now, sinceMonotonic: queuedMonotonic };
}
