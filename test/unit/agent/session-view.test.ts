import { describe, expect, it } from 'vitest';
import { emptyView, partsOfEvent } from '../../../agent/session-view.ts';
import type { SessionView } from '../../../contract/bridge/views.ts';
import type { CtiEvent } from '../../../contract/cti/index.ts';
import type { Me } from '../../../contract/directory.ts';
import type { Role } from '../../../contract/permissions.ts';
import { AgentId, GroupId } from '../../../contract/ids.ts';

const [ORDERS, TECHNICAL] = [GroupId.parse('orders'), GroupId.parse('technical')];
const me = (role: Role, groupIds: GroupId[]): Me => ({ agentId: AgentId.parse('agent1'), account: 'agent1', name: '상담원 1', role, duties: [], kind: 'desk', extension: '1001', groupIds });

/** A desk that shows two groups and two agents. */
const shown = (person: Me): SessionView => {
  const groups = [ORDERS, TECHNICAL].map((groupId) => ({ groupId }));
  return { ...emptyView('web'), me: person, groups, statistics: groups, agents: [{ agentId: 'agent1' }, { agentId: 'agent2' }], directCalls: {}, health: { ...emptyView('web').health, store: { state: 'well' } } } as unknown as SessionView;
};

const heard = (view: SessionView, event: CtiEvent): SessionView => ({ ...view, ...partsOfEvent(view, event) });

describe('a desk that is told of another set-up', () => {
  it('drops who and what is no more, with its figures', () => {
    const view = heard(shown(me('agent', [ORDERS, TECHNICAL])), { type: 'directory.removed', payload: { agentIds: [AgentId.parse('agent2')], groupIds: [TECHNICAL] } });
    expect([view.agents.map(({ agentId }) => agentId), view.groups.map(({ groupId }) => groupId), view.statistics.map(({ groupId }) => groupId)]).toEqual([['agent1'], ['orders'], ['orders']]);
  });

  it('shows its person as they are now, and no figures that are not theirs to see', () => {
    const view = heard(shown(me('supervisor', [ORDERS, TECHNICAL])), { type: 'office.changed', payload: { me: me('agent', [ORDERS]), timeZone: 'Asia/Tokyo', dispositions: [] } });
    expect([view.me?.role, view.timeZone, view.statistics.map(({ groupId }) => groupId), view.directCalls, view.health.store]).toEqual(['agent', 'Asia/Tokyo', ['orders'], null, null]);
  });

  it('keeps what it may see: an administrator’s is everything', () => {
    const view = heard(shown(me('admin', [])), { type: 'office.changed', payload: { me: me('admin', []), timeZone: 'Asia/Seoul', dispositions: [] } });
    expect([view.statistics.length, view.directCalls, view.health.store]).toEqual([2, {}, { state: 'well' }]);
  });
});
