import { describe, expect, it } from 'vitest';
import { AsteriskCluster } from '../../../../center/switch/asterisk/cluster.ts';
import type { Destination, SwitchEvent } from '../../../../center/switch/port.ts';
import { demoNumber } from '../../../../center/store/demo/office.ts';
import { AgentId } from '../../../../contract/ids.ts';
import { centerStage, settle, TestClock } from '../center-stage.ts';
import { FakeNode } from './fake-node.ts';

const agent2 = { kind: 'agent', agentId: AgentId.parse('agent2') } as const;
const record = { user: '1001', password: 'first', displayName: '', callerNumber: '1001' };

const phoneAt = (destination: Destination): string | null => (destination.kind === 'endpoint' ? destination.user : null);

/** The cluster alone on two nodes that are up. */
async function twoNodes() {
  const clock = new TestClock();
  const [a, b] = [new FakeNode(), new FakeNode()];
  const events: SwitchEvent[] = [];
  const log: Record<string, unknown>[] = [];
  const cluster = new AsteriskCluster({ nodes: [{ name: 'first', node: a }, { name: 'second', node: b }], clock, phoneAt, logger: { info: () => {}, warn: (fields, message) => void log.push({ ...fields, message }) } });
  cluster.onEvent((event) => events.push(event));
  await cluster.start();
  /** A call comes in. @returns what the center calls it */
  const arrive = (node: FakeNode): string => {
    node.arrive('1001', '1001', '1');
    const [last] = events.flatMap((event) => (event.type === 'channel.arrived' ? [event.channel.channelId] : [])).slice(-1);
    return last ?? '';
  };
  return { cluster, clock, a, b, arrive, events, log, told: (type: SwitchEvent['type']) => events.filter((event) => event.type === type) };
}

/** The whole core on two nodes; the stage's own steps are those of the first. */
async function center() {
  const clock = new TestClock();
  const [a, b] = [new FakeNode(), new FakeNode()];
  const cluster = new AsteriskCluster({ nodes: [{ name: 'first', node: a }, { name: 'second', node: b }], clock, phoneAt, logger: { info: () => {}, warn: () => {} } });
  const stage = await centerStage({ switchPort: a, port: cluster, clock });

  /** Ready, with a phone registered at these. */
  const ready = async (agent: string, extension: string, ...nodes: FakeNode[]) => {
    const desk = await stage.signIn(agent);
    if (!nodes.includes(a)) a.register(extension, false);
    if (nodes.includes(b)) b.register(extension);
    await desk.command('agent.setState', { choice: { kind: 'ready' } });
    await settle();
    return desk;
  };
  const calls = async (node: FakeNode, customer: number): Promise<string> => {
    const channelId = node.arrive(null, demoNumber(customer), '15880000');
    await settle();
    return channelId;
  };
  const answers = async (node: FakeNode, extension: string): Promise<string> => {
    const channelId = node.ringingAt(extension);
    if (channelId === undefined) throw new Error(`nothing rings at ${extension}`);
    node.phoneAnswers(channelId);
    await settle();
    return channelId;
  };
  const outcomes = () => stage.logged().flatMap((event) => (event.type === 'contact.ended' ? [event.data.outcome] : []));
  return { ...stage, a, b, cluster, clock, ready, calls, answers, outcomes };
}

/** A customer talks with agent1 at the first node, another with agent2 at the second. */
async function talkingAtBoth() {
  const stage = await center();
  const { a, b } = stage;
  const desk1 = await stage.ready('agent1', '1001', a, b);
  const customer1 = await stage.calls(a, 1);
  const agent1 = await stage.answers(a, '1001');
  const desk2 = await stage.ready('agent2', '1002', a, b);
  const customer2 = await stage.calls(b, 2);
  const agent2s = await stage.answers(b, '1002');
  expect([a.hears(customer1), b.hears(customer2)]).toEqual([[agent1], [agent2s]]);
  return { ...stage, desk1, desk2, customer1, customer2, agent1, agent2s };
}

describe('a contact', () => {
  it('stays on the node it arrived on, with its agent and its bridges', async () => {
    const { a, b } = await talkingAtBoth();
    expect([a.channels.size, b.channels.size]).toEqual([2, 2]);
    expect([a.bridges.size, b.bridges.size]).toEqual([1, 1]);
  });

  it('is consulted about and handed over on its node', async () => {
    const stage = await center();
    const { a, b } = stage;
    const desk = await stage.ready('agent1', '1001', a, b);
    await stage.ready('agent2', '1002', a, b);
    await desk.command('agent.setState', { choice: { kind: 'ready' } });
    const customer = await stage.calls(b, 1);
    await stage.answers(b, '1001');
    await desk.command('contact.consult', { contactId: desk.contact.contactId, target: agent2 });
    await settle();
    const target = await stage.answers(b, '1002');
    expect(b.hears(customer)).toBe('music');
    await desk.command('contact.completeTransfer', { contactId: desk.contact.contactId });
    await settle();
    expect(b.hears(customer)).toEqual([target]);
    expect(a.channels.size).toBe(0);
  });

  it('passes an agent over whose phone is registered elsewhere alone, without blame, and is offered when it registers here', async () => {
    const stage = await center();
    const { a, b } = stage;
    await stage.ready('agent1', '1001', b);
    await stage.calls(a, 1);
    expect(a.ringingAt('1001')).toBeUndefined();
    await stage.ready('agent2', '1002', a, b);
    expect(a.ringingAt('1002')).toBeDefined();
    await stage.calls(a, 2);
    expect((await stage.card('agent1')).state.name).toBe('READY');
    a.register('1001');
    await settle();
    expect(a.ringingAt('1001')).toBeDefined();
  });

  it('is not handed to somebody who cannot be rung where it is', async () => {
    const stage = await center();
    const { a, b } = stage;
    const desk = await stage.ready('agent1', '1001', a, b);
    await stage.calls(a, 1);
    await stage.answers(a, '1001');
    await stage.ready('agent2', '1002', b);
    const { contactId } = desk.contact;
    expect(await desk.command('contact.consult', { contactId, target: agent2 })).toMatchObject({ ok: false, error: { code: 'target.unavailable' } });
    expect(await desk.command('contact.transfer', { contactId, target: agent2 })).toMatchObject({ ok: false, error: { code: 'target.unavailable' } });
    expect(desk.contact.me.state).toBe('talking');
  });

  it('that an agent dials is carried where their phone dialled', async () => {
    const stage = await center();
    await stage.ready('agent1', '1001', stage.a, stage.b);
    stage.b.arrive('1001', '1001', '0212345678');
    await settle();
    expect([...stage.b.channels.values()].map(({ state }) => state)).toEqual(['incoming', 'ringing']);
    expect(stage.a.channels.size).toBe(0);
  });
});

describe('a node whose link is lost', () => {
  it('keeps its calls: they go on when it is back, and the watchdog leaves them alone meanwhile', async () => {
    const { a, b, clock, problems, agent1, customer1, desk1, desk2, outcomes } = await talkingAtBoth();
    a.goAway();
    await clock.pass(45_000);
    expect([desk1.contact.me.state, desk2.contact.me.state]).toEqual(['talking', 'talking']);
    a.comeBack();
    await clock.pass(45_000);
    expect(a.hears(customer1)).toEqual([agent1]);
    expect([desk1.contact.me.state, b.channels.size]).toEqual(['talking', 2]);
    expect([outcomes(), problems]).toEqual([[], []]);
  });

  it('loses them, and no others, when no Asterisk is at its address any more', async () => {
    const { a, clock, desk1, desk2, b, customer2, agent2s, outcomes } = await talkingAtBoth();
    a.crash();
    await clock.pass(5000);
    expect(outcomes()).toEqual(['networkLost']);
    expect(desk1.notices).toContain('networkLost');
    expect([desk2.notices, desk2.contact.me.state]).toEqual([[], 'talking']);
    expect(b.hears(customer2)).toEqual([agent2s]);
  });

  it('loses them when it is not heard of for a minute', async () => {
    const { a, clock, outcomes, desk2 } = await talkingAtBoth();
    a.goAway();
    await clock.pass(58_000);
    expect(outcomes()).toEqual([]);
    await clock.pass(4000);
    expect(outcomes()).toEqual(['networkLost']);
    expect(desk2.contact.me.state).toBe('talking');
  });

  it('loses them when it comes back as another process', async () => {
    const { a, outcomes, desk1, desk2 } = await talkingAtBoth();
    a.goAway();
    a.comeBack({ asAnother: true });
    await settle();
    expect(outcomes()).toEqual(['networkLost']);
    expect([desk1.notices, desk2.contact.me.state]).toEqual([['networkLost'], 'talking']);
  });

  it('frees its agents for the calls of the others, and takes calls again when it is back', async () => {
    const stage = await talkingAtBoth();
    const { a, b, clock, desk1 } = stage;
    a.crash();
    await clock.pass(5000);
    await desk1.command('contact.complete', { contactId: desk1.contact.contactId, next: null });
    await settle();
    await stage.calls(b, 3);
    await stage.answers(b, '1001');
    expect(desk1.contact.me.state).toBe('talking');

    a.comeBack({ asAnother: true });
    await stage.ready('agent3', '1003', a);
    await stage.calls(a, 4);
    expect(a.ringingAt('1003')).toBeDefined();
  });
});

describe('phones', () => {
  it('are known at every node, and registered where they are registered', async () => {
    const { cluster, a, b, told } = await twoNodes();
    await cluster.putEndpoint(record);
    expect([a.endpoints.get('1001'), b.endpoints.get('1001')]).toEqual([record, record]);
    b.register('1001');
    expect([cluster.isRegistered('1001'), cluster.isRegistered('1002')]).toEqual([true, false]);
    a.register('1001');
    b.register('1001', false);
    expect(cluster.isRegistered('1001')).toBe(true);
    a.register('1001', false);
    expect(cluster.isRegistered('1001')).toBe(false);
    expect(told('endpoint.changed')).toEqual([true, true, false].map((registered) => ({ type: 'endpoint.changed', user: '1001', registered })));
  });

  it('of a node that is away count as gone unless they are elsewhere too', async () => {
    const { cluster, a, b, told } = await twoNodes();
    for (const user of ['1001', '1002']) await cluster.putEndpoint({ ...record, user });
    a.register('1001');
    a.register('1002');
    b.register('1002');
    a.goAway();
    expect([cluster.isRegistered('1001'), cluster.isRegistered('1002')]).toEqual([false, true]);
    expect(told('endpoint.changed').at(-1)).toMatchObject({ user: '1001', registered: false });
    a.comeBack();
    expect(told('endpoint.changed').at(-1)).toMatchObject({ user: '1001', registered: true });
  });

  it('are put again only where they are not known', async () => {
    const { cluster, a, b, told } = await twoNodes();
    await cluster.putEndpoint(record);
    await cluster.putEndpoint(record);
    expect([a.puts, b.puts]).toEqual([['1001'], ['1001']]);
    b.goAway();
    const before = told('switch.changed').length;
    b.comeBack();
    // The core gives all accounts when it hears that.
    expect(told('switch.changed').slice(before)).toEqual([{ type: 'switch.changed', available: true }]);
    await cluster.putEndpoint(record);
    expect([a.puts, b.puts]).toEqual([['1001'], ['1001', '1001']]);
    await cluster.putEndpoint({ ...record, password: 'second' });
    expect([a.puts.length, b.puts.length]).toEqual([2, 3]);
  });

  it('are removed everywhere', async () => {
    const { cluster, a, b, told } = await twoNodes();
    await cluster.putEndpoint(record);
    b.register('1001');
    await cluster.removeEndpoint('1001');
    expect([a.endpoints.size, b.endpoints.size]).toEqual([0, 0]);
    expect(told('endpoint.changed').at(-1)).toMatchObject({ registered: false });
  });
});

describe('the switch', () => {
  it('is available while any node is, and names the one in trouble', async () => {
    const { cluster, a, b, told } = await twoNodes();
    expect([cluster.available, cluster.trouble, cluster.firstAvailable]).toEqual([true, null, 0]);
    a.goAway();
    expect([cluster.available, cluster.trouble, cluster.firstAvailable]).toEqual([true, 'first: cannot be reached', 1]);
    b.goAway();
    expect([cluster.available, cluster.trouble]).toEqual([false, 'first: cannot be reached; second: cannot be reached']);
    expect(told('switch.changed').at(-1)).toEqual({ type: 'switch.changed', available: false });
    a.comeBack();
    expect([cluster.available, told('switch.changed').at(-1)]).toEqual([true, { type: 'switch.changed', available: true }]);
  });

  it('tells calls apart that two nodes call the same, and what all nodes have; of one that is away what it had', async () => {
    const { cluster, a, b, arrive } = await twoNodes();
    const ids = [arrive(a), arrive(b)];
    expect(a.ids).toEqual(b.ids);
    expect(new Set(ids).size).toBe(2);
    await cluster.createBridge('bridge', ids[0]);
    a.goAway();
    const [channels, bridges] = await Promise.all([cluster.listChannels(), cluster.listBridges()]);
    expect(channels.ok && channels.value.map(({ channelId }) => channelId)).toEqual(ids);
    expect(bridges.ok && bridges.value.map(({ bridgeId }) => bridgeId)).toEqual(['bridge']);
  });

  it('dials out, where nothing says beside whom, at the node that has least to do, or where the phone is', async () => {
    const { cluster, a, b, arrive } = await twoNodes();
    arrive(a);
    const request = { channelId: 'out', callerNumber: '1', callerName: '', ringTimeoutMs: 1000 };
    await cluster.originate({ ...request, destination: { kind: 'trunk', number: '0212345678' } });
    expect(b.ids).toContain('out');
    await cluster.putEndpoint(record);
    a.register('1001');
    arrive(b);
    await cluster.originate({ ...request, channelId: 'to-phone', destination: { kind: 'endpoint', user: '1001' } });
    expect(a.ids).toContain('to-phone');
  });

  it('makes a bridge of which nothing says beside whom where the first joins it', async () => {
    const { cluster, a, b, arrive } = await twoNodes();
    const [here, there] = [arrive(a), arrive(b)];
    for (const bridgeId of ['bridge', 'lobby', 'unused']) expect(await cluster.createBridge(bridgeId)).toMatchObject({ ok: true });
    expect(await cluster.listBridges()).toMatchObject({ value: [{ bridgeId: 'bridge' }, { bridgeId: 'lobby' }, { bridgeId: 'unused' }] });
    expect(await cluster.joinBridge('bridge', there)).toMatchObject({ ok: true });
    expect(await cluster.waitInBridge('lobby', here)).toMatchObject({ ok: true });
    expect([[...a.bridges], [...b.bridges]]).toEqual([['lobby'], ['bridge']]);
    for (const bridgeId of ['bridge', 'lobby', 'unused']) expect(await cluster.destroyBridge(bridgeId)).toMatchObject({ ok: true });
    expect([a.bridges.size, b.bridges.size]).toEqual([0, 0]);
  });

  it('takes playbacks, recordings and transfers to the node of their channel', async () => {
    const { cluster, b, arrive, told } = await twoNodes();
    const channel = arrive(b);
    const [there = ''] = b.ids;
    expect(await cluster.play('sound', channel, { kind: 'tone', tone: 'beep' }, false)).toMatchObject({ ok: true });
    expect(b.hears(there)).toBe('beep');
    await cluster.stopPlayback('sound');
    expect(b.hears(there)).toBe('silence');
    const transferId = b.refer(there, '1002', there);
    expect(told('channel.transferRequested')).toMatchObject([{ channelId: channel, replaces: channel }]);
    await cluster.transferProgress(transferId, 'succeeded');
    expect(b.progress).toEqual([[transferId, 'succeeded']]);
    await cluster.createBridge('bridge', channel);
    expect(await cluster.startRecording('recording', 'bridge', 'x.wav')).toMatchObject({ ok: true });
    expect(await cluster.stopRecording('recording')).toMatchObject({ ok: true });
  });

  it('lets a channel listen to another at the same node, and at no other', async () => {
    const { cluster, a, b, arrive, told } = await twoNodes();
    const [listener, target, elsewhere] = [arrive(b), arrive(b), arrive(a)];
    for (const channelId of [listener, target]) await cluster.answer(channelId);
    const request = { snoopId: 'snoop', channelId: listener, targetId: target, whispering: false };
    expect(await cluster.snoop({ ...request, targetId: elsewhere })).toMatchObject({ ok: false, error: { code: 'switch.failed' } });
    expect(await cluster.snoop(request)).toMatchObject({ ok: true });
    expect(await cluster.setWhispering('snoop', true)).toMatchObject({ ok: true });
    expect(await cluster.stopSnoop('snoop')).toMatchObject({ ok: true });
    expect(told('snoop.ended')).toMatchObject([{ snoopId: 'snoop', channelId: listener }]);
    expect(await cluster.setWhispering('snoop', true)).toMatchObject({ ok: false, error: { code: 'not-found' } });
    expect(await cluster.snoop({ ...request, targetId: 'gone' })).toMatchObject({ ok: false, error: { code: 'switch.channel-gone' } });
    expect(await cluster.stopSnoop('snoop')).toMatchObject({ ok: true });
  });

  it('is not held up by a node that hangs; phones it has refused are told when it has caught up', async () => {
    const { cluster, a, b, clock, told } = await twoNodes();
    const { promise, resolve } = Promise.withResolvers<void>();
    const put = b.putEndpoint.bind(b);
    b.putEndpoint = async (endpoint) => {
      await promise;
      return put(endpoint);
    };
    const answer = cluster.putEndpoint(record);
    await settle();
    await clock.pass(1000);
    expect(await answer).toMatchObject({ ok: true });
    expect([a.puts, b.puts]).toEqual([['1001'], []]);
    const before = told('switch.changed').length;
    resolve();
    await settle();
    expect(told('switch.changed').slice(before)).toEqual([{ type: 'switch.changed', available: true }]);
  });

  it('says which node it has given up, with how many calls', async () => {
    const { cluster, b, arrive, clock, log, told } = await twoNodes();
    const channelId = arrive(b);
    await cluster.createBridge('bridge', channelId);
    b.crash();
    await clock.pass(5000);
    expect(log).toMatchObject([{ asterisk: 'second', channels: 1 }]);
    expect([told('channels.lost'), told('channel.ended')]).toMatchObject([[{ channelIds: [channelId] }], [{ channelId, cause: 'networkLost' }]]);
    expect(await cluster.destroyBridge('bridge')).toMatchObject({ ok: false, error: { code: 'switch.bridge-gone' } });
    await clock.pass(120_000);
    expect(log).toHaveLength(1);
  });

  it('ends with all its nodes', async () => {
    const { cluster, a, b, clock } = await twoNodes();
    a.goAway();
    await cluster.stop();
    await clock.pass(120_000);
    expect([cluster.available, a.available, b.available]).toEqual([false, false, false]);
  });
});

describe('failure: what the cluster is asked in vain', () => {
  it('is an outcome: a channel, bridge, recording or transfer that is gone', async () => {
    const { cluster, a, arrive } = await twoNodes();
    const request = { channelId: 'out', destination: { kind: 'endpoint', user: '1001' }, callerNumber: '1', callerName: '', ringTimeoutMs: 1000, beside: 'gone' } as const;
    const channelGone = { ok: false, error: { code: 'switch.channel-gone' } };
    for (const answer of [cluster.originate(request), cluster.createBridge('bridge', 'gone'), cluster.answer('gone'), cluster.ring('gone'), cluster.hangUp('gone', 'normal'), cluster.joinBridge('bridge', 'gone'), cluster.leaveBridge('gone'), cluster.play('sound', 'gone', { kind: 'tone', tone: 'beep' }, false), cluster.startMusic('gone'), cluster.stopMusic('gone'), cluster.setMuted('gone', true), cluster.sendDigits('gone', '1')]) expect(await answer).toMatchObject(channelGone);
    const bridgeGone = { ok: false, error: { code: 'switch.bridge-gone' } };
    const channel = arrive(a);
    for (const answer of [cluster.destroyBridge('gone'), cluster.joinBridge('gone', channel), cluster.startRecording('recording', 'gone', 'x.wav')]) expect(await answer).toMatchObject(bridgeGone);
    for (const answer of [cluster.pauseRecording('gone'), cluster.resumeRecording('gone'), cluster.stopRecording('gone'), cluster.transferProgress('gone', 'failed')]) expect(await answer).toMatchObject({ ok: false, error: { code: 'not-found' } });
    expect(await cluster.stopPlayback('gone')).toMatchObject({ ok: true });
  });

  it('is refused: one id twice, and a bridge over two nodes', async () => {
    const { cluster, a, b, arrive } = await twoNodes();
    const [here, there] = [arrive(a), arrive(b)];
    const invalid = { ok: false, error: { code: 'input.invalid' } };
    await cluster.createBridge('bridge', here);
    expect(await cluster.createBridge('bridge', there)).toMatchObject(invalid);
    expect(await cluster.originate({ channelId: here, destination: { kind: 'trunk', number: '1' }, callerNumber: '1', callerName: '', ringTimeoutMs: 1000 })).toMatchObject(invalid);
    expect(await cluster.joinBridge('bridge', there)).toMatchObject({ ok: false, error: { code: 'switch.failed' } });
    await cluster.startRecording('recording', 'bridge', 'x.wav');
    expect(await cluster.startRecording('recording', 'bridge', 'x.wav')).toMatchObject(invalid);
  });

  it('is unavailable with no node up, and forgets what it could not make', async () => {
    const { cluster, a, b, arrive } = await twoNodes();
    const here = arrive(a);
    a.goAway();
    b.goAway();
    const unavailable = { ok: false, error: { code: 'switch.unavailable' } };
    const request = { channelId: 'out', destination: { kind: 'trunk', number: '1' }, callerNumber: '1', callerName: '', ringTimeoutMs: 1000 } as const;
    for (const answer of [cluster.originate(request), cluster.createBridge('bridge'), cluster.listChannels(), cluster.listBridges(), cluster.originate({ ...request, beside: here }), cluster.createBridge('bridge', here)]) expect(await answer).toMatchObject(unavailable);
    a.comeBack();
    expect(await cluster.originate({ ...request, beside: here })).toMatchObject({ ok: true });
    expect(await cluster.createBridge('bridge', here)).toMatchObject({ ok: true });
  });

  it('is logged, not thrown: a listener that fails', async () => {
    const { cluster, a, arrive, log, events } = await twoNodes();
    cluster.onEvent(() => {
      throw new Error('a defect');
    });
    const before = events.length;
    arrive(a);
    expect([log.map(({ doing }) => doing), events.length]).toEqual([['listening to channel.arrived'], before + 1]);
  });
});
