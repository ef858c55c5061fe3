import { describe, expect, it } from 'vitest';
import { AgentId } from '../../../contract/ids.ts';
import { CUSTOMER, centerStage, settle, talkingStage, type CenterStage } from './center-stage.ts';
import { FakeSwitch } from './fake-switch.ts';

/** A switch that is a part of the process: its calls end with it. */
const embedded = (): FakeSwitch => Object.assign(new FakeSwitch(), { keepsCalls: false });

const states = (stage: Pick<CenterStage, 'switchPort'>): Record<string, string> => Object.fromEntries([...stage.switchPort.channels.values()].map(({ channelId, state }) => [channelId, state]));

describe('an orderly stop on a switch that keeps its calls', () => {
  it('hangs nobody up who talks, waits or listens, and tells no desk that a call was lost', async () => {
    const stage = await talkingStage();
    const waiting = await stage.customerCalls('+821099999999');
    await stage.center.stop();
    expect(states(stage)).toEqual({ [stage.customer]: 'up', [stage.agent1]: 'up', [waiting]: 'up' });
    expect(stage.desk.notices).toEqual([]);
    expect(stage.logged().filter(({ type }) => type === 'contact.ended')).toEqual([]);
    expect(stage.logged().at(-1)?.type).toBe('center.stopped');
  });

  it('calls back what rings at an agent: the caller keeps the place, and the agent is ready again afterwards', async () => {
    const before = await centerStage();
    const desk = await before.ready('agent1');
    const customer = await before.customerCalls();
    expect(before.switchPort.ringingAt('1001')).toBeDefined();
    await before.center.stop();
    expect(states(before)).toEqual({ [customer]: 'up' });
    const after = await centerStage({ records: before.records, switchPort: before.switchPort, clock: before.clock });
    await after.comeBack(desk);
    expect(await after.answer('1001')).toBeDefined();
    expect(after.logged().filter(({ type }) => type === 'contact.queued')).toHaveLength(1);
  });

  it('ends a call that only rings: there is nothing to go on with', async () => {
    const stage = await centerStage();
    await stage.signIn('agent1');
    await stage.ready('agent3');
    stage.switchPort.arrive('1001', '1001', '1003');
    await settle();
    expect(stage.switchPort.ringingAt('1003')).toBeDefined();
    await stage.center.stop();
    expect(states(stage)).toEqual({});
    expect(stage.logged().filter(({ type }) => type === 'contact.ended')).toMatchObject([{ data: { outcome: 'networkLost' } }]);
  });

  it('leaves nobody listening', async () => {
    const stage = await talkingStage();
    const supervisor = await stage.signIn('supervisor');
    await supervisor.command('supervision.start', { agentId: AgentId.parse('agent1'), mode: 'listen' });
    const ear = await stage.answer('1010');
    await stage.center.stop();
    expect(stage.switchPort.hears(ear)).toBe('gone');
    expect(supervisor.notices).toEqual(['supervisionFailed']);
  });

  it('keeps what an agent wrote during the call', async () => {
    const before = await talkingStage();
    await before.desk.command('contact.update', { contactId: before.contactId, memo: '주소 변경 요청' });
    await before.center.stop();
    const after = await centerStage({ records: before.records, switchPort: before.switchPort, clock: before.clock });
    await after.hangUp(before.customer);
    expect([...after.records.timeline.values()]).toMatchObject([{ contactId: before.contactId, outcome: 'answered', memo: '주소 변경 요청' }]);
    expect(after.logged().filter(({ type }) => type === 'contact.ended')).toHaveLength(1);
  });

  it('does nothing more afterwards, however long its process goes on', async () => {
    const stage = await talkingStage();
    await stage.customerCalls('+821099999999');
    await stage.center.stop();
    const lines = stage.records.events.length;
    const before = states(stage);
    await stage.clock.pass(24 * 3600_000);
    expect(stage.records.events).toHaveLength(lines);
    expect(states(stage)).toEqual(before);
  });
});

describe('an orderly stop on a switch that is a part of the process', () => {
  it('tells desks first, and ends calls as lost with the network', async () => {
    const stage = await talkingStage({ switchPort: embedded() });
    await stage.center.stop();
    expect(stage.desk.notices).toEqual(['networkLost']);
    expect(states(stage)).toEqual({});
    expect([...stage.records.timeline.values()]).toMatchObject([{ contactId: stage.contactId, outcome: 'networkLost' }]);
  });

  it('lets calls come to their own end where it is given time: desks are told, and no more are taken', async () => {
    const stage = await talkingStage({ switchPort: embedded() });
    const stopped = stage.center.stop(120_000);
    await settle();
    expect(stage.desk.notices).toEqual(['centerStopping']);
    const late = stage.switchPort.arrive(null, CUSTOMER, '15880000');
    await settle();
    expect(stage.switchPort.hears(late)).toBe('gone');
    await stage.clock.pass(60_000);
    expect(stage.switchPort.hears(stage.customer)).toEqual([stage.agent1]);
    await stage.hangUp(stage.customer);
    await stage.clock.pass(1000);
    await stopped;
    expect([...stage.records.timeline.values()]).toMatchObject([{ outcome: 'answered' }]);
  });

  it('ends what is left when that time is over', async () => {
    const stage = await talkingStage({ switchPort: embedded() });
    const stopped = stage.center.stop(120_000);
    await stage.clock.pass(121_000);
    await stopped;
    expect(stage.desk.notices).toEqual(['centerStopping', 'networkLost']);
    expect(states(stage)).toEqual({});
  });
});
