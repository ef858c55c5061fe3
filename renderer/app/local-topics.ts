import type { BridgeEventName, BridgePayload } from '../../contract/bridge/index.ts';
import { TopicAsk, topicId, topicKeyOf, type TopicName, type TopicValue } from '../../contract/cti/topic-names.ts';

type Emit = <Name extends BridgeEventName>(event: Name, payload: BridgePayload<Name>) => void;
type Value = TopicValue<TopicName>;

/** Topics of a window without a host behind it: told by key like a host's, to what the window has subscribed. */
export class LocalTopics {
  private readonly emit: Emit;
  private readonly entries = new Map<TopicName, Map<string, Value>>();
  private readonly asks = new Map<string, TopicAsk & { topic: TopicName }>();

  constructor(emit: Emit) {
    this.emit = emit;
  }

  /** These are all entries of a topic now: what is other than before is told. */
  set<Name extends TopicName>(topic: Name, values: readonly TopicValue<Name>[]): void {
    const before = this.entries.get(topic) ?? new Map<string, Value>();
    const after = new Map<string, Value>(values.map((value) => [topicKeyOf(topic, value), value]));
    this.entries.set(topic, after);
    const upserts = [...after].flatMap(([key, value]) => (value === before.get(key) || JSON.stringify(value) === JSON.stringify(before.get(key)) ? [] : [value]));
    const removals = [...before.keys()].filter((key) => !after.has(key));
    if (upserts.length + removals.length === 0) return;
    for (const [id, ask] of this.asks) if (ask.topic === topic) this.emit('topic.changed', { topic, id, upserts: upserts.filter((value) => isOf(value, ask)), removals });
  }

  subscribe(request: unknown): void {
    const ask = TopicAsk.parse(request) as TopicAsk & { topic: TopicName };
    this.asks.set(topicId(ask), ask);
    this.emit('topic.subscribed', { topic: ask.topic, id: topicId(ask), values: [...(this.entries.get(ask.topic)?.values() ?? [])].filter((value) => isOf(value, ask)) });
  }

  unsubscribe(request: unknown): void {
    this.asks.delete(topicId(TopicAsk.parse(request)));
  }
}

function isOf(value: Value, { groupIds }: TopicAsk): boolean {
  if (groupIds === null) return true;
  if ('groupId' in value) return groupIds.includes(value.groupId);
  return 'groupIds' in value && value.groupIds.some((groupId) => groupIds.includes(groupId));
}
