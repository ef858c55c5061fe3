import { describe, expect, it } from 'vitest';
import type { ConfigurationObject, FlowStep } from '../../../contract/configuration.ts';
import { FlowId, GroupId } from '../../../contract/ids.ts';
import { leadingTo } from '../../../renderer/features/admin/group-removal.ts';

const to = (group: string): FlowStep => ({ type: 'group', groupId: GroupId.parse(group) });
const flow = (id: string, ...steps: FlowStep[]): ConfigurationObject => ({ kind: 'flow', id, version: '1', value: { name: id, steps } });
const number = (id: string, flowId: string, name = ''): ConfigurationObject => ({ kind: 'number', id, version: '1', value: { name, flowId: FlowId.parse(flowId) } });
const menu: FlowStep = { type: 'menu', announcement: 'menu', options: [{ digit: '1', label: '', steps: [to('orders')] }], timeoutMs: 5000, tries: 2, otherwise: [to('technical')], wrongKeyAnnouncement: 'wrong' };

describe('what leads to a group that is to go', () => {
  it('are the numbers whose callers may reach it, through a menu too, as people know them', () => {
    const objects = [flow('main', menu), flow('direct', to('technical')), number('+8215880000', 'main', '대표'), number('+8215880001', 'direct'), number('+8215880002', 'gone')];
    expect(leadingTo('orders', objects).numbers).toEqual(['대표 1588-0000']);
    expect(leadingTo('technical', objects).numbers).toEqual(['대표 1588-0000', '1588-0001']);
  });

  it('are the flows that no number leads to any more, and that lead nowhere else', () => {
    const objects = [flow('greeting', { type: 'announce', announcement: 'greeting' }, to('orders')), flow('menu', menu), flow('other', to('technical'))];
    expect(leadingTo('orders', objects).flows.map(({ id }) => id)).toEqual(['greeting']);
    expect(leadingTo('nobody', objects)).toEqual({ numbers: [], flows: [] });
  });
});
