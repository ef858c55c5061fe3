import { useDebounceFn } from '@vueuse/core';
import { onScopeDispose, readonly, ref, type Ref } from 'vue';
import { useBridge } from '../../app/bridge.ts';
import { useSessionStore } from '../../app/stores/session.store.ts';

/** Who looks back further than a shift looks into the history. */
const LOOKED_BACK_MS = 24 * 3_600_000;
const MOST = 100;
const SETTLE_MS = 150;

/** How many of my contacts since yesterday lack the disposition that their group asks for, as the cache has it at the time. */
export function useLacking(): Readonly<Ref<number>> {
  const bridge = useBridge();
  const session = useSessionStore();
  const count = ref(0);

  async function look(): Promise<void> {
    const answer = await bridge.history.list({ mine: true, missed: false, kind: null, dispositionMissing: true, from: session.now - LOOKED_BACK_MS, limit: MOST, before: null });
    // Of those that I was only asked in it is another's to say.
    if (answer.ok) count.value = answer.value.lines.filter(({ agentId }) => agentId === session.me?.agentId).length;
  }

  onScopeDispose(bridge.on('customers.changed', useDebounceFn(() => void look(), SETTLE_MS)));
  void look();
  return readonly(count);
}
