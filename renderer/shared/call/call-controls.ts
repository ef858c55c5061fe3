import type { Action, ParticipantState } from '../../../contract/participant-state.ts';

/** A button of a call card, by its place. */
export interface CallControl {
  name: Extract<Action, 'mute' | 'hold' | 'resume' | 'keypad' | 'hangUp' | 'consult' | 'transfer' | 'completeTransfer' | 'conference' | 'swap' | 'cancelConsult' | 'pauseRecording'>;
  enabled: boolean;
}

type Name = CallControl['name'];

const CONSULTATION: readonly ParticipantState[] = ['consultDialling', 'consulting', 'swapped'];

/** Key of a control's text. Hang up says what it ends: during a consultation, what is talked in. */
export const controlKey = (name: Name, state: ParticipantState): string => (name === 'hangUp' && (state === 'consultDialling' || state === 'consulting' || state === 'swapped') ? `desk.hangUp.${state}` : `desk.control.${name}`);

/**
 * The buttons of a call, in their fixed places: two rows of four. During a consultation the second row's
 * places hold what leads out of it. A button is enabled only if the center allows its action: nothing is guessed.
 * The last place is for the recording, where there is one to pause.
 */
export function callControls(state: ParticipantState, allowed: readonly Action[]): CallControl[] {
  const consulting = CONSULTATION.includes(state);
  const first: Name[] = ['mute', state === 'held' || allowed.includes('resume') ? 'resume' : 'hold', 'keypad', 'hangUp'];
  const second: Name[] = consulting ? ['cancelConsult', 'completeTransfer', 'conference', 'swap'] : ['consult', 'transfer', 'conference', ...(allowed.includes('pauseRecording') ? (['pauseRecording'] as const) : [])];
  return [...first, ...second].map((name) => ({ name, enabled: allowed.includes(name) }));
}
