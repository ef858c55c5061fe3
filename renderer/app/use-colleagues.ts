import { computed, type ComputedRef } from 'vue';
import type { Colleague } from '../../contract/directory.ts';
import { useTopic } from './stores/topics.store.ts';

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
