import { parseTopicValues, topicId, topicKeyOf, type TopicAsk, type TopicMessage, type TopicName, type TopicValue } from '../../contract/cti/index.ts';
import type { AppError, Result } from '../../contract/errors.ts';

/** What a line looks at, as the center tells it: kept by key, and checked as it comes. */
export class TopicWatch<Name extends TopicName> {
  readonly ask: TopicAsk;
  readonly entries = new Map<string, TopicValue<Name>>();
  /** How many wholes there have been, and each change after them. */
  wholes = 0;
  readonly changes: { upserts: TopicValue<Name>[]; removals: string[] }[] = [];
  ended: AppError | null = null;
  private readonly topic: Name;
  private channel = '';
  private seq = 0;

  constructor(topic: Name, groupIds: TopicAsk['groupIds']) {
    this.topic = topic;
    this.ask = { topic, groupIds };
  }

  get values(): TopicValue<Name>[] {
    return [...this.entries.values()];
  }

  /** @throws on what is no entry of the topic, and on a gap */
  hear(message: TopicMessage): void {
    if (message.type === 'topic.changed') {
      if (message.channel !== this.channel || message.seq <= this.seq) return;
      if (message.seq !== this.seq + 1) throw new Error(`a gap in ${this.channel}: ${this.seq} and ${message.seq}`);
      this.seq = message.seq;
      const upserts = this.parsed(message.upserts);
      this.changes.push({ upserts, removals: message.removals });
      for (const value of upserts) this.entries.set(topicKeyOf(this.topic, value), value);
      for (const key of message.removals) this.entries.delete(key);
      return;
    }
    if (message.id !== topicId(this.ask)) return;
    if (message.type === 'topic.ended') {
      this.ended = message.error;
      this.entries.clear();
      return;
    }
    this.wholes += 1;
    [this.channel, this.seq] = [message.channel, message.seq];
    this.entries.clear();
    for (const value of this.parsed(message.values)) this.entries.set(topicKeyOf(this.topic, value), value);
  }

  private parsed(values: readonly unknown[]): TopicValue<Name>[] {
    const parsed = parseTopicValues(this.topic, values);
    if (parsed === null) throw new Error(`${this.topic} tells something else: ${JSON.stringify(values)}`);
    return parsed;
  }
}

/** Begins to look. @throws where it is refused */
export function looking<Name extends TopicName>(watches: TopicWatch<TopicName>[], subscribe: (ask: TopicAsk) => Result<null>, topic: Name, groupIds: TopicAsk['groupIds'] = null): TopicWatch<Name> {
  const watch = new TopicWatch(topic, groupIds);
  watches.push(watch);
  const asked = subscribe(watch.ask);
  if (!asked.ok) throw new Error(asked.error.message);
  return watch;
}
