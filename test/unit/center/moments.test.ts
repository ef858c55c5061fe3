import { describe, expect, it } from 'vitest';
import { AgentId } from '../../../contract/ids.ts';
import { centerStage, settle, talkingStage } from './center-stage.ts';

const HOUR_MS = 3_600_000;
const agent2 = { kind: 'agent', agentId: AgentId.parse('agent2') } as const;

describe('a consultation begun on hold', () => {
  async function onHold() {
    const stage = await talkingStage();
    await stage.signIn('agent2');
    stage.switchPort.hold(stage.agent1, true);
    await settle();
    await stage.desk.command('contact.consult', { contactId: stage.contactId, target: agent2 });
    await settle();
    return stage;
  }

  it('lets the agent talk with the target as soon as the phone comes off hold, which is offered', async () => {
    const stage = await onHold();
    expect(stage.desk.contact.me).toMatchObject({ state: 'consultDialling' });
    expect(stage.desk.contact.me.allowed).toContain('resume');
    stage.switchPort.hold(stage.agent1, false);
    const target = await stage.answer('1002');
    expect(stage.switchPort.hears(stage.agent1)).toEqual([target]);
    expect(stage.switchPort.hears(stage.customer)).toBe('music');
    expect(stage.desk.contact.me.allowed).not.toContain('resume');
  });

  it('that is cancelled with the phone still on hold leaves the customer on hold, and the desk says so', async () => {
    const stage = await onHold();
    await stage.desk.command('contact.cancelConsult', { contactId: stage.contactId });
    await settle();
    expect(stage.desk.contact.me).toMatchObject({ state: 'held' });
    expect(stage.switchPort.hears(stage.customer)).toBe('music');
    stage.switchPort.hold(stage.agent1, false);
    await settle();
    expect(stage.switchPort.hears(stage.customer)).toEqual([stage.agent1]);
  });
});

describe('a wall clock that jumps', () => {
  it.each([HOUR_MS, -HOUR_MS])('by %i ms leaves durations, deadlines and the watchdog as they are', async (jumpMs) => {
    const stage = await centerStage();
    const desk = await stage.ready('agent1');
    await stage.signIn('agent2');
    const customer = await stage.customerCalls();
    await stage.clock.pass(4000);
    stage.clock.jump(jumpMs);
    await stage.answer('1001');
    await stage.clock.pass(3000);
    stage.clock.jump(jumpMs);
    await stage.clock.pass(3000);
    await stage.hangUp(customer);
    stage.clock.jump(jumpMs);
    // The watchdog looks in this time; the work is not over yet.
    await stage.clock.pass(25_000);
    expect((await stage.card('agent1')).state.name).toBe('AFTER_CALL');
    expect(desk.notices).toEqual([]);
    await stage.clock.pass(5000);
    expect((await stage.card('agent1')).state.name).toBe('READY');
    expect(stage.logged().find(({ type }) => type === 'contact.answered')).toMatchObject({ data: { delayMs: 4000, inTime: true } });
    expect(stage.logged().find(({ type }) => type === 'contact.handled')).toMatchObject({ data: { talkMs: 6000, holdMs: 0, afterCallMs: 30_000 } });
    expect(stage.problems).toEqual([]);
  });

  it('does not shorten the time within which a lost desk may come back', async () => {
    const stage = await centerStage();
    const desk = await stage.ready('agent1');
    await stage.signIn('agent2');
    desk.connection?.disconnected();
    stage.clock.jump(HOUR_MS);
    await stage.clock.pass(59_000);
    const seen = () => stage.desk('agent2').cardOf('agent1')?.state;
    expect(seen()).toEqual({ name: 'READY' });
    await stage.clock.pass(1000);
    expect(seen()).toEqual({ name: 'NOT_READY', reason: 'disconnected' });
  });
});
