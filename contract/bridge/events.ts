import { z } from 'zod';
import { Notice } from '../cti/notice.ts';
import { topicNames } from '../cti/topic-names.ts';
import { CustomerRecord } from '../customer.ts';
import { ContactId, CustomerId } from '../ids.ts';
import { AppError } from '../errors.ts';
import { MediaRequest } from './media.ts';
import { SessionView } from './views.ts';

const OfTopic = z.object({ topic: z.enum(topicNames), id: z.string() });

/**
 * What a host tells its windows. `session.changed` carries only the parts of the SessionView that
 * changed, each whole: the window replaces them.
 */
export const bridgeEvents = {
  'session.changed': SessionView.partial(),
  /**
   * Who is at the other end of a contact, told before the view that shows it: a window need not ask. Null where no customer
   * is known. Of a long history the newest lines are told, and that there are more.
   */
  'contact.popped': z.object({ contactId: ContactId, customerId: CustomerId.nullable(), number: z.string(), record: CustomerRecord.nullable(), more: z.boolean() }),
  'customers.changed': z.object({ customerIds: z.array(CustomerId) }),
  /**
   * Only to windows that have subscribed (`topics.subscribe`), by the name of what they asked for. First the whole, which may come
   * again; then entries that are new or other, and keys of those that are no more. Entries are what the topic's schema says.
   */
  'topic.subscribed': OfTopic.extend({ values: z.array(z.unknown()) }),
  'topic.changed': OfTopic.extend({ upserts: z.array(z.unknown()), removals: z.array(z.string()) }),
  /** There is nothing to be seen there, and why. */
  'topic.ended': OfTopic.extend({ error: AppError }),
  'notice.raised': Notice,
  /** Only to the window that claimed the audio. */
  'media.requested': MediaRequest,
  /** Another window claimed the audio. */
  'media.released': z.null(),
} as const;

export type BridgeEvents = typeof bridgeEvents;
export type BridgeEventName = keyof BridgeEvents;
export type BridgePayload<Name extends BridgeEventName> = z.infer<BridgeEvents[Name]>;
export const isBridgeEventName = (name: string): name is BridgeEventName => Object.hasOwn(bridgeEvents, name);
