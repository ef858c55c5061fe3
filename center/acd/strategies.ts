import type { RoutingStrategy } from '../configuration/records.ts';
import type { AgentId } from '../../contract/ids.ts';

/** An agent who could take a group's contact now. */
export interface Candidate {
  agentId: AgentId;
  /** Monotonic milliseconds since when the agent waits for a contact. */
  idleSince: number;
  /** Contacts of this group the agent answered today. */
  callsToday: number;
  /** Skill level in this group; higher is better. */
  skill: number;
  /** Place among the group's members, as the supervisor set them. */
  order: number;
}

export interface Selection {
  candidates: readonly Candidate[];
  /** Whom this group's last contact was offered to; null before the first. */
  lastOffered: AgentId | null;
  /** 0 ≤ r < 1. */
  random: () => number;
}

/** Picks whom to offer a contact: one agent, several at once (ring all), or nobody where there is no candidate. */
export type Strategy = (selection: Selection) => AgentId[];

type Order = (a: Candidate, b: Candidate) => number;

const longestIdle: Order = (a, b) => a.idleSince - b.idleSince || a.order - b.order;

const firstBy =
  (order: Order): Strategy =>
  ({ candidates }) =>
    candidates.toSorted(order).slice(0, 1).map(({ agentId }) => agentId);

/** The next member after the last one offered to, by the fixed order; it remembers across contacts. */
const roundRobin: Strategy = ({ candidates, lastOffered }) => {
  const inOrder = candidates.toSorted((a, b) => a.order - b.order || a.agentId.localeCompare(b.agentId));
  const last = inOrder.findIndex(({ agentId }) => agentId === lastOffered);
  const next = inOrder[(last + 1) % Math.max(1, inOrder.length)];
  return next === undefined ? [] : [next.agentId];
};

/** A group's strategy by its name (domain: Routing strategies). Ties go to the longest idle. */
export const strategies: Readonly<Record<RoutingStrategy, Strategy>> = {
  'longest-idle': firstBy(longestIdle),
  'round-robin': roundRobin,
  'fewest-calls': firstBy((a, b) => a.callsToday - b.callsToday || longestIdle(a, b)),
  random: ({ candidates, random }) => candidates.slice(Math.floor(random() * candidates.length)).slice(0, 1).map(({ agentId }) => agentId),
  'fixed-order': firstBy((a, b) => a.order - b.order),
  'ring-all': ({ candidates }) => candidates.toSorted(longestIdle).map(({ agentId }) => agentId),
  'skill-level': firstBy((a, b) => b.skill - a.skill || longestIdle(a, b)),
};
