import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Cast } from '../support/cast/index.ts';
import type { CustomerPage } from '../support/cast/customer-page.ts';
import type { Desk } from '../support/cast/desk.ts';
import { objections } from '../support/objections.ts';

describe('a supervisor in an agent’s call', () => {
  let cast: Cast;
  let agent: Desk;
  let customer: CustomerPage;
  let supervisor: Desk;
  let name: string;

  beforeAll(async () => {
    cast = await Cast.gather();
    [agent, customer, supervisor] = await Promise.all([cast.agent(1), cast.customer(1), cast.supervisor()]);
    ({ name } = cast.office.agent('1001'));
    await cast.connect(customer, agent);
    await supervisor.goto('/team');
  });
  afterEach(() => cast.isWell());
  afterAll(() => cast?.dismiss());

  const listens = () => supervisor.press(`Listen to the call of ${name}`);

  it('hears both and is heard by nobody, and the agent sees that somebody listens', async () => {
    await listens();
    await supervisor.shows('Nobody hears you.');
    await Promise.all([supervisor.party.hearsOnly('agent1', 'customer1'), agent.party.hearsOnly('customer1'), customer.party.hearsOnly('agent1')]);
    await agent.shows('is listening');
  });

  it.each(['light', 'dark'] as const)('is nothing a checker objects to, in the %s theme', async (theme) => {
    expect(await objections(supervisor.page, theme)).toEqual([]);
    expect(await objections(agent.page, theme)).toEqual([]);
  });

  it('whispers to the agent alone', async () => {
    await supervisor.press('Whisper');
    await Promise.all([agent.party.hearsOnly('customer1', 'supervisor'), customer.party.hearsOnly('agent1'), supervisor.party.hearsOnly('agent1', 'customer1')]);
    await agent.shows('whispers to you alone');
  });

  it('joins, and both hear them', async () => {
    await supervisor.press('Join');
    await Promise.all([agent.party.hearsOnly('customer1', 'supervisor'), customer.party.hearsOnly('agent1', 'supervisor'), supervisor.party.hearsOnly('agent1', 'customer1')]);
    await agent.shows('has joined the call');
  });

  it('goes back to listening, on whatever screen', async () => {
    await supervisor.page.getByRole('link', { name: 'Directory' }).click();
    await supervisor.press('Listen');
    await Promise.all([agent.party.hearsOnly('customer1'), customer.party.hearsOnly('agent1'), supervisor.party.hearsOnly('agent1', 'customer1')]);
  });

  it('leaves, and nobody listens any more', async () => {
    await supervisor.press('Stop');
    await supervisor.showsNot('Nobody hears you.');
    await Promise.all([supervisor.party.hearsNobody(), agent.party.hearsOnly('customer1'), customer.party.hearsOnly('agent1')]);
    await agent.showsNot('is listening');
  });

  it('is told when the call is over, and the figures know nothing of them', async () => {
    await supervisor.page.getByRole('link', { name: 'Team' }).click();
    await listens();
    await supervisor.party.hearsOnly('agent1', 'customer1');
    const before = cast.office.counters('주문');
    await customer.hangUp();
    await supervisor.shows('you are no longer listening');
    await supervisor.party.hearsNobody();
    await cast.wrapUp(agent);
    await cast.office.counted('주문', before, { handled: 1, offered: 0, transferredOut: 0 });
    expect((await cast.office.agentIs('1001', 'READY')).state.name).toBe('READY');
  });
});
