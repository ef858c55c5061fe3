import { describe, expect, it } from 'vitest';
import { recordAt, sessionOf } from '../../../renderer/app/dev-scenarios.ts';
import { isOutside, refusalOf, targetOptions } from '../../../renderer/features/desk/target-options.ts';

const NOW = 1_700_000_000_000;
const { agents, groups, me } = sessionOf('talking', NOW, { theme: null, language: null, role: 'agent', dock: false });
const customers = [recordAt(NOW).customer];
const search = (text: string) => targetOptions(text, { agents, groups, customers, me: me?.agentId ?? null });

describe('whom to consult or transfer to', () => {
  it('lists colleagues without me, those who can talk first', () => {
    const colleagues = search('').filter((option) => option.kind === 'agent');
    expect(colleagues).toHaveLength(agents.length - 1);
    expect(colleagues[0]?.agent.state.name).toBe('READY');
    expect(colleagues.at(-1)?.agent.state.name).toBe('LOGGED_OUT');
  });

  it('finds a colleague by extension, and does not offer the same extension as a number', () => {
    expect(search('1002').map(({ kind }) => kind)).toEqual(['agent', 'contact', 'contact']);
  });

  it('offers any number as it is, and knows which ones cost money', () => {
    const [number] = search('010-0000-0002').filter((option) => option.kind === 'number');
    expect(number !== undefined && isOutside(number)).toBe(true);
    const [desk] = search('1901').filter((option) => option.kind === 'number');
    expect(desk !== undefined && isOutside(desk)).toBe(false);
  });

  it('takes a number as it is copied, marks and all, and calls it as it is dialled', () => {
    for (const text of ['0082 10 1234 5678', '\u202a010‑1234‑5678\u202c']) expect(search(text).find(({ kind }) => kind === 'number')).toMatchObject({ number: '+821012345678', target: { kind: 'number', number: '+821012345678' } });
    const [service] = search('120').filter((option) => option.kind === 'number');
    expect(service !== undefined && isOutside(service)).toBe(true);
    // Written with a dash it is the colleague's extension all the same.
    expect(search('10-02').some(({ kind }) => kind === 'number')).toBe(false);
  });

  it('lets a group be transferred to and nothing else', () => {
    const [group] = search('주문').filter((option) => option.kind === 'group');
    expect(group && (['transfer', 'consult', 'conference'] as const).map((purpose) => refusalOf(group, purpose))).toEqual([null, 'groupOnly', 'groupOnly']);
  });

  it('lists who can take the call first: open groups before the busy, and the signed out behind closed groups', () => {
    const all = targetOptions('', { agents, groups: groups.map((group, index) => ({ ...group, open: index === 0 })), customers, me: me?.agentId ?? null });
    const refusals = all.map((option) => (option.kind === 'agent' || option.kind === 'group' ? refusalOf(option, 'transfer') : null));
    const firstRefused = refusals.findIndex((refusal) => refusal !== null);
    expect(refusals.slice(firstRefused).every((refusal) => refusal !== null)).toBe(true);
    expect(refusals.indexOf('closedGroup')).toBeLessThan(refusals.indexOf('signedOut'));
    expect(all.findIndex(({ kind }) => kind === 'group')).toBeLessThan(firstRefused);
  });

  it('says before a call is tried why it would be refused', () => {
    const [colleague] = search('1002').filter((option) => option.kind === 'agent');
    const as = (change: Partial<NonNullable<typeof colleague>['agent']>) => colleague && refusalOf({ ...colleague, agent: { ...colleague.agent, reachable: true, state: { name: 'READY' }, ...change } }, 'consult');
    expect([as({}), as({ state: { name: 'NOT_READY', reason: 'meal' } }), as({ reachable: false }), as({ state: { name: 'LOGGED_OUT' } })]).toEqual([null, null, 'noPhone', 'signedOut']);
  });

  it.each(['hello;', '1002,1003', 'a@b'])('takes %s for no number', (text) => {
    expect(search(text).some(({ kind }) => kind === 'number')).toBe(false);
  });
});
