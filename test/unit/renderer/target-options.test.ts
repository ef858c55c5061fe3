import { describe, expect, it } from 'vitest';
import { recordAt, sessionOf } from '../../../renderer/app/dev-scenarios.ts';
import { dialRefusal } from '../../../renderer/shared/call/dial-refusal.ts';
import { absenceOf, isOutside, refusalOf, targetOptions } from '../../../renderer/shared/call/target-options.ts';

const NOW = 1_700_000_000_000;
const { agents, groups, me, statistics, dialling } = sessionOf('talking', NOW, { theme: null, language: null, role: 'agent', dock: false });
const customers = [recordAt(NOW).customer];
const known = { agents, statistics, dialling };
const search = (text: string) => targetOptions(text, { ...known, groups, customers, me: me?.agentId ?? null });

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
    expect(group && (['transfer', 'consult', 'conference'] as const).map((purpose) => refusalOf(group, purpose, known))).toEqual([null, 'groupOnly', 'groupOnly']);
  });

  it('lists who can take the call first: open groups before the busy, and the signed out behind closed groups', () => {
    const all = targetOptions('', { ...known, groups: groups.map((group, index) => ({ ...group, open: index === 0 })), customers, me: me?.agentId ?? null });
    const refusals = all.map((option) => (option.kind === 'agent' || option.kind === 'group' ? refusalOf(option, 'transfer', known) : null));
    const firstRefused = refusals.findIndex((refusal) => refusal !== null);
    expect(refusals.slice(firstRefused).every((refusal) => refusal !== null)).toBe(true);
    expect(refusals.indexOf('closedGroup')).toBeLessThan(refusals.indexOf('signedOut'));
    expect(all.findIndex(({ kind }) => kind === 'group')).toBeLessThan(firstRefused);
  });

  it('says before a call is tried why it would be refused', () => {
    const [colleague] = search('1002').filter((option) => option.kind === 'agent');
    const as = (change: Partial<NonNullable<typeof colleague>['agent']>) => colleague && refusalOf({ ...colleague, agent: { ...colleague.agent, reachable: true, state: { name: 'READY' }, ...change } }, 'consult', known);
    expect([as({}), as({ state: { name: 'NOT_READY', reason: 'meal' } }), as({ reachable: false }), as({ state: { name: 'LOGGED_OUT' } })]).toEqual([null, null, 'noPhone', 'signedOut']);
  });

  it('says before it is tried that a group has nobody, or is full', () => {
    const [group] = search('주문').filter((option) => option.kind === 'group');
    const transfer = (more: Partial<typeof known>) => group && refusalOf(group, 'transfer', { ...known, ...more });
    const out = agents.map((agent) => ({ ...agent, state: { name: 'LOGGED_OUT' } as const }));
    expect(transfer({ agents: out })).toBe('emptyGroup');
    expect(transfer({ agents: out.map((agent, index) => (index === 0 ? { ...agent, role: 'supervisor' as const, groupIds: group === undefined ? [] : [group.group.groupId], state: { name: 'NOT_READY', reason: 'login' } as const } : agent)) })).toBe('emptyGroup');
    expect(transfer({ statistics: statistics.map((figures) => ({ ...figures, waiting: 50 })) })).toBe('fullGroup');
    expect(group && refusalOf({ ...group, group: { ...group.group, refusesWhenEmpty: false } }, 'transfer', { ...known, agents: out })).toBeNull();
  });

  it('says of who is away that they may not be there, and lets them be called', () => {
    const [colleague] = search('1002').filter((option) => option.kind === 'agent');
    const away = colleague && { ...colleague, agent: { ...colleague.agent, reachable: true, state: { name: 'NOT_READY', reason: 'meal' } as const } };
    expect(away && [absenceOf(away), refusalOf(away, 'consult', known)]).toEqual([{ name: 'NOT_READY', reason: 'meal' }, null]);
  });

  it.each([
    ['060-700-1234', null, 'class'],
    ['+12125550123', null, 'class'],
    ['+12125550123', ['international'], null],
    ['010-0000-0002', null, null],
    ['112', [], null],
    ['1588-0000', ['emergency', 'internal'], null],
    ['1588-9999', ['emergency', 'internal'], 'class'],
  ] as const)('says of %s by the class of service %o: %s', (text, classes, why) => {
    const rights = dialling && { ...dialling, ...(classes !== null && { classes: [...classes] }) };
    expect(dialRefusal(text, { ...known, dialling: rights })).toBe(why);
  });

  it('says that costly numbers are blocked, and of an extension what stands in its way', () => {
    const blocked = { ...known, dialling: dialling && { ...dialling, classes: [...dialling.classes, 'international' as const], blocked: true } };
    expect([dialRefusal('+12125550123', blocked), dialRefusal('010-0000-0002', blocked)]).toEqual(['blocked', null]);
    const busy = agents.map((agent) => (agent.extension === '1002' ? { ...agent, reachable: false, state: { name: 'READY' } as const } : agent));
    expect([dialRefusal('1002', { ...known, agents: busy }), dialRefusal('nothing', known)]).toEqual(['noPhone', null]);
  });

  it.each(['hello;', '1002,1003', 'a@b'])('takes %s for no number', (text) => {
    expect(search(text).some(({ kind }) => kind === 'number')).toBe(false);
  });
});
