import { describe, expect, it } from 'vitest';
import type { AgentState } from '../../../contract/agent-state.ts';
import { awayChoice, firstAwayReasons } from '../../../contract/away-reasons.ts';
import type { AgentCard } from '../../../contract/directory.ts';
import { ContactId } from '../../../contract/ids.ts';
import { sessionOf } from '../../../renderer/app/dev-scenarios.ts';
import { forcesOf, openingOf, overrideOf, ownAgents, ownGroups, sortAgents, type Force } from '../../../renderer/features/team/team-actions.ts';

const view = sessionOf('idle', 1_700_000_000_000, { theme: null, language: null, role: 'supervisor', dock: false });
const { me } = view;
const [, colleague] = view.agents;
if (me === null || colleague === undefined) throw new Error('the scenario has people');

const AWAY = firstAwayReasons.map(({ id }) => awayChoice(id));
const contactId = ContactId.parse('k1');
const as = (state: AgentState, more: Partial<AgentCard> = {}): AgentCard => ({ ...colleague, state, ...more });
const talking: AgentState = { name: 'TALKING', contactId, resume: { name: 'READY' }, pending: null };
const kinds = (forces: Force[]) => forces.map(({ choice }) => (choice.kind === 'away' ? choice.reason : choice.kind));

describe('a supervisor', () => {
  it('sees the agents of their own groups, not themselves', () => {
    const own = ownAgents(view.agents, me, null);
    expect(own.every(({ agentId, groupIds }) => agentId !== me.agentId && groupIds.some((id) => me.groupIds.includes(id)))).toBe(true);
    expect(ownGroups(view.groups, me).map(({ groupId }) => groupId)).toEqual(me.groupIds);
    expect(ownAgents(view.agents, me, 'g-tech').every(({ groupIds }) => groupIds.some((id) => id === 'g-tech'))).toBe(true);
  });

  it('sees everybody as an administrator', () => {
    expect(ownAgents(view.agents, { ...me, role: 'admin', groupIds: [] }, null)).toHaveLength(view.agents.length - 1);
    expect(ownGroups(view.groups, { ...me, role: 'admin' })).toHaveLength(2);
  });
});

describe('setting an agent’s state', () => {
  it('offers nothing for who is signed out', () => expect(forcesOf(as({ name: 'LOGGED_OUT' }), AWAY)).toEqual([]));

  it('does not offer what they are already, or will be', () => {
    expect(kinds(forcesOf(as({ name: 'READY' }), AWAY))).toEqual(['break', 'meal', 'meeting', 'training', 'other', 'signOut']);
    expect(kinds(forcesOf(as({ name: 'NOT_READY', reason: 'meal' }), AWAY))).not.toContain('meal');
    expect(kinds(forcesOf(as({ ...talking, pending: { kind: 'away', reason: 'break' } }), AWAY))).not.toContain('break');
    expect(kinds(forcesOf(as({ name: 'NOT_READY', reason: 'rona' }), AWAY))).toContain('ready');
  });

  it('does not offer Ready where no call would ring', () => {
    expect(kinds(forcesOf(as({ name: 'NOT_READY', reason: 'login' }, { reachable: false }), AWAY))).not.toContain('ready');
    expect(kinds(forcesOf(as({ name: 'NOT_READY', reason: 'login' }, { connected: false }), AWAY))).not.toContain('ready');
  });

  it('waits for the end of a call, and asks before it interrupts', () => {
    const effects = (state: AgentState) => Object.fromEntries(forcesOf(as(state), AWAY).map(({ choice, effect }) => [choice.kind, effect]));
    expect(effects(talking)).toEqual({ ready: 'afterCall', away: 'afterCall', signOut: 'afterCall' });
    expect(effects({ name: 'AFTER_CALL', contactId, deadline: null, pending: null })).toEqual({ ready: 'interrupts', away: 'interrupts', signOut: 'interrupts' });
    expect(effects({ name: 'NOT_READY', reason: 'meal' })).toEqual({ ready: 'now', away: 'now', signOut: 'interrupts' });
  });
});

describe('the order of agents', () => {
  const out = as({ name: 'LOGGED_OUT' }, { name: '가' });
  const long = as({ name: 'READY' }, { name: '나 10', since: 1 });
  const short = as(talking, { name: '나 9', since: 2 });

  it('is by name as people count, by state, or by time in state; who is signed out is last whichever way', () => {
    expect(sortAgents([out, long, short], 'name', false)).toEqual([short, long, out]);
    expect(sortAgents([out, long, short], 'state', false)).toEqual([short, long, out]);
    expect(sortAgents([out, short, long], 'time', true)).toEqual([long, short, out]);
    expect(sortAgents([out, long, short], 'time', false)).toEqual([short, long, out]);
  });
});

describe('a group', () => {
  it('is open or closed by hand, or follows its hours', () => {
    for (const opening of ['open', 'closed', 'hours'] as const) expect(openingOf({ openOverride: overrideOf[opening] })).toBe(opening);
  });
});
