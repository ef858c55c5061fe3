import { describe, expect, it } from 'vitest';
import { newGroup, type ConfigurationObject } from '../../../contract/configuration.ts';
import { FlowId, GroupId } from '../../../contract/ids.ts';
import { emptyForm, objectionsTo, requestOf, spansOf, stepOf } from '../../../renderer/features/set-up/set-up-form.ts';
import { missingIn } from '../../../renderer/shared/people/checklist.ts';

const form = { ...emptyForm('Asia/Seoul'), code: ' wxyz-2345 ', company: '한빛', account: 'boss', name: '관리자 하나', password: 'kettle violin 71', again: 'kettle violin 71' };

describe('a first office as it is typed', () => {
  it('asks for what is there, and for nothing that was left for later', () => {
    expect(requestOf(form, [])).toEqual({ code: 'wxyz-2345', company: '한빛', timeZone: 'Asia/Seoul', administrator: { account: 'boss', name: '관리자 하나', password: 'kettle violin 71' }, groups: [], people: [], numbers: [], hours: [] });
    const whole = requestOf({ ...form, group: ' 주문 ', numbers: [{ number: '1588-0000', name: '' }, { number: ' ', name: 'x' }], always: false }, []);
    expect(whole).toMatchObject({ groups: [{ name: '주문' }], numbers: [{ number: '1588-0000' }], hours: [{ weekday: 1, fromMinute: 540, toMinute: 1080 }, {}, {}, {}, { weekday: 5 }] });
  });

  it('has night shifts, and days that end at midnight', () => {
    const day = (from: string, to: string) => spansOf({ always: false, days: [{ weekday: 6, open: true, from, to }] });
    expect([day('22:00', '02:00'), day('09:00', '00:00')]).toEqual([[{ weekday: 6, fromMinute: 1320, toMinute: 120 }], [{ weekday: 6, fromMinute: 540, toMinute: 1440 }]]);
    expect(spansOf({ ...form, always: true })).toEqual([]);
  });

  it('failure: says by field what keeps a step from being left', () => {
    expect(objectionsTo('code', emptyForm(''))).toEqual({ code: 'needed' });
    expect(objectionsTo('company', emptyForm(''))).toEqual({ company: 'needed', timeZone: 'needed' });
    expect(objectionsTo('administrator', { ...form, account: 'the boss', password: 'short' })).toEqual({ account: 'account', password: 'short', again: 'differs' });
    expect(objectionsTo('numbers', { ...form, numbers: ['1588-0000', '', 'x', '15880000'].map((number) => ({ number, name: '' })) })).toEqual({ number2: 'number', number3: 'twice' });
    expect(objectionsTo('hours', { ...form, always: false, days: [] })).toEqual({ days: 'noDay' });
    expect(objectionsTo('hours', { ...form, always: false, days: [{ weekday: 1, open: true, from: '09:00', to: '09:00' }] })).toEqual({ days: 'noTime' });
    for (const step of ['administrator', 'group', 'people', 'hours', 'numbers'] as const) expect(objectionsTo(step, form)).toEqual({});
  });

  it('leads to the step where what the center names is put right', () => {
    const fields = ['code', 'company', 'timeZone', 'administrator.password', 'numbers.1.number', 'people.3.account', 'groups.0.name', 'groups.0.hours', 'hours'];
    expect(fields.map((field) => stepOf({ field, code: '', other: '' }))).toEqual(['code', 'company', 'company', 'administrator', 'numbers', 'people', 'group', 'hours', 'hours']);
  });
});

describe('what an office lacks', () => {
  const group = (id: string): ConfigurationObject => ({ kind: 'group', id, version: '1', value: newGroup(id, []) });
  const person = (groupId: string): ConfigurationObject => ({ kind: 'person', id: 'p', version: '1', value: { account: 'pp', name: 'p', role: 'agent', duties: [], extension: '1001', memberships: [{ groupId: GroupId.parse(groupId), skill: 1 }] } });
  const flow = (groupId: string): ConfigurationObject => ({ kind: 'flow', id: 'f', version: '1', value: { name: 'f', steps: [{ type: 'announce', announcement: 'greeting' }, { type: 'group', groupId: GroupId.parse(groupId) }] } });
  const number: ConfigurationObject = { kind: 'number', id: '+8215880000', version: '1', value: { name: '대표', flowId: FlowId.parse('f') } };
  const lacking = (objects: ConfigurationObject[]) => missingIn(objects).map(({ what, query }) => `${what} ${query.section} ${query.id ?? ''}`);

  it('is said with the place where it is put right, and nothing of an office that is whole', () => {
    expect(lacking([])).toEqual(['noGroup groups new', 'noNumber numbers new']);
    expect(lacking([group('a'), number])).toEqual(['nobody people ', 'leadsNowhere numbers +8215880000']);
    expect(lacking([group('a'), group('b'), person('a'), number, flow('gone')])).toEqual(['noMembers groups b', 'leadsNowhere numbers +8215880000']);
    expect(lacking([group('a'), person('a'), number, flow('a')])).toEqual([]);
  });
});
