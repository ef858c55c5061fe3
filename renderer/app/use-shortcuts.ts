import { useEventListener } from '@vueuse/core';

/** Every shortcut of the desk, in the order in which the help lists them. Texts are `app.shortcuts.<name>`. */
export const shortcuts = {
  answer: 'F2',
  reject: 'Shift F2',
  hold: 'F3',
  mute: 'F4',
  keypad: 'Ctrl Alt K',
  consult: 'F8',
  transfer: 'Shift F8',
  swap: 'F7',
  cancelConsult: 'Shift F7',
  conference: 'Ctrl Alt C',
  parties: 'Ctrl Alt P',
  hangUp: 'F9',
  memo: 'Ctrl Alt M',
  giveNumber: 'Ctrl Alt N',
  complete: 'Ctrl Enter',
  extend: 'Ctrl Alt E',
  dial: 'Ctrl D',
  ready: 'Ctrl Alt R',
  away: 'Ctrl Alt A',
  palette: 'Ctrl K',
  help: '?',
} as const;
export type ShortcutName = keyof typeof shortcuts;

/** Whether a key press is this combination. Command counts as Ctrl, so that Macs have the same list. */
export function matches(event: Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>, keys: string): boolean {
  const parts = keys.split(' ');
  const key = parts.at(-1) ?? '';
  const wantsShift = parts.includes('Shift');
  return (
    isKey(event, key) &&
    (event.ctrlKey || event.metaKey) === parts.includes('Ctrl') &&
    event.altKey === parts.includes('Alt') &&
    // A character such as "?" may need Shift to be typed at all.
    (event.shiftKey === wantsShift || /^[^\w\s]$/.test(key))
  );
}

/** A letter by what it types, or by where it is where the layout types no Latin letter there (ㅏ on the key K). */
function isKey({ key, code }: Pick<KeyboardEvent, 'key' | 'code'>, wanted: string): boolean {
  if (key.toLowerCase() === wanted.toLowerCase()) return true;
  return /^[A-Z]$/.test(wanted) && code === `Key${wanted}` && !/^[a-z]$/i.test(key);
}

const isTyping = (target: EventTarget | null): boolean => target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null;

/**
 * What a key press does to a shortcut of these keys: nothing where it is another, or where somebody types and it is a bare
 * character; a key that is held acts once. `run` answers false where it does not apply now.
 */
export function pressShortcut(event: KeyboardEvent, keys: string, run: () => void | boolean): void {
  if (event.defaultPrevented || !matches(event, keys)) return;
  if (keys.length === 1 && isTyping(event.target)) return;
  if (event.repeat || run() !== false) event.preventDefault();
}

/** Listens for one shortcut while the component lives. `run` answers false where it does not apply now. */
export function useShortcut(name: ShortcutName, run: () => void | boolean): void {
  useEventListener(document, 'keydown', (event) => pressShortcut(event, shortcuts[name], run));
}
