import type { AgentCard, GroupCard } from '../../../contract/directory.ts';
import type { AgentId } from '../../../contract/ids.ts';
import { byText, found as foundIn } from '../../../contract/search/index.ts';

/** A line of the org chart: a group's heading, or an agent in it. An agent of two groups has two lines. */
export type DirectoryRow =
  | { kind: 'group'; key: string; group: GroupCard | null; expanded: boolean; agents: number; ready: number }
  | { kind: 'agent'; key: string; agent: AgentCard };

export interface DirectoryFilter {
  text: string;
  /** Only who could take a call now. */
  readyOnly: boolean;
  /** Keys of the groups whose agents are folded away. A search looks into them all the same. */
  folded: ReadonlySet<string>;
}

/** The org chart as lines, groups in the center's order, agents by name; who is in no group comes last. */
export function directoryRows(agents: readonly AgentCard[], groups: readonly GroupCard[], { text, readyOnly, folded }: DirectoryFilter): DirectoryRow[] {
  const searching = text.trim() !== '' || readyOnly;
  const available = agents.filter((agent) => !readyOnly || agent.state.name === 'READY');
  const found = foundIn(available, text, ({ name, extension }) => ({ texts: [name], numbers: [extension] })).toSorted((a, b) => byText(a.name, b.name));
  const known = new Set<string>(groups.map(({ groupId }) => groupId));
  const sections = [
    ...groups.map((group) => ({ group, members: found.filter(({ groupIds }) => groupIds.includes(group.groupId)) })),
    { group: null, members: found.filter(({ groupIds }) => !groupIds.some((id) => known.has(id))) },
  ];
  return sections.flatMap(({ group, members }): DirectoryRow[] => {
    if (members.length === 0 && (group === null || searching)) return [];
    const key = group?.groupId ?? '-';
    const expanded = searching || !folded.has(key);
    const heading: DirectoryRow = { kind: 'group', key, group, expanded, agents: members.length, ready: members.filter(({ state }) => state.name === 'READY').length };
    return [heading, ...(expanded ? members.map((agent): DirectoryRow => ({ kind: 'agent', key: `${key}/${agent.agentId}`, agent })) : [])];
  });
}

/** Why an agent cannot be called, or null: `directory.reason.<reason>`. */
export function whyNotCall(agent: AgentCard, me: AgentId | null): 'self' | 'signedOut' | 'disconnected' | 'noPhone' | null {
  if (agent.agentId === me) return 'self';
  if (agent.state.name === 'LOGGED_OUT') return 'signedOut';
  if (!agent.reachable) return agent.connected ? 'noPhone' : 'disconnected';
  return null;
}
