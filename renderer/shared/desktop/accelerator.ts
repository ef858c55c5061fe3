import { Accelerator } from '../../../contract/bridge/index.ts';

type Press = Pick<KeyboardEvent, 'code' | 'key' | 'ctrlKey' | 'altKey' | 'shiftKey' | 'metaKey'>;

const NAMED: Readonly<Record<string, string>> = { Space: 'Space', Home: 'Home', End: 'End', PageUp: 'PageUp', PageDown: 'PageDown', Insert: 'Insert', Delete: 'Delete', ArrowUp: 'Up', ArrowDown: 'Down', ArrowLeft: 'Left', ArrowRight: 'Right' };

/** The key itself by its place on the board, so that a Korean layout names it alike. */
function keyOf(code: string): string | null {
  const [, letter, digit] = /^(?:Key([A-Z])|Digit(\d))$/.exec(code) ?? [];
  return letter ?? digit ?? (/^F\d{1,2}$/.test(code) ? code : (NAMED[code] ?? null));
}

/** Electron's accelerator for a key press; null for one that is none, such as a modifier alone or a plain letter. */
export function acceleratorOf(event: Press, mac: boolean): string | null {
  const key = keyOf(event.code);
  if (key === null) return null;
  const modifiers = [event.ctrlKey && 'Control', event.altKey && 'Alt', event.shiftKey && 'Shift', event.metaKey && (mac ? 'Command' : 'Super')].filter((modifier) => modifier !== false);
  const parsed = Accelerator.safeParse([...modifiers, key].join('+'));
  return parsed.success ? parsed.data : null;
}

/** As a person reads it. */
export const shownKeys = (accelerator: string): string => accelerator.replace('CommandOrControl', 'Ctrl').replace('Control', 'Ctrl').replace('Super', 'Win').replaceAll('+', ' ');
