import { z } from 'zod';
import type { AgentCard, Colleague } from '../directory.ts';
import { GroupId } from '../ids.ts';
import type { DirectCalls, GroupStatistics } from '../statistics.ts';

/*
 * What a window has to know of topics beside their entries' schemas, which are large, and its host's to check
 * (`topics.ts`).
 */

/** The entries of each topic. */
export interface TopicValues {
  people: Colleague;
  directory: AgentCard;
  figures: GroupStatistics;
  directCalls: DirectCalls;
}

export type TopicName = keyof TopicValues;
export type TopicValue<Name extends TopicName> = TopicValues[Name];

/** By what the entries of each topic are told apart. */
const keys: { readonly [Name in TopicName]: (value: TopicValue<Name>) => string } = {
  people: ({ agentId }) => agentId,
  directory: ({ agentId }) => agentId,
  figures: ({ groupId }) => groupId,
  directCalls: () => 'today',
};

export const topicNames = Object.keys(keys) as [TopicName, ...TopicName[]];
export const isTopicName = (name: string): name is TopicName => Object.hasOwn(keys, name);

/** The key of an entry of this topic. */
export const topicKeyOf = <Name extends TopicName>(name: Name, value: TopicValue<Name>): string => keys[name](value);

/** Which topic, and of which groups; null: of all that the asker may look at, whichever those are at the time. */
export const TopicAsk = z.strictObject({ topic: z.string().min(1).max(40), groupIds: z.array(GroupId).min(1).max(200).nullable() });
export type TopicAsk = z.infer<typeof TopicAsk>;

/** The name of what is asked for: the same for the same groups in another order. */
export const topicId = ({ topic: name, groupIds }: TopicAsk): string => `${name}:${groupIds === null ? '*' : [...new Set<string>(groupIds)].toSorted().join(',')}`;
