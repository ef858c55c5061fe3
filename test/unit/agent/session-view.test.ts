import { describe, expect, it } from 'vitest';
import { emptyView, partsOfEvent } from '../../../agent/session-view.ts';
import { bridgeEvents } from '../../../contract/bridge/events.ts';
import type { SessionView } from '../../../contract/bridge/views.ts';
import type { CtiEvent } from '../../../contract/cti/index.ts';
import type { Me } from '../../../contract/directory.ts';
import type { Role } from '../../../contract/permissions.ts';
import { AgentId, GroupId } from '../../../contract/ids.ts';

const [ORDERS, TECHNICAL] = [GroupId.parse('orders'), GroupId.parse('technical')];
const me = (role: Role, groupIds: GroupId[]): Me => ({ agentId: AgentId.parse('agent1'), account: 'agent1', name: '상담원 1', role, duties: [], kind: 'desk', extension: '1001', groupIds });

/** A desk that shows two groups. */
const shown = (person: Me): SessionView => {
  const groups = [ORDERS, TECHNICAL].map((groupId) => ({ groupId }));
  return { ...emptyView('web'), me: person, groups, health: { ...emptyView('web').health, store: { state: 'well' } } } as unknown as SessionView;
};

const heard = (view: SessionView, event: CtiEvent): SessionView => ({ ...view, ...partsOfEvent(view, event) });

const card = (agentId: string) => ({ agentId: AgentId.parse(agentId), name: agentId, extension: '1001', role: 'agent' as const, groupIds: [], state: { name: 'READY' as const }, since: 1, connected: true, reachable: true });

describe('a desk’s own card', () => {
  it('is that of its agent, also where a center from before there were topics tells everybody’s', () => {
    const view = heard(shown(me('agent', [ORDERS])), { type: 'directory.changed', payload: { agents: [card('agent2'), card('agent1')], groups: [] } });
    expect(view.card?.agentId).toBe('agent1');
    expect(heard(view, { type: 'directory.changed', payload: { agents: [card('agent2')], groups: [] } }).card).toBe(view.card);
  });

  it('is none at a console, whatever another sign-in of the same person does', () => {
    const view = heard(shown({ ...me('agent', []), kind: 'console' }), { type: 'directory.changed', payload: { agents: [card('agent1')], groups: [] } });
    expect(view.card).toBeNull();
  });
});

describe('a desk that is told of another set-up', () => {
  it('drops what is no more', () => {
    const view = heard(shown(me('agent', [ORDERS, TECHNICAL])), { type: 'directory.removed', payload: { groupIds: [TECHNICAL] } });
    expect(view.groups.map(({ groupId }) => groupId)).toEqual(['orders']);
  });

  it('shows its person as they are now, and nothing that is not theirs to see', () => {
    const view = heard(shown(me('supervisor', [ORDERS, TECHNICAL])), { type: 'office.changed', payload: { me: me('agent', [ORDERS]), timeZone: 'Asia/Tokyo', dispositions: [] } });
    expect([view.me?.role, view.timeZone, view.supervision, view.health.store]).toEqual(['agent', 'Asia/Tokyo', null, null]);
  });

  it('keeps what it may see: an administrator’s is everything', () => {
    const view = heard(shown(me('admin', [])), { type: 'office.changed', payload: { me: me('admin', []), timeZone: 'Asia/Seoul', dispositions: [] } });
    expect(view.health.store).toEqual({ state: 'well' });
  });
});

describe('a change of the view, on its way to a window', () => {
  it('says of what did not change nothing, and not that there is none', () => {
    expect(bridgeEvents['session.changed'].parse({ timeZone: 'Asia/Seoul' })).toEqual({ timeZone: 'Asia/Seoul' });
  });
});
