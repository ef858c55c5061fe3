import type { Action } from '../../../contract/participant-state.ts';
import type { ShortcutName } from '../../app/use-shortcuts.ts';

/** The key of each action that a call may allow. A recording cannot be paused yet. */
export const actionKeys = {
  answer: 'answer',
  reject: 'reject',
  hold: 'hold',
  resume: 'hold',
  mute: 'mute',
  keypad: 'keypad',
  consult: 'consult',
  transfer: 'transfer',
  conference: 'conference',
  swap: 'swap',
  changeParty: 'parties',
  completeTransfer: 'transfer',
  cancelConsult: 'cancelConsult',
  hangUp: 'hangUp',
  updateData: 'memo',
  complete: 'complete',
  extend: 'extend',
} as const satisfies Record<Exclude<Action, 'pauseRecording'>, ShortcutName>;
