import type { AgentState, Choice } from '../../../contract/agent-state.ts';
import { awayChoice, awayReasonId } from '../../../contract/away-reasons.ts';
import type { AgentCard, GroupCard, Me } from '../../../contract/directory.ts';
import { byText } from '../../../contract/search/index.ts';

/** What a supervisor may set an agent to now, and what it does to the agent. */
export interface Force {
  choice: Choice;
  /** `now` at once; `afterCall` when their call is over; `interrupts`: takes their after-call work away, so ask first. */
  effect: 'now' | 'afterCall' | 'interrupts';
}

/** The groups a person is in charge of: an admin of all. */
export const ownGroups = (groups: readonly GroupCard[], me: Pick<Me, 'role' | 'groupIds'>): readonly GroupCard[] => (me.role === 'admin' ? groups : groups.filter(({ groupId }) => me.groupIds.includes(groupId)));

/** The agents of those groups, the person themselves left out: they have their own control. */
export function ownAgents(agents: readonly AgentCard[], me: Pick<Me, 'agentId' | 'role' | 'groupIds'>, groupId: string | null): AgentCard[] {
  const inReach = ({ groupIds }: AgentCard) => me.role === 'admin' || groupIds.some((id) => me.groupIds.includes(id));
  return agents.filter((agent) => agent.agentId !== me.agentId && inReach(agent) && (groupId === null || agent.groupIds.some((id) => id === groupId)));
}

const effectIn = (state: AgentState): Force['effect'] => {
  if (state.name === 'TALKING' || state.name === 'RESERVED') return 'afterCall';
  return state.name === 'AFTER_CALL' ? 'interrupts' : 'now';
};

/** What is chosen for after the call, if anything. */
export const pendingOf = (state: AgentState): Choice | null => ('pending' in state ? state.pending : null);

const same = (a: Choice, b: Choice): boolean => a.kind === b.kind && awayReasonId(a) === awayReasonId(b);

/** What the agent is, in a Choice's words; null while they are doing something. */
function presentChoice(state: AgentState): Choice | null {
  if (state.name === 'READY') return { kind: 'ready' };
  const reason = awayReasonId(state);
  return reason === null ? null : awayChoice(reason);
}

/**
 * Every choice that would change something, with its effect. Nothing for who is signed out, and no Ready for who has
 * no phone: the center would refuse.
 * @param away with which reasons one can be away here
 */
export function forcesOf(agent: AgentCard, away: readonly Choice[]): Force[] {
  const { state } = agent;
  if (state.name === 'LOGGED_OUT') return [];
  const already = pendingOf(state) ?? presentChoice(state);
  const choices: Choice[] = [...(agent.reachable && agent.connected ? [{ kind: 'ready' } as const] : []), ...away, { kind: 'signOut' }];
  return choices.filter((choice) => already === null || !same(choice, already)).map((choice) => ({ choice, effect: choice.kind === 'signOut' && effectIn(state) === 'now' ? 'interrupts' : effectIn(state) }));
}

export type TeamColumn = 'name' | 'state' | 'time';
const ORDER: Record<AgentState['name'], number> = { RESERVED: 0, TALKING: 1, AFTER_CALL: 2, READY: 3, NOT_READY: 4, LOGGED_OUT: 5 };

/** Agents in the order of a column; who is signed out stands last whichever way. */
export function sortAgents(agents: readonly AgentCard[], column: TeamColumn, descending: boolean): AgentCard[] {
  const byName = (a: AgentCard, b: AgentCard) => byText(a.name, b.name);
  const by: Record<TeamColumn, (a: AgentCard, b: AgentCard) => number> = {
    name: byName,
    state: (a, b) => ORDER[a.state.name] - ORDER[b.state.name] || a.since - b.since || byName(a, b),
    // Upwards by time in state: the latest to change first.
    time: (a, b) => b.since - a.since || byName(a, b),
  };
  const out = (agent: AgentCard) => (agent.state.name === 'LOGGED_OUT' ? 1 : 0);
  return agents.toSorted((a, b) => out(a) - out(b) || (descending ? -by[column](a, b) : by[column](a, b)));
}

/** How a group's opening is decided: by hand, or by its hours. */
export type Opening = 'open' | 'closed' | 'hours';
export const openingOf = ({ openOverride }: Pick<GroupCard, 'openOverride'>): Opening => (openOverride === null ? 'hours' : openOverride ? 'open' : 'closed');
export const overrideOf: Record<Opening, boolean | null> = { open: true, closed: false, hours: null };
