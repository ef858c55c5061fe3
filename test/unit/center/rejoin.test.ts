import { describe, expect, it } from 'vitest';
import { REJOIN_MS, SILENCE_MS } from '../../../center/calls/rejoining.ts';
import type { CenterStage, TestDesk } from './center-stage.ts';
import { ORDERS, settle, talkingStage } from './center-stage.ts';

const TICKET = '3f0c1a52-8a52-4a8e-9d2a-4f6a7c9e1b20';

type Talking = Awaited<ReturnType<typeof talkingStage>>;

const rejoin = async ({ contactId }: Pick<Talking, 'contactId'>, desk: TestDesk, held = false): Promise<unknown> => {
  const answer = await desk.command('contact.rejoin', { contactId, ticket: TICKET, held });
  await settle();
  return answer;
};

/** What only those who look from outside may see of it: nothing. */
const record = (stage: Pick<CenterStage, 'logged'>) => stage.logged().map(({ type }) => type);

describe('a phone that lost its audio is dialled again', () => {
  it('by its own leg and with its ticket, and takes its former place', async () => {
    const stage = await talkingStage();
    expect(await rejoin(stage, stage.desk)).toEqual({ ok: true, value: null });
    const again = stage.switchPort.ringingAt('1001') ?? '';
    expect(stage.switchPort.channels.get(again)?.request).toMatchObject({
      destination: { kind: 'endpoint', user: '1001' },
      headers: { 'X-Sangdam-Leg': stage.desk.contact.me.dialogKey, 'X-Sangdam-Rejoin': TICKET },
    });
    await stage.answer('1001');
    expect(stage.switchPort.hears(stage.customer)).toEqual([again]);
    expect(stage.switchPort.hears(again)).toEqual([stage.customer]);
    expect([...stage.switchPort.channels.keys()]).toEqual([stage.customer, again]);
  });

  it('and nobody notices: not the desk, not the agent, not the record', async () => {
    const stage = await talkingStage();
    const [before, told] = [record(stage), stage.desk.contact];
    const wasTold = stage.desk.events.length;
    await rejoin(stage, stage.desk);
    await stage.answer('1001');
    expect(record(stage)).toEqual(before);
    expect(stage.desk.contact).toEqual(told);
    expect((await stage.card('agent1')).state.name).toBe('TALKING');
    expect(stage.desk.events.slice(wasTold).filter(({ type }) => type !== 'contact.changed')).toEqual([]);
  });

  it('counts the time on, and ends as any call', async () => {
    const stage = await talkingStage();
    await stage.clock.pass(20_000);
    await rejoin(stage, stage.desk);
    await stage.answer('1001');
    await stage.clock.pass(20_000);
    await stage.hangUp(stage.customer);
    await stage.desk.command('contact.complete', { contactId: stage.contactId, next: null });
    await settle();
    expect(stage.logged().find(({ type }) => type === 'contact.handled')?.data).toMatchObject({ talkMs: 40_000, holdMs: 0 });
    expect([...stage.records.timeline.values()]).toMatchObject([{ outcome: 'answered', talkMs: 40_000 }]);
    const today = stage.desk.figuresOf(ORDERS)?.today;
    expect(today).toMatchObject({ offered: 1, answered: 1 });
    expect([...stage.switchPort.channels.keys()]).toEqual([]);
  });

  it('is obeyed by its desk as before: a consultation, and a hang-up', async () => {
    const stage = await talkingStage();
    await stage.ready('agent2');
    await rejoin(stage, stage.desk);
    const again = await stage.answer('1001');
    await stage.desk.command('contact.consult', { contactId: stage.contactId, target: { kind: 'number', number: '1002' } });
    const target = await stage.answer('1002');
    expect(stage.switchPort.hears(again)).toEqual([target]);
    expect(stage.switchPort.hears(stage.customer)).toBe('music');
    await stage.hangUp(again);
    expect(stage.switchPort.hungUp.has(target)).toBe(true);
    expect(stage.switchPort.hears(await stage.answer('1001'))).toEqual([stage.customer]);
  });

  it('the customer hears nothing for a moment, and music if it takes longer', async () => {
    const stage = await talkingStage();
    await rejoin(stage, stage.desk);
    await stage.clock.pass(SILENCE_MS - 1);
    expect(stage.switchPort.hears(stage.customer)).toEqual([stage.agent1]);
    await stage.clock.pass(1);
    expect(stage.switchPort.hears(stage.customer)).toBe('music');
    const again = await stage.answer('1001');
    expect(stage.switchPort.hears(stage.customer)).toEqual([again]);
  });

  it('is on hold where it was, and comes off hold where it held for want of a window', async () => {
    const stage = await talkingStage();
    stage.switchPort.hold(stage.agent1, true);
    await settle();
    await rejoin(stage, stage.desk, true);
    const held = await stage.answer('1001');
    expect(stage.switchPort.hears(stage.customer)).toBe('music');
    expect(stage.desk.contact.me.state).toBe('held');
    // The phone says so of its new call as well.
    stage.switchPort.hold(held, true);
    await settle();
    await rejoin(stage, stage.desk, false);
    const again = await stage.answer('1001');
    expect(stage.switchPort.hears(stage.customer)).toEqual([again]);
    expect(stage.desk.contact.me.state).toBe('talking');
  });

  it('keeps what is recorded going: the room is the same', async () => {
    const stage = await talkingStage();
    const rooms = [...stage.switchPort.bridges];
    await rejoin(stage, stage.desk);
    await stage.answer('1001');
    expect([...stage.switchPort.bridges]).toEqual(rooms);
  });

  it('in a consultation, at either end', async () => {
    const stage = await talkingStage();
    const colleague = await stage.ready('agent2');
    await stage.desk.command('contact.consult', { contactId: stage.contactId, target: { kind: 'number', number: '1002' } });
    await rejoin(stage, stage.desk);
    const by = await stage.answer('1001');
    expect(stage.switchPort.hears(by)).toBe('ringback');
    await stage.answer('1002');
    await rejoin(stage, colleague);
    const target = await stage.answer('1002');
    expect(stage.switchPort.hears(by)).toEqual([target]);
    expect(stage.switchPort.hears(stage.customer)).toBe('music');
    await stage.desk.command('contact.completeTransfer', { contactId: stage.contactId });
    await settle();
    expect(stage.switchPort.hears(stage.customer)).toEqual([target]);
    expect([...stage.switchPort.channels.keys()].sort()).toEqual([stage.customer, target].sort());
  });

  it('the agent who called: the other party goes on', async () => {
    const stage = await talkingStage();
    const caller = await stage.signIn('agent3');
    await stage.signIn('agent4');
    const first = stage.switchPort.arrive('1003', '1003', '1004', { 'x-sangdam-leg': 'out-1' });
    await settle();
    const called = await stage.answer('1004');
    await rejoin(caller.contact, caller);
    expect(stage.switchPort.channels.get(stage.switchPort.ringingAt('1003') ?? '')?.request?.headers).toMatchObject({ 'X-Sangdam-Leg': 'out-1' });
    const again = await stage.answer('1003');
    expect(stage.switchPort.hears(called)).toEqual([again]);
    expect(stage.switchPort.channels.has(first)).toBe(false);
  });
});

describe('failure: while it is dialled again', () => {
  it.each(['networkLost', 'failed'] as const)('its former channel ends as %s: the call waits for the new one', async (cause) => {
    const stage = await talkingStage();
    await rejoin(stage, stage.desk);
    stage.switchPort.phoneEnds(stage.agent1, cause);
    await settle();
    expect(stage.desk.contact.me.state).toBe('talking');
    const again = await stage.answer('1001');
    expect(stage.switchPort.hears(stage.customer)).toEqual([again]);
  });

  it('the agent hangs up: the call is over, and the new channel with it', async () => {
    const stage = await talkingStage();
    await rejoin(stage, stage.desk);
    await stage.hangUp(stage.agent1);
    expect([...stage.switchPort.channels.keys()]).toEqual([]);
    expect((await stage.card('agent1')).state.name).toBe('AFTER_CALL');
    expect([...stage.records.timeline.values()]).toMatchObject([{ outcome: 'answered' }]);
  });

  it('the agent hangs up through the center, after the former channel was lost', async () => {
    const stage = await talkingStage();
    await rejoin(stage, stage.desk);
    stage.switchPort.phoneEnds(stage.agent1, 'networkLost');
    await stage.desk.command('contact.hangUp', { contactId: stage.contactId });
    await settle();
    expect([...stage.switchPort.channels.keys()]).toEqual([]);
    expect((await stage.card('agent1')).state.name).toBe('AFTER_CALL');
  });

  it('the customer hangs up: after-call work, and no channel left', async () => {
    const stage = await talkingStage();
    await rejoin(stage, stage.desk);
    await stage.hangUp(stage.customer);
    expect([...stage.switchPort.channels.keys()]).toEqual([]);
    expect((await stage.card('agent1')).state.name).toBe('AFTER_CALL');
    expect([...stage.records.timeline.values()]).toMatchObject([{ outcome: 'answered' }]);
  });

  it('the page is reloaded once more: the newest ticket counts, the former is hung up', async () => {
    const stage = await talkingStage();
    await rejoin(stage, stage.desk);
    const first = stage.switchPort.ringingAt('1001') ?? '';
    await rejoin(stage, stage.desk);
    expect(stage.switchPort.channels.has(first)).toBe(false);
    const second = await stage.answer('1001');
    expect(stage.switchPort.hears(stage.customer)).toEqual([second]);
    // Word of the first comes late.
    stage.switchPort.phoneEnds(first);
    await stage.clock.pass(REJOIN_MS * 2);
    expect(stage.switchPort.hears(stage.customer)).toEqual([second]);
    expect(stage.desk.contact.me.state).toBe('talking');
  });

  it.each([
    ['does not answer', (stage: Talking) => stage.clock.pass(REJOIN_MS)],
    ['refuses', (stage: Talking) => Promise.resolve(stage.switchPort.phoneEnds(stage.switchPort.ringingAt('1001') ?? '', 'rejected'))],
  ])('the phone %s: the agent is lost with the network, and the customer waits at their old place', async (_what, happens) => {
    const stage = await talkingStage();
    await rejoin(stage, stage.desk);
    await happens(stage);
    await settle();
    expect(stage.switchPort.hears(stage.customer)).toBe('music');
    expect([...stage.switchPort.channels.keys()]).toEqual([stage.customer]);
    expect(stage.logged().filter(({ type }) => type === 'contact.requeued')).toMatchObject([{ data: { why: 'networkLost' } }]);
    expect(stage.desk.notices).toContain('networkLost');
    expect((await stage.card('agent1')).state.name).toBe('AFTER_CALL');
  });

  it('the phone is not registered: likewise', async () => {
    const stage = await talkingStage();
    stage.switchPort.registered.delete('1001');
    await rejoin(stage, stage.desk);
    expect(stage.switchPort.hears(stage.customer)).toBe('music');
    expect([...stage.switchPort.channels.keys()]).toEqual([stage.customer]);
  });

  it('the agent hands the customer over blind: the new channel goes with the old', async () => {
    const stage = await talkingStage();
    await stage.ready('agent2');
    await rejoin(stage, stage.desk);
    await stage.desk.command('contact.transfer', { contactId: stage.contactId, target: { kind: 'number', number: '1002' } });
    const target = await stage.answer('1002');
    expect(stage.switchPort.hears(stage.customer)).toEqual([target]);
    expect([...stage.switchPort.channels.keys()].sort()).toEqual([stage.customer, target].sort());
  });
});

describe('failure: who asks for it', () => {
  it('another desk has no such contact', async () => {
    const stage = await talkingStage();
    const other = await stage.signIn('agent2');
    expect(await rejoin(stage, other)).toMatchObject({ ok: false, error: { code: 'contact.not-found' } });
    expect(stage.switchPort.ringingAt('1002')).toBeUndefined();
    expect(stage.switchPort.ringingAt('1001')).toBeUndefined();
  });

  it('a supervisor neither', async () => {
    const stage = await talkingStage();
    expect(await rejoin(stage, await stage.signIn('supervisor'))).toMatchObject({ ok: false, error: { code: 'contact.not-found' } });
  });

  it('a desk whose call is over, or only rings, is told so', async () => {
    const stage = await talkingStage();
    await stage.hangUp(stage.customer);
    expect(await rejoin(stage, stage.desk)).toMatchObject({ ok: false, error: { code: 'contact.action-not-allowed' } });
    await stage.desk.command('contact.complete', { contactId: stage.contactId, next: null });
    await stage.customerCalls();
    expect(await rejoin(stage.desk.contact, stage.desk)).toMatchObject({ ok: false, error: { code: 'contact.action-not-allowed' } });
  });
});
