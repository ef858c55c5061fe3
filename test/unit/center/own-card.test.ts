import { describe, expect, it } from 'vitest';
import { centerStage, type TestDesk } from './center-stage.ts';

/** Each telling of cards that a desk had without looking at them, as names and states. */
const told = ({ events }: TestDesk): string[][] =>
  events.flatMap((event) => (event.type === 'directory.changed' && event.payload.agents.length > 0 ? [event.payload.agents.map(({ agentId, state }) => `${agentId} ${state.name}`)] : []));

describe('an agent’s own card', () => {
  it('is told to their own desk at once, each time, and to no other', async () => {
    const stage = await centerStage();
    const [one, two] = [await stage.signIn('agent1'), await stage.signIn('agent2')];
    await stage.clock.pass(1000);
    for (const desk of [one, two]) desk.events.length = 0;
    await one.command('agent.setState', { choice: { kind: 'ready' } });
    expect(told(one)).toEqual([['agent1 READY']]);
    await one.command('agent.setState', { choice: { kind: 'away', reason: 'break' } });
    expect(told(one)).toEqual([['agent1 READY'], ['agent1 NOT_READY']]);
    await stage.clock.pass(1000);
    expect(told(two)).toEqual([]);
  });

  it('is all that its snapshot holds of agents', async () => {
    const stage = await centerStage();
    const [one] = [await stage.signIn('agent1'), await stage.ready('agent2')];
    expect((await one.connection?.snapshot())?.agents.map(({ agentId }) => agentId)).toEqual(['agent1']);
  });
});
