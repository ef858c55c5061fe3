import { describe, expect, it } from 'vitest';
import { demoConfiguration } from '../../../center/store/demo/office.ts';
import { CUSTOMER, centerStage, settle, type CenterStage } from './center-stage.ts';

/** The center is killed, and another starts on what it kept and on the switch that kept its calls. */
async function afterCrash({ records, switchPort }: CenterStage): Promise<CenterStage> {
  await settle();
  switchPort.loseCenter();
  return centerStage({ records, switchPort });
}

const talking = async () => {
  const stage = await centerStage();
  const desk = await stage.ready('agent1');
  const customer = await stage.customerCalls();
  const agent1 = await stage.answer('1001');
  return { ...stage, customer, agent1, contactId: desk.contact.contactId };
};

describe('a center that starts anew on a switch that kept its calls', () => {
  it('goes on with the call: same contact, same parties, the agent on it', async () => {
    const before = await talking();
    const stage = await afterCrash(before);
    const desk = await stage.signIn('agent2');
    const card = (await desk.connection?.snapshot())?.agents.find(({ agentId }) => agentId === 'agent1');
    expect(card?.state).toMatchObject({ name: 'TALKING', contactId: before.contactId });
    expect(stage.switchPort.hears(before.customer)).toEqual([before.agent1]);
    expect(stage.records.timeline.size).toBe(0);
  });

  it('ends it as any other, with one record and after-call work', async () => {
    const before = await talking();
    const stage = await afterCrash(before);
    await stage.clock.pass(5000);
    await stage.hangUp(before.customer);
    expect([...stage.records.timeline.values()]).toMatchObject([{ contactId: before.contactId, outcome: 'answered', agentId: 'agent1' }]);
    expect(stage.logged().filter(({ type, contactId }) => type === 'contact.started' && contactId === before.contactId)).toHaveLength(1);
    const desk = await stage.signIn('agent2');
    expect((await desk.connection?.snapshot())?.agents.find(({ agentId }) => agentId === 'agent1')?.state.name).toBe('AFTER_CALL');
  });

  it('lets who waited wait on, and be answered', async () => {
    const before = await centerStage();
    await before.signIn('agent1');
    const customer = await before.customerCalls();
    expect(before.switchPort.hears(customer)).toBe('music');
    const stage = await afterCrash(before);
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
    const stage = await afterCrash(before);
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

  it('closes the record of a contact whose channels are gone', async () => {
    const before = await talking();
    before.switchPort.loseCenter();
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
