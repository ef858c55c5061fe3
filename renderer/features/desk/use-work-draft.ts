import { useEventListener } from '@vueuse/core';
import { computed, onScopeDispose, watch, type Ref } from 'vue';
import type { ContactView } from '../../../contract/contact.ts';
import type { Result } from '../../../contract/errors.ts';
import type { DispositionId } from '../../../contract/ids.ts';
import type { Commands } from '../../app/use-commands.ts';
import { useWorkDraftsStore } from '../../shared/call/work-drafts.store.ts';

export interface WorkDraft {
  memo: Ref<string>;
  dispositionId: Ref<DispositionId | null>;
  state: Ref<'saved' | 'unsaved' | 'saving'>;
  /** Saves at once what is not saved yet. */
  save: () => Promise<Result<unknown> | null>;
}

/** Memo and disposition of the contact in focus, saved while typing, and at once when the focus moves on or the panel goes. */
export function useWorkDraft(contact: Ref<ContactView | null>, run: Commands['run']): WorkDraft {
  const store = useWorkDraftsStore();
  const draft = computed(() => (contact.value === null ? undefined : store.drafts.get(contact.value.contactId)));

  const edit = (change: { memo?: string; dispositionId?: DispositionId | null }): void => void (contact.value !== null && store.edit(contact.value.contactId, change, run));
  const save = (contactId = contact.value?.contactId): Promise<Result<unknown> | null> => (contactId === undefined ? Promise.resolve(null) : store.save(contactId, run));

  watch(contact, (seen) => void (seen !== null && store.see(seen)), { immediate: true });
  // What was typed must not wait for a pause that never comes.
  watch(
    () => contact.value?.contactId,
    (_, left) => left !== undefined && void save(left),
  );
  onScopeDispose(() => void save());
  if (typeof window !== 'undefined') useEventListener(window, 'pagehide', () => void save());

  return {
    memo: computed({ get: () => draft.value?.memo ?? '', set: (memo) => edit({ memo }) }),
    dispositionId: computed({ get: () => draft.value?.dispositionId ?? null, set: (dispositionId) => edit({ dispositionId }) }),
    state: computed(() => (contact.value === null ? 'saved' : store.stateOf(contact.value.contactId))),
    save: () => save(),
  };
}
