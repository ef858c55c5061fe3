import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Acd } from '../../../center/acd/acd.ts';
import type { Agent } from '../../../center/agents/agent.ts';
import { Roster } from '../../../center/agents/roster.ts';
import { agentsIn, type GroupRecord, type RoutingStrategy } from '../../../center/configuration/records.ts';
import { Office } from '../../../center/office.ts';
import { demoConfiguration } from '../../../center/store/demo/office.ts';
import { Capacity } from '../../../center/work-items/capacity.ts';
import { byTurn, type MediumPort, type WaitingItem } from '../../../center/work-items/work-item.ts';
import type { AgentState } from '../../../contract/agent-state.ts';
import { RoutingStrategy as Strategies } from '../../../contract/configuration.ts';
import { type AgentId, ContactId, GroupId } from '../../../contract/ids.ts';
import { TestClock } from './center-stage.ts';

const GROUPS = ['orders', 'technical'].map((id) => GroupId.parse(id));
const [ORDERS = GroupId.parse('orders')] = GROUPS;

/** Four agents and two groups, with calls by the agents' state, and chats as a second medium. */
function floor(settings: Partial<GroupRecord> = {}) {
  const clock = new TestClock();
  const { groups, people, ...rest } = demoConfiguration();
  const office = new Office({
    ...rest,
    groups: groups.map((group) => ({ ...group, hours: [], ...settings })),
    people: people.filter(({ extension }) => extension !== null).slice(0, 4).map((agent, index) => ({ ...agent, memberships: GROUPS.filter((_, at) => index < 3 || at === 0).map((groupId) => ({ groupId, skill: index })) })),
  });
  const roster = new Roster({ agents: agentsIn(office.configuration), clock, onTransition: () => {}, onCard: () => {}, onOwnCard: () => {} });
  const capacity = new Capacity();
  /** Every offer there was, in order. */
  const offers: { item: WaitingItem; agentIds: AgentId[] }[] = [];
  const offered = (item: WaitingItem, agents: readonly Agent[]): AgentId[] => {
    const agentIds = agents.map(({ agentId }) => agentId);
    offers.push({ item, agentIds });
    return agentIds;
  };
  const voice: MediumPort = {
    hasRoom: (agent) => agent.isFree,
    reaches: () => true,
    offer: (item, agents) => offered(item, agents.filter((agent) => agent.apply({ type: 'offered', contactId: item.workId, direct: false }).ok)),
  };
  const chat: MediumPort = {
    hasRoom: (agent, group) => capacity.hasRoom(agent, group),
    reaches: () => true,
    offer: (item, agents) => {
      for (const { agentId } of agents) capacity.take(agentId, item);
      return offered(item, agents);
    },
  };
  const media = { voice, chat };
  const acd = new Acd({ office, roster, clock, random: () => 0.5, callsToday: () => 0, media, onChanged: () => {} });
  for (const agent of roster.all) {
    agent.registered = true;
    agent.sink = { send: () => {}, signedOut: () => {} } as never;
    agent.apply({ type: 'signedIn' });
  }
  let made = 0;
  /** Of the four, going round. */
  const agent = (index: number): Agent => {
    const found = roster.all[index % roster.all.length];
    if (found === undefined) throw new Error('nobody there');
    return found;
  };
  return {
    clock, office, roster, capacity, acd, offers, media,
    agent,
    /** A customer comes and waits. */
    comes: (medium: 'voice' | 'chat', groupId = ORDERS, priority = 0): WaitingItem => {
      const item: WaitingItem = { workId: ContactId.parse(`${medium}-${made++}`), medium, groupId, priority, since: clock.now(), sinceMonotonic: clock.monotonic() };
      acd.enqueue(item);
      return item;
    },
    ready: (one: Agent): void => {
      one.apply({ type: 'chosen', choice: { kind: 'ready' } });
      acd.agentFree(one);
    },
  };
}

const namesOf = (agent: Agent): AgentState['name'] => agent.state.name;

describe('work items of two media', () => {
  it('a call is one, conversations are as many as the group says, and each medium waits for its own', () => {
    const { acd, agent, comes, ready, capacity, offers } = floor({ conversationsAtOnce: 2, callBlocksConversations: false });
    ready(agent(0));
    for (let count = 0; count < 3; count++) comes('chat');
    for (let count = 0; count < 2; count++) comes('voice');
    expect(offers.map(({ item }) => item.workId)).toEqual(['chat-0', 'chat-1', 'voice-3']);
    expect(capacity.count(agent(0).agentId)).toBe(2);
    expect(namesOf(agent(0))).toBe('RESERVED');
    expect(acd.waitingIn(ORDERS, 'voice').waiting).toBe(2);
    expect(acd.waitingIn(ORDERS, 'chat').waiting).toBe(3);
  });

  it('conversations do not change the agent’s state, which is that of their calls', () => {
    const { agent, comes, ready } = floor();
    ready(agent(0));
    comes('chat');
    expect(agent(0).state).toEqual({ name: 'READY' });
    expect(agent(0).isFree).toBe(true);
  });

  it('a call blocks new conversations where the group says so, until it is over', () => {
    const { acd, agent, comes, ready, offers } = floor({ callBlocksConversations: true });
    ready(agent(0));
    const call = comes('voice');
    comes('chat');
    expect(offers.map(({ item }) => item.workId)).toEqual([call.workId]);
    acd.remove(call.workId);
    agent(0).apply({ type: 'answered' });
    agent(0).apply({ type: 'callEnded', wrapUp: null });
    acd.agentFree(agent(0));
    expect(offers.map(({ item }) => item.workId)).toEqual(['voice-0', 'chat-1']);
  });

  it('whoever closes a conversation is given the next at once', () => {
    const { acd, agent, capacity, comes, ready, offers } = floor({ conversationsAtOnce: 1 });
    ready(agent(0));
    const first = comes('chat');
    comes('chat');
    acd.remove(first.workId);
    capacity.release(agent(0).agentId, first);
    acd.agentFree(agent(0));
    expect(offers.map(({ item }) => item.workId)).toEqual(['chat-0', 'chat-1']);
  });

  it('what is urgent goes before what has waited longer', async () => {
    const { clock, agent, comes, ready, offers } = floor({ conversationsAtOnce: 1 });
    comes('chat');
    await clock.pass(1000);
    comes('chat', ORDERS, 5);
    await clock.pass(1000);
    comes('chat', ORDERS, 5);
    ready(agent(0));
    ready(agent(1));
    ready(agent(2));
    expect(offers.map(({ item }) => item.workId)).toEqual(['chat-1', 'chat-2', 'chat-0']);
  });

  it('conversations do not fill the queue of callers', () => {
    const { acd, agent, comes, ready } = floor({ maxWaiting: 1, conversationsAtOnce: 1 });
    ready(agent(3));
    for (let count = 0; count < 5; count++) comes('chat');
    expect(acd.refusal(ORDERS)).toBeNull();
    ready(agent(0));
    comes('voice');
    comes('voice');
    comes('voice');
    expect(acd.refusal(ORDERS)).toBe('queueFull');
  });

  describe('failure: media', () => {
    it('what no medium gives out waits, and holds up nothing', () => {
      const { acd, agent, comes, ready, offers } = floor();
      acd.enqueue({ workId: ContactId.parse('mail'), medium: 'email', groupId: ORDERS, priority: 9, since: 0, sinceMonotonic: 0 });
      comes('chat');
      ready(agent(0));
      expect(offers.map(({ item }) => item.workId)).toEqual(['chat-0']);
      expect(acd.isWaiting(ContactId.parse('mail'))).toBe(true);
    });

    it('the same item twice is there once; one that is gone is nobody’s', () => {
      const { acd, agent, comes, ready } = floor();
      const item = comes('chat');
      acd.enqueue(item);
      expect(acd.waitingIn(ORDERS).waiting).toBe(1);
      acd.remove(item.workId);
      acd.remove(item.workId);
      acd.offerEnded(item.workId, agent(0).agentId);
      acd.offerFailed(item.workId, agent(0).agentId);
      ready(agent(0));
      expect(acd.waitingIn(ORDERS).waiting).toBe(0);
    });

    it('a group that is not set up takes nothing', () => {
      const { acd } = floor();
      const nowhere = GroupId.parse('nowhere');
      acd.enqueue({ workId: ContactId.parse('lost'), medium: 'chat', groupId: nowhere, priority: 0, since: 0, sinceMonotonic: 0 });
      expect(acd.isWaiting(ContactId.parse('lost'))).toBe(false);
      expect(acd.pick({ workId: ContactId.parse('lost'), medium: 'voice', groupId: nowhere, priority: 0, since: 0, sinceMonotonic: 0 })).toBeNull();
    });
  });
});

interface Turn { what: 'comes' | 'ready' | 'away' | 'takes' | 'declines' | 'ends' | 'closes' | 'gives up' | 'time'; medium: 'voice' | 'chat'; group: number; agent: number; priority: number }
const turn: fc.Arbitrary<Turn> = fc.record({
  what: fc.constantFrom('comes', 'comes', 'ready', 'away', 'takes', 'takes', 'declines', 'ends', 'closes', 'gives up', 'time'),
  medium: fc.constantFrom('voice', 'chat'),
  group: fc.nat(1),
  agent: fc.nat(3),
  priority: fc.nat(2),
});

/** Plays what happens on a floor, and looks after each turn. Answers what is broken. */
function play(turns: readonly Turn[], settings: Partial<GroupRecord>): string[] {
  const scene = floor(settings);
  const { acd, clock, capacity, office, roster, media, offers } = scene;
  const chats = new Map<Agent, WaitingItem[]>();
  const waiting = new Set<WaitingItem>();
  const offeredTo = (agent: Agent, medium: 'voice' | 'chat') => offers.findLast(({ item, agentIds }) => item.medium === medium && agentIds.includes(agent.agentId) && waiting.has(item) && (medium === 'chat' ? true : agent.state.name === 'RESERVED' && agent.state.contactId === item.workId))?.item;
  /** To whom each item that waits is offered now. */
  const ringing = new Map<WaitingItem, Set<AgentId>>();
  let seen = 0;
  const broken: string[] = [];
  const look = (when: string): void => {
    for (const { item, agentIds } of offers.slice(seen)) {
      for (const other of waiting) if (other !== item && other.groupId === item.groupId && other.medium === item.medium && (ringing.get(other)?.size ?? 0) === 0 && byTurn(other, item) < 0) broken.push(`${when}: ${item.workId} went before ${other.workId}`);
      ringing.set(item, new Set(agentIds));
    }
    seen = offers.length;
    for (const agent of roster.all) if (capacity.count(agent.agentId) > (settings.conversationsAtOnce ?? 3)) broken.push(`${when}: ${agent.agentId} has ${capacity.count(agent.agentId)} conversations`);
    for (const item of waiting) {
      const group = office.group(item.groupId);
      if (group === undefined || (ringing.get(item)?.size ?? 0) > 0) continue;
      const idle = roster.membersOf(item.groupId).find((agent) => media[item.medium as 'voice'].hasRoom(agent, group));
      if (idle !== undefined) broken.push(`${when}: ${item.workId} waits while ${idle.agentId} has room`);
    }
  };
  const free = (agent: Agent): void => acd.agentFree(agent);
  for (const [at, { what, medium, group, agent: index, priority }] of turns.entries()) {
    const agent = scene.agent(index);
    const item = offeredTo(agent, medium);
    switch (what) {
      case 'comes': {
        const made: WaitingItem = { workId: ContactId.parse(`${medium}-${at}`), medium, groupId: GROUPS[group] ?? ORDERS, priority, since: clock.now(), sinceMonotonic: clock.monotonic() + at };
        waiting.add(made);
        acd.enqueue(made);
        break;
      }
      case 'ready':
        scene.ready(agent);
        break;
      case 'away':
        agent.apply({ type: 'chosen', choice: { kind: 'away', reason: 'break' } });
        break;
      case 'takes':
      case 'declines': {
        if (item === undefined || !(ringing.get(item)?.has(agent.agentId) ?? false)) break;
        const others = roster.all.filter((other) => other !== agent && (ringing.get(item)?.has(other.agentId) ?? false));
        if (what === 'declines') {
          ringing.get(item)?.delete(agent.agentId);
          if (medium === 'voice') agent.apply({ type: 'rejected', direct: false });
          else capacity.release(agent.agentId, item);
          // Nobody is offered again what they declined while nobody else can have it: they are away, as a desk would be.
          agent.apply({ type: 'chosen', choice: { kind: 'away', reason: 'other' } });
          acd.offerEnded(item.workId, agent.agentId);
          free(agent);
          break;
        }
        waiting.delete(item);
        acd.remove(item.workId);
        if (medium === 'voice') agent.apply({ type: 'answered' });
        else chats.set(agent, [...(chats.get(agent) ?? []), item]);
        for (const other of others) {
          if (medium === 'voice') other.apply({ type: 'callerGone' });
          else capacity.release(other.agentId, item);
        }
        for (const other of others) free(other);
        break;
      }
      case 'ends': {
        const { state } = agent;
        if (state.name === 'TALKING') agent.apply({ type: 'callEnded', wrapUp: null });
        free(agent);
        break;
      }
      case 'closes': {
        const [first, ...left] = chats.get(agent) ?? [];
        if (first === undefined) break;
        chats.set(agent, left);
        capacity.release(agent.agentId, first);
        free(agent);
        break;
      }
      case 'gives up': {
        const gone = [...waiting].find((one) => one.medium === medium);
        if (gone === undefined) break;
        waiting.delete(gone);
        acd.remove(gone.workId);
        const offeredAt = roster.all.filter(({ agentId }) => ringing.get(gone)?.has(agentId) ?? false);
        for (const other of offeredAt) {
          if (medium === 'voice') other.apply({ type: 'callerGone' });
          else capacity.release(other.agentId, gone);
        }
        for (const other of offeredAt) free(other);
        break;
      }
      default:
        void clock.pass(1000);
    }
    look(`turn ${at} (${what} ${medium})`);
  }
  return broken;
}

describe('any order of calls, conversations and agents, by each strategy', () => {
  it.each<RoutingStrategy>(Strategies.options)('%s: nobody waits whom somebody has room for, nobody is overtaken, nobody has more than allowed', (strategy) => {
    const settings = fc.record({ conversationsAtOnce: fc.integer({ min: 1, max: 3 }), callBlocksConversations: fc.boolean() });
    fc.assert(
      fc.property(fc.array(turn, { maxLength: 60 }), settings, (turns, limits) => {
        expect(play(turns, { strategy, ...limits })).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
