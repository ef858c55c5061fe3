import { nextTick, watch } from 'vue';
import type { ContactId } from '../../../contract/ids.ts';

/** Name of the performance mark (`detail.contactId`) set once a contact's screen pop is on the screen. */
export const PAINTED_MARK = 'screen-pop-painted';

/** Sets the mark once per contact: after the DOM has it, the second animation frame comes after its paint. */
export function useScreenPopMark(popped: () => ContactId | null): void {
  let marked: ContactId | null = null;
  watch(
    popped,
    async (contactId) => {
      if (contactId === null || contactId === marked) return;
      marked = contactId;
      await nextTick();
      requestAnimationFrame(() => requestAnimationFrame(() => performance.mark(PAINTED_MARK, { detail: { contactId } })));
    },
    { immediate: true },
  );
}
