import { z } from 'zod';
import type { ContactId, GroupId } from './ids.ts';

/**
 * By what way a customer is there. A voice item is a call, of which an agent has one; all others are conversations, of
 * which they have as many as their group says.
 */
export const Medium = z.enum(['voice', 'callback', 'message', 'chat', 'email']);
export type Medium = z.infer<typeof Medium>;

/** What is given out to agents: a contact of any medium that waits in a group. */
export interface WorkItem {
  /** Of the contact, whatever its medium. */
  workId: ContactId;
  medium: Medium;
  groupId: GroupId;
  /** Higher goes first; within one, whoever has waited longer. */
  priority: number;
  /** Since when the customer waits, epoch milliseconds. */
  since: number;
}
