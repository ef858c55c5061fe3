import { nextTick, watch } from 'vue';
import type { ContactId } from '../../../contract/ids.ts';

/** Name of the performance mark (`detail.contactId`) set once a contact's screen pop is on the screen. */
export const PAINTED_MARK = 'screen-pop-painted';

/**
 * Sets the mark once per contact, and tells of it: a message that is sent in the frame after the DOM has it comes when that
 * frame is painted.
 */
export function useScreenPopMark(popped: () => ContactId | null, onPainted: (contactId: ContactId) => void): void {
  let marked: ContactId | null = null;
  watch(
    popped,
    async (contactId) => {
      if (contactId === null || contactId === marked) return;
      marked = contactId;
      await nextTick();
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        const painted = (): void => {
          performance.mark(PAINTED_MARK, { detail: { contactId } });
          onPainted(contactId);
        };
        port1.addEventListener('message', painted, { once: true });
        port1.start();
        port2.postMessage(null);
      });
    },
    { immediate: true },
  );
}
