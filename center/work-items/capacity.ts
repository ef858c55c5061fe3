import { unreachable } from '../../contract/errors.ts';
import type { AgentId, ContactId } from '../../contract/ids.ts';
import type { Agent } from '../agents/agent.ts';
import type { GroupRecord } from '../configuration/records.ts';
import type { WaitingItem } from './work-item.ts';

/**
 * The conversations agents have in hand, offered ones included. It stands beside the agent's state, which is that of
 * their calls: no number of chats makes them TALKING, and a call does not end a chat.
 */
export class Capacity {
  private readonly inHand = new Map<AgentId, Set<ContactId>>();

  /** Whether the agent may be given one more of this group: ready or in a call that leaves room, and with fewer than the group allows. */
  hasRoom(agent: Agent, { conversationsAtOnce, callBlocksConversations }: Pick<GroupRecord, 'conversationsAtOnce' | 'callBlocksConversations'>): boolean {
    return agent.connected && takesConversations(agent, callBlocksConversations) && this.count(agent.agentId) < conversationsAtOnce;
  }

  count(agentId: AgentId): number {
    return this.inHand.get(agentId)?.size ?? 0;
  }

  /** It is offered to them, or theirs already. */
  take(agentId: AgentId, { workId }: Pick<WaitingItem, 'workId'>): void {
    const items = this.inHand.get(agentId) ?? new Set();
    items.add(workId);
    this.inHand.set(agentId, items);
  }

  /** They do not have it any more. Answers whether they had. */
  release(agentId: AgentId, { workId }: Pick<WaitingItem, 'workId'>): boolean {
    const items = this.inHand.get(agentId);
    const had = items?.delete(workId) ?? false;
    if (items?.size === 0) this.inHand.delete(agentId);
    return had;
  }
}

/** Whoever is away, writing up or signed out takes nothing new. */
function takesConversations({ state }: Agent, callBlocks: boolean): boolean {
  switch (state.name) {
    case 'READY':
      return true;
    case 'RESERVED':
    case 'TALKING':
      return !callBlocks;
    case 'AFTER_CALL':
    case 'NOT_READY':
    case 'LOGGED_OUT':
      return false;
    default:
      return unreachable(state);
  }
}
