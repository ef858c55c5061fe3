import type { AgentId } from '../../contract/ids.ts';
import type { Medium, WorkItem } from '../../contract/work.ts';
import type { Agent } from '../agents/agent.ts';
import type { GroupRecord } from '../configuration/records.ts';

/** A work item that waits here. */
export interface WaitingItem extends WorkItem {
  /** Since when, on the monotonic clock: by that it has its place. */
  sinceMonotonic: number;
}

/** How items of one medium come to agents. The matcher knows of a medium no more than this. */
export interface MediumPort {
  /** Whether an item of this group may be offered to this agent now: what they have in hand leaves room for it. */
  hasRoom: (agent: Agent, group: GroupRecord) => boolean;
  /** Whether it reaches the agent from where it is. */
  reaches: (item: WaitingItem, agent: Agent) => boolean;
  /** Offers it to these agents. Answers to whom it really is offered; from then on they have less room, or none. */
  offer: (item: WaitingItem, agents: readonly Agent[], group: GroupRecord) => AgentId[];
}

/** Items of a medium that is not among them wait until it is. */
export type Media = Partial<Record<Medium, MediumPort>>;

/** Which of two goes first. */
export const byTurn = (a: WaitingItem, b: WaitingItem): number => b.priority - a.priority || a.sinceMonotonic - b.sinceMonotonic;
