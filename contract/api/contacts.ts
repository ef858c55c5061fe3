import { z } from 'zod';
import { MemoText, TimelineEntry } from '../customer.ts';
import { ContactId, DispositionId } from '../ids.ts';
import type { Endpoint } from './endpoint.ts';

export const contactEndpoints = {
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
