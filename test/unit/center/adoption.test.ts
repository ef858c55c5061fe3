import { describe, expect, it } from 'vitest';
import { demoConfiguration } from '../../../center/store/demo/office.ts';
import { AgentId } from '../../../contract/ids.ts';
import { CUSTOMER, centerStage, settle, type CenterStage } from './center-stage.ts';

type End = 'killed' | 'stopped';

/** The center ends, and another starts on what it kept and on the switch that kept its calls. */
async function after(how: End, { center, records, switchPort }: CenterStage): Promise<CenterStage> {
  await settle();
  if (how === 'stopped') await center.stop();
  else switchPort.loseCenter();
  return centerStage({ records, switchPort });
}

const talking = async () => {
  const stage = await centerStage();
  const desk = await stage.ready('agent1');
  const customer = await stage.customerCalls();
  const agent1 = await stage.answer('1001');
  return { ...stage, customer, agent1, contactId: desk.contact.contactId };
};

describe.each<End>(['killed', 'stopped'])('a center that starts anew on a switch that kept its calls (%s)', (how) => {
  it('goes on with the call: same contact, same parties, the agent on it', async () => {
    const before = await talking();
    const stage = await after(how, before);
    const desk = await stage.signIn('agent2');
    const card = desk.cardOf('agent1');
    expect(card?.state).toMatchObject({ name: 'TALKING', contactId: before.contactId });
    expect(stage.switchPort.hears(before.customer)).toEqual([before.agent1]);
    expect(stage.records.timeline.size).toBe(0);
  });

  it('ends it as any other, with one record and after-call work', async () => {
    const before = await talking();
    const stage = await after(how, before);
    await stage.clock.pass(5000);
    await stage.hangUp(before.customer);
    expect([...stage.records.timeline.values()]).toMatchObject([{ contactId: before.contactId, outcome: 'answered', agentId: 'agent1' }]);
    expect(stage.logged().filter(({ type, contactId }) => type === 'contact.started' && contactId === before.contactId)).toHaveLength(1);
    const desk = await stage.signIn('agent2');
    expect(desk.cardOf('agent1')?.state.name).toBe('AFTER_CALL');
  });

  it('has the agent be afterwards what they were before the call, or wished to be during it', async () => {
    const before = await talking();
    await before.ready('agent3');
    await before.signIn('agent2');
    before.switchPort.arrive('1002', '1002', '1003');
    await settle();
    const internal = await before.answer('1003');
    await before.desk('agent1').command('agent.setState', { choice: { kind: 'away', reason: 'meal' } });
    const stage = await after(how, before);
    await stage.hangUp(internal);
    await stage.hangUp(before.customer);
    const [agent1, agent3] = [before.desk('agent1'), before.desk('agent3')];
    await stage.comeBack(agent1);
    await stage.comeBack(agent3);
    expect((await stage.card('agent3')).state).toEqual({ name: 'READY' });
    await agent1.command('contact.complete', { contactId: before.contactId, next: null });
    expect((await stage.card('agent1')).state).toEqual({ name: 'NOT_READY', reason: 'meal' });
  });

  it('lets who waited wait on, and be answered', async () => {
    const before = await centerStage();
    await before.signIn('agent1');
    const customer = await before.customerCalls();
    expect(before.switchPort.hears(customer)).toBe('music');
    const stage = await after(how, before);
    await stage.ready('agent1');
    const agent1 = await stage.answer('1001');
    expect(stage.switchPort.hears(customer)).toEqual([agent1]);
  });

  it('lets who was in a flow hear it from its beginning, and choose', async () => {
    const before = await centerStage({ configure: (configuration) => ({ ...configuration, flows: demoConfiguration().flows }) });
    await before.signIn('agent1');
    const customer = before.switchPort.arrive(null, CUSTOMER, '15880000');
    await settle();
    before.switchPort.finishPlayback(customer);
    await settle();
    expect(before.switchPort.hears(customer)).toBe('menu');
    const stage = await after(how, before);
    await settle();
    expect(stage.switchPort.hears(customer)).toBe('greeting');
    await stage.ready('agent1');
    stage.switchPort.press(customer, '1');
    await settle();
    const agent1 = await stage.answer('1001');
    expect(stage.switchPort.hears(customer)).toEqual([agent1]);
    await stage.hangUp(customer);
    expect([...stage.records.timeline.values()]).toMatchObject([{ number: CUSTOMER, outcome: 'answered' }]);
  });

  it('goes on with a consultation, with a hold, and with both', async () => {
    const before = await talking();
    await before.ready('agent3');
    await before.desk('agent1').command('contact.consult', { contactId: before.contactId, target: { kind: 'agent', agentId: AgentId.parse('agent3') } });
    const agent3 = await before.answer('1003');
    before.switchPort.hold(before.agent1, true);
    await settle();
    const stage = await after(how, before);
    expect([stage.switchPort.hears(before.customer), stage.switchPort.hears(agent3)]).toEqual(['music', 'music']);
    stage.switchPort.hold(before.agent1, false);
    await settle();
    expect(stage.switchPort.hears(agent3)).toEqual([before.agent1]);
    const back = before.desk('agent1');
    await stage.comeBack(back);
    expect(await back.command('contact.completeTransfer', { contactId: before.contactId })).toMatchObject({ ok: true });
    await settle();
    expect(stage.switchPort.hears(before.customer)).toEqual([agent3]);
  });

  it('puts an agent whose consultation still rang back with the customer', async () => {
    const before = await talking();
    await before.ready('agent3');
    await before.desk('agent1').command('contact.consult', { contactId: before.contactId, target: { kind: 'agent', agentId: AgentId.parse('agent3') } });
    await settle();
    expect(before.switchPort.hears(before.customer)).toBe('music');
    const stage = await after(how, before);
    expect(stage.switchPort.hears(before.customer)).toEqual([before.agent1]);
    const back = before.desk('agent1');
    await stage.comeBack(back);
    expect((await back.connection?.snapshot())?.contacts).toMatchObject([{ contactId: before.contactId, me: { state: 'talking' } }]);
  });

  it('closes the record of a contact whose channels are gone', async () => {
    const before = await talking();
    await settle();
    if (how === 'stopped') await before.center.stop();
    else before.switchPort.loseCenter();
    for (const channelId of [before.customer, before.agent1]) before.switchPort.phoneEnds(channelId);
    const stage = await centerStage({ records: before.records, switchPort: before.switchPort });
    await settle();
    expect([...stage.records.timeline.values()]).toMatchObject([{ contactId: before.contactId, number: CUSTOMER, outcome: 'networkLost' }]);
  });
});

describe('a switch that is away for a moment', () => {
  it('has its calls still when it is back', async () => {
    const stage = await talking();
    stage.switchPort.setAvailable(false);
    await stage.clock.pass(20_000);
    stage.switchPort.setAvailable(true);
    await stage.clock.pass(60_000);
    expect(stage.desk('agent1').contact.contactId).toBe(stage.contactId);
    expect(stage.switchPort.hears(stage.customer)).toEqual([stage.agent1]);
  });
});
