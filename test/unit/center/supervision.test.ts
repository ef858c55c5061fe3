import { describe, expect, it } from 'vitest';
import { AgentId, GroupId } from '../../../contract/ids.ts';
import type { SupervisionMode, SupervisionView } from '../../../contract/supervision.ts';
import { layoutOf } from '../../../center/calls/layout.ts';
import { centerStage, settle, talkingStage, type CenterStage, type TestDesk } from './center-stage.ts';

const AGENT1 = AgentId.parse('agent1');
const AGENT2 = AgentId.parse('agent2');

/** Agent1 talks with a customer; a supervisor sits at their desk. */
async function stageWithSupervisor() {
  const stage = await talkingStage();
  const boss = await stage.signIn('supervisor');
  return { ...stage, boss, extension: await extensionOf(boss) };
}

const extensionOf = async (desk: TestDesk): Promise<string> => (await desk.connection?.snapshot())?.me.extension ?? '';
const viewOf = async (desk: TestDesk): Promise<SupervisionView | null> => (await desk.connection?.snapshot())?.supervision ?? null;
const codeOf = (result: { ok: true } | { ok: false; error: { code: string } }): string => (result.ok ? 'ok' : result.error.code);

async function listening(mode: SupervisionMode = 'listen') {
  const stage = await stageWithSupervisor();
  expect(codeOf(await stage.boss.command('supervision.start', { agentId: AGENT1, mode }))).toBe('ok');
  await settle();
  const ear = await stage.answer(stage.extension);
  return { ...stage, ear };
}

const set = async ({ boss }: { boss: TestDesk }, mode: SupervisionMode): Promise<void> => {
  expect(codeOf(await boss.command('supervision.setMode', { mode }))).toBe('ok');
  await settle();
};

describe('a supervisor', () => {
  it('is called by the center, hears the call once their phone has answered, and is heard by nobody', async () => {
    const stage = await stageWithSupervisor();
    await stage.boss.command('supervision.start', { agentId: AGENT1, mode: 'listen' });
    await settle();
    const calling = await viewOf(stage.boss);
    expect(calling).toMatchObject({ agentId: 'agent1', contactId: stage.contactId, mode: 'listen', state: 'calling' });
    const ringing = stage.switchPort.channels.get(stage.switchPort.ringingAt(stage.extension) ?? '');
    expect(ringing?.request?.headers?.['X-Sangdam-Leg']).toBe(calling?.dialogKey);
    expect(stage.desk.contact.supervisors).toEqual([]);

    const ear = await stage.answer(stage.extension);
    expect(await viewOf(stage.boss)).toMatchObject({ state: 'up' });
    expect(stage.switchPort.hears(ear)).toBe(`listening to ${stage.agent1}`);
    expect([stage.switchPort.hears(stage.customer), stage.switchPort.hears(stage.agent1)]).toEqual([[stage.agent1], [stage.customer]]);
  });

  it('whispers, barges in and goes back, on the one phone call', async () => {
    const stage = await listening();
    await set(stage, 'whisper');
    expect(stage.switchPort.hears(stage.ear)).toBe(`whispering to ${stage.agent1}`);
    await set(stage, 'barge');
    expect(stage.switchPort.hears(stage.customer)).toEqual([stage.agent1, stage.ear]);
    expect(stage.switchPort.hears(stage.ear)).toEqual([stage.customer, stage.agent1]);
    await set(stage, 'listen');
    expect(stage.switchPort.hears(stage.ear)).toBe(`listening to ${stage.agent1}`);
    expect(stage.switchPort.hears(stage.customer)).toEqual([stage.agent1]);
    expect(await viewOf(stage.boss)).toMatchObject({ mode: 'listen', state: 'up' });
    expect(stage.problems).toEqual([]);
  });

  it.each(['whisper', 'barge'] as const)('may begin at once with %s', async (mode) => {
    const stage = await listening(mode);
    expect(stage.switchPort.hears(stage.ear)).toEqual(mode === 'barge' ? [stage.customer, stage.agent1] : `whispering to ${stage.agent1}`);
  });

  it('is shown to the agent as long as they hear, and as what', async () => {
    const stage = await listening();
    expect(stage.desk.contact.supervisors).toMatchObject([{ agentId: 'supervisor', mode: 'listen' }]);
    await set(stage, 'barge');
    expect(stage.desk.contact.supervisors).toMatchObject([{ mode: 'barge' }]);
    expect((await stage.desk.connection?.snapshot())?.contacts[0]?.supervisors).toMatchObject([{ mode: 'barge' }]);
    await stage.boss.command('supervision.stop', {});
    await settle();
    expect(stage.desk.contact.supervisors).toEqual([]);
  });

  it('leaves by their desk or by hanging up, and the call goes on', async () => {
    for (const leave of [(stage: Awaited<ReturnType<typeof listening>>) => stage.boss.command('supervision.stop', {}), (stage: Awaited<ReturnType<typeof listening>>) => stage.hangUp(stage.ear)]) {
      const stage = await listening('barge');
      await leave(stage);
      await settle();
      expect([await viewOf(stage.boss), stage.switchPort.channels.has(stage.ear), stage.boss.notices]).toEqual([null, false, []]);
      expect(stage.switchPort.hears(stage.customer)).toEqual([stage.agent1]);
      expect(stage.desk.contact.me.state).toBe('talking');
      expect(codeOf(await stage.boss.command('supervision.stop', {}))).toBe('ok');
    }
  });

  it('goes from one agent to another by one command', async () => {
    const stage = await listening();
    await stage.ready('agent2');
    const second = await stage.customerCalls('+821000000002');
    const agent2 = await stage.answer('1002');
    await stage.boss.command('supervision.start', { agentId: AGENT2, mode: 'listen' });
    await settle();
    expect(stage.switchPort.channels.has(stage.ear)).toBe(false);
    const ear = await stage.answer(stage.extension);
    expect(stage.switchPort.hears(ear)).toBe(`listening to ${agent2}`);
    expect(stage.switchPort.hears(second)).toEqual([agent2]);
    expect(stage.desk.contact.supervisors).toEqual([]);
  });

  it('has no part in the contact: not in its outcome, its statistics, its history or the agent’s state', async () => {
    const withBoss = await listening('barge');
    const without = await talkingStage();
    await withBoss.clock.pass(10_000);
    await without.clock.pass(10_000);
    for (const stage of [withBoss, without]) {
      await stage.hangUp(stage.customer);
      await stage.desk.command('contact.complete', { contactId: stage.contactId, next: null });
      await settle();
    }
    const figures = ({ desk, records }: typeof without) => ({ statistics: desk.look('figures').values, history: [...records.timeline.values()].map(({ contactId: _id, ...line }) => line) });
    expect(figures(withBoss)).toEqual(figures(without));
    expect((await withBoss.card('agent1')).state.name).toBe((await without.card('agent1')).state.name);
    expect((await withBoss.card('supervisor')).state).toEqual({ name: 'NOT_READY', reason: 'login' });
  });

  it('is in the log: whose call, by whom, and how', async () => {
    const stage = await listening();
    await set(stage, 'whisper');
    await stage.boss.command('supervision.stop', {});
    await stage.clock.pass(1000);
    const lines = stage.logged().filter(({ type }) => type.startsWith('supervision.'));
    expect(lines).toMatchObject([
      { type: 'supervision.started', agentId: 'agent1', contactId: stage.contactId, data: { by: 'supervisor', mode: 'listen' } },
      { type: 'supervision.changed', data: { by: 'supervisor', mode: 'whisper' } },
      { type: 'supervision.ended', agentId: 'agent1', data: { by: 'supervisor', mode: 'whisper' } },
    ]);
  });
});

describe('the agent’s call', () => {
  it('ends what the supervisor hears, and tells them', async () => {
    const stage = await listening();
    await stage.hangUp(stage.customer);
    expect([await viewOf(stage.boss), stage.boss.notices, stage.switchPort.channels.has(stage.ear)]).toEqual([null, ['supervisionEnded'], false]);
    expect((await stage.card('agent1')).state.name).toBe('AFTER_CALL');
  });

  it('takes the supervisor along into a consultation; who has barged in listens while nobody is there to talk with', async () => {
    const stage = await listening('barge');
    await stage.signIn('agent2');
    await stage.desk.command('contact.consult', { contactId: stage.contactId, target: { kind: 'agent', agentId: AGENT2 } });
    await settle();
    expect(stage.switchPort.hears(stage.ear)).toBe(`listening to ${stage.agent1}`);
    expect(stage.switchPort.hears(stage.customer)).toBe('music');
    const agent2 = await stage.answer('1002');
    expect(stage.switchPort.hears(stage.ear)).toEqual([stage.agent1, agent2]);
    expect(stage.switchPort.hears(stage.customer)).toBe('music');
    await stage.desk.command('contact.cancelConsult', { contactId: stage.contactId });
    await settle();
    expect(stage.switchPort.hears(stage.customer)).toEqual([stage.agent1, stage.ear]);
  });

  it('leaves the supervisor behind when it is handed over: they listen to an agent, not to a customer', async () => {
    const stage = await listening();
    await stage.signIn('agent2');
    await stage.desk.command('contact.consult', { contactId: stage.contactId, target: { kind: 'agent', agentId: AGENT2 } });
    await settle();
    const agent2 = await stage.answer('1002');
    await stage.desk.command('contact.completeTransfer', { contactId: stage.contactId });
    await settle();
    expect([await viewOf(stage.boss), stage.switchPort.channels.has(stage.ear)]).toEqual([null, false]);
    expect(stage.switchPort.hears(stage.customer)).toEqual([agent2]);
  });

  it('is heard on by the new channel of an agent whose phone is dialled again', async () => {
    const stage = await listening();
    await stage.desk.command('contact.rejoin', { contactId: stage.contactId, ticket: 'ticket-1', held: false });
    await settle();
    const again = await stage.answer('1001');
    expect(again).not.toBe(stage.agent1);
    expect(stage.switchPort.hears(stage.ear)).toBe(`listening to ${again}`);
    expect(await viewOf(stage.boss)).toMatchObject({ state: 'up' });
  });
});

describe('a supervisor’s own calls', () => {
  it('are not offered while they listen, and are afterwards', async () => {
    const stage = await stageWithBossInGroup();
    await stage.ready('supervisor');
    await stage.boss.command('supervision.start', { agentId: AGENT1, mode: 'listen' });
    await settle();
    await stage.answer(stage.extension);
    await stage.customerCalls('+821000000002');
    expect((await stage.card('supervisor')).state.name).toBe('READY');
    await stage.boss.command('supervision.stop', {});
    await settle();
    expect((await stage.card('supervisor')).state.name).toBe('RESERVED');
  });

  it('come first: who dials, listens no more', async () => {
    const stage = await listening();
    stage.switchPort.arrive(stage.extension, stage.extension, '01000000003');
    await settle();
    expect([await viewOf(stage.boss), stage.switchPort.channels.has(stage.ear)]).toEqual([null, false]);
    expect((await stage.card('supervisor')).state.name).toBe('TALKING');
    expect(codeOf(await stage.boss.command('supervision.start', { agentId: AGENT1, mode: 'listen' }))).toBe('agent.on-call');
  });

  it('end with their sign-in, listening too', async () => {
    const stage = await listening();
    await stage.center.signOut(AgentId.parse('supervisor'));
    await settle();
    expect(stage.switchPort.channels.has(stage.ear)).toBe(false);
    expect(stage.desk.contact.supervisors).toEqual([]);
  });
});

describe('failure: supervision', () => {
  it('answers by code what cannot be listened to', async () => {
    const stage = await stageWithSupervisor();
    const start = async (agentId: string): Promise<string> => codeOf(await stage.boss.command('supervision.start', { agentId: AgentId.parse(agentId), mode: 'listen' }));
    expect(await start('nobody')).toBe('not-found');
    expect(await start('supervisor')).toBe('input.invalid');
    expect(await start('agent2')).toBe('contact.action-not-allowed');
    expect(codeOf(await stage.boss.command('supervision.setMode', { mode: 'barge' }))).toBe('contact.not-found');
    stage.switchPort.register(stage.extension, false);
    expect(await start('agent1')).toBe('agent.phone-not-registered');
  });

  it.each<[string, (stage: Pick<CenterStage, 'switchPort' | 'clock'>, extension: string) => unknown]>([
    ['refuses', (stage, extension) => stage.switchPort.phoneEnds(stage.switchPort.ringingAt(extension) ?? '', 'busy')],
    ['does not answer', (stage) => stage.clock.pass(16_000)],
  ])('tells a supervisor whose phone %s', async (_what, happen) => {
    const stage = await stageWithSupervisor();
    await stage.boss.command('supervision.start', { agentId: AGENT1, mode: 'listen' });
    await settle();
    await happen(stage, stage.extension);
    await settle();
    expect([await viewOf(stage.boss), stage.boss.notices, stage.switchPort.ringingAt(stage.extension)]).toEqual([null, ['supervisionFailed'], undefined]);
    expect(stage.desk.contact.supervisors).toEqual([]);
  });

  it('stops calling a supervisor when the call is over before they answer', async () => {
    const stage = await stageWithSupervisor();
    await stage.boss.command('supervision.start', { agentId: AGENT1, mode: 'listen' });
    await settle();
    await stage.hangUp(stage.customer);
    expect([stage.switchPort.ringingAt(stage.extension), stage.boss.notices]).toEqual([undefined, ['supervisionEnded']]);
  });

  it('lets a supervisor go whom the switch does not let hear any more', async () => {
    const stage = await listening();
    stage.switchPort.endSnoop(stage.switchPort.channels.get(stage.ear)?.ear?.snoopId ?? '');
    await settle();
    expect([await viewOf(stage.boss), stage.boss.notices, stage.switchPort.channels.has(stage.ear)]).toEqual([null, ['supervisionFailed'], false]);
  });

  it('has nothing that a supervisor could hand on, or put on hold, or press keys into', async () => {
    const stage = await listening('barge');
    const transferId = stage.switchPort.refer(stage.ear, '1002');
    stage.switchPort.refer(stage.agent1, '1002', stage.ear);
    stage.switchPort.hold(stage.ear, true);
    stage.switchPort.press(stage.ear, '1');
    await settle();
    expect(stage.switchPort.progress).toContainEqual([transferId, 'failed']);
    expect(stage.switchPort.progress.map(([, progress]) => progress)).toEqual(['failed', 'failed']);
    expect(stage.switchPort.hears(stage.customer)).toEqual([stage.agent1, stage.ear]);
    expect(stage.desk.contact.me.state).toBe('talking');
  });

  it('finds out about a supervisor whose channel is gone unnoticed', async () => {
    const stage = await listening();
    stage.switchPort.channels.delete(stage.ear);
    await stage.clock.pass(25_000);
    expect([await viewOf(stage.boss), stage.desk.contact.supervisors]).toEqual([null, []]);
  });

  it('hangs up, after a crash of the center, a supervisor of whom nobody knows', async () => {
    const before = await listening('barge');
    before.switchPort.loseCenter();
    const stage = await centerStage({ records: before.records, switchPort: before.switchPort });
    await stage.clock.pass(25_000);
    expect(stage.switchPort.channels.has(before.ear)).toBe(false);
    expect(stage.switchPort.hears(before.customer)).toEqual([before.agent1]);
  });
});

describe('layoutOf', () => {
  const leg = (channelId: string, place: 'main' | 'side' | 'music' | 'ringback', held = false) => ({ channelId, place, held, state: 'up' as const, parked: false, aside: false, early: false, rejoin: null });
  const ear = (mode: SupervisionMode) => [{ channelId: 'boss', targetId: 'agent', mode }];

  it.each([
    ['listen', 'main', { to: 'agent', whispering: false }],
    ['whisper', 'main', { to: 'agent', whispering: true }],
    ['barge', 'main', 'main'],
    ['barge', 'side', 'side'],
    ['barge', 'ringback', { to: 'agent', whispering: false }],
    ['whisper', 'music', { to: 'agent', whispering: true }],
  ] as const)('puts a supervisor who would %s where the agent is: %s', (mode, place, expected) => {
    expect(layoutOf([leg('agent', place), leg('customer', 'main')], ear(mode)).get('boss')).toEqual(expected);
  });

  it('does not count a supervisor as company for a customer whose agent holds', () => {
    const layout = layoutOf([leg('agent', 'main', true), leg('customer', 'main')], ear('barge'));
    expect([layout.get('customer'), layout.get('boss')]).toEqual(['music', 'main']);
  });

  it('has no place for one whose agent is gone', () => {
    expect(layoutOf([leg('customer', 'main')], ear('listen')).has('boss')).toBe(false);
  });
});

/** A supervisor who takes calls of the group of orders, too. */
async function stageWithBossInGroup() {
  const stage = await talkingStage({
    configure: (configuration) => ({
      ...configuration,
      flows: configuration.flows.map((flow) => ({ ...flow, steps: [{ type: 'group' as const, groupId: GroupId.parse('orders') }] })),
      people: configuration.people.map((agent) => (agent.account === 'supervisor' ? { ...agent, memberships: [{ groupId: GroupId.parse('orders'), skill: 1 }] } : agent)),
    }),
  });
  const boss = await stage.signIn('supervisor');
  return { ...stage, boss, extension: await extensionOf(boss) };
}
