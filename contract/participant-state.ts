import { z } from 'zod';
import { fail, ok, unreachable, type Result } from './errors.ts';

/*
 * What one agent's part in a contact is doing. The center owns it; a desk's buttons follow `allowedActions`.
 *
 *   ringing ──answered──▶ talking ◀──resumed── held
 *   dialling ─answered──▶    │  └────held──────▶
 *                            │ consultStarted (also from held)
 *                            ▼
 *                     consultDialling ──consultFailed / consultCancelled──▶ talking
 *                            │ consultAnswered
 *                            ▼
 *                       consulting ◀──swapped──▶ swapped        consultCancelled ──▶ talking
 *                            │ conferenced (either)
 *                            ▼
 *                       conference ──partyLeft──▶ talking
 *
 *   anything alive ──ended──▶ afterCall (wrap-up) or ended;  afterCall ──completed──▶ ended
 *   customerLeft during a consultation: consulting, swapped ──▶ talking (with the target)
 */

export const ParticipantState = z.enum([
  'ringing',
  'dialling',
  'talking',
  'held',
  /** The consultation target is ringing; the customer hears music. */
  'consultDialling',
  /** In private with the target; the customer hears music. */
  'consulting',
  /** With the customer; the target hears music. */
  'swapped',
  'conference',
  'afterCall',
  'ended',
]);
export type ParticipantState = z.infer<typeof ParticipantState>;

export const Action = z.enum([
  'answer',
  'reject',
  'hold',
  'resume',
  'mute',
  'keypad',
  'consult',
  'transfer',
  'conference',
  'swap',
  /** Holds, mutes and removes the others of a conference. */
  'changeParty',
  'completeTransfer',
  'cancelConsult',
  'pauseRecording',
  'hangUp',
  'updateData',
  'complete',
  'extend',
]);
export type Action = z.infer<typeof Action>;

const ACTIONS: Record<ParticipantState, readonly Action[]> = {
  ringing: ['answer', 'reject'],
  dialling: ['hangUp', 'updateData'],
  talking: ['hold', 'mute', 'keypad', 'consult', 'transfer', 'conference', 'hangUp', 'updateData'],
  held: ['resume', 'consult', 'transfer', 'hangUp', 'updateData'],
  consultDialling: ['mute', 'cancelConsult', 'hangUp', 'updateData'],
  consulting: ['completeTransfer', 'swap', 'conference', 'cancelConsult', 'mute', 'keypad', 'hangUp', 'updateData'],
  swapped: ['completeTransfer', 'swap', 'conference', 'cancelConsult', 'mute', 'keypad', 'hangUp', 'updateData'],
  conference: ['hold', 'mute', 'keypad', 'conference', 'changeParty', 'hangUp', 'updateData'],
  afterCall: ['updateData', 'complete', 'extend'],
  ended: [],
};

/** The actions a participant may take in this state (domain: "Actions by participant state"). */
export const allowedActions = (state: ParticipantState): readonly Action[] => ACTIONS[state];

export type ParticipantEvent =
  | 'answered'
  | 'held'
  | 'resumed'
  | 'consultStarted'
  | 'consultAnswered'
  | 'consultFailed'
  | 'consultCancelled'
  | 'swapped'
  | 'conferenced'
  /** A third party joined a two-party call, or left a conference of three. */
  | 'partyJoined'
  | 'partyLeft'
  | 'customerLeft'
  | 'endedWithWrapUp'
  | 'ended'
  | 'completed';

const MOVES: Record<ParticipantState, Partial<Record<ParticipantEvent, ParticipantState>>> = {
  ringing: { answered: 'talking', ended: 'ended' },
  dialling: { answered: 'talking', ended: 'ended', endedWithWrapUp: 'afterCall' },
  talking: { held: 'held', consultStarted: 'consultDialling', partyJoined: 'conference', customerLeft: 'talking', ended: 'ended', endedWithWrapUp: 'afterCall' },
  held: { resumed: 'talking', consultStarted: 'consultDialling', ended: 'ended', endedWithWrapUp: 'afterCall' },
  consultDialling: { consultAnswered: 'consulting', consultFailed: 'talking', consultCancelled: 'talking', ended: 'ended', endedWithWrapUp: 'afterCall' },
  consulting: { swapped: 'swapped', conferenced: 'conference', consultCancelled: 'talking', consultFailed: 'talking', customerLeft: 'talking', ended: 'ended', endedWithWrapUp: 'afterCall' },
  swapped: { swapped: 'consulting', conferenced: 'conference', consultCancelled: 'talking', consultFailed: 'talking', customerLeft: 'talking', ended: 'ended', endedWithWrapUp: 'afterCall' },
  conference: { partyLeft: 'talking', customerLeft: 'talking', ended: 'ended', endedWithWrapUp: 'afterCall' },
  afterCall: { completed: 'ended', ended: 'ended' },
  ended: {},
};

/** Pure: the next state, or `contact.action-not-allowed`, in which case nothing has changed. */
export function moveParticipant(state: ParticipantState, event: ParticipantEvent): Result<ParticipantState> {
  const next = MOVES[state][event];
  return next ? ok(next) : fail('contact.action-not-allowed', `${event} in ${state}`);
}

/** Whether this participant still has a live leg. */
export function isLive(state: ParticipantState): boolean {
  switch (state) {
    case 'ringing':
    case 'dialling':
    case 'talking':
    case 'held':
    case 'consultDialling':
    case 'consulting':
    case 'swapped':
    case 'conference':
      return true;
    case 'afterCall':
    case 'ended':
      return false;
    default:
      return unreachable(state);
  }
}
