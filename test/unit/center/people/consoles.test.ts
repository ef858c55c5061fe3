import { describe, expect, it } from 'vitest';
import type { Configuration, PersonRecord } from '../../../../center/configuration/records.ts';
import { objectsOf } from '../../../../center/configuration/objects.ts';
import type { ConfigurationChange } from '../../../../contract/configuration.ts';
import { AgentId, GroupId } from '../../../../contract/ids.ts';
import { centerStage, settle, talkingStage, TestDesk, type CenterStage } from '../center-stage.ts';

const ORDERS = GroupId.parse('orders');
const ADMIN = AgentId.parse('admin');

/** The demo's office, with somebody set up otherwise. */
const withPerson =
  (account: string, edits: Partial<PersonRecord>) =>
  (configuration: Configuration): Configuration => ({ ...configuration, people: configuration.people.map((person) => (person.account === account ? { ...person, ...edits } : person)) });
const phoneless = (account: string) => withPerson(account, { extension: null, memberships: [] });

function openConsole({ center }: Pick<CenterStage, 'center'>, account: string): TestDesk {
  const made = new TestDesk(AgentId.parse(account));
  const connected = center.connectConsole(made.agentId, made);
  if (!connected.ok) throw new Error(connected.error.message);
  made.connection = connected.value;
  return made;
}

async function change(stage: Pick<CenterStage, 'center' | 'clock'>, ...changes: ConfigurationChange[]) {
  const result = await stage.center.configuration?.change(changes, { by: ADMIN, address: '192.0.2.1', at: stage.clock.now() });
  await settle();
  if (result === undefined) throw new Error('the center is not running');
  return result;
}

async function edit(stage: Pick<CenterStage, 'records'>, id: string, edits: Partial<PersonRecord>, version = '1'): Promise<ConfigurationChange> {
  const found = objectsOf(await stage.records.configuration()).find((one) => one.kind === 'person' && one.id === id);
  if (found?.kind !== 'person') throw new Error(`no person ${id}`);
  return { kind: 'person', id, version, value: { ...found.value, ...edits } };
}

describe('a person without a telephone', () => {
  it('is no agent: no card, no phone on the switch, no state, and nobody is told of them', async () => {
    const stage = await centerStage({ configure: phoneless('admin') });
    const desk = await stage.signIn('agent1');
    openConsole(stage, 'admin');
    expect(desk.look('directory').entries.has('admin')).toBe(false);
    expect([stage.center.hasDesk(ADMIN), stage.center.me(ADMIN, 'desk')]).toEqual([false, null]);
    expect(stage.center.me(ADMIN, 'console')).toMatchObject({ kind: 'console', role: 'admin', extension: null });
    expect([...stage.switchPort.endpoints.keys()]).not.toContain('1011');
    expect(await stage.center.signIn(ADMIN, 'web')).toMatchObject({ ok: false, error: { code: 'not-found' } });
  });

  it('sees the center as their role lets them, at any number of consoles at once', async () => {
    const stage = await centerStage({ configure: phoneless('admin') });
    const consoles = [openConsole(stage, 'admin'), openConsole(stage, 'admin')];
    await stage.hangUp(await stage.customerCalls());
    await stage.clock.pass(1500);
    for (const one of consoles) {
      expect(await one.connection?.snapshot()).toMatchObject({ me: { account: 'admin', kind: 'console' }, contacts: [], supervision: null, store: { state: 'well' } });
      expect(one.figuresOf(ORDERS)?.today.noAgents).toBe(1);
    }
    consoles[0]?.connection?.disconnected();
    stage.switchPort.setAvailable(false);
    await settle();
    expect(consoles.map(({ events }) => events.some(({ type }) => type === 'switch.changed'))).toEqual([false, true]);
  });

  it('leads: opens groups and sets the state of agents, who are told by whom', async () => {
    const stage = await centerStage({ configure: phoneless('admin') });
    const desk = await stage.ready('agent1');
    const one = openConsole(stage, 'admin');
    expect(await one.command('group.setOpen', { groupId: ORDERS, open: false })).toMatchObject({ ok: true });
    expect(await one.command('agent.force', { agentId: AgentId.parse('agent1'), choice: { kind: 'away', reason: 'meeting' } })).toMatchObject({ ok: true });
    expect(desk.events.find((event) => event.type === 'notice.raised')).toMatchObject({ payload: { code: 'forced', detail: '시스템 관리자' } });
  });

  it('puts the history right', async () => {
    const { center, records, hangUp, customer, desk } = await talkingStage({ configure: phoneless('admin') });
    const { contactId } = desk.contact;
    await hangUp(customer);
    await desk.command('contact.complete', { contactId, next: null });
    await settle();
    const version = records.timeline.get(contactId)?.version ?? '';
    expect(await center.correctContact(ADMIN, { contactId, version, memo: '관리자가 고침' })).toMatchObject({ ok: true, value: { memo: '관리자가 고침', corrected: { by: '시스템 관리자' } } });
  });
});

describe('a console of somebody who has a desk', () => {
  it('goes on beside it, and has no part in its calls', async () => {
    const stage = await talkingStage();
    const one = openConsole(stage, 'agent1');
    expect(await one.connection?.snapshot()).toMatchObject({ contacts: [], me: { kind: 'console', extension: null, groupIds: stage.center.me(AgentId.parse('agent1'), 'desk')?.groupIds } });
    expect([stage.desk.isOut, stage.desk.contact.me.state]).toEqual([false, 'talking']);
    await stage.hangUp(stage.customer);
    expect(one.events.some(({ type }) => type.startsWith('contact.'))).toBe(false);
    one.connection?.disconnected();
    expect((await stage.card('agent1')).connected).toBe(true);
  });
});

describe('whose telephone comes and goes while they are signed in', () => {
  it('is signed out when their call is over, and signs in without one from then on', async () => {
    const stage = await talkingStage();
    const watching = openConsole(stage, 'admin').look('directory');
    const result = await change(stage, await edit(stage, 'agent1', { extension: null, memberships: [] }));
    expect(result).toMatchObject({ ok: true, value: { toSignOut: ['agent1'] } });
    expect([stage.center.endSignIn(AgentId.parse('agent1')), stage.desk.contact.me.state]).toEqual(['after-call', 'talking']);
    expect(stage.center.hasDesk(AgentId.parse('agent1'))).toBe(false);
    await stage.hangUp(stage.customer);
    await settle();
    expect(stage.desk.isOut).toBe(true);
    await stage.clock.pass(200);
    expect(watching.entries.has('agent1')).toBe(false);
    expect(stage.center.me(AgentId.parse('agent1'), 'desk')).toBeNull();
    expect(await openConsole(stage, 'agent1').connection?.snapshot()).toMatchObject({ me: { kind: 'console' } });
    expect(stage.switchPort.endpoints.has('1001')).toBe(false);
  });

  it('has a desk at the next sign-in, while their console goes on and is told who they are', async () => {
    const stage = await centerStage({ configure: phoneless('admin') });
    const one = openConsole(stage, 'admin');
    await change(stage, await edit(stage, 'admin', { extension: '1099', name: '새 이름' }));
    expect(one.events.find((event) => event.type === 'office.changed')).toMatchObject({ payload: { me: { name: '새 이름', kind: 'console', extension: null } } });
    expect((await stage.signIn('admin')).isOut).toBe(false);
    expect((await stage.card('admin')).extension).toBe('1099');
    expect(one.isOut).toBe(false);
  });

  it('is out of every console when they are removed', async () => {
    const stage = await centerStage({ configure: phoneless('supervisor') });
    const consoles = [openConsole(stage, 'supervisor'), openConsole(stage, 'supervisor')];
    await change(stage, { kind: 'person', id: 'supervisor', version: '1', value: null });
    expect(consoles.map(({ isOut }) => isOut)).toEqual([true, true]);
    expect(stage.center.connectConsole(AgentId.parse('supervisor'), new TestDesk(AgentId.parse('supervisor')))).toMatchObject({ ok: false, error: { code: 'auth.replaced' } });
  });
});

describe('failure: a console', () => {
  it('that asks for what takes a desk is refused by the core itself, whoever let it through', async () => {
    const stage = await centerStage({ configure: phoneless('admin') });
    await stage.ready('agent1');
    const one = openConsole(stage, 'admin');
    for (const refused of [
      one.command('agent.setState', { choice: { kind: 'ready' } }),
      one.command('agent.reportWindow', { open: false }),
      one.command('supervision.start', { agentId: AgentId.parse('agent1'), mode: 'listen' }),
    ])
      expect(await refused).toMatchObject({ ok: false, error: { code: 'forbidden' } });
  });
});

describe('failure: a person is set up', () => {
  it('in a group without a telephone: its calls would ring nowhere', async () => {
    const stage = await centerStage();
    expect(await change(stage, await edit(stage, 'agent1', { extension: null }))).toMatchObject({ ok: false, error: { code: 'configuration.invalid', present: [{ kind: 'person', id: 'agent1', code: 'no-extension', field: 'memberships' }] } });
  });

  it('with an extension that somebody who is leaving still talks at', async () => {
    const stage = await talkingStage();
    await change(stage, await edit(stage, 'agent1', { extension: null, memberships: [] }));
    expect(await change(stage, await edit(stage, 'agent2', { extension: '1001' }))).toMatchObject({ ok: false, error: { present: [{ code: 'taken', field: 'extension', other: 'person agent1' }] } });
  });

  it('as an auditor by themselves: who looks at what administrators do is chosen by another', async () => {
    const stage = await centerStage();
    expect(await change(stage, await edit(stage, 'admin', { duties: ['auditor'] }))).toMatchObject({ ok: false, error: { present: [{ code: 'own-account', field: 'duties' }] } });
    expect(stage.center.configuration?.check([await edit(stage, 'agent1', { duties: ['auditor'] })], ADMIN)).toEqual([]);
  });

  it('as no administrator any more, where there is no other, telephone or not', async () => {
    const stage = await centerStage({ configure: phoneless('admin') });
    expect(await change(stage, { ...(await edit(stage, 'admin', { role: 'agent' })) })).toMatchObject({ ok: false, error: { code: 'configuration.invalid' } });
    const problems = stage.center.configuration?.check([await edit(stage, 'admin', { role: 'agent' })], AgentId.parse('agent1'));
    expect(problems).toMatchObject([{ code: 'last-administrator' }]);
  });
});
