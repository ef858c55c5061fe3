import { z } from 'zod';
import { ContactKind, HistoryLine, HistoryPosition, MemoText, TimelineEntry } from '../customer.ts';
import { AgentId, ContactId, DispositionId, EpochMs, GroupId } from '../ids.ts';
import type { Endpoint } from './endpoint.ts';

export const contactEndpoints = {
  'contacts.search': {
    method: 'POST',
    path: '/contacts/search',
    summary:
      'Contacts that are over, newest first: in which an agent or a group had a part, of a kind, that nobody answered, of a time (`to` not included), with a disposition by name or without the one that is asked for, by part of a memo, a name or a number. A page may be shorter than asked for; `next` is the `before` of the page after, null: that was all.',
    scope: 'customers.read',
    request: z.strictObject({
      agentId: AgentId.nullable().default(null),
      groupId: GroupId.nullable().default(null),
      kind: ContactKind.nullable().default(null),
      missed: z.boolean().default(false),
      from: EpochMs.nullable().default(null),
      to: EpochMs.nullable().default(null),
      disposition: z.string().max(120).nullable().default(null),
      dispositionMissing: z.boolean().default(false),
      text: z.string().max(80).default(''),
      limit: z.number().int().min(1).max(200).default(100),
      before: HistoryPosition.nullable().default(null),
    }),
    response: z.object({ lines: z.array(HistoryLine), next: HistoryPosition.nullable() }),
    asks: true,
  },
  'contacts.correct': {
    method: 'PATCH',
    path: '/contacts/:contactId',
    summary: 'Puts right what the history says of a contact, by who handled it or their supervisor. What is left out stays.',
    scope: 'contacts.correct',
    request: z.strictObject({ contactId: ContactId, version: TimelineEntry.shape.version.unwrap(), memo: MemoText.optional(), dispositionId: DispositionId.nullable().optional() }).refine(({ memo, dispositionId }) => memo !== undefined || dispositionId !== undefined, 'memo or dispositionId is to be put right'),
    response: TimelineEntry,
    versioned: true,
    audited: { subject: 'contactId', by: 'store' },
  },
} as const satisfies Record<string, Endpoint>;
