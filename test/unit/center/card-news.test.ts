import { describe, expect, it } from 'vitest';
import { centerStage, type TestDesk } from './center-stage.ts';

/** Each telling of cards that a desk had, as names and states. */
const told = ({ events }: TestDesk): string[][] =>
  events.flatMap((event) => (event.type === 'directory.changed' && event.payload.agents.length > 0 ? [event.payload.agents.map(({ agentId, state }) => `${agentId} ${state.name}`)] : []));

async function quietFloor() {
  const stage = await centerStage();
  const [one, two, three] = [await stage.signIn('agent1'), await stage.signIn('agent2'), await stage.signIn('agent3')];
  await stage.clock.pass(1000);
  for (const desk of [one, two, three]) desk.events.length = 0;
  return { stage, one, two, three };
}

describe('whose card has changed', () => {
  it('is told at once where nothing else happened', async () => {
    const { one, two } = await quietFloor();
    await one.command('agent.setState', { choice: { kind: 'ready' } });
    expect(told(two)).toEqual([['agent1 READY']]);
  });

  it('is told together with whatever changes in the same tenth of a second, as it is then; to the agent at once', async () => {
    const { stage, one, two, three } = await quietFloor();
    await one.command('agent.setState', { choice: { kind: 'ready' } });
    await two.command('agent.setState', { choice: { kind: 'ready' } });
    await one.command('agent.setState', { choice: { kind: 'away', reason: 'break' } });
    expect(told(three)).toEqual([['agent1 READY']]);
    expect(told(one)).toEqual([['agent1 READY'], ['agent1 NOT_READY']]);
    expect(told(two)).toEqual([['agent1 READY'], ['agent2 READY']]);
    await stage.clock.pass(99);
    expect(told(three)).toHaveLength(1);
    await stage.clock.pass(1);
    expect(told(three)).toEqual([['agent1 READY'], ['agent2 READY', 'agent1 NOT_READY']]);
  });

  it('is not kept from a desk that opens meanwhile', async () => {
    const { stage, one, two } = await quietFloor();
    await one.command('agent.setState', { choice: { kind: 'ready' } });
    await two.command('agent.setState', { choice: { kind: 'ready' } });
    const late = await stage.signIn('agent4');
    expect((await late.connection?.snapshot())?.agents.find(({ agentId }) => agentId === 'agent2')?.state.name).toBe('READY');
  });
});
