import { describe, expect, it } from 'vitest';
import { AgentId } from '../../../contract/ids.ts';
import { sessionOf } from '../../../renderer/app/dev-scenarios.ts';
import { directoryRows, whyNotCall, type DirectoryFilter } from '../../../renderer/features/directory/directory-rows.ts';

const { agents, groups } = sessionOf('idle', 1_700_000_000_000, { theme: null, language: null, role: 'agent', dock: false });
const everybody: DirectoryFilter = { text: '', readyOnly: false, folded: new Set() };
const rows = (filter: Partial<DirectoryFilter> = {}, some = agents) => directoryRows(some, groups, { ...everybody, ...filter });
const headings = (filter?: Partial<DirectoryFilter>) => rows(filter).flatMap((row) => (row.kind === 'group' ? [row] : []));
const names = (filter?: Partial<DirectoryFilter>) => rows(filter).flatMap((row) => (row.kind === 'agent' ? [row.agent.name] : []));

describe('the org chart', () => {
  it('shows an agent in each of their groups, and counts who is available', () => {
    expect(headings().map(({ group, agents: count }) => [group?.name, count])).toEqual([['주문', 6], ['기술 지원', 5]]);
    expect(names().filter((name) => name === '이상담 2')).toHaveLength(2);
    expect(new Set(rows().map(({ key }) => key)).size).toBe(rows().length);
  });

  it('folds a group, but looks into it when searching', () => {
    const folded = new Set(['g-orders', 'g-tech']);
    expect(names({ folded })).toEqual([]);
    expect(names({ folded, text: '1002' })).toEqual(['이상담 2', '이상담 2']);
  });

  it('leaves out groups without a match', () => expect(headings({ text: '박상담' }).map(({ group }) => group?.name)).toEqual(['기술 지원']));

  it('shows those available alone when asked', () => {
    expect(rows({ readyOnly: true }).every((row) => row.kind === 'group' || row.agent.state.name === 'READY')).toBe(true);
  });

  it('puts who is in no known group last', () => {
    const lone = agents.slice(0, 1).map((agent) => ({ ...agent, groupIds: [] }));
    expect(rows({}, lone).at(-2)).toMatchObject({ kind: 'group', group: null, agents: 1 });
  });
});

describe('calling a colleague', () => {
  const [me, other] = agents;
  if (me === undefined || other === undefined) throw new Error('the scenario has two agents');

  it('is not possible for oneself, for who is signed out, or where nothing would ring, and it says why', () => {
    expect(whyNotCall(other, me.agentId)).toBeNull();
    expect(whyNotCall(me, me.agentId)).toBe('self');
    expect(whyNotCall({ ...other, state: { name: 'LOGGED_OUT' } }, me.agentId)).toBe('signedOut');
    expect(whyNotCall({ ...other, reachable: false }, AgentId.parse('x'))).toBe('noPhone');
    expect(whyNotCall({ ...other, reachable: false, connected: false }, null)).toBe('disconnected');
  });
});
