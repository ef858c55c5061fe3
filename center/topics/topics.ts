import { isTopicName, MOST_SUBSCRIPTIONS, topicId, topicNames, topics, type TopicAsk, type TopicMessage, type TopicName, type TopicValue } from '../../contract/cti/index.ts';
import type { Me } from '../../contract/directory.ts';
import { done, fail, ok, type Result } from '../../contract/errors.ts';
import type { GroupId } from '../../contract/ids.ts';
import { hasScope } from '../../contract/permissions.ts';
import type { Office } from '../office.ts';
import type { Clock } from '../ports.ts';
import { Channel, type Listener } from './channel.ts';
import type { TopicSources } from './sources.ts';

interface TopicsParts {
  sources: TopicSources;
  office: Pick<Office, 'group'>;
  clock: Clock;
}

/** Who looks: a desk or a console, with a line of its own. */
interface ReaderParts {
  /** Who they are now; null for nobody any more. */
  me: () => Me | null;
  /** @returns false where the reader is too slow to be sent more now: `caughtUp` says when it is not */
  send: (message: TopicMessage) => boolean;
}

interface Subscription extends Listener {
  ask: TopicAsk;
  channel: Channel;
}

/** What one line of a desk or a console does with topics. */
export interface TopicReader {
  subscribe(ask: TopicAsk): Result<null>;
  unsubscribe(ask: TopicAsk): void;
  /** What waited to be sent has been read: what was left out meanwhile is told. */
  caughtUp(): void;
  /** Looks at nothing any more. */
  close(): void;
}

/** Which groups of a topic somebody looks at; null: all of it. */
type Reach = readonly GroupId[] | null;

/**
 * What people look at, told to those who do: changes are collected by key, and told at the end of the turn where nothing was
 * told for a while, else when that while is over. Nothing is made of what nobody looks at.
 */
export class Topics {
  private readonly parts: TopicsParts;
  private readonly channels = new Map<TopicName, Map<string, Channel>>(topicNames.map((name) => [name, new Map()]));
  private readonly readers = new Set<Reader>();
  /** On the monotonic clock: when each was last told. */
  private readonly toldAt = new Map<TopicName, number>();
  private readonly waiting = new Set<TopicName>();

  constructor(parts: TopicsParts) {
    this.parts = parts;
  }

  /** How many channels there are, for the health report and for tests. */
  get open(): number {
    return [...this.channels.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** An entry has changed, is new or is no more. Costs nothing where nobody looks at its topic. */
  touch(name: TopicName, key: string): void {
    const channels = this.channelsOf(name);
    if (channels.size === 0) return;
    for (const channel of channels.values()) channel.touch(key);
    if (this.waiting.has(name)) return;
    this.waiting.add(name);
    const { clock, sources } = this.parts;
    const waitMs = (this.toldAt.get(name) ?? -Infinity) + sources[name].everyMs - clock.monotonic();
    if (waitMs <= 0) queueMicrotask(() => this.flush(name));
    else clock.setTimeout(() => this.flush(name), waitMs);
  }

  /** A line on which nothing is looked at yet. */
  reader(parts: ReaderParts): TopicReader {
    const reader = new Reader(this, parts);
    this.readers.add(reader);
    return reader;
  }

  /** What people may look at has changed: who may no longer is told so, and who may see others sees those. */
  recheck(): void {
    for (const reader of this.readers) reader.recheck();
  }

  /** The channel of what is asked for, for this person. */
  channelFor(me: Me, { topic: name, groupIds }: TopicAsk): Result<Channel> {
    if (!isTopicName(name)) return fail('not-found', 'no such topic');
    const reach = this.reachOf(me, name, groupIds);
    if (!reach.ok) return reach;
    const channelName = topicId({ topic: name, groupIds: reach.value === null ? null : [...reach.value] });
    const channels = this.channelsOf(name);
    const channel = channels.get(channelName) ?? new Channel(channelName, name, this.parts.sources[name], reach.value);
    channels.set(channelName, channel);
    return ok(channel);
  }

  /** Nobody may be left who looks at it. */
  leave(channel: Channel, listener: Listener): void {
    channel.leave(listener);
    if (channel.isEmpty) this.channelsOf(channel.topic).delete(channel.name);
  }

  forget(reader: Reader): void {
    this.readers.delete(reader);
  }

  private reachOf(me: Me, name: TopicName, asked: readonly GroupId[] | null): Result<Reach> {
    const { scope, groups } = topics[name];
    if (!hasScope(me, scope)) return fail('forbidden', `${name} needs ${scope}`);
    if (groups === 'none') return asked === null ? ok(null) : fail('input.invalid', `${name} is of no group`);
    if (asked?.some((groupId) => this.parts.office.group(groupId) === undefined) === true) return fail('not-found', 'no such group');
    if (groups === 'any' || me.role === 'admin') return ok(asked);
    if (asked?.some((groupId) => !me.groupIds.includes(groupId)) === true) return fail('forbidden', 'not one of your groups');
    return ok(asked ?? me.groupIds);
  }

  private flush(name: TopicName): void {
    const { clock, sources } = this.parts;
    this.waiting.delete(name);
    this.toldAt.set(name, clock.monotonic());
    const made = new Map<string, TopicValue<TopicName> | null>();
    const valueOf = (key: string): TopicValue<TopicName> | null => {
      const known = made.get(key);
      if (known !== undefined) return known;
      const value = sources[name].valueOf(key);
      made.set(key, value);
      return value;
    };
    for (const channel of this.channelsOf(name).values()) channel.flush(valueOf);
  }

  private channelsOf(name: TopicName): Map<string, Channel> {
    const channels = this.channels.get(name);
    if (channels === undefined) throw new Error(`no topic ${name}`);
    return channels;
  }
}

class Reader implements TopicReader {
  private readonly topics: Topics;
  private readonly parts: ReaderParts;
  private readonly subscriptions = new Map<string, Subscription>();

  constructor(all: Topics, parts: ReaderParts) {
    this.topics = all;
    this.parts = parts;
  }

  subscribe(ask: TopicAsk): Result<null> {
    const me = this.parts.me();
    if (me === null) return fail('auth.replaced', 'this sign-in is over');
    const id = topicId(ask);
    if (!this.subscriptions.has(id) && this.subscriptions.size >= MOST_SUBSCRIPTIONS) return fail('rate-limited', `more than ${MOST_SUBSCRIPTIONS} subscriptions at once`);
    const channel = this.topics.channelFor(me, ask);
    if (!channel.ok) return channel;
    this.begin({ id, ask, channel: channel.value, send: (message) => this.parts.send(message) });
    return done();
  }

  unsubscribe(ask: TopicAsk): void {
    this.drop(topicId(ask));
  }

  caughtUp(): void {
    for (const subscription of this.subscriptions.values()) subscription.channel.caughtUp(subscription);
  }

  close(): void {
    for (const id of this.subscriptions.keys()) this.drop(id);
    this.topics.forget(this);
  }

  recheck(): void {
    const me = this.parts.me();
    if (me === null) return;
    for (const subscription of this.subscriptions.values()) {
      const { id, ask } = subscription;
      const channel = this.topics.channelFor(me, ask);
      if (channel.ok && channel.value === subscription.channel) continue;
      if (channel.ok) this.begin({ ...subscription, channel: channel.value });
      else {
        this.drop(id);
        this.parts.send({ type: 'topic.ended', id, error: channel.error });
      }
    }
  }

  /** The former subscription of the same goes afterwards: its channel may be this one, and lives while somebody looks. */
  private begin(subscription: Subscription): void {
    const former = this.subscriptions.get(subscription.id);
    this.subscriptions.set(subscription.id, subscription);
    subscription.channel.join(subscription);
    if (former !== undefined) this.topics.leave(former.channel, former);
  }

  private drop(id: string): void {
    const subscription = this.subscriptions.get(id);
    if (subscription === undefined) return;
    this.subscriptions.delete(id);
    this.topics.leave(subscription.channel, subscription);
  }
}
