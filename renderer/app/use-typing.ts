import { onScopeDispose } from 'vue';
import { matches, shortcuts } from './use-shortcuts.ts';

/** What browsers without `isComposing` on the last key of a composition say instead (UI Events, §C.2.2: 229). */
const COMPOSING_KEY_CODE = 229;

/**
 * Keys that belong to the input method, and keys that belong to us, for the whole window while the component lives.
 *
 * While a syllable is composed its keys are the input method's: nobody in the page hears them, so no Enter acts on half
 * a name. And a function key or combination of ours never does what the browser would do with it (find, caret browsing,
 * bookmark), even where it does nothing at the moment.
 */
export function useTyping(page: Document = document): void {
  const composing = (event: KeyboardEvent): void => {
    if (event.isComposing || event.keyCode === COMPOSING_KEY_CODE) event.stopImmediatePropagation();
  };
  const reserved = Object.values(shortcuts).filter((keys) => keys.length > 1);
  const reserve = (event: KeyboardEvent): void => {
    // `Ctrl Enter` saves forms by listeners of their own.
    if (event.key !== 'Enter' && reserved.some((keys) => matches(event, keys))) event.preventDefault();
  };
  page.addEventListener('keydown', composing, { capture: true });
  page.defaultView?.addEventListener('keydown', reserve);
  onScopeDispose(() => {
    page.removeEventListener('keydown', composing, { capture: true });
    page.defaultView?.removeEventListener('keydown', reserve);
  });
}
