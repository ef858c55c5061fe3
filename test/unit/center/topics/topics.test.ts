import { describe, expect, it } from 'vitest';
import type { ConfigurationChange } from '../../../../contract/configuration.ts';
import { MOST_SUBSCRIPTIONS } from '../../../../contract/cti/index.ts';
import { AgentId, GroupId } from '../../../../contract/ids.ts';
import { objectsOf } from '../../../../center/configuration/objects.ts';
import { centerStage, settle, type CenterStage, type TestDesk } from '../center-stage.ts';

const [ORDERS, TECHNICAL] = [GroupId.parse('orders'), GroupId.parse('technical')];
const told = ({ changes }: { changes: { upserts: { agentId: string; state: { name: string } }[] }[] }): string[][] => changes.map(({ upserts }) => upserts.map(({ agentId, state }) => `${agentId} ${state.name}`));
const ready = (desk: TestDesk) => desk.command('agent.setState', { choice: { kind: 'ready' } });
const away = (desk: TestDesk) => desk.command('agent.setState', { choice: { kind: 'away', reason: 'break' } });

/** Three desks, and nothing that changes by itself. */
async function quietFloor() {
  const stage = await centerStage();
  const [one, two, three] = [await stage.signIn('agent1'), await stage.signIn('agent2'), await stage.signIn('agent3')];
  await stage.clock.pass(1000);
  return { stage, one, two, three };
}

async function change(stage: CenterStage, ...changes: ConfigurationChange[]) {
  const result = await stage.center.configuration?.change(changes, { by: AgentId.parse('admin'), address: '192.0.2.1', at: stage.clock.now() });
  await settle();
  return result;
}

/** A person is set up in these groups alone, as this. */
async function moved(stage: CenterStage, id: string, groupIds: GroupId[], role: 'agent' | 'supervisor', version = '1'): Promise<ConfigurationChange> {
  const found = objectsOf(await stage.records.configuration()).find((one) => one.kind === 'person' && one.id === id);
  if (found?.kind !== 'person') throw new Error(`no person ${id}`);
  return { kind: 'person', id, version, value: { ...found.value, role, memberships: groupIds.map((groupId) => ({ groupId, skill: 1 })) } };
}

describe('a topic', () => {
  it('begins with the whole, and goes on with what changes; nobody else is told anything', async () => {
    const { one, two, three } = await quietFloor();
    const messages: unknown[] = [];
    three.topic = (message) => messages.push(message) > 0;
    const watch = two.look('directory');
    expect([watch.wholes, watch.entries.get('agent1')?.state.name]).toEqual([1, 'NOT_READY']);
    await ready(one);
    expect([told(watch), messages]).toEqual([[['agent1 READY']], []]);
  });

  it('is told at once where nothing else happened, and then what has changed in its time together, as it is then', async () => {
    const { stage, one, two, three } = await quietFloor();
    const watch = three.look('directory');
    await ready(one);
    await ready(two);
    await away(one);
    expect(told(watch)).toEqual([['agent1 READY']]);
    await stage.clock.pass(199);
    expect(told(watch)).toHaveLength(1);
    await stage.clock.pass(1);
    expect(told(watch)).toEqual([['agent1 READY'], ['agent2 READY', 'agent1 NOT_READY']]);
  });

  it('is one message for all who look at the same, and the same message', async () => {
    const { one, two, three } = await quietFloor();
    const messages: unknown[] = [];
    for (const desk of [two, three]) {
      desk.topic = (message) => messages.push(message) > 0;
      desk.look('directory');
    }
    await ready(one);
    expect(messages).toHaveLength(4);
    expect(messages[2]).toBe(messages[3]);
  });

  it('is made for nobody where nobody looks, nor after the last has gone', async () => {
    const { stage, one, two } = await quietFloor();
    const watch = two.look('directory');
    two.connection?.topics.unsubscribe(watch.ask);
    two.connection?.topics.unsubscribe(watch.ask);
    await ready(one);
    await stage.clock.pass(1000);
    expect(watch.changes).toEqual([]);
    const again = two.look('directory');
    expect(again.entries.get('agent1')?.state.name).toBe('READY');
    two.connection?.disconnected();
    await away(one);
    await stage.clock.pass(1000);
    expect(again.changes).toEqual([]);
  });

  it('asked for twice has its whole twice, and each change once', async () => {
    const { one, two } = await quietFloor();
    const watch = two.look('directory');
    expect(two.connection?.topics.subscribe(watch.ask)).toEqual({ ok: true, value: null });
    expect(watch.wholes).toBe(2);
    await ready(one);
    expect(told(watch)).toEqual([['agent1 READY']]);
  });

  it('of some groups tells who is in them, who comes, and who goes', async () => {
    const { stage, one } = await quietFloor();
    const watch = one.look('directory', [TECHNICAL]);
    expect([watch.entries.has('agent5'), watch.entries.has('agent3')]).toEqual([true, false]);
    await change(stage, await moved(stage, 'agent3', [TECHNICAL], 'agent'), await moved(stage, 'agent5', [ORDERS], 'agent'));
    await stage.clock.pass(500);
    expect([watch.entries.has('agent5'), watch.entries.has('agent3'), watch.wholes]).toEqual([false, true, 1]);
  });

  it('removes who comes and goes between two tellings from whoever saw them in between', async () => {
    const { stage, one, two } = await quietFloor();
    one.look('people');
    await change(stage, { kind: 'person', id: 'agent9', version: null, value: { account: 'agent9', name: '상담원 9', role: 'agent', duties: [], extension: '1009', memberships: [] } });
    await change(stage, { kind: 'person', id: 'agent8', version: null, value: { account: 'agent8', name: '상담원 8', role: 'agent', duties: [], extension: '1008', memberships: [] } });
    const between = two.look('people');
    expect(between.entries.has('agent8')).toBe(true);
    await change(stage, { kind: 'person', id: 'agent8', version: '1', value: null });
    await stage.clock.pass(500);
    expect([between.entries.has('agent8'), between.entries.has('agent9')]).toEqual([false, true]);
  });
});

describe('who may look at what', () => {
  it('figures are of one’s own groups, whichever those are at the time', async () => {
    const { stage, one } = await quietFloor();
    await change(stage, await moved(stage, 'agent1', [ORDERS], 'agent'));
    const watch = one.look('figures');
    expect([...watch.entries.keys()]).toEqual(['orders']);
    await change(stage, await moved(stage, 'agent1', [TECHNICAL], 'agent', '2'));
    expect([[...watch.entries.keys()], watch.wholes]).toEqual([['technical'], 2]);
    await stage.customerCalls();
    await stage.clock.pass(1000);
    expect(watch.entries.has('orders')).toBe(false);
  });

  it('what was asked for by name ends with the right to see it', async () => {
    const { stage } = await quietFloor();
    const boss = await stage.signIn('supervisor');
    await change(stage, await moved(stage, 'supervisor', [ORDERS, TECHNICAL], 'supervisor'));
    const [watch, calls] = [boss.look('figures', [ORDERS]), boss.look('directCalls')];
    await change(stage, await moved(stage, 'supervisor', [TECHNICAL], 'agent', '2'));
    expect([watch.ended?.code, calls.ended?.code]).toEqual(['forbidden', 'forbidden']);
    await stage.hangUp(await stage.customerCalls());
    await stage.clock.pass(1000);
    expect([watch.changes, calls.changes]).toEqual([[], []]);
  });

  it('a group that is removed is gone from what shows it', async () => {
    const stage = await centerStage({ configure: (configuration) => ({ ...configuration, flows: [], numbers: [], dispositions: [], people: configuration.people.map((person) => ({ ...person, memberships: person.memberships.filter(({ groupId }) => groupId !== ORDERS) })) }) });
    const admin = await stage.signIn('admin');
    const [all, one] = [admin.look('figures'), admin.look('figures', [ORDERS])];
    await change(stage, { kind: 'group', id: ORDERS, version: '1', value: null });
    await stage.clock.pass(1000);
    expect([all.entries.has('orders'), all.ended, one.ended?.code]).toEqual([false, null, 'not-found']);
  });
});

describe('failure: a subscription', () => {
  const asks = [
    ['to a topic that there is not', { topic: 'secrets', groupIds: null }, 'not-found'],
    ['to a topic that only looks like one', { topic: 'toString', groupIds: null }, 'not-found'],
    ['to another group’s figures', { topic: 'figures', groupIds: [TECHNICAL] }, 'forbidden'],
    ['to a group that there is not', { topic: 'directory', groupIds: [GroupId.parse('none')] }, 'not-found'],
    ['to what concerns the center, by an agent', { topic: 'directCalls', groupIds: null }, 'forbidden'],
    ['to groups of what has none', { topic: 'people', groupIds: [ORDERS] }, 'input.invalid'],
  ] as const;

  it.each(asks)('%s is refused, and nothing is told', async (_what, ask, code) => {
    const stage = await centerStage();
    const desk = await stage.signIn('agent3');
    const messages: unknown[] = [];
    desk.topic = (message) => messages.push(message) > 0;
    expect(desk.connection?.topics.subscribe({ topic: ask.topic, groupIds: ask.groupIds === null ? null : [...ask.groupIds] })).toMatchObject({ ok: false, error: { code } });
    expect(messages).toEqual([]);
  });

  it('beyond the most at once is refused; the others go on, and one that is given up makes room', async () => {
    const groupIds = Array.from({ length: 1000 }, (_, index) => GroupId.parse(`g${index}`));
    const stage = await centerStage({ configure: (configuration) => ({ ...configuration, groups: [...configuration.groups, ...groupIds.map((groupId) => ({ ...(configuration.groups[0] ?? never()), groupId, name: groupId }))] }) });
    const desk = await stage.signIn('agent1');
    const answers = groupIds.map((groupId) => desk.connection?.topics.subscribe({ topic: 'directory', groupIds: [groupId] }));
    expect(answers.filter((answer) => answer?.ok)).toHaveLength(MOST_SUBSCRIPTIONS);
    expect(answers.at(-1)).toMatchObject({ ok: false, error: { code: 'rate-limited' } });
    desk.connection?.topics.unsubscribe({ topic: 'directory', groupIds: [groupIds[0] ?? never()] });
    expect(desk.look('figures').wholes).toBe(1);
  });
});

describe('a reader that is slow', () => {
  it('is sent nothing more, and the whole when they have read; others hear all of it meanwhile', async () => {
    const { stage, one, two, three } = await quietFloor();
    const [slow, quick] = [two.look('directory'), three.look('directory')];
    two.reads = false;
    await ready(one);
    await stage.clock.pass(500);
    await away(one);
    await stage.clock.pass(500);
    expect([slow.changes.length, quick.changes.length]).toEqual([0, 2]);
    two.reads = true;
    two.connection?.topics.caughtUp();
    expect([slow.wholes, slow.values]).toEqual([2, quick.values]);
    await ready(one);
    await stage.clock.pass(500);
    expect(slow.values).toEqual(quick.values);
    two.connection?.topics.caughtUp();
    expect(slow.wholes).toBe(2);
  });
});

const never = (): never => {
  throw new Error('the demo has no group');
};
