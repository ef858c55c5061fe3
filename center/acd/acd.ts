import type { Disposer } from '../../contract/errors.ts';
import type { AgentId, ContactId, GroupId } from '../../contract/ids.ts';
import { Medium } from '../../contract/work.ts';
import type { Agent } from '../agents/agent.ts';
import type { Roster } from '../agents/roster.ts';
import type { GroupRecord } from '../configuration/records.ts';
import type { Office } from '../office.ts';
import type { Clock } from '../ports.ts';
import { byTurn, type Media, type MediumPort, type WaitingItem } from '../work-items/work-item.ts';
import { strategies } from './strategies.ts';

export type Refusal = 'closed' | 'noAgents' | 'queueFull';

interface Waiting {
  item: WaitingItem;
  /** Agents it is offered to now; empty while it waits. */
  offeredTo: Set<AgentId>;
  /** Agents to whom it could not be offered, until it has been tried with all. */
  avoided: Set<AgentId>;
  /** Of its failures so far; it is not offered again before `stopRetry` has run. */
  failures: number;
  stopRetry: Disposer | null;
}

interface Queue {
  groupId: GroupId;
  /** By whose turn it is, also those that are offered. */
  waiting: Waiting[];
  /** Whom an item of each medium was offered to last. */
  lastOffered: Partial<Record<Medium, AgentId>>;
}

interface AcdParts {
  office: Office;
  roster: Roster;
  clock: Clock;
  random: () => number;
  /** Contacts of this group an agent answered today. */
  callsToday: (groupId: GroupId, agentId: AgentId) => number;
  media: Media;
  /** The group's queue has changed. */
  onChanged: (groupId: GroupId) => void;
}

/** First wait after an item could not be offered to an agent; each further one doubles, up to the longest. */
const RETRY_MS = 250;
const LONGEST_RETRY_MS = 30_000;

/**
 * Automatic call distribution, of contacts of every medium: work items wait in their group's queue by priority and by
 * the time they entered it, and go to the agent with room for them whom the group's strategy picks. What was offered in
 * vain keeps its place.
 */
export class Acd {
  private readonly parts: AcdParts;
  private readonly queues = new Map<GroupId, Queue>();
  private readonly places = new Map<ContactId, { queue: Queue; entry: Waiting }>();

  constructor(parts: AcdParts) {
    this.parts = parts;
  }

  /** Of a group that is set up: its queue begins with the first who asks for it. */
  private queueOf(groupId: GroupId): Queue | undefined {
    if (this.parts.office.group(groupId) === undefined) return undefined;
    const queue = this.queues.get(groupId) ?? { groupId, waiting: [], lastOffered: {} };
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
    if (!this.parts.office.isOpen(group, this.parts.clock.now())) return 'closed';
    if (group.whenEmpty === 'refuse' && !this.parts.roster.membersOf(groupId).some(({ isOnDuty }) => isOnDuty)) return 'noAgents';
    return this.waitingIn(groupId, 'voice').waiting >= group.maxWaiting ? 'queueFull' : null;
  }

  /** Puts an item into its group's queue, at the place that is its turn, and offers it if it can. */
  enqueue(item: WaitingItem): void {
    const queue = this.queueOf(item.groupId);
    if (queue === undefined || this.isWaiting(item.workId)) return;
    const entry: Waiting = { item, offeredTo: new Set(), avoided: new Set(), failures: 0, stopRetry: null };
    const after = queue.waiting.findIndex((other) => byTurn(other.item, item) > 0);
    queue.waiting.splice(after === -1 ? queue.waiting.length : after, 0, entry);
    this.places.set(item.workId, { queue, entry });
    this.parts.onChanged(queue.groupId);
    this.distribute(queue);
  }

  /** Takes an item out: somebody has it, or it is over. */
  remove(workId: ContactId): void {
    const place = this.places.get(workId);
    if (place === undefined) return;
    const { queue, entry } = place;
    this.places.delete(workId);
    queue.waiting.splice(queue.waiting.indexOf(entry), 1);
    entry.stopRetry?.();
    this.parts.onChanged(queue.groupId);
  }

  /** An offer came to nothing: when it was the last one, the item waits again, at its old place. */
  offerEnded(workId: ContactId, agentId: AgentId): void {
    const place = this.places.get(workId);
    if (place === undefined) return;
    place.entry.offeredTo.delete(agentId);
    this.parts.onChanged(place.queue.groupId);
    this.distribute(place.queue);
  }

  /**
   * It could not be offered to this agent, by nobody's fault here. It keeps its place, and is offered again after a
   * while, to others first: a switch that can ring nobody is not asked in a loop.
   */
  offerFailed(workId: ContactId, agentId: AgentId): void {
    const place = this.places.get(workId);
    if (place === undefined) return;
    const { queue, entry } = place;
    entry.offeredTo.delete(agentId);
    entry.avoided.add(agentId);
    entry.stopRetry ??= this.parts.clock.setTimeout(() => {
      entry.stopRetry = null;
      this.distribute(queue);
    }, Math.min(LONGEST_RETRY_MS, RETRY_MS * 2 ** entry.failures++));
    this.parts.onChanged(queue.groupId);
    this.distribute(queue);
  }

  /** An agent may have room: among their groups' items, whose turn it is is theirs to have. */
  agentFree(agent: Agent): void {
    const heads = agent.groupIds.flatMap((groupId) => {
      const queue = this.queues.get(groupId);
      const head = queue === undefined ? undefined : this.headFor(queue, agent);
      return queue === undefined || head === undefined ? [] : [{ queue, head }];
    });
    for (const { queue } of heads.toSorted((a, b) => byTurn(a.head, b.head))) this.distribute(queue);
  }

  /** Whose turn it is of what this agent has room for. */
  private headFor({ groupId, waiting }: Queue, agent: Agent): WaitingItem | undefined {
    if (waiting.length === 0) return undefined;
    const group = this.parts.office.group(groupId);
    const roomy = group === undefined ? [] : Medium.options.filter((medium) => this.parts.media[medium]?.hasRoom(agent, group) === true);
    return waiting.find(({ item, offeredTo }) => offeredTo.size === 0 && roomy.includes(item.medium))?.item;
  }

  /** Whom a consultation reaches that asks as this item would; null when nobody has room. */
  pick(item: WaitingItem): Agent | null {
    const queue = this.queueOf(item.groupId);
    const group = this.parts.office.group(item.groupId);
    const port = this.parts.media[item.medium];
    if (queue === undefined || group === undefined || port === undefined) return null;
    return this.choose(queue, item, port, this.withRoom(group, port))[0] ?? null;
  }

  isWaiting(workId: ContactId): boolean {
    return this.places.has(workId);
  }

  /** Items in the queue, those that are offered included, of one medium or of all; and since when the oldest of them waits. */
  waitingIn(groupId: GroupId, medium?: Medium): { waiting: number; oldestSince: number | null } {
    const items = (this.queues.get(groupId)?.waiting ?? []).flatMap(({ item }) => (medium === undefined || item.medium === medium ? [item] : []));
    return { waiting: items.length, oldestSince: items.length === 0 ? null : items.reduce((oldest, { since }) => Math.min(oldest, since), Infinity) };
  }

  private withRoom(group: GroupRecord, port: MediumPort): Agent[] {
    return this.parts.roster.membersOf(group.groupId).filter((agent) => port.hasRoom(agent, group));
  }

  /** Offers what waits, by turn, while there are agents with room for it. */
  private distribute(queue: Queue): void {
    const group = this.parts.office.group(queue.groupId);
    if (group === undefined) return;
    const full = new Set<Medium>();
    for (const entry of queue.waiting.slice()) {
      const port = this.parts.media[entry.item.medium];
      if (port === undefined || full.has(entry.item.medium) || entry.offeredTo.size > 0 || entry.stopRetry !== null) continue;
      const all = this.withRoom(group, port);
      if (all.length === 0) {
        full.add(entry.item.medium);
        continue;
      }
      const untried = all.filter(({ agentId }) => !entry.avoided.has(agentId));
      if (untried.length === 0) entry.avoided.clear();
      const agents = this.choose(queue, entry.item, port, untried.length === 0 ? all : untried);
      if (agents.length === 0) continue;
      for (const { agentId } of agents) entry.offeredTo.add(agentId);
      const offered = port.offer(entry.item, agents, group);
      entry.offeredTo = new Set(offered);
      const last = offered.at(-1);
      if (last !== undefined) queue.lastOffered[entry.item.medium] = last;
    }
  }

  /** Whom the strategy wants, of those whom this item reaches. */
  private choose(queue: Queue, item: WaitingItem, port: MediumPort, free: readonly Agent[]): Agent[] {
    let left = free;
    while (left.length > 0) {
      const wanted = this.select(queue, item.medium, left)
        .map((agentId) => this.parts.roster.agent(agentId))
        .filter((agent) => agent !== undefined);
      const found = wanted.filter((agent) => port.reaches(item, agent));
      if (found.length > 0 || wanted.length === 0) return found;
      left = left.filter((agent) => !wanted.includes(agent));
    }
    return [];
  }

  private select(queue: Queue, medium: Medium, free: readonly Agent[]): AgentId[] {
    const { groupId } = queue;
    const strategy = this.parts.office.group(groupId)?.strategy ?? 'longest-idle';
    const candidates = free.map((agent) => ({
      agentId: agent.agentId,
      idleSince: agent.idleSince,
      callsToday: this.parts.callsToday(groupId, agent.agentId),
      skill: agent.record.memberships.find((membership) => membership.groupId === groupId)?.skill ?? 0,
      order: this.parts.roster.membersOf(groupId).indexOf(agent),
    }));
    return strategies[strategy]({ candidates, lastOffered: queue.lastOffered[medium] ?? null, random: this.parts.random });
  }
}
