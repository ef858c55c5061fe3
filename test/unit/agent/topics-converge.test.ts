import * as fc from 'fast-check';
import { createPinia } from 'pinia';
import { describe, expect, it } from 'vitest';
import { createApp } from 'vue';
import { silentLogger } from '../../../agent/index.ts';
import { emptyView } from '../../../agent/session-view.ts';
import { AgentTopics, type Viewer } from '../../../agent/topics/index.ts';
import { Topics, type TopicReader, type TopicSources } from '../../../center/topics/index.ts';
import { bridgeFacade } from '../../../contract/bridge/index.ts';
import type { TopicAsk, TopicMessage } from '../../../contract/cti/index.ts';
import type { AgentCard, Me } from '../../../contract/directory.ts';
import { done, fail, ok, type Result } from '../../../contract/errors.ts';
import { AgentId, GroupId } from '../../../contract/ids.ts';
import { provideBridge } from '../../../renderer/app/bridge.ts';
import { useSessionStore } from '../../../renderer/app/stores/session.store.ts';
import { useTopicsStore, type ShownTopic, type WindowTopicAsk } from '../../../renderer/app/stores/topics.store.ts';
import { TestClock } from '../center/center-stage.ts';

const GROUPS = ['g1', 'g2', 'g3'].map((id) => GroupId.parse(id));
const KEYS = ['a1', 'a2', 'a3', 'a4', 'a5'];
const ASKS: readonly WindowTopicAsk[] = [
  { topic: 'directory', groupIds: null },
  { topic: 'directory', groupIds: GROUPS.slice(0, 1) },
  { topic: 'directory', groupIds: GROUPS.slice(1, 3) },
  { topic: 'figures', groupIds: null },
  { topic: 'people', groupIds: null },
];
/** Messages that may wait for a desk before it counts as slow. */
const SLOW = 4;

/** What the center knows, and a line to one desk that loses all that is under way when it is cut. */
class World {
  readonly clock = new TestClock();
  readonly cards = new Map<string, AgentCard>();
  groupIds: GroupId[] = [...GROUPS];
  private turn = 0;
  private readonly topics: Topics;
  private reader: TopicReader | null = null;
  private toDesk: (() => void)[] = [];
  private toCenter: (() => void)[] = [];
  private readonly changes = new WeakSet<() => void>();
  readonly desk = new AgentTopics({
    // An answer is what the command's own schema says: neither of the two says more than null.
    command: ((name: string, ask: TopicAsk) => this.command(name, ask)) as never,
    clock: this.clock,
    log: silentLogger,
  });

  constructor() {
    const agents = { everyMs: 200, keys: () => this.cards.keys(), groupsOf: (key: string) => this.cards.get(key)?.groupIds ?? [] };
    // The figures of this world are as far as they are told apart: by their group and how many wait.
    const figures = { everyMs: 300, keys: () => GROUPS, valueOf: (key: string) => figuresOf(key, this.turn), groupsOf: (key: string) => [GroupId.parse(key)] };
    const sources = {
      directory: { ...agents, valueOf: (key: string) => this.cards.get(key) ?? null },
      people: { ...agents, valueOf: (key: string) => this.cards.get(key) ?? null },
      figures,
      directCalls: { everyMs: 500, keys: () => [], valueOf: () => null, groupsOf: () => [] },
    } as unknown as TopicSources;
    this.topics = new Topics({ sources, office: { group: (groupId) => (GROUPS.includes(groupId) ? ({} as never) : undefined) }, clock: this.clock });
    this.connect();
  }

  get me(): Me {
    return { agentId: AgentId.parse('a1'), account: 'a1', name: 'a1', role: 'agent', duties: [], kind: 'desk', extension: '1', groupIds: this.groupIds };
  }

  connect(): void {
    if (this.reader !== null) return;
    const reader = this.topics.reader({ me: () => this.me, send: (message) => this.send(reader, message) });
    this.reader = reader;
    this.desk.connected();
  }

  cut(): void {
    this.reader?.close();
    this.reader = null;
    const lost = [...this.toCenter, ...this.toDesk];
    [this.toCenter, this.toDesk] = [[], []];
    // Whoever waits for an answer is told that there will be none.
    for (const each of lost) each();
  }

  private send(reader: TopicReader, message: TopicMessage): boolean {
    if (this.reader !== reader) return true;
    if (this.toDesk.length > SLOW) return false;
    const copy = JSON.parse(JSON.stringify(message)) as TopicMessage;
    const arrives = (): void => void (this.reader === reader && this.desk.heard(copy));
    this.toDesk.push(arrives);
    if (message.type === 'topic.changed') this.changes.add(arrives);
    return true;
  }

  private command(name: string, ask: TopicAsk): Promise<Result<null>> {
    const { reader } = this;
    if (reader === null) return Promise.resolve(fail('center.unreachable', 'cut'));
    return new Promise((resolve) => {
      this.toCenter.push(() => {
        if (this.reader !== reader) return resolve(fail('center.timeout', 'cut'));
        const answer = name === 'topic.subscribe' ? reader.subscribe(ask) : (reader.unsubscribe(ask), done());
        this.toDesk.push(() => resolve(this.reader === reader ? answer : fail('center.timeout', 'cut')));
      });
    });
  }

  /** Lets so many messages arrive, either way. */
  async deliver(count: number): Promise<void> {
    for (let n = 0; n < count; n++) {
      this.toCenter.shift()?.();
      this.toDesk.shift()?.();
      if (this.toDesk.length <= SLOW) this.reader?.caughtUp();
      await Promise.resolve();
    }
  }

  /** The next message does not arrive, where it is a change: what comes behind it shows that something is missing. */
  lose(): void {
    const [next] = this.toDesk;
    if (next !== undefined && this.changes.has(next)) this.toDesk.shift();
  }

  put(key: string, groupIds: GroupId[]): void {
    this.turn += 1;
    this.cards.set(key, { agentId: AgentId.parse(key), name: key, extension: key, role: 'agent', groupIds, state: { name: 'READY' }, since: this.turn, connected: true, reachable: true });
    this.touch(key);
  }

  remove(key: string): void {
    this.cards.delete(key);
    this.touch(key);
  }

  private touch(key: string): void {
    for (const topic of ['directory', 'people'] as const) this.topics.touch(topic, key);
    for (const groupId of GROUPS) this.topics.touch('figures', groupId);
  }

  setGroups(groupIds: GroupId[]): void {
    this.groupIds = groupIds;
    this.topics.recheck();
  }

  /** What whoever looks at this has to see. */
  truth({ topic, groupIds }: WindowTopicAsk): [string, unknown][] {
    if (topic === 'figures') return this.groupIds.map((groupId) => [groupId, figuresOf(groupId, this.turn)]);
    return [...this.cards].filter(([, card]) => groupIds === null || card.groupIds.some((groupId) => groupIds.includes(groupId))).map(([key, card]) => [key, topic === 'people' ? { agentId: card.agentId, name: key, extension: key, role: 'agent', groupIds: card.groupIds } : card]);
  }

  async comeToRest(): Promise<void> {
    this.connect();
    await this.deliver(100);
    await this.clock.pass(1000);
    // Something more happens everywhere.
    this.put('z', GROUPS);
    for (let round = 0; round < 10; round++) {
      await this.deliver(100);
      await this.clock.pass(1000);
    }
  }
}

const counters = { offered: 0, answered: 0, answeredInTime: 0, abandoned: 0, shortAbandoned: 0, rona: 0, closed: 0, noAgents: 0, queueFull: 0, transferredOut: 0, handled: 0, answerDelayMs: 0, talkMs: 0, holdMs: 0, afterCallMs: 0 };
const figuresOf = (groupId: string, waiting: number) => ({ groupId, waiting, oldestWaitingSince: null, agents: { ready: 0, reserved: 0, talking: 0, afterCall: 0, away: 0, loggedOut: 0 }, today: counters, serviceLevel: null, answerRate: null, abandonRate: null, asaMs: null, ahtMs: null, byHour: [], lastWeekByHour: [] });

/** A real window's store over the desk's topics, by a bridge of its own. */
function openWindow(desk: AgentTopics) {
  const listeners = new Map<string, (payload: never) => void>();
  const viewer: Viewer = { send: ({ name, payload }) => listeners.get(name)?.(payload as never) };
  const app = createApp({});
  app.use(createPinia());
  provideBridge(app, bridgeFacade(
    (name, request) => {
      if (name === 'topics.subscribe') desk.subscribe(viewer, request as WindowTopicAsk);
      if (name === 'topics.unsubscribe') desk.unsubscribe(viewer, request as TopicAsk);
      return Promise.resolve(ok(null));
    },
    (name, listener) => {
      listeners.set(name, listener);
      return () => void listeners.delete(name);
    },
  ));
  const [store, session] = app.runWithContext(() => [useTopicsStore(), useSessionStore()] as const);
  session.view = { ...emptyView('web'), phase: 'signedIn' };
  session.setBridgeState('connected');
  const shown = new Map<number, ShownTopic>();
  return {
    shown,
    look: (index: number) => void shown.set(index, shown.get(index) ?? store.acquire(ASKS[index] ?? never())),
    stop: (index: number) => {
      const topic = shown.get(index);
      if (topic !== undefined) store.release(topic);
      shown.delete(index);
    },
    /** The page is loaded anew: to the host, another window. */
    close: () => desk.leave(viewer),
  };
}

type Step = { do: 'put'; key: string; groups: number[] } | { do: 'remove'; key: string } | { do: 'groups'; groups: number[] } | { do: 'cut' | 'connect' | 'lose' | 'reload'; window: number } | { do: 'look' | 'stop'; window: number; ask: number } | { do: 'pass'; ms: number } | { do: 'deliver'; count: number };

const groups = fc.subarray([0, 1, 2]);
const window = fc.nat({ max: 1 });
const key = fc.constantFrom(...KEYS);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('put' as const), key, groups }) },
  fc.record({ do: fc.constant('remove' as const), key }),
  fc.record({ do: fc.constant('groups' as const), groups }),
  fc.record({ do: fc.constantFrom('cut' as const, 'connect' as const, 'lose' as const, 'reload' as const), window }),
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('look' as const, 'stop' as const), window, ask: fc.nat({ max: ASKS.length - 1 }) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(0, 50, 250, 11_000) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('deliver' as const), count: fc.integer({ min: 1, max: 6 }) }) },
);

async function take(world: World, windows: ReturnType<typeof openWindow>[], one: Step): Promise<void> {
  switch (one.do) {
    case 'put':
      return world.put(one.key, one.groups.flatMap((index) => GROUPS[index] ?? []));
    case 'remove':
      return world.remove(one.key);
    case 'groups':
      return world.setGroups(one.groups.flatMap((index) => GROUPS[index] ?? []));
    case 'cut':
      return world.cut();
    case 'lose':
      return world.lose();
    case 'connect':
      return world.connect();
    case 'reload':
      windows[one.window]?.close();
      windows[one.window] = openWindow(world.desk);
      return;
    case 'look':
    case 'stop':
      return windows[one.window]?.[one.do](one.ask);
    case 'pass':
      return world.clock.pass(one.ms);
    case 'deliver':
      return world.deliver(one.count);
    default:
      return one satisfies never;
  }
}

describe('what a window looks at', () => {
  it('is what the center knows, after whatever has changed, was cut off, read slowly, and was looked at anew', async () => {
    let seen = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), async (steps) => {
        const world = new World();
        for (const id of KEYS) world.put(id, GROUPS.slice(0, 1));
        const windows = [openWindow(world.desk), openWindow(world.desk)];
        for (const ask of ASKS.keys()) windows[0]?.look(ask);
        for (const one of steps) await take(world, windows, one);
        await world.comeToRest();
        for (const [index, { shown }] of windows.entries()) {
          for (const [ask, { entries }] of shown) {
            const asked = ASKS[ask] ?? never();
            expect([index, ask, new Map(entries.value)]).toEqual([index, ask, new Map(world.truth(asked))]);
            seen += 1;
          }
        }
      }),
      { numRuns: 200 },
    );
    expect(seen).toBeGreaterThan(300);
  });
});

const never = (): never => {
  throw new Error('nothing is asked so');
};
