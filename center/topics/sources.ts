import type { TopicName, TopicValue } from '../../contract/cti/index.ts';
import type { Colleague } from '../../contract/directory.ts';
import { AgentId, GroupId } from '../../contract/ids.ts';
import type { Roster } from '../agents/roster.ts';
import type { Office } from '../office.ts';
import type { Statistics } from '../reports/statistics.ts';

/** What the entries of one topic are made of. */
export interface TopicSource<Value> {
  /** Between two tellings. Nobody sees it; what changes in between is told once, as it is then. */
  everyMs: number;
  keys: () => Iterable<string>;
  /** The entry as it is now; null for one that is no more. */
  valueOf: (key: string) => Value | null;
  /** Whose groups it is of. */
  groupsOf: (key: string) => readonly GroupId[];
}

export type TopicSources = { readonly [Name in TopicName]: TopicSource<TopicValue<Name>> };

interface Shown {
  office: Pick<Office, 'group'>;
  roster: Roster;
  statistics: Statistics;
}

/** Every topic, from what the center knows. Nothing is made of it before somebody looks. */
export function createSources({ office, roster, statistics }: Shown): TopicSources {
  const agentIds = (): string[] => roster.all.map(({ agentId }) => agentId);
  const agentOf = (key: string) => roster.agent(AgentId.parse(key));
  const groupsOfAgent = (key: string): readonly GroupId[] => agentOf(key)?.groupIds ?? [];
  function colleagueOf(key: string): Colleague | null {
    const agent = agentOf(key);
    if (agent === undefined) return null;
    const { agentId, name, extension, role, groupIds } = agent.card;
    return { agentId, name, extension, role, groupIds };
  }
  return {
    people: {
      everyMs: 200,
      keys: agentIds,
      valueOf: colleagueOf,
      groupsOf: groupsOfAgent,
    },
    directory: { everyMs: 200, keys: agentIds, valueOf: (key) => agentOf(key)?.card ?? null, groupsOf: groupsOfAgent },
    figures: {
      everyMs: 300,
      keys: () => statistics.groupIds,
      valueOf: (key) => (office.group(GroupId.parse(key)) === undefined ? null : statistics.of(GroupId.parse(key))),
      groupsOf: (key) => [GroupId.parse(key)],
    },
    directCalls: { everyMs: 500, keys: () => ['today'], valueOf: () => statistics.directCalls, groupsOf: () => [] },
  };
}
