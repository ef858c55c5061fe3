import { describe, expect, it } from 'vitest';
import { centerStage, talkingStage, settle } from './center-stage.ts';

describe('a sign-in that is ended from outside', () => {
  it('is over at once while no call is at hand, and its desk is told', async () => {
    const { center, ready, comeBack } = await centerStage();
    const desk = await ready('agent1');
    expect(center.endSignIn(desk.agentId)).toBe('ended');
    await settle();
    expect(desk.isOut).toBe(true);
    expect(desk.events.at(-1)).toMatchObject({ type: 'directory.changed', payload: { agents: [{ state: { name: 'LOGGED_OUT' } }] } });
    expect(await comeBack(desk)).toMatchObject({ error: { code: 'auth.replaced' } });
    expect(center.endSignIn(desk.agentId)).toBe('ended');
  });

  it('does not cut off the customer: it is over when the call is, whatever was chosen meanwhile', async () => {
    const { center, desk, hangUp, customer, switchPort, agent1 } = await talkingStage();
    expect(center.endSignIn(desk.agentId)).toBe('after-call');
    await desk.command('agent.setState', { choice: { kind: 'ready' } });
    await settle();
    expect(desk.contact.me.state).toBe('talking');
    expect(desk.isOut).toBe(false);
    expect(switchPort.channels.has(agent1)).toBe(true);
    await hangUp(customer);
    expect(desk.isOut).toBe(true);
    expect(center.endSignIn(desk.agentId)).toBe('ended');
  });

  it('can be followed by another, which stays', async () => {
    const { center, ready, signIn } = await centerStage();
    const desk = await ready('agent1');
    center.endSignIn(desk.agentId);
    await settle();
    const again = await signIn('agent1');
    await settle();
    expect(again.isOut).toBe(false);
  });

  it('dials nobody more, by whatever phone or wish, but for help', async () => {
    const { center, desk, switchPort, agent1 } = await talkingStage();
    const dialled = (): string[] => switchPort.asked.flatMap(({ destination }) => (destination.kind === 'trunk' ? [destination.number] : [destination.user]));
    center.endSignIn(desk.agentId);
    const before = dialled().length;
    switchPort.refer(agent1, '01099998888');
    await settle();
    for (const number of ['01099998888', '1002', '119']) {
      switchPort.arrive('1001', '1001', number);
      await settle();
    }
    expect(dialled().slice(before)).toEqual(['119']);
  });
});
