import type { Disposer } from '../../contract/errors.ts';
import type { AgentId, GroupId } from '../../contract/ids.ts';
import type { Agent } from '../agents/agent.ts';
import type { Roster } from '../agents/roster.ts';
import type { Contact } from '../calls/contact.ts';
import type { GroupRecord } from '../configuration/records.ts';
import type { Office } from '../office.ts';
import type { Clock } from '../ports.ts';
import { strategies } from './strategies.ts';

export type Refusal = 'closed' | 'noAgents' | 'queueFull';

interface Waiting {
  contact: Contact;
  /** Agents it rings at now; empty while it waits. */
  offeredTo: Set<AgentId>;
  /** Agents at whom the switch could not ring it, until it has been tried with all. */
  avoided: Set<AgentId>;
  /** Of its failures so far; it is not offered again before `stopRetry` has run. */
  failures: number;
  stopRetry: Disposer | null;
}

interface Queue {
  groupId: GroupId;
  /** By the time they entered, also those that ring. */
  waiting: Waiting[];
  lastOffered: AgentId | null;
}

interface AcdParts {
  office: Office;
  roster: Roster;
  clock: Clock;
  random: () => number;
  /** Contacts of this group an agent answered today. */
  callsToday: (groupId: GroupId, agentId: AgentId) => number;
  /** Rings at these agents; answers whom it really rings at. */
  offer: (contact: Contact, agents: Agent[], group: GroupRecord) => AgentId[];
  /** Whether the agent's phone is registered where the contact's call is. */
  canRing: (contact: Contact, agent: Agent) => boolean;
  /** The group's queue has changed. */
  onChanged: (groupId: GroupId) => void;
}

/** First wait after the switch could not ring an agent; each further one doubles, up to the longest. */
const RETRY_MS = 250;
const LONGEST_RETRY_MS = 30_000;

/**
 * Automatic call distribution: contacts wait in their group's queue by the time they entered it, and go to the
 * free agent whom the group's strategy picks. A contact that was offered in vain keeps its place.
 */
export class Acd {
  private readonly parts: AcdParts;
  private readonly queues = new Map<GroupId, Queue>();

  constructor(parts: AcdParts) {
    this.parts = parts;
  }

  /** Of a group that is set up: its queue begins with the first who asks for it. */
  private queueOf(groupId: GroupId | null): Queue | undefined {
    if (groupId === null || this.parts.office.group(groupId) === undefined) return undefined;
    const queue = this.queues.get(groupId) ?? { groupId, waiting: [], lastOffered: null };
    this.queues.set(groupId, queue);
    return queue;
  }

  /** Groups that are set up no more have no queue. Nobody may wait in them. */
  forget(groupIds: readonly GroupId[]): void {
    for (const groupId of groupIds) this.queues.delete(groupId);
  }

  /** What a group gives out, to whom and how, is set up otherwise: who waits is offered anew where they can be. */
  regroup(groupIds: Iterable<GroupId>): void {
    for (const groupId of groupIds) {
      const queue = this.queues.get(groupId);
      if (queue !== undefined) this.distribute(queue);
    }
  }

  /** Why a caller cannot wait in this group now; null when they can. */
  refusal(groupId: GroupId): Refusal | null {
    const group = this.parts.office.group(groupId);
    if (group === undefined) return 'closed';
    const waiting = this.queues.get(groupId)?.waiting ?? [];
    if (!this.parts.office.isOpen(group, this.parts.clock.now())) return 'closed';
    if (group.whenEmpty === 'refuse' && !this.parts.roster.membersOf(groupId).some(({ isOnDuty }) => isOnDuty)) return 'noAgents';
    return waiting.length >= group.maxWaiting ? 'queueFull' : null;
  }

  /** Puts a contact into its group's queue, at the place its `queuedMonotonic` gives it, and offers it if it can. */
  enqueue(contact: Contact): void {
    const queue = this.queueOf(contact.groupId);
    if (queue === undefined || queue.waiting.some((entry) => entry.contact === contact)) return;
    const after = queue.waiting.findIndex((entry) => entry.contact.queuedMonotonic > contact.queuedMonotonic);
    queue.waiting.splice(after === -1 ? queue.waiting.length : after, 0, { contact, offeredTo: new Set(), avoided: new Set(), failures: 0, stopRetry: null });
    this.parts.onChanged(queue.groupId);
    this.distribute(queue);
  }

  /** Takes a contact out: it was answered, or it is over. */
  remove(contact: Contact): void {
    for (const queue of this.queues.values()) {
      const at = queue.waiting.findIndex((entry) => entry.contact === contact);
      if (at === -1) continue;
      const [entry] = queue.waiting.splice(at, 1);
      entry?.stopRetry?.();
      this.parts.onChanged(queue.groupId);
      return;
    }
  }

  /** An offer came to nothing: when it was the last one, the contact waits again, at its old place. */
  offerEnded(contact: Contact, agentId: AgentId): void {
    const queue = this.queueOf(contact.groupId);
    const entry = queue?.waiting.find((one) => one.contact === contact);
    if (queue === undefined || entry === undefined) return;
    entry.offeredTo.delete(agentId);
    this.parts.onChanged(queue.groupId);
    this.distribute(queue);
  }

  /**
   * The switch could not ring this agent for it. The contact keeps its place, and is offered again after a while, to
   * others first: a switch that can ring nobody is not asked in a loop.
   */
  offerFailed(contact: Contact, agentId: AgentId): void {
    const queue = this.queueOf(contact.groupId);
    const entry = queue?.waiting.find((one) => one.contact === contact);
    if (queue === undefined || entry === undefined) return;
    entry.offeredTo.delete(agentId);
    entry.avoided.add(agentId);
    entry.stopRetry ??= this.parts.clock.setTimeout(() => {
      entry.stopRetry = null;
      this.distribute(queue);
    }, Math.min(LONGEST_RETRY_MS, RETRY_MS * 2 ** entry.failures++));
    this.parts.onChanged(queue.groupId);
    this.distribute(queue);
  }

  /** An agent has become free: the oldest contact among their groups is theirs to have. */
  agentFree(agent: Agent): void {
    const queues = agent.groupIds.map((groupId) => this.queues.get(groupId)).filter((queue) => queue !== undefined);
    const age = ({ waiting }: Queue) => waiting.find(({ offeredTo }) => offeredTo.size === 0)?.contact.queuedMonotonic ?? Infinity;
    for (const queue of queues.toSorted((a, b) => age(a) - age(b))) this.distribute(queue);
  }

  /** Whom a consultation with this group reaches from this contact now; null when nobody is free. */
  pick(groupId: GroupId, contact: Contact): Agent | null {
    const queue = this.queueOf(groupId);
    const [agent] = queue === undefined ? [] : this.choose(queue, contact, this.freeMembers(groupId));
    return agent ?? null;
  }

  isWaiting(contact: Contact): boolean {
    return [...this.queues.values()].some(({ waiting }) => waiting.some((entry) => entry.contact === contact));
  }

  /** Contacts in the queue, those that ring included, and since when the oldest of them waits. */
  waitingIn(groupId: GroupId): { waiting: number; oldestSince: number | null } {
    const entries = this.queues.get(groupId)?.waiting ?? [];
    const since = entries.map(({ contact }) => contact.queuedAt ?? Infinity);
    return { waiting: entries.length, oldestSince: since.length === 0 ? null : Math.min(...since) };
  }

  private freeMembers(groupId: GroupId): Agent[] {
    return this.parts.roster.membersOf(groupId).filter(({ isFree }) => isFree);
  }

  /** Offers waiting contacts, oldest first, while there are free agents. */
  private distribute(queue: Queue): void {
    const group = this.parts.office.group(queue.groupId);
    if (group === undefined) return;
    for (const entry of queue.waiting.slice()) {
      if (entry.offeredTo.size > 0 || entry.stopRetry !== null) continue;
      const all = this.freeMembers(queue.groupId);
      if (all.length === 0) return;
      const untried = all.filter(({ agentId }) => !entry.avoided.has(agentId));
      if (untried.length === 0) entry.avoided.clear();
      const free = untried.length === 0 ? all : untried;
      const agents = this.choose(queue, entry.contact, free);
      if (agents.length === 0) continue;
      for (const { agentId } of agents) entry.offeredTo.add(agentId);
      const ringing = this.parts.offer(entry.contact, agents, group);
      entry.offeredTo = new Set(ringing);
      queue.lastOffered = ringing.at(-1) ?? queue.lastOffered;
    }
  }

  /** Whom the strategy wants, of those at whom this contact can ring. */
  private choose(queue: Queue, contact: Contact, free: readonly Agent[]): Agent[] {
    let left = free;
    while (left.length > 0) {
      const wanted = this.select(queue, left)
        .map((agentId) => this.parts.roster.agent(agentId))
        .filter((agent) => agent !== undefined);
      const found = wanted.filter((agent) => this.parts.canRing(contact, agent));
      if (found.length > 0 || wanted.length === 0) return found;
      left = left.filter((agent) => !wanted.includes(agent));
    }
    return [];
  }

  private select(queue: Queue, free: readonly Agent[]): AgentId[] {
    const { groupId } = queue;
    const strategy = this.parts.office.group(groupId)?.strategy ?? 'longest-idle';
    const candidates = free.map((agent) => ({
      agentId: agent.agentId,
      idleSince: agent.idleSince,
      callsToday: this.parts.callsToday(groupId, agent.agentId),
      skill: agent.record.memberships.find((membership) => membership.groupId === groupId)?.skill ?? 0,
      order: this.parts.roster.membersOf(groupId).indexOf(agent),
    }));
    return strategies[strategy]({ candidates, lastOffered: queue.lastOffered, random: this.parts.random });
  }
}
