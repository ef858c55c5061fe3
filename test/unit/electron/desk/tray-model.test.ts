import { describe, expect, it } from 'vitest';
import type { AgentState } from '../../../../contract/agent-state.ts';
import { trayModel, type MenuEntry } from '../../../../electron/main/desk/tray-model.ts';
import { systemLanguage } from '../../../../electron/main/desk/texts.ts';
import { contactOf, desktopView, viewOf } from './support.ts';

/** The menu as a person would read it. */
function menuText(entries: readonly MenuEntry[], indent = ''): string[] {
  return entries.flatMap((entry) => {
    if (entry.type === 'separator') return [`${indent}──`];
    if (entry.type === 'submenu') return [`${indent}${entry.label} ▸`, ...menuText(entry.entries, `${indent}  `)];
    const mark = entry.mark === 'none' ? '' : entry.checked ? '● ' : '○ ';
    return [`${indent}${mark}${entry.label}${entry.enabled ? '' : ' (off)'}`];
  });
}

const contactId = 'k1' as never;

describe('the tray', () => {
  it('offers Ready, Away with its reasons, and the desk', () => {
    const { icon, tooltip, menu } = trayModel(viewOf(), 'en');
    expect(icon).toBe('ready');
    expect(tooltip).toBe('agent1 · Ready');
    expect(menuText(menu)).toEqual([
      'agent1 · Ready (off)', '──', '● Ready', 'Away ▸', '  ○ Break', '  ○ Meal', '  ○ Meeting', '  ○ Training', '  ○ Other', '──',
      'Open desk', 'Dial number from clipboard…', '○ Narrow column', 'Open wallboard', '──', 'Sign out', 'Quit',
    ]);
  });

  it('speaks Korean, and tells the reason for being away', () => {
    const { icon, tooltip, menu } = trayModel(viewOf({ state: { name: 'NOT_READY', reason: 'meal' } }), 'ko');
    expect(icon).toBe('away');
    expect(tooltip).toBe('agent1 · 이석 (식사)');
    expect(menuText(menu)).toContain('  ● 식사');
  });

  it('answers and rejects what rings', () => {
    const { icon, menu } = trayModel(viewOf({ state: { name: 'RESERVED', contactId, resume: { name: 'READY' }, pending: null }, contacts: [contactOf('ringing')] }), 'en');
    expect(icon).toBe('talking');
    expect(menu).toContainEqual(expect.objectContaining({ label: 'Answer', enabled: true, action: { do: 'answer', contactId: 'k1' } }));
    expect(menu).toContainEqual(expect.objectContaining({ label: 'Reject', action: { do: 'reject', contactId: 'k1' } }));
  });

  it('mutes and hangs up a call, and says what comes afterwards', () => {
    const talking: AgentState = { name: 'TALKING', contactId, resume: { name: 'READY' }, pending: { kind: 'away', reason: 'break' } };
    const { tooltip, menu } = trayModel(viewOf({ state: talking, contacts: [contactOf('talking')], muted: true }), 'en');
    expect(tooltip).toBe('agent1 · On a call, then Break');
    expect(menu).toContainEqual(expect.objectContaining({ label: 'Mute', checked: true, action: { do: 'setMuted', contactId: 'k1', muted: false } }));
    expect(menu).toContainEqual(expect.objectContaining({ label: 'Hang up', action: { do: 'hangUp', contactId: 'k1' } }));
  });

  it('does not restart for an update during a call', () => {
    const desktop = desktopView({ update: { state: 'ready', version: '1.1.0' } });
    expect(menuText(trayModel(viewOf({ desktop }), 'en').menu)).toContain('Restart to update');
    expect(menuText(trayModel(viewOf({ desktop, contacts: [contactOf('talking')] }), 'en').menu)).toContain('Restart to update (off)');
  });

  it('without a telephone: no states and no dialling, but a wallboard and the way out', () => {
    const view = viewOf();
    const { tooltip, menu } = trayModel({ ...view, me: view.me === null ? null : { ...view.me, kind: 'console', extension: null } }, 'en');
    expect(tooltip).toBe('agent1 · No telephone');
    expect(menuText(menu)).toEqual(['agent1 · No telephone (off)', '──', 'Open desk', 'Dial number from clipboard… (off)', '○ Narrow column', 'Open wallboard', '──', 'Sign out', 'Quit']);
  });

  it('nobody is signed in: no states, no calls', () => {
    const { icon, tooltip, menu } = trayModel(viewOf({ state: null }), 'en');
    expect(icon).toBe('offline');
    expect(tooltip).toBe('Sangdam · Signed out');
    expect(menuText(menu)).toEqual(['Sangdam · Signed out (off)', '──', 'Open desk', 'Dial number from clipboard… (off)', '○ Narrow column', 'Open wallboard (off)', '──', 'Quit']);
  });

  it('failure: without the center the state shown may be wrong, so the picture says offline', () => {
    expect(trayModel(viewOf({ cti: 'lost' }), 'en').icon).toBe('offline');
  });
});

describe('the language of the system', () => {
  it.each([
    [['ko-KR', 'en-US'], 'ko'],
    [['de-DE', 'ko'], 'ko'],
    [['en-GB', 'ko'], 'en'],
    [[], 'en'],
  ])('%j is %s', (preferred, language) => {
    expect(systemLanguage(preferred)).toBe(language);
  });
});
