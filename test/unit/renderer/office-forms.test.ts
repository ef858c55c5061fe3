import { describe, expect, it } from 'vitest';
import type { ConfigurationChange } from '../../../contract/configuration.ts';
import { GroupId } from '../../../contract/ids.ts';
import { freeExtension, groupFormOf, groupOf, membershipChanges, personFormOf, personOf, undoing, wholeNumber, type GroupObject, type PersonObject } from '../../../renderer/features/admin/office-forms.ts';

const ORDERS = GroupId.parse('orders');
const person = (id: string, groups: string[]): PersonObject => ({ kind: 'person', id, version: 'v1', value: { account: id, name: `상담원 ${id}`, role: 'agent', duties: [], extension: '1001', memberships: groups.map((groupId) => ({ groupId: GroupId.parse(groupId), skill: 3 })) } });
const group: GroupObject = {
  kind: 'group', id: 'orders', version: 'v1',
  value: { name: '주문', strategy: 'ring-all', serviceLevelMs: 20_000, wrapUpMs: 0, offerTimeoutMs: 15_000, maxWaiting: 50, conversationsAtOnce: 5, callBlocksConversations: false, dispositionRequired: true, whenEmpty: 'wait', hours: [{ weekday: 6, fromMinute: 1320, toMinute: 120 }, { weekday: 1, fromMinute: 540, toMinute: 1440 }] },
};

describe('the form of a group', () => {
  it('says what the group is, and gives back the very same', () => {
    const form = groupFormOf(group, [person('agent1', ['orders']), person('agent2', [])]);
    expect(form).toMatchObject({ serviceLevelS: '20', wrapUpS: '0', hours: [{ weekday: 6, from: '22:00', to: '02:00' }, { weekday: 1, from: '09:00', to: '00:00' }], members: ['agent1'] });
    expect(groupOf(form)).toEqual(group.value);
  });

  it('is none while a number or a time of it is none', () => {
    const form = groupFormOf(group, []);
    for (const wrong of [{ wrapUpS: '' }, { wrapUpS: '1.5' }, { maxWaiting: '-1' }, { offerTimeoutS: '4' }, { serviceLevelS: '20s' }, { hours: [{ weekday: 1 as const, from: '', to: '18:00' }] }]) expect(groupOf({ ...form, ...wrong })).toBeNull();
  });
});

describe('members', () => {
  it('join and leave as changes of those people alone, who keep what else they are', () => {
    const people = [person('agent1', ['orders', 'technical']), person('agent2', ['technical']), person('agent3', ['orders'])];
    expect(membershipChanges('orders', ['agent2', 'agent3'], people)).toEqual([
      { kind: 'person', id: 'agent1', version: 'v1', value: { ...people[0]?.value, memberships: [{ groupId: 'technical', skill: 3 }] } },
      { kind: 'person', id: 'agent2', version: 'v1', value: { ...people[1]?.value, memberships: [{ groupId: 'technical', skill: 3 }, { groupId: 'orders', skill: 1 }] } },
    ]);
  });
});

describe('the form of a person', () => {
  it('begins with the first extension that is free, and trims what is typed', () => {
    const form = personFormOf(null, freeExtension(['1001', '1002', '1004']));
    expect(form.extension).toBe('1003');
    expect(personOf({ ...form, account: ' agent9 ', name: ' 상담원 9 ' })).toMatchObject({ account: 'agent9', name: '상담원 9' });
  });
});

describe('undoing', () => {
  it('gives each thing its former value by its present version, and removes what was new, in the opposite order', () => {
    const added: ConfigurationChange = { kind: 'group', id: 'new', version: null, value: group.value };
    const joined = membershipChanges('new', ['agent1'], [person('agent1', ['orders'])]);
    const after = [{ ...group, id: 'new', version: 'v9' }, { ...person('agent1', ['orders', 'new']), version: 'v2' }];
    expect(undoing([added, ...joined], [person('agent1', ['orders'])], after)).toEqual([
      { kind: 'person', id: 'agent1', version: 'v2', value: person('agent1', ['orders']).value },
      { kind: 'group', id: 'new', version: 'v9', value: null },
    ]);
  });

  it('makes again what was removed', () => {
    expect(undoing([{ kind: 'group', id: ORDERS, version: 'v1', value: null }], [group], [])).toEqual([{ kind: 'group', id: 'orders', version: null, value: group.value }]);
  });
});

describe('failure: a number field', () => {
  it.each(['', ' ', 'x', '1e3x', '3.2', '11', '-1'])('takes no %j', (text) => expect(wholeNumber(text, 0, 10)).toBeNull());
});
