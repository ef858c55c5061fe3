import { defineStore } from 'pinia';
import type { KeptForm } from './use-customer-saving.ts';

/** Forms that a call interrupted, by customer (empty: a new one). They are in memory only and end with the window. */
export const useDraftsStore = defineStore('customerDrafts', () => {
  const kept = new Map<string, KeptForm>();
  return {
    keep: (customerId: string, form: KeptForm) => void kept.set(customerId, form),
    /** Hands out a kept form, once. */
    take(customerId: string): KeptForm | null {
      const form = kept.get(customerId) ?? null;
      kept.delete(customerId);
      return form;
    },
  };
});
