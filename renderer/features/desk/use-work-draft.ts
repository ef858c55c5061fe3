import { watchDebounced } from '@vueuse/core';
import { computed, onScopeDispose, reactive, ref, watch, type Ref } from 'vue';
import type { ContactView } from '../../../contract/contact.ts';
import type { ErrorCode, Result } from '../../../contract/errors.ts';
import type { ContactId, DispositionId } from '../../../contract/ids.ts';
import { useBridge } from '../../app/bridge.ts';
import type { Commands } from '../../app/use-commands.ts';

/** What is typed is safe with the center after this pause. */
const SAVE_AFTER_MS = 800;
/** What could not be saved is tried again by itself after this, for as long as it is not. */
const SAVE_AGAIN_MS = 5000;
/** What time or an operator puts right: the person has been told once. */
const PASSING: readonly ErrorCode[] = ['store.unavailable', 'center.unreachable', 'center.timeout'];

interface Draft {
  memo: string;
  dispositionId: DispositionId | null;
}

export interface WorkDraft {
  memo: Ref<string>;
  dispositionId: Ref<DispositionId | null>;
  state: Ref<'saved' | 'unsaved' | 'saving'>;
  /** Saves at once what is not saved yet. */
  save: () => Promise<Result<unknown> | null>;
}

/**
 * Memo and disposition of the contact in focus, saved while typing. Each contact keeps its own draft, so that
 * nothing is lost when the focus moves; what the center sends wins only over a draft nobody has touched.
 */
export function useWorkDraft(contact: Ref<ContactView | null>, run: Commands['run']): WorkDraft {
  const bridge = useBridge();
  const drafts = reactive(new Map<ContactId, Draft>());
  const touched = reactive(new Set<ContactId>());
  const saving = ref(false);

  watch(
    contact,
    (seen) => {
      if (seen !== null && !touched.has(seen.contactId)) drafts.set(seen.contactId, { memo: seen.memo, dispositionId: seen.dispositionId });
    },
    { immediate: true },
  );

  const draft = computed(() => (contact.value === null ? undefined : drafts.get(contact.value.contactId)));

  function edit(change: Partial<Draft>): void {
    if (contact.value === null || draft.value === undefined) return;
    drafts.set(contact.value.contactId, { ...draft.value, ...change });
    touched.add(contact.value.contactId);
  }

  const again = new Map<ContactId, ReturnType<typeof setTimeout>>();
  onScopeDispose(() => again.forEach((timer) => clearTimeout(timer)));

  function saveAgain(contactId: ContactId): void {
    clearTimeout(again.get(contactId));
    again.set(contactId, setTimeout(() => void save(contactId, PASSING), SAVE_AGAIN_MS));
  }

  /** @param quiet errors that the person knows of already */
  async function save(contactId = contact.value?.contactId, quiet: readonly ErrorCode[] = []): Promise<Result<unknown> | null> {
    const kept = contactId === undefined ? undefined : drafts.get(contactId);
    if (contactId === undefined || kept === undefined || !touched.has(contactId)) return null;
    saving.value = true;
    const answer = await run(bridge.contact.update({ contactId, memo: kept.memo, dispositionId: kept.dispositionId }), { quiet });
    saving.value = false;
    if (answer.ok && drafts.get(contactId) === kept) touched.delete(contactId);
    if (!answer.ok && PASSING.includes(answer.error.code)) saveAgain(contactId);
    return answer;
  }

  watchDebounced(draft, () => void save(), { debounce: SAVE_AFTER_MS });
  // The focus has moved on: what was typed there must not wait for a pause that never comes.
  watch(
    () => contact.value?.contactId,
    (_, left) => left !== undefined && void save(left),
  );

  return {
    memo: computed({ get: () => draft.value?.memo ?? '', set: (memo) => edit({ memo }) }),
    dispositionId: computed({ get: () => draft.value?.dispositionId ?? null, set: (dispositionId) => edit({ dispositionId }) }),
    state: computed(() => (saving.value ? 'saving' : contact.value !== null && touched.has(contact.value.contactId) ? 'unsaved' : 'saved')),
    save: () => save(),
  };
}
