import { computed, type Ref } from 'vue';
import type { ContactView } from '../../../contract/contact.ts';
import { useBridge } from '../../app/bridge.ts';
import { useSessionStore } from '../../app/stores/session.store.ts';
import { useCommands } from '../../app/use-commands.ts';
import { useShortcut } from '../../app/use-shortcuts.ts';

/** A call that is offered: what can be done with it, and how long there is. Its keys answer and reject while the component lives. */
export function useOffer(contact: Ref<ContactView>) {
  const bridge = useBridge();
  const session = useSessionStore();
  const { run, busy } = useCommands();

  const offer = computed(() => contact.value.me.offer);
  const leftMs = computed(() => (offer.value === null ? 0 : Math.max(0, offer.value.deadline - session.now)));
  const lengthMs = computed(() => (offer.value === null ? 1 : Math.max(1, offer.value.deadline - contact.value.me.since)));

  const may = (action: 'answer' | 'reject'): boolean => contact.value.me.allowed.includes(action) && !busy.value;
  const answer = (): boolean => may('answer') && (void run(bridge.phone.answer({ contactId: contact.value.contactId })), true);
  const reject = (): boolean => may('reject') && (void run(bridge.phone.reject({ contactId: contact.value.contactId })), true);
  useShortcut('answer', answer);
  useShortcut('reject', reject);

  return {
    may,
    answer,
    reject,
    busy,
    secondsLeft: computed(() => Math.ceil(leftMs.value / 1000)),
    /** Of the time there was, 1 … 0. */
    share: computed(() => Math.min(1, leftMs.value / lengthMs.value)),
  };
}
