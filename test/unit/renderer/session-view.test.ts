import { describe, expect, it } from 'vitest';
import type { ParticipantState } from '../../../contract/participant-state.ts';
import { contactAt, sessionOf } from '../../../renderer/app/dev-scenarios.ts';
import { activeContacts, afterCallContacts, applyPatch, audioOf, contactInFocus, isAtWork, isOfView, newerView, ringingContact } from '../../../renderer/app/stores/session-view.ts';

const NOW = 1_700_000_000_000;
const idle = sessionOf('idle', NOW, { theme: null, language: null, role: 'agent', dock: false });
const withContacts = (...states: ParticipantState[]) =>
  applyPatch(idle, { contacts: states.map((state, index) => contactAt(NOW + index, { state, contactId: `k-${index}` })) });
const ids = (contacts: { contactId: string }[]) => contacts.map(({ contactId }) => contactId);

describe('a change of the session', () => {
  it('replaces the parts it carries and keeps the others', () => {
    const changed = applyPatch(idle, { contacts: [], clockOffsetMs: 5 });
    expect(changed.clockOffsetMs).toBe(5);
    expect(changed.groups).toBe(idle.groups);
    expect(idle.clockOffsetMs).toBe(0);
  });
});

describe('what comes behind newer word', () => {
  const [run, other] = ['r1', 'r2'];
  const at = (n: number, clockOffsetMs: number) => ({ ...idle, version: { run, n }, clockOffsetMs });

  it('as an answer to an older question changes nothing; one of the same moment, or of a host that began anew, is taken', () => {
    expect(newerView(at(5, 50), at(4, 40)).clockOffsetMs).toBe(50);
    expect(newerView(at(5, 50), at(5, 51)).clockOffsetMs).toBe(51);
    expect(newerView(at(5, 50), { ...at(1, 10), version: { run: other, n: 1 } }).clockOffsetMs).toBe(10);
    expect(newerView(null, at(4, 40)).clockOffsetMs).toBe(40);
  });

  it('as word of a change that the answer knew already changes nothing', () => {
    expect(applyPatch(at(5, 50), { version: { run, n: 4 }, clockOffsetMs: 40 }).clockOffsetMs).toBe(50);
    expect(applyPatch(at(5, 50), { version: { run, n: 6 }, clockOffsetMs: 60 })).toMatchObject({ clockOffsetMs: 60, version: { n: 6 } });
  });

  it('is asked for whole where it is of another run of the host', () => {
    expect(isOfView(at(5, 50), { version: { run: other, n: 9 }, clockOffsetMs: 90 })).toBe(false);
    expect(isOfView(at(5, 50), { ...at(5, 50), version: { run: other, n: 9 } })).toBe(true);
    // This browser's own settings.
    expect(isOfView(at(5, 50), { settings: idle.settings })).toBe(true);
  });
});

describe('the contact the desk is about', () => {
  it('is none while there is none', () => expect(contactInFocus(idle)).toBeNull());

  it('is the one that rings while nobody is talked to', () => {
    expect(contactInFocus(withContacts('afterCall', 'ringing'))?.me.state).toBe('ringing');
  });

  it('stays the one talked to when another rings', () => {
    expect(contactInFocus(withContacts('ringing', 'talking'))?.me.state).toBe('talking');
  });

  it('is the one to wrap up after the call', () => {
    expect(contactInFocus(withContacts('afterCall'))?.me.state).toBe('afterCall');
  });
});

describe('contacts of the desk', () => {
  it('are told apart by what I do in them', () => {
    const view = withContacts('ringing', 'held', 'afterCall', 'consulting', 'ended');
    expect(ringingContact(view)?.contactId).toBe('k-0');
    expect(ids(activeContacts(view))).toEqual(['k-1', 'k-3']);
    expect(ids(afterCallContacts(view))).toEqual(['k-2']);
  });

  it('are silent where the desk knows of no audio', () => {
    const view = withContacts('talking');
    expect(audioOf(view, contactAt(NOW, { state: 'talking', contactId: 'k-0' }).contactId)).toMatchObject({ dialog: 'none', muted: false });
  });

  it('and being Ready are what a window is not closed in the middle of', () => {
    const as = (name: 'READY' | 'LOGGED_OUT') => applyPatch(idle, { card: idle.card === null ? null : { ...idle.card, state: { name } } });
    expect([as('READY'), withContacts('held'), withContacts('afterCall')].map(isAtWork).slice(0, 2)).toEqual([true, true]);
    expect([as('LOGGED_OUT'), applyPatch(as('READY'), { phase: 'signedOut' })].map(isAtWork)).toEqual([false, false]);
  });

});
