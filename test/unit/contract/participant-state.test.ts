import { describe, expect, it } from 'vitest';
import { allowedActions, isLive, moveParticipant, ParticipantState, type ParticipantEvent } from '../../../contract/participant-state.ts';

/** Follows events from a state. */
function after(from: ParticipantState, ...events: ParticipantEvent[]): ParticipantState {
  return events.reduce((state, event) => {
    const moved = moveParticipant(state, event);
    if (!moved.ok) throw new Error(moved.error.message);
    return moved.value;
  }, from);
}

describe('an agent’s part in a contact', () => {
  it('goes through a consultation and back', () => {
    expect(after('ringing', 'answered', 'held', 'consultStarted', 'consultAnswered', 'swapped', 'swapped', 'consultCancelled')).toBe('talking');
  });

  it('ends in after-call work, and that ends', () => {
    expect(after('talking', 'consultStarted', 'consultAnswered', 'conferenced', 'partyLeft', 'endedWithWrapUp', 'completed')).toBe('ended');
  });

  it('that rang is over without after-call work', () => {
    expect(after('ringing', 'ended')).toBe('ended');
    expect(moveParticipant('ringing', 'endedWithWrapUp').ok).toBe(false);
  });

  it('is over for good', () => {
    for (const event of ['answered', 'held', 'ended', 'completed'] as const) expect(moveParticipant('ended', event).ok).toBe(false);
  });

  it('allows what the domain says', () => {
    expect(allowedActions('ringing')).toEqual(['answer', 'reject']);
    expect(allowedActions('consulting')).toContain('completeTransfer');
    expect(allowedActions('talking')).not.toContain('completeTransfer');
    expect(allowedActions('afterCall')).toEqual(['updateData', 'complete', 'extend']);
  });

  it('may hang up wherever it is live and not merely ringing', () => {
    for (const state of ParticipantState.options.filter((one) => isLive(one) && one !== 'ringing')) expect(allowedActions(state)).toContain('hangUp');
  });
});
