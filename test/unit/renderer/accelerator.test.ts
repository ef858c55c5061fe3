import { describe, expect, it } from 'vitest';
import { acceleratorOf, shownKeys } from '../../../renderer/shared/desktop/accelerator.ts';

const press = (code: string, held: string = '') => ({ code, key: code, ctrlKey: held.includes('c'), altKey: held.includes('a'), shiftKey: held.includes('s'), metaKey: held.includes('m') });

describe('recorded keys', () => {
  it.each([
    [press('KeyA', 'ca'), false, 'Control+Alt+A'],
    [press('Digit1', 'cs'), false, 'Control+Shift+1'],
    [press('F9', 'a'), false, 'Alt+F9'],
    [press('F13'), false, 'F13'],
    [press('ArrowUp', 'm'), true, 'Command+Up'],
    [press('ArrowUp', 'm'), false, 'Super+Up'],
    // A Korean layout types ㅁ with this key: its place on the board counts.
    [{ ...press('KeyA', 'ca'), key: 'ㅁ' }, false, 'Control+Alt+A'],
  ])('%j on a Mac (%s) is %s', (event, mac, accelerator) => {
    expect(acceleratorOf(event, mac)).toBe(accelerator);
  });

  it.each([press('KeyA'), press('F2'), press('ControlLeft', 'c'), press('Enter', 'c'), press('MediaPlayPause')])('failure: %j is no combination', (event) => {
    expect(acceleratorOf(event, false)).toBeNull();
  });

  it('are shown as they are said', () => {
    expect(shownKeys('Control+Alt+A')).toBe('Ctrl Alt A');
    expect(shownKeys('CommandOrControl+Super+F1')).toBe('Ctrl Win F1');
  });
});
