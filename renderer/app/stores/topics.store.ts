import { defineStore } from 'pinia';
import { computed, onScopeDispose, shallowReactive, shallowRef, toValue, watch, type ComputedRef, type MaybeRefOrGetter, type ShallowReactive, type ShallowRef } from 'vue';
import { topicId, topicKeyOf, type TopicAsk, type TopicName, type TopicValue } from '../../../contract/cti/topic-names.ts';
import type { Colleague } from '../../../contract/directory.ts';
import type { AppError } from '../../../contract/errors.ts';
import type { GroupId } from '../../../contract/ids.ts';
import { useBridge } from '../bridge.ts';
import { useSessionStore } from './session.store.ts';

export type WindowTopicAsk = TopicAsk & { topic: TopicName };
type Value = TopicValue<TopicName>;

/** One topic as this window has it. An entry that changes changes alone: whoever reads another is not asked anew. */
export interface ShownTopic {
  readonly ask: WindowTopicAsk;
  /** Null before the first word. */
  readonly entries: ShallowRef<ShallowReactive<Map<string, Value>> | null>;
  /** Why there is nothing to be seen. */
  readonly error: ShallowRef<AppError | null>;
  users: number;
}

/** What this window looks at, asked of the host once for all who show it (`useTopic`). */
export const useTopicsStore = defineStore('topics', () => {
  const bridge = useBridge();
  const session = useSessionStore();
  const shown = new Map<string, ShownTopic>();
  /** Whether the host can be asked: a host that comes back, or another sign-in, knows nothing of what was asked before. */
  const isUp = computed(() => session.phase === 'signedIn' && session.bridgeState === 'connected');

  const stops = [
    bridge.on('topic.subscribed', ({ topic, id, values }) => {
      const known = shown.get(id);
      // Entries are what the topic's schema says: the host has parsed them.
      const entries = new Map((values as Value[]).map((value) => [topicKeyOf(topic, value), value]));
      if (known !== undefined) [known.entries.value, known.error.value] = [shallowReactive(entries), null];
    }),
    bridge.on('topic.changed', ({ topic, id, upserts, removals }) => {
      const entries = shown.get(id)?.entries.value;
      for (const value of upserts as Value[]) entries?.set(topicKeyOf(topic, value), value);
      for (const key of removals) entries?.delete(key);
    }),
    bridge.on('topic.ended', ({ id, error }) => {
      const known = shown.get(id);
      if (known !== undefined) [known.entries.value, known.error.value] = [null, error];
    }),
    watch(isUp, (up) => {
      if (up) for (const { ask } of shown.values()) void subscribe(ask);
    }),
    // Whoever comes next at this window has no business with it.
    watch(() => session.me?.agentId ?? null, () => {
      for (const topic of shown.values()) [topic.entries.value, topic.error.value] = [null, null];
    }, { flush: 'sync' }),
  ];
  onScopeDispose(() => {
    for (const stop of stops) stop();
  });

  async function subscribe(ask: WindowTopicAsk): Promise<void> {
    const answer = await bridge.topics.subscribe(ask);
    const known = shown.get(topicId(ask));
    if (!answer.ok && known !== undefined) known.error.value = answer.error;
  }

  /** From now on it is kept up to date, until it has been released as often. */
  function acquire(ask: WindowTopicAsk): ShownTopic {
    const id = topicId(ask);
    const known = shown.get(id);
    if (known !== undefined) {
      known.users += 1;
      return known;
    }
    const made: ShownTopic = { ask, entries: shallowRef(null), error: shallowRef(null), users: 1 };
    shown.set(id, made);
    if (isUp.value) void subscribe(ask);
    return made;
  }

  function release(topic: ShownTopic): void {
    topic.users -= 1;
    const id = topicId(topic.ask);
    if (topic.users > 0 || shown.get(id) !== topic) return;
    shown.delete(id);
    if (isUp.value) void bridge.topics.unsubscribe(topic.ask);
  }

  return { acquire, release };
});

interface TopicOptions {
  /** Of which groups; all that this person may see by default. */
  groupIds?: MaybeRefOrGetter<readonly GroupId[] | null>;
  /** Whether it is looked at now; always by default. What is not looked at is not sent. */
  when?: MaybeRefOrGetter<boolean>;
}

export interface TopicView<Entry> {
  /** All entries; empty before the first word. Whoever reads it is asked anew with each change. */
  readonly values: ComputedRef<readonly Entry[]>;
  /** One entry; whoever reads it is asked anew when that one changes. */
  of(key: string): Entry | undefined;
  /** Whether the whole has been here. Of no group it is nothing, and here at once. */
  readonly isHere: ComputedRef<boolean>;
  /** Why there is nothing to be seen. */
  readonly error: ComputedRef<AppError | null>;
}

/** A topic in a component's setup: looked at while the component is there. */
export function useTopic<Name extends TopicName>(topic: Name, { groupIds = null, when = true }: TopicOptions = {}): TopicView<TopicValue<Name>> {
  const store = useTopicsStore();
  const shown = shallowRef<ShownTopic | null>(null);
  const wanted = computed(() => (toValue(when) ? { topic, groupIds: toValue(groupIds) === null ? null : [...(toValue(groupIds) ?? [])] } : null));
  const look = (ask: typeof wanted.value): void => {
    const former = shown.value;
    // Of no group there is nothing to be seen.
    shown.value = ask === null || ask.groupIds?.length === 0 ? null : store.acquire(ask);
    if (former !== null) store.release(former);
  };
  // By name: the same groups anew are no other topic.
  const stop = watch(() => JSON.stringify(wanted.value), () => look(wanted.value), { immediate: true, flush: 'sync' });
  onScopeDispose(() => {
    stop();
    look(null);
  });
  // What is kept under the name of a topic is its entries.
  const entries = computed(() => (shown.value?.entries.value ?? null) as ReadonlyMap<string, TopicValue<Name>> | null);
  return {
    values: computed(() => (entries.value === null ? [] : [...entries.value.values()])),
    of: (key) => entries.value?.get(key),
    isHere: computed(() => entries.value !== null || wanted.value?.groupIds?.length === 0),
    error: computed(() => shown.value?.error.value ?? null),
  };
}

/** Who works here, without what they are doing: for names of people and of extensions. In a component's setup. */
export function useColleagues(): { all: ComputedRef<readonly Colleague[]>; nameOf: (agentId: string) => string | null; at: (extension: string) => Colleague | null } {
  const people = useTopic('people');
  const byExtension = computed(() => new Map(people.values.value.map((colleague) => [colleague.extension, colleague])));
  return {
    all: people.values,
    nameOf: (agentId) => people.of(agentId)?.name ?? null,
    at: (extension) => byExtension.value.get(extension) ?? null,
  };
}
