import { describe, expect, it } from 'vitest';
import { allowedActions, ParticipantState } from '../../../contract/participant-state.ts';
import { textsOf } from '../../../renderer/app/i18n.ts';
import { deskActions } from '../../../renderer/app/shell/use-desk-actions.ts';
import { shortcuts, type ShortcutName } from '../../../renderer/app/use-shortcuts.ts';
import { actionKeys } from '../../../renderer/shared/call/action-keys.ts';
import { controlKeys } from '../../../renderer/shared/call/use-call-commands.ts';

/** Listened to by the offer, by the form of after-call work, and by the shell for what lies over the screens. */
const ELSEWHERE: readonly ShortcutName[] = ['answer', 'reject', 'complete', 'palette', 'help'];

describe('every action of the desk', () => {
  it.each(ParticipantState.options)('that a call allows in the state %s has a key', (state) => {
    const withKeys = Object.keys(actionKeys);
    expect(allowedActions(state).filter((action) => !withKeys.includes(action))).toEqual([]);
  });

  it('has a key of its own, and every key is listened to', () => {
    const keys = Object.values(shortcuts);
    expect(new Set(keys).size).toBe(keys.length);
    expect([...new Set([...deskActions, ...controlKeys, ...ELSEWHERE])].toSorted()).toEqual(Object.keys(shortcuts).toSorted());
  });

  it.each(['ko', 'en'] as const)('stands in the help, in %s', async (language) => {
    const help = ((await textsOf(language))['app'] as Record<string, Record<string, string>>)['shortcuts'];
    expect(Object.keys(shortcuts).filter((name) => !help?.[name])).toEqual([]);
  });
});
