import { describe, expect, it } from 'vitest';
import { layoutOf } from '../../../center/calls/layout.ts';
import type { Place, RejoinCall } from '../../../center/calls/contact.ts';

const leg = (channelId: string, place: Place, more: { held?: boolean; parked?: boolean; aside?: boolean; early?: boolean; state?: 'ringing' | 'up' | 'ended'; rejoin?: RejoinCall } = {}) => ({ channelId, place, held: false, parked: false, aside: false, early: false, state: 'up' as const, rejoin: null, ...more });
const rejoining = (slow: boolean): RejoinCall => ({ channelId: 'again', held: false, slow, formerGone: false, stopTimers: () => {} });
const heard = (...legs: ReturnType<typeof leg>[]) => Object.fromEntries(layoutOf(legs));

describe('what each channel hears', () => {
  it('is where it was put, once it is up', () => {
    expect(heard(leg('customer', 'main'), leg('agent', 'main'), leg('target', 'side', { state: 'ringing' }))).toEqual({ customer: 'main', agent: 'main' });
  });

  it('is the tones, and what they dialled once that is heard, for a caller who is not answered yet', () => {
    const ringing = { state: 'ringing' } as const;
    expect(heard(leg('caller', 'ringback', ringing), leg('far', 'silence', ringing))).toEqual({ caller: 'ringback' });
    expect(heard(leg('caller', 'ringback', ringing), leg('far', 'silence', { ...ringing, early: true }))).toEqual({ caller: { early: 'far' } });
    expect(heard(leg('caller', 'busy', ringing), leg('far', 'silence', { state: 'ended', early: true }))).toEqual({ caller: 'busy' });
    expect(heard(leg('by', 'ringback'), leg('customer', 'music'), leg('far', 'silence', { ...ringing, early: true }))).toEqual({ by: { early: 'far' }, customer: 'music' });
  });

  it('is music for whoever would be alone with a phone that holds', () => {
    expect(heard(leg('customer', 'main'), leg('agent', 'main', { held: true }))).toEqual({ customer: 'music', agent: 'main' });
    expect(heard(leg('agent', 'side', { held: true }), leg('target', 'side'), leg('customer', 'music'))).toEqual({ agent: 'side', target: 'music', customer: 'music' });
  });

  it('is music, too, where the other phone is without audio for long, and not where it is for a moment', () => {
    expect(heard(leg('customer', 'main'), leg('agent', 'main', { rejoin: rejoining(false) }))).toEqual({ customer: 'main', agent: 'main' });
    expect(heard(leg('customer', 'main'), leg('agent', 'main', { rejoin: rejoining(true) }))).toEqual({ customer: 'music', agent: 'main' });
  });

  it('is the same where the center holds for a phone', () => {
    expect(heard(leg('customer', 'main'), leg('agent', 'main', { parked: true }))).toEqual({ customer: 'music', agent: 'main' });
  });

  it('goes on among the others of a conference in which one holds, whose phone is not heard', () => {
    expect(heard(leg('customer', 'main'), leg('agent', 'main', { held: true }), leg('target', 'main'))).toEqual({ customer: 'main', agent: 'silence', target: 'main' });
    expect(heard(leg('customer', 'main'), leg('agent', 'main', { parked: true }), leg('target', 'main'))).toEqual({ customer: 'main', agent: 'silence', target: 'main' });
  });

  it('is music for one of a conference whom another has put on hold, and the others go on', () => {
    expect(heard(leg('customer', 'main', { aside: true }), leg('agent', 'main'), leg('target', 'main'))).toEqual({ customer: 'music', agent: 'main', target: 'main' });
    expect(heard(leg('customer', 'main', { aside: true }), leg('agent', 'main'), leg('target', 'main', { aside: true }))).toEqual({ customer: 'music', agent: 'main', target: 'music' });
  });

  it('is no music for two who hold each other', () => {
    expect(heard(leg('customer', 'main', { held: true }), leg('agent', 'main', { held: true }))).toEqual({ customer: 'main', agent: 'main' });
  });
});
