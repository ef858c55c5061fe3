import { describe, expect, it } from 'vitest';
import type { ConfigurationObject } from '../../../contract/configuration.ts';
import { FlowId, GroupId } from '../../../contract/ids.ts';
import { numberChanges, numberFormOf, type NumberObject } from '../../../renderer/features/admin/number-forms.ts';

const ORDERS = GroupId.parse('orders');
const number: NumberObject = { kind: 'number', id: '+8215880000', version: 'v1', value: { name: '대표', flowId: FlowId.parse('main') } };
const group = { kind: 'group', id: 'orders', version: 'v1', value: { name: '주문' } } as ConfigurationObject;
const straight: ConfigurationObject = { kind: 'flow', id: 'f1', version: 'v1', value: { name: '주문', steps: [{ type: 'group', groupId: ORDERS }] } };
const menu: ConfigurationObject = { kind: 'flow', id: 'main', version: 'v1', value: { name: '대표번호', steps: [{ type: 'announce', announcement: 'greeting' }, { type: 'group', groupId: ORDERS }] } };
const made = { e164: '+82212345678', version: null, newFlowId: 'new', objects: [group, menu] };

describe('a representative number', () => {
  it('is shown as the country writes it, with where it leads; the only flow is meant unless told', () => {
    expect(numberFormOf(number, [])).toEqual({ number: '1588-0000', name: '대표', target: 'flow main' });
    expect([numberFormOf(null, [menu]).target, numberFormOf(null, [menu, straight]).target, numberFormOf(null, []).target]).toEqual(['flow main', '', '']);
  });

  it('leads to a flow that there is', () => {
    expect(numberChanges({ number: '', name: ' 대표 ', target: 'flow main' }, made)).toEqual([{ kind: 'number', id: '+82212345678', version: null, value: { name: '대표', flowId: 'main' } }]);
  });

  it('leads straight to a group by a flow of its own, made with it, or by the one that does so already', () => {
    const form = { number: '', name: '주문', target: 'group orders' };
    expect(numberChanges(form, made)).toEqual([
      { kind: 'flow', id: 'new', version: null, value: { name: '주문', steps: [{ type: 'group', groupId: 'orders' }] } },
      { kind: 'number', id: '+82212345678', version: null, value: { name: '주문', flowId: 'new' } },
    ]);
    expect(numberChanges(form, { ...made, objects: [group, menu, straight] })).toEqual([{ kind: 'number', id: '+82212345678', version: null, value: { name: '주문', flowId: 'f1' } }]);
  });
});
