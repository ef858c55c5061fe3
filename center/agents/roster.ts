import type { AgentEvent, AgentState } from '../../contract/agent-state.ts';
import type { AgentId, GroupId } from '../../contract/ids.ts';
import type { AgentRecord } from '../configuration/records.ts';
import type { Clock } from '../ports.ts';
import { Agent, type OnTransition } from './agent.ts';
import { OwnCards } from './own-cards.ts';

interface RosterParts {
  agents: readonly AgentRecord[];
  clock: Clock;
  onTransition: OnTransition;
  /** An agent's card is another: whoever looks at it is told in time. */
  onCard: (agentId: AgentId) => void;
  /** The same, for the agent's own desk, at the end of the turn. */
  onOwnCard: (agent: Agent) => void;
}

/** Everybody who may sign in. */
export class Roster {
  private readonly parts: RosterParts;
  private readonly byId = new Map<AgentId, Agent>();
  private readonly byExtension = new Map<string, Agent>();
  private readonly members = new Map<GroupId, Agent[]>();
  private agents: readonly AgentRecord[];
  /** Signed in still as what they are set up as no more. */
  private readonly leavers = new Set<Agent>();
  private readonly ownCards: OwnCards;

  constructor(parts: RosterParts) {
    this.parts = parts;
    this.agents = parts.agents;
    // The desk of somebody who was removed may be heard of after that.
    this.ownCards = new OwnCards((agent) => this.byId.get(agent.agentId) === agent && parts.onOwnCard(agent));
    this.index();
  }

  /**
   * Who may sign in is set up otherwise. Whoever is signed in and is removed, or gets another extension, is as they were
   * until they are out (`settle`), but no contact of a group is theirs any more.
   * @returns whose card is another, whom there is no more, and who has to be signed out for it to come true
   */
  apply(agents: readonly AgentRecord[]): { changed: Agent[]; removed: AgentId[]; toSignOut: AgentId[] } {
    const before = new Map([...this.byId].map(([agentId, agent]) => [agentId, agent.record]));
    this.agents = agents;
    this.index();
    const changed = this.all.filter((agent) => before.get(agent.agentId) !== agent.record);
    for (const agent of changed) this.show(agent);
    const removed = [...before.keys()].filter((agentId) => !this.byId.has(agentId));
    return { changed, removed, toSignOut: [...this.leavers].map(({ agentId }) => agentId) };
  }

  /** Signed in as what they are set up as no more. */
  isLeaving(agent: Agent): boolean {
    return this.leavers.has(agent);
  }

  /** An agent is out: what waited for it comes true. Answers whether they are set up no more. */
  settle(agent: Agent): boolean {
    if (!this.leavers.has(agent)) return false;
    this.index();
    if (this.byId.has(agent.agentId)) this.show(agent);
    return !this.byId.has(agent.agentId);
  }

  private index(): void {
    const known = new Map(this.byId);
    const heard: OnTransition = (agent, from, event) => this.transitioned(agent, from, event);
    this.byId.clear();
    this.byExtension.clear();
    this.members.clear();
    this.leavers.clear();
    for (const record of this.agents) {
      const agent = known.get(record.agentId) ?? new Agent(record, this.parts.clock, heard);
      known.delete(record.agentId);
      const isMoving = agent.state.name !== 'LOGGED_OUT' && agent.record.extension !== record.extension;
      if (isMoving) this.leavers.add(agent);
      if (agent.record !== record) agent.record = isMoving ? { ...record, extension: agent.record.extension } : record;
      this.add(agent);
      for (const groupId of agent.groupIds) {
        const list = this.members.get(groupId);
        if (list === undefined) this.members.set(groupId, [agent]);
        else list.push(agent);
      }
    }
    for (const agent of known.values()) {
      if (agent.state.name === 'LOGGED_OUT') continue;
      this.leavers.add(agent);
      this.add(agent);
    }
  }

  private add(agent: Agent): void {
    this.byId.set(agent.agentId, agent);
    this.byExtension.set(agent.record.extension, agent);
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

  /** Tells an agent's card: to their own desk at once, and to whoever looks at it. */
  show(agent: Agent): void {
    this.ownCards.show(agent);
    this.parts.onCard(agent.agentId);
  }

  private transitioned(agent: Agent, from: AgentState, event: AgentEvent): void {
    this.show(agent);
    this.parts.onTransition(agent, from, event);
  }
}
