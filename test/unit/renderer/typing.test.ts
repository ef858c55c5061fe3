import { effectScope } from 'vue';
import { afterEach, describe, expect, it } from 'vitest';
import { pressShortcut, shortcuts } from '../../../renderer/app/use-shortcuts.ts';
import { useTyping } from '../../../renderer/app/use-typing.ts';

const scopes: (() => void)[] = [];
afterEach(() => scopes.splice(0).forEach((stop) => stop()));

/** A page whose window is another target: events are given to both by hand, as bubbling would. */
function page(): { press: (key: string, more?: Partial<KeyboardEvent>) => { heard: boolean; prevented: boolean } } {
  const window = new EventTarget();
  const document = Object.assign(new EventTarget(), { defaultView: window });
  const scope = effectScope();
  scope.run(() => useTyping(document as unknown as Document));
  scopes.push(() => scope.stop());
  return {
    press: (key, more = {}) => {
      const event = Object.assign(new Event('keydown', { cancelable: true }), { key, code: '', ctrlKey: false, altKey: false, metaKey: false, shiftKey: false, isComposing: false, keyCode: 0, ...more });
      let heard = false;
      const listener = (): void => void (heard = true);
      document.addEventListener('keydown', listener);
      document.dispatchEvent(event);
      if (heard) window.dispatchEvent(event);
      document.removeEventListener('keydown', listener);
      return { heard, prevented: event.defaultPrevented };
    },
  };
}

describe('keys while a syllable is composed', () => {
  it('are heard by nobody in the page, and still reach the input method', () => {
    const { press } = page();
    expect(press('Enter', { isComposing: true })).toEqual({ heard: false, prevented: false });
    expect(press('Enter', { isComposing: true, shiftKey: true })).toEqual({ heard: false, prevented: false });
    expect(press('Process', { keyCode: 229 })).toEqual({ heard: false, prevented: false });
    expect(press('Enter')).toEqual({ heard: true, prevented: false });
  });
});

describe('keys of the desk', () => {
  it.each(['F2', 'F3', 'F4', 'F7', 'F8', 'F9'])('%s never does what the browser would do, also with nothing to act on', (key) => {
    expect(page().press(key)).toEqual({ heard: true, prevented: true });
  });

  it('are kept from the browser under a Hangul layout too', () => {
    expect(page().press('ㅏ', { code: 'KeyK', ctrlKey: true }).prevented).toBe(true);
  });

  it.each(['F5', 'F12', 'a', '?', 'Tab'])('%s is the browser\'s', (key) => expect(page().press(key).prevented).toBe(false));

  it('are left alone once the window is done with', () => {
    const { press } = page();
    scopes.splice(0).forEach((stop) => stop());
    expect(press('F3')).toEqual({ heard: true, prevented: false });
  });
});

describe('a key that is held', () => {
  const pressed = (keys: string, more: Partial<KeyboardEvent> = {}) =>
    Object.assign(new Event('keydown', { cancelable: true }), { key: keys.split(' ').at(-1) ?? '', code: '', ctrlKey: keys.includes('Ctrl'), altKey: keys.includes('Alt'), metaKey: false, shiftKey: keys.includes('Shift'), repeat: false, ...more }) as unknown as KeyboardEvent;

  it.each(['mute', 'hold', 'keypad', 'answer', 'hangUp', 'conference'] as const)('acts once: %s', (name) => {
    let acted = 0;
    const run = (): void => void acted++;
    for (let times = 0; times < 21; times++) {
      const event = pressed(shortcuts[name], { repeat: times > 0 });
      pressShortcut(event, shortcuts[name], run);
      expect(event.defaultPrevented).toBe(true);
    }
    expect(acted).toBe(1);
  });

  it('no two actions have the same', () => {
    const keys = Object.values(shortcuts);
    expect(new Set(keys).size).toBe(keys.length);
  });
});
