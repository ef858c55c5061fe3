import { describe, expect, it } from 'vitest';
import { allowedActions, ParticipantState } from '../../../contract/participant-state.ts';
import { callControls } from '../../../renderer/shared/call/call-controls.ts';

const enabled = (state: ParticipantState) => callControls(state, allowedActions(state)).filter((control) => control.enabled).map(({ name }) => name);

describe('buttons of a call', () => {
  it.each(ParticipantState.options)('are in places that stay, while %s', (state) => {
    const names = callControls(state, allowedActions(state)).map(({ name }) => name);
    expect(names[0]).toBe('mute');
    expect(names[2]).toBe('keypad');
    expect(names[3]).toBe('hangUp');
    expect(names[6]).toBe('conference');
  });

  it('follow the list of allowed actions and guess nothing', () => {
    expect(callControls('talking', []).every((control) => !control.enabled)).toBe(true);
    expect(enabled('talking')).toEqual(['mute', 'hold', 'keypad', 'hangUp', 'consult', 'transfer', 'conference']);
    expect(enabled('dialling')).toEqual(['hangUp']);
  });

  it('hold no place for a recording that cannot be paused', () => {
    expect(callControls('talking', allowedActions('talking')).map(({ name }) => name)).not.toContain('pauseRecording');
    expect(callControls('talking', ['pauseRecording']).at(-1)).toEqual({ name: 'pauseRecording', enabled: true });
  });

  it('offer Resume in the place of Hold while the call is held', () => {
    expect(callControls('held', allowedActions('held'))[1]).toEqual({ name: 'resume', enabled: true });
    expect(enabled('held')).not.toContain('mute');
  });

  it('offer the ways out of a consultation while there is one', () => {
    expect(enabled('consulting')).toEqual(['mute', 'keypad', 'hangUp', 'cancelConsult', 'completeTransfer', 'conference', 'swap']);
    expect(enabled('consultDialling')).toEqual(['mute', 'hangUp', 'cancelConsult']);
  });
});
