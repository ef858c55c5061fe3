/*
 * The life of one channel.
 *
 *   incoming ──answer──────────────▶ up ──hangUp, bye, networkLost──▶ ended
 *                                    ▲                                  ▲
 *   dialling ──ring──▶ ringing ──answer                                 │
 *      └──────────answer─────────────┘                                  │
 *   any of them ──end───────────────────────────────────────────────────┘
 *
 * `ended` absorbs: whatever arrives later changes nothing.
 */

export type State = 'incoming' | 'dialling' | 'ringing' | 'up' | 'ended';
export type Step = 'ring' | 'answer' | 'end';

const TABLE: Readonly<Record<State, Partial<Record<Step, State>>>> = {
  incoming: { answer: 'up', end: 'ended' },
  dialling: { ring: 'ringing', answer: 'up', end: 'ended' },
  ringing: { answer: 'up', end: 'ended' },
  up: { end: 'ended' },
  ended: {},
};

/** The state after `step`, or null where the step does not apply. */
export const transition = (state: State, step: Step): State | null => TABLE[state][step] ?? null;
