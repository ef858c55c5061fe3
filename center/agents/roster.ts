import type { AgentEvent, AgentState } from '../../contract/agent-state.ts';
import type { AgentCard } from '../../contract/directory.ts';
import type { AgentId, GroupId } from '../../contract/ids.ts';
import type { AgentRecord } from '../configuration.ts';
import type { Clock } from '../ports.ts';
import { Agent, type OnTransition } from './agent.ts';

interface RosterParts {
  agents: readonly AgentRecord[];
  clock: Clock;
  onTransition: OnTransition;
  /** The cards that changed in one turn of the event loop. */
  onCards: (cards: AgentCard[]) => void;
}

/** Everybody who may sign in. */
export class Roster {
  private readonly parts: RosterParts;
  private readonly byId = new Map<AgentId, Agent>();
  private readonly byExtension = new Map<string, Agent>();
  private readonly members = new Map<GroupId, Agent[]>();
  private changed = new Set<Agent>();

  constructor(parts: RosterParts) {
    this.parts = parts;
    const heard: OnTransition = (agent, from, event) => this.transitioned(agent, from, event);
    for (const record of parts.agents) {
      const agent = new Agent(record, parts.clock, heard);
      this.byId.set(agent.agentId, agent);
      this.byExtension.set(record.extension, agent);
      for (const groupId of agent.groupIds) this.members.set(groupId, [...this.membersOf(groupId), agent]);
    }
  }

  get all(): Agent[] {
    return [...this.byId.values()];
  }

  agent(agentId: AgentId): Agent | undefined {
    return this.byId.get(agentId);
  }

  atExtension(extension: string): Agent | undefined {
    return this.byExtension.get(extension);
  }

  membersOf(groupId: GroupId): readonly Agent[] {
    return this.members.get(groupId) ?? [];
  }

  /** Tells all desks an agent's card, with those of others that changed in the same turn. */
  show(agent: Agent): void {
    if (this.changed.size === 0) queueMicrotask(() => this.tell());
    this.changed.add(agent);
  }

  private transitioned(agent: Agent, from: AgentState, event: AgentEvent): void {
    this.show(agent);
    this.parts.onTransition(agent, from, event);
  }

  private tell(): void {
    const cards = [...this.changed].map((agent) => agent.card);
    this.changed = new Set();
    this.parts.onCards(cards);
  }
}
