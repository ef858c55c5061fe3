import { useThrottleFn } from '@vueuse/core';
import { onScopeDispose, readonly, ref, watch, type Ref } from 'vue';
import { useBridge } from '../../app/bridge.ts';
import { useSessionStore } from '../../app/stores/session.store.ts';
import { useApi } from '../../app/use-api.ts';

/** Who looks back further than a shift looks into the history. */
const LOOKED_BACK_MS = 24 * 3_600_000;
const MOST = 100;
/** Contacts of others end all the time: the center is asked so often at most, and only while one of mine may be among them. */
const NEWS_EVERY_MS = 5000;
/** A contact of mine that is over is in the history within this time. */
const MINE_MS = 30_000;

/** How many of my contacts since yesterday lack the disposition that their group asks for. */
export function useLacking(): Readonly<Ref<number>> {
  const bridge = useBridge();
  const api = useApi();
  const session = useSessionStore();
  const count = ref(0);
  let mineUntil = 0;

  async function look(): Promise<void> {
    if (session.me === null) return;
    const answer = await api('contacts.search', { agentId: session.me.agentId, dispositionMissing: true, from: session.now - LOOKED_BACK_MS, limit: MOST });
    // Of those that I was only asked in it is another's to say.
    if (answer.ok) count.value = answer.value.lines.filter(({ agentId }) => agentId === session.me?.agentId).length;
  }

  watch(() => session.contacts.length, (now, before) => void (now < before && (mineUntil = session.now + MINE_MS)));
  const news = useThrottleFn(() => void look(), NEWS_EVERY_MS, true);
  onScopeDispose(bridge.on('customers.changed', () => void ((count.value > 0 || session.now < mineUntil) && news())));
  void look();
  return readonly(count);
}
