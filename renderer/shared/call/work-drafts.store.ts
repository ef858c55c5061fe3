import { defineStore } from 'pinia';
import { reactive } from 'vue';
import type { ContactView } from '../../../contract/contact.ts';
import type { ErrorCode, Result } from '../../../contract/errors.ts';
import type { ContactId, DispositionId } from '../../../contract/ids.ts';
import { useBridge } from '../../app/bridge.ts';
import type { Commands } from '../../app/use-commands.ts';

/** What is typed is safe with the center after this pause, */
const SAVE_AFTER_MS = 800;
/** and after this in any case. */
const SAVE_WITHIN_MS = 3000;
/** What could not be saved is tried again by itself after this, for as long as it is not. */
const SAVE_AGAIN_MS = 5000;
/** What time or an operator puts right: the person has been told once. */
const PASSING: readonly ErrorCode[] = ['store.unavailable', 'center.unreachable', 'center.timeout'];

export interface Draft {
  memo: string;
  dispositionId: DispositionId | null;
}

/**
 * Memos and dispositions as they are typed, by contact: they outlive the panel, the call and its after-call time, and
 * are dropped when the center has them. What the center says wins only over a draft nobody has touched.
 */
export const useWorkDraftsStore = defineStore('work-drafts', () => {
  const bridge = useBridge();
  const drafts = reactive(new Map<ContactId, Draft>());
  const touched = reactive(new Set<ContactId>());
  const saving = reactive(new Set<ContactId>());
  /** The memo as the center had it when what is typed now was begun. */
  const bases = new Map<ContactId, string>();
  const timers = new Map<ContactId, ReturnType<typeof setTimeout>>();
  /** Since when something typed waits to be saved. */
  const waiting = new Map<ContactId, number>();

  function see({ contactId, memo, dispositionId }: Pick<ContactView, 'contactId' | 'memo' | 'dispositionId'>): void {
    if (touched.has(contactId)) return;
    drafts.set(contactId, { memo, dispositionId });
    bases.set(contactId, memo);
  }

  function edit(contactId: ContactId, change: Partial<Draft>, run: Commands['run']): void {
    const draft = drafts.get(contactId);
    if (draft === undefined) return;
    drafts.set(contactId, { ...draft, ...change });
    touched.add(contactId);
    const since = waiting.get(contactId) ?? Date.now();
    waiting.set(contactId, since);
    saveIn(contactId, Math.min(SAVE_AFTER_MS, Math.max(0, since + SAVE_WITHIN_MS - Date.now())), run);
  }

  function saveIn(contactId: ContactId, ms: number, run: Commands['run'], quiet: readonly ErrorCode[] = []): void {
    clearTimeout(timers.get(contactId));
    timers.set(contactId, setTimeout(() => void save(contactId, run, quiet), ms));
  }

  /** Saves at once what is not saved yet; null where there is nothing. @param quiet errors that the person knows of already */
  async function save(contactId: ContactId, run: Commands['run'], quiet: readonly ErrorCode[] = []): Promise<Result<unknown> | null> {
    clearTimeout(timers.get(contactId));
    waiting.delete(contactId);
    const kept = drafts.get(contactId);
    if (kept === undefined || !touched.has(contactId)) return null;
    saving.add(contactId);
    const answer = await run(bridge.contact.update({ contactId, memo: kept.memo, base: bases.get(contactId) ?? '', dispositionId: kept.dispositionId }), { quiet });
    saving.delete(contactId);
    if (answer.ok) bases.set(contactId, kept.memo);
    if (answer.ok && drafts.get(contactId) === kept) touched.delete(contactId);
    if (!answer.ok && PASSING.includes(answer.error.code)) saveIn(contactId, SAVE_AGAIN_MS, run, PASSING);
    return answer;
  }

  const stateOf = (contactId: ContactId): 'saved' | 'unsaved' | 'saving' => (saving.has(contactId) ? 'saving' : touched.has(contactId) ? 'unsaved' : 'saved');

  return { drafts, see, edit, save, stateOf };
});
