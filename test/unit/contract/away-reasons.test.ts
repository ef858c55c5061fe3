import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AgentState, Choice, transition } from '../../../contract/agent-state.ts';
import { awayChoice, awayName, awayReasonId, firstAwayReasons } from '../../../contract/away-reasons.ts';

/** What a desk from before there were reasons of a company's own takes for a state of rest. */
const FormerState = z.discriminatedUnion('name', [z.object({ name: z.literal('READY') }), z.object({ name: z.literal('NOT_READY'), reason: z.enum(['break', 'meal', 'meeting', 'training', 'other', 'login', 'rona', 'rejected', 'disconnected', 'forced']) })]);

const away = (id: string): AgentState => {
  const state = transition({ name: 'READY' }, { type: 'chosen', choice: awayChoice(id) });
  if (!state.ok) throw new Error('refused');
  return state.value;
};

describe('a reason to be away', () => {
  it.each(['meal', 'smoke-break'])('%s is the same in a choice, in the state it leads to, and on the wire', (id) => {
    expect([awayReasonId(Choice.parse(awayChoice(id))), awayReasonId(AgentState.parse(away(id)))]).toEqual([id, id]);
  });

  it('of the company’s own is read as another one by a desk that knows none', () => {
    expect(FormerState.parse(away('smoke-break'))).toEqual({ name: 'NOT_READY', reason: 'other' });
    expect(FormerState.parse(away('meal'))).toEqual({ name: 'NOT_READY', reason: 'meal' });
  });

  it('is none where the center took the agent out', () => {
    expect(awayReasonId({ name: 'NOT_READY', reason: 'rona' })).toBeNull();
  });

  it('has its name in each language, and another’s where nobody has heard of it', () => {
    expect([awayName(firstAwayReasons, 'meal', 'ko'), awayName(firstAwayReasons, 'meal', 'en'), awayName(firstAwayReasons, 'unheard-of', 'en')]).toEqual(['식사', 'Meal', 'Other']);
  });
});

describe('failure: an id that is none', () => {
  it.each(['', 'a b', '점심', 'x'.repeat(65), '\ud800'])('%j is no choice', (id) => expect(Choice.safeParse({ kind: 'away', reason: 'other', own: id }).success).toBe(false));
});
