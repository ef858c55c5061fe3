import { topicId, topicKeyOf, type TopicAsk, type TopicName, type TopicValue } from '../../contract/cti/topic-names.ts';
import { parseTopicValues, type TopicMessage } from '../../contract/cti/topics.ts';

type Whole = Extract<TopicMessage, { type: 'topic.subscribed' }>;
type Change = Extract<TopicMessage, { type: 'topic.changed' }>;

/** What a change does to what windows have. */
export interface KeyedChange {
  upserts: TopicValue<TopicName>[];
  removals: string[];
}

/** One topic as this host has it: a map by key, and where in the center's telling it stands. */
export class HeldTopic {
  readonly topic: TopicName;
  readonly ask: TopicAsk;
  readonly id: string;
  private entries: Map<string, TopicValue<TopicName>> | null = null;
  private channel: string | null = null;
  /** Of the last word that is in `entries`; null while the whole is awaited. */
  private seq: number | null = null;

  constructor(topic: TopicName, ask: TopicAsk) {
    this.topic = topic;
    this.ask = ask;
    this.id = topicId(ask);
  }

  /** The entries as they were last known; null before the first word. */
  get values(): TopicValue<TopicName>[] | null {
    return this.entries === null ? null : [...this.entries.values()];
  }

  value(key: string): TopicValue<TopicName> | undefined {
    return this.entries?.get(key);
  }

  /** What is told from now on may lack something: nothing counts before the next whole. */
  awaitWhole(): void {
    this.seq = null;
  }

  /** @returns whether it is what the topic's schema says */
  takeWhole({ channel, seq, values }: Whole): boolean {
    const parsed = parseTopicValues(this.topic, values);
    if (parsed === null) return false;
    this.entries = new Map(parsed.map((value) => [topicKeyOf(this.topic, value), value]));
    this.channel = channel;
    this.seq = seq;
    return true;
  }

  /**
   * Takes what follows, once.
   * @returns what is to be told to windows; `gap` where something is missing or malformed; null where it says nothing new
   */
  take({ channel, seq, upserts, removals }: Change): KeyedChange | 'gap' | null {
    if (channel !== this.channel || this.seq === null || this.entries === null || seq <= this.seq) return null;
    const parsed = seq === this.seq + 1 ? parseTopicValues(this.topic, upserts) : null;
    if (parsed === null) return 'gap';
    this.seq = seq;
    for (const value of parsed) this.entries.set(topicKeyOf(this.topic, value), value);
    for (const key of removals) this.entries.delete(key);
    return { upserts: parsed, removals };
  }
}
