import { describe, expect, it } from 'vitest';
import { AgentState, isIdle, transition, type AgentEvent } from '../../../contract/agent-state.ts';
import { ContactId } from '../../../contract/ids.ts';

const contactId = ContactId.parse('contact-1');
const other = ContactId.parse('contact-2');
const READY = { name: 'READY' } as const;
const away = (reason: 'login' | 'break' | 'rona' | 'rejected' | 'disconnected') => ({ name: 'NOT_READY', reason }) as const;
const reserved = (resume: typeof READY | ReturnType<typeof away> = READY) => ({ name: 'RESERVED', contactId, resume, pending: null }) as const;
const talking = (resume: typeof READY | ReturnType<typeof away> = READY) => ({ name: 'TALKING', contactId, resume, pending: null }) as const;
const afterCall = { name: 'AFTER_CALL', contactId, deadline: 5, pending: null } as const;

describe('an agent’s state', () => {
  it.each<[string, AgentState, AgentEvent, AgentState]>([
    ['begins away', { name: 'LOGGED_OUT' }, { type: 'signedIn' }, away('login')],
    ['is reserved by a group only when ready', READY, { type: 'offered', contactId, direct: false }, reserved()],
    ['may be called directly while away', away('break'), { type: 'offered', contactId, direct: true }, reserved(away('break'))],
    ['goes back when the caller is gone: no RONA', reserved(), { type: 'callerGone' }, READY],
    ['goes back when the phone or the desk is cut off: no RONA either', reserved(), { type: 'deskLost' }, READY],
    ['is not ready after an offer that ran out', reserved(), { type: 'offerTimedOut', direct: false }, away('rona')],
    ['is not ready after rejecting', reserved(), { type: 'rejected', direct: false }, away('rejected')],
    ['is as before after a colleague’s call that ran out', reserved(away('break')), { type: 'offerTimedOut', direct: true }, away('break')],
    ['is restored after a call the agent dialled', talking(away('break')), { type: 'callEnded', wrapUp: null }, away('break')],
    ['writes up a group’s call', talking(), { type: 'callEnded', wrapUp: { deadline: 5 } }, afterCall],
    ['is ready after writing up', afterCall, { type: 'wrapUpExpired' }, READY],
    ['follows the explicit choice rather than the pending one', { ...afterCall, pending: { kind: 'away', reason: 'meal' } }, { type: 'wrapUpCompleted', next: { kind: 'ready' } }, READY],
    ['takes the pending choice otherwise', { ...afterCall, pending: { kind: 'signOut' } }, { type: 'wrapUpCompleted', next: null }, { name: 'LOGGED_OUT' }],
    ['rings again for a transfer that came back to whoever writes it up', afterCall, { type: 'offered', contactId, direct: true }, reserved()],
    ['follows a call into another contact', talking(), { type: 'moved', contactId: other }, { ...talking(), contactId: other }],
    ['keeps a call whose desk is lost, and is not ready afterwards', talking(), { type: 'graceExpired' }, { name: 'TALKING', contactId, resume: away('disconnected'), pending: { kind: 'away', reason: 'other' } }],
  ])('%s', (_what, from, event, to) => {
    expect(transition(from, event)).toEqual({ ok: true, value: to });
    expect(AgentState.safeParse(to).success).toBe(true);
  });

  it('keeps a choice made during a call or an offer for afterwards', () => {
    const choice = { kind: 'away', reason: 'meal' } as const;
    for (const state of [reserved(), talking()]) expect(transition(state, { type: 'chosen', choice })).toEqual({ ok: true, value: { ...state, pending: choice } });
  });

  it.each<[AgentState, AgentEvent]>([
    [away('break'), { type: 'offered', contactId, direct: false }],
    [talking(), { type: 'offered', contactId: other, direct: true }],
    [afterCall, { type: 'offered', contactId: other, direct: true }],
    [afterCall, { type: 'dialled', contactId }],
    [READY, { type: 'answered' }],
    [{ name: 'LOGGED_OUT' }, { type: 'chosen', choice: { kind: 'ready' } }],
  ])('failure: %o does not know %o, and says so', (state, event) => {
    expect(transition(state, event)).toMatchObject({ ok: false, error: { code: 'agent.illegal-transition' } });
  });

  it('is idle where no call would be cut off', () => {
    expect([READY, away('break'), afterCall, reserved(), talking()].map(isIdle)).toEqual([true, true, true, false, false]);
  });
});
