import { describe, expect, it } from 'vitest';
import type { ConfigurationChange } from '../../../../contract/configuration.ts';
import type { CtiEvent, CtiEventName, CtiPayload } from '../../../../contract/cti/index.ts';
import { AgentId, FlowId, GroupId } from '../../../../contract/ids.ts';
import { objectsOf } from '../../../../center/configuration/objects.ts';
import type { Configuration } from '../../../../center/configuration/records.ts';
import { demoConfiguration } from '../../../../center/store/demo/office.ts';
import { centerStage, settle, talkingStage, type CenterStage } from '../center-stage.ts';

const ORDERS = GroupId.parse('orders');
const ADMIN = AgentId.parse('admin');

type Stage = Pick<CenterStage, 'center' | 'records' | 'clock'>;

/** A change of something as it stands, by an administrator. */
async function change(stage: Stage, ...changes: ConfigurationChange[]) {
  const result = await stage.center.configuration?.change(changes, { by: ADMIN, address: '192.0.2.1', at: stage.clock.now() });
  await settle();
  if (result === undefined) throw new Error('the center is not running');
  return result;
}

/** The change that makes something otherwise. */
async function edit(stage: Stage, kind: ConfigurationChange['kind'], id: string, edits: Record<string, unknown>, version = '1'): Promise<ConfigurationChange> {
  const found = objectsOf(await stage.records.configuration()).find((one) => one.kind === kind && one.id === id);
  if (found === undefined) throw new Error(`no ${kind} ${id}`);
  return { kind, id, version, value: { ...found.value, ...edits } } as ConfigurationChange;
}

const removal = (kind: ConfigurationChange['kind'], id: string): ConfigurationChange => ({ kind, id, version: '1', value: null });

const toldOf = <Type extends CtiEventName>(events: readonly CtiEvent[], type: Type): CtiPayload<Type>[] => events.flatMap((event) => (event.type === type ? [event.payload as CtiPayload<Type>] : []));

describe('a change of what is set up, while calls go on', () => {
  it('of a group holds for the next contact, and is on every desk', async () => {
    const stage = await talkingStage();
    await change(stage, await edit(stage, 'group', ORDERS, { name: '주문·배송', wrapUpMs: 5000 }));
    expect(toldOf(stage.desk.events, 'directory.changed').at(-1)).toMatchObject({ groups: [{ groupId: ORDERS, name: '주문·배송', wrapUpMs: 5000 }] });
    await stage.hangUp(stage.customer);
    expect((await stage.card('agent1')).state).toMatchObject({ name: 'AFTER_CALL' });
    await stage.clock.pass(5001);
    expect((await stage.card('agent1')).state).toEqual({ name: 'READY' });
  });

  it('that opens or closes a group by hand is not undone by it', async () => {
    const stage = await centerStage();
    const supervisor = await stage.signIn('supervisor');
    await supervisor.command('group.setOpen', { groupId: ORDERS, open: false });
    await change(stage, await edit(stage, 'group', ORDERS, { name: '주문' }));
    expect((await supervisor.connection?.snapshot())?.groups.find(({ groupId }) => groupId === ORDERS)).toMatchObject({ open: false, openOverride: false });
  });

  it('of the zone moves the day, and loses nothing that was counted in both', async () => {
    const stage = await centerStage();
    const desk = await stage.signIn('agent1');
    const ordersToday = () => desk.figuresOf(ORDERS);
    await stage.hangUp(await stage.customerCalls());
    await change(stage, await edit(stage, 'center', 'center', { timeZone: 'Europe/London' }));
    await stage.hangUp(await stage.customerCalls());
    // Noon in Seoul is four o'clock of the same summer's day in London.
    expect(ordersToday()).toMatchObject({ today: { offered: 2 }, byHour: [{ hour: 4, offered: 2 }] });
    await change(stage, await edit(stage, 'center', 'center', { timeZone: 'America/New_York' }, '2'));
    expect(ordersToday()).toMatchObject({ today: { offered: 2 }, byHour: [{ hour: 23, offered: 2 }] });
  });

  it('gives who waits to an agent who becomes a member', async () => {
    const stage = await centerStage();
    const desk = await stage.ready('agent5');
    await stage.signIn('agent1');
    await stage.customerCalls();
    expect(desk.contacts.size).toBe(0);
    await change(stage, await edit(stage, 'person', 'agent5', { memberships: [{ groupId: ORDERS, skill: 1 }] }));
    expect(desk.contact).toMatchObject({ groupId: ORDERS });
    expect(toldOf(desk.events, 'office.changed').at(-1)?.me).toMatchObject({ agentId: 'agent5', groupIds: [ORDERS] });
  });

  it('leaves who is on a call on it, though they are of the group no more', async () => {
    const stage = await talkingStage();
    await change(stage, await edit(stage, 'person', 'agent1', { memberships: [] }));
    expect(stage.desk.contact.me.state).toBe('talking');
    await stage.hangUp(stage.customer);
    await stage.clock.pass(60_000);
    await stage.customerCalls('+821099990000');
    expect(stage.desk.contacts.size).toBe(0);
  });

  it('adds a person, who signs in and is given calls', async () => {
    const stage = await centerStage();
    const supervisor = await stage.signIn('supervisor');
    const [directory, people] = [supervisor.look('directory'), supervisor.look('people')];
    await change(stage, { kind: 'person', id: 'agent9', version: null, value: { account: 'agent9', name: '상담원 9', role: 'agent', duties: [], extension: '1009', memberships: [{ groupId: ORDERS, skill: 1 }] } });
    await stage.clock.pass(200);
    expect([directory.entries.has('agent9'), people.entries.get('agent9')?.extension, people.wholes]).toEqual([true, '1009', 1]);
    const desk = await stage.ready('agent9');
    await stage.customerCalls();
    expect(desk.contact.me.state).toBe('ringing');
  });

  it('of a number leads its next callers elsewhere, and those within to where they were going', async () => {
    const stage = await centerStage();
    const desk = await stage.ready('agent5');
    await stage.signIn('agent1');
    await stage.customerCalls();
    await change(
      stage,
      { kind: 'flow', id: 'straight', version: null, value: { name: '바로', steps: [{ type: 'group', groupId: GroupId.parse('technical') }] } },
      await edit(stage, 'number', '+8215880000', { flowId: FlowId.parse('straight') }),
    );
    expect(desk.contacts.size).toBe(0);
    await stage.customerCalls('+821011110000');
    expect(desk.contact).toMatchObject({ groupId: 'technical' });
  });

  it('of the dispositions is on every desk', async () => {
    const stage = await talkingStage();
    await change(stage, { kind: 'disposition', id: 'returns', version: null, value: { name: '반품', groupId: ORDERS } });
    expect(toldOf(stage.desk.events, 'office.changed').at(-1)?.dispositions.map(({ dispositionId }) => dispositionId)).toContain('returns');
    expect(await stage.desk.command('contact.update', { contactId: stage.desk.contact.contactId, dispositionId: 'returns' } as never)).toMatchObject({ ok: true });
  });

  it('of phones is known to the switch', async () => {
    const stage = await centerStage();
    await change(stage, { kind: 'phone', id: '1950', version: null, value: { displayName: '회의실', number: '1950', kind: 'desk', password: 'a phone of its own' } }, removal('phone', '1901'));
    expect([stage.switchPort.endpoints.has('1950'), stage.switchPort.endpoints.has('1901')]).toEqual([true, false]);
  });
});

describe('what is removed', () => {
  const withoutMembers = (configuration: Configuration): Configuration => ({ ...configuration, people: configuration.people.map((agent) => ({ ...agent, memberships: agent.memberships.filter(({ groupId }) => groupId !== ORDERS) })), dispositions: [] });

  it('is gone from every desk: a group', async () => {
    const stage = await centerStage({ configure: (configuration) => ({ ...withoutMembers(configuration), flows: [{ flowId: FlowId.parse('main'), name: '대표', steps: [] }] }) });
    const desk = await stage.signIn('agent5');
    expect(await change(stage, removal('group', ORDERS))).toMatchObject({ ok: true });
    expect(toldOf(desk.events, 'directory.removed')).toEqual([{ groupIds: [ORDERS] }]);
    expect((await desk.connection?.snapshot())?.groups.map(({ groupId }) => groupId)).not.toContain(ORDERS);
  });

  it('is gone from every desk: a person who is not there', async () => {
    const stage = await centerStage();
    const desk = await stage.signIn('agent1');
    const [directory, people] = [desk.look('directory'), desk.look('people')];
    expect(await change(stage, removal('person', 'agent2'))).toMatchObject({ ok: true, value: { toSignOut: [] } });
    await stage.clock.pass(200);
    expect([directory, people].map(({ entries, changes }) => [entries.has('agent2'), changes.flatMap(({ removals }) => removals)])).toEqual([[false, ['agent2']], [false, ['agent2']]]);
    expect(await stage.center.signIn(AgentId.parse('agent2'), 'web')).toMatchObject({ ok: false });
  });

  it('goes on with the call at hand, and no further: a person who talks', async () => {
    const stage = await talkingStage();
    const other = await stage.signIn('agent3');
    const [directory, people] = [other.look('directory'), other.look('people')];
    const changed = await change(stage, removal('person', 'agent1'));
    expect(changed).toMatchObject({ ok: true, value: { toSignOut: ['agent1'] } });
    expect(stage.center.endSignIn(AgentId.parse('agent1'))).toBe('after-call');
    expect(stage.desk.contact.me.state).toBe('talking');
    await stage.clock.pass(200);
    expect([directory, people].map(({ entries }) => entries.has('agent1'))).toEqual([true, true]);
    await stage.hangUp(stage.customer);
    await stage.clock.pass(60_000);
    await settle();
    expect(stage.desk.isOut).toBe(true);
    await stage.clock.pass(200);
    expect([directory, people].map(({ entries }) => entries.has('agent1'))).toEqual([false, false]);
    // Their socket goes last, and brings nobody back.
    const told = other.events.length;
    stage.desk.connection?.disconnected();
    await settle();
    expect(other.events.slice(told)).toEqual([]);
  });

  it('gives its extension to nobody while it is in use; another one waits for the end of the sign-in', async () => {
    const stage = await talkingStage();
    const changed = await change(stage, await edit(stage, 'person', 'agent1', { extension: '1099', name: '상담원 하나' }));
    expect(changed).toMatchObject({ ok: true, value: { toSignOut: ['agent1'] } });
    expect(await stage.card('agent1')).toMatchObject({ extension: '1001', name: '상담원 하나' });
    expect(await change(stage, await edit(stage, 'person', 'agent2', { extension: '1001' }))).toMatchObject({ ok: false, error: { code: 'configuration.invalid', present: [{ kind: 'person', id: 'agent2', code: 'taken', field: 'extension', other: 'person agent1' }] } });
    stage.center.endSignIn(AgentId.parse('agent1'));
    await stage.hangUp(stage.customer);
    await stage.clock.pass(60_000);
    const again = await stage.center.signIn(AgentId.parse('agent1'), 'desktop');
    expect(again).toMatchObject({ ok: true, value: { sipUser: '1099' } });
  });
});

describe('failure: a change that would not do', () => {
  it('names everything that is wrong, and changes nothing', async () => {
    const stage = await centerStage();
    const before = structuredClone(await stage.records.configuration());
    const answer = await change(
      stage,
      await edit(stage, 'person', 'agent1', { extension: '1002', account: 'AGENT3', memberships: [{ groupId: GroupId.parse('nowhere'), skill: 1 }] }),
      await edit(stage, 'number', '+8215880000', { flowId: FlowId.parse('nowhere') }),
    );
    expect(answer).toMatchObject({ ok: false, error: { code: 'configuration.invalid' } });
    const problems = answer.ok ? [] : (answer.error.present as { id: string; code: string; field: string; other: string }[]);
    expect(problems.map(({ id, code, field }) => [id, code, field])).toEqual(expect.arrayContaining([['agent1', 'unknown-reference', 'memberships'], ['agent2', 'taken', 'extension'], ['agent3', 'taken', 'account'], ['+8215880000', 'unknown-reference', 'flowId']]));
    expect(await stage.records.configuration()).toEqual(before);
  });

  it('of a group in use is refused with who uses it, and while callers wait', async () => {
    const stage = await centerStage();
    await stage.signIn('agent1');
    await stage.customerCalls();
    const answer = await change(stage, removal('group', ORDERS));
    const problems = answer.ok ? [] : (answer.error.present as { kind: string; code: string }[]);
    expect(new Set(problems.map(({ kind, code }) => `${kind} ${code}`))).toEqual(new Set(['person unknown-reference', 'flow unknown-reference', 'group callers-waiting']));
  });

  it('of the last administrator, or of one’s own duty, is refused', async () => {
    const stage = await centerStage();
    expect(await change(stage, removal('person', 'admin'))).toMatchObject({ ok: false, error: { present: [{ code: 'last-administrator' }, { code: 'own-account' }] } });
    expect(await change(stage, await edit(stage, 'person', 'admin', { role: 'agent' }))).toMatchObject({ ok: false, error: { code: 'configuration.invalid' } });
  });

  it('was based on something older, and is told what there is', async () => {
    const stage = await centerStage();
    const [first, second] = await Promise.all([change(stage, await edit(stage, 'group', ORDERS, { name: '하나' })), change(stage, await edit(stage, 'group', ORDERS, { name: '둘' }))]);
    expect([first.ok, second]).toMatchObject([true, { ok: false, error: { code: 'configuration.conflict' } }]);
    expect((await stage.records.configuration()).groups.find(({ groupId }) => groupId === ORDERS)?.name).toBe('하나');
  });

  it('cannot be written: nothing of it is in force', async () => {
    const stage = await centerStage();
    const desk = await stage.signIn('agent1');
    stage.records.fill(true);
    expect(await change(stage, await edit(stage, 'group', ORDERS, { name: '새 이름' }))).toMatchObject({ ok: false, error: { code: 'store.unavailable' } });
    expect((await desk.connection?.snapshot())?.groups.find(({ groupId }) => groupId === ORDERS)?.name).not.toBe('새 이름');
  });

  it('of a group to the name of another is refused, however it is written', async () => {
    const stage = await centerStage();
    const [, other] = demoConfiguration().groups;
    const name = other?.name ?? '';
    for (const same of [name, name.normalize('NFD')]) expect(await change(stage, await edit(stage, 'group', ORDERS, { name: same }))).toMatchObject({ ok: false, error: { present: [{ kind: 'group', code: 'taken', field: 'name' }] } });
  });

  it('of hours that overlap or never open is refused; over midnight and through the week they are taken', async () => {
    const stage = await centerStage();
    const hours = async (...spans: [weekday: number, fromMinute: number, toMinute: number][]) => change(stage, await edit(stage, 'group', ORDERS, { hours: spans.map(([weekday, fromMinute, toMinute]) => ({ weekday, fromMinute, toMinute })) }, String(version)));
    let version = 1;
    expect(await hours([1, 540, 1080], [1, 1000, 1100])).toMatchObject({ ok: false, error: { present: [{ code: 'overlaps' }] } });
    // Saturday night into Sunday, and Sunday itself.
    expect(await hours([6, 1320, 120], [0, 60, 600])).toMatchObject({ ok: false, error: { present: [{ code: 'overlaps' }] } });
    expect(await hours([1, 540, 540])).toMatchObject({ ok: false, error: { present: [{ code: 'never-open' }] } });
    expect(await hours([6, 1320, 120], [0, 120, 600])).toMatchObject({ ok: true });
    version = 2;
    expect(await hours([0, 0, 1440], [1, 0, 1440])).toMatchObject({ ok: true });
  });
});
