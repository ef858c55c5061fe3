import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { ContactId } from '../../../contract/ids.ts';
import type { Purpose } from './target-options.ts';

/** What is open beside a call, by whichever way it was asked for: its button, its key or the command palette. */
export const useCallPanelsStore = defineStore('call-panels', () => {
  const picker = shallowRef<{ contactId: ContactId; purpose: Purpose } | null>(null);
  const keypad = shallowRef<ContactId | null>(null);
  return {
    pick: (contactId: ContactId, purpose: Purpose) => void (picker.value = { contactId, purpose }),
    closePicker: () => void (picker.value = null),
    toggleKeypad: (contactId: ContactId) => void (keypad.value = keypad.value === contactId ? null : contactId),
    pickerOf: computed(() => (contactId: ContactId): Purpose | null => (picker.value?.contactId === contactId ? picker.value.purpose : null)),
    hasKeypad: computed(() => (contactId: ContactId): boolean => keypad.value === contactId),
  };
});
