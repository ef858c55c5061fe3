import { z } from 'zod';
import { AgentCard, Colleague } from '../directory.ts';
import { AppError } from '../errors.ts';
import type { Scope } from '../permissions.ts';
import { DirectCalls, GroupStatistics } from '../statistics.ts';
import type { TopicName, TopicValue } from './topic-names.ts';

/** What the contract says of one topic: who may look at it, and what its entries are. */
interface Topic<Name extends TopicName> {
  scope: Scope;
  /**
   * Whose groups it can be narrowed to by `groupIds`: of `any` group, as everybody knows who is in which; of their `own`, which
   * are all of them for an administrator; `none`: it is one for all.
   */
  groups: 'any' | 'own' | 'none';
  value: z.ZodType<TopicValue<Name>>;
}

/**
 * What a window may look at while it shows it. Each is a map that grows, changes and shrinks by its keys; nobody is sent
 * what they do not look at.
 */
export const topics: { readonly [Name in TopicName]: Topic<Name> } = {
  /** Who works here. Changes when somebody is set up otherwise. */
  people: { scope: 'account.own', groups: 'none', value: Colleague },
  /** The same people with what they are doing now. */
  directory: { scope: 'account.own', groups: 'any', value: AgentCard },
  /** Queues and figures of the day. */
  figures: { scope: 'account.own', groups: 'own', value: GroupStatistics },
  /** Calls of the day that belong to no group: one entry. */
  directCalls: { scope: 'center.watch', groups: 'none', value: DirectCalls },
};

/** Subscriptions of one sign-in at once: a desk with all its windows needs a dozen. */
export const MOST_SUBSCRIPTIONS = 100;

/**
 * What travels beside the numbered events, as Socket.IO event `topic`. A subscription begins with `topic.subscribed`, the
 * whole of it, and has it again whenever changes were left out: the reader was slow, or may see other groups now. From
 * there on `topic.changed` of its channel, whose `seq` grows by one; a gap asks for the whole by subscribing again.
 * `topic.ended`: it is not theirs to look at any more.
 */
export const TopicMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('topic.subscribed'), id: z.string(), channel: z.string(), seq: z.number().int().nonnegative(), values: z.array(z.unknown()) }),
  /** The same for all who look at the same: entries that are new or other, and the keys of those that are no more. */
  z.object({ type: z.literal('topic.changed'), channel: z.string(), seq: z.number().int().positive(), upserts: z.array(z.unknown()), removals: z.array(z.string()) }),
  z.object({ type: z.literal('topic.ended'), id: z.string(), error: AppError }),
]);
export type TopicMessage = z.infer<typeof TopicMessage>;
export type TopicChange = Extract<TopicMessage, { type: 'topic.changed' }>;

/** Entries of a topic as its schema has them; null where one is something else. */
export function parseTopicValues<Name extends TopicName>(name: Name, values: readonly unknown[]): TopicValue<Name>[] | null {
  const parsed = z.array<z.ZodType<TopicValue<Name>>>(topics[name].value).safeParse(values);
  return parsed.success ? parsed.data : null;
}
