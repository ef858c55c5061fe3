import { describe, expect, it } from 'vitest';
import type { HangUpCause } from '../../../center/switch/port.ts';
import { centerStage, settle, talkingStage } from './center-stage.ts';

const OUTSIDE = '01000000002';
const OUTSIDE_E164 = '+821000000002';

/** An agent has dialled outside, and it rings there. */
async function dialled(number = OUTSIDE) {
  const stage = await centerStage();
  const desk = await stage.ready('agent1');
  const caller = stage.switchPort.arrive('1001', '1001', number, { 'x-sangdam-leg': 'out-1' });
  await settle();
  const far = stage.switchPort.ringingAt(OUTSIDE_E164) ?? '';
  const notice = () => desk.events.findLast(({ type }) => type === 'notice.raised')?.payload;
  return { stage, desk, caller, far, notice };
}

describe('who has dialled', () => {
  it('hears that it rings, and is answered only when the other end answers', async () => {
    const { stage, desk, caller, far } = await dialled();
    expect(stage.switchPort.hears(caller)).toBe('ringback');
    expect(stage.switchPort.channels.get(caller)?.state).toBe('incoming');
    await stage.clock.pass(7000);
    stage.switchPort.phoneAnswers(far);
    await settle();
    expect(stage.switchPort.hears(caller)).toEqual([far]);
    expect(desk.contact?.me.state).toBe('talking');
  });

  it('hears it from a desk phone, too, which may have no tones of its own', async () => {
    const stage = await centerStage();
    stage.switchPort.register('1901');
    stage.switchPort.register('1002');
    await stage.signIn('agent2');
    const caller = stage.switchPort.arrive('1901', '1901', '1002');
    await settle();
    expect(stage.switchPort.hears(caller)).toBe('ringback');
  });

  it.each<[HangUpCause, string, string]>([
    ['busy', 'busy', 'busy'],
    ['rejected', 'busy', 'rejected'],
    ['unreachable', 'congestion', 'noAnswer'],
    ['unknownNumber', 'congestion', 'unknownNumber'],
    ['failed', 'congestion', 'failed'],
  ])('hears of a call that ends as %s the tone of %s, and reads why at once', async (cause, tone, outcome) => {
    const { stage, desk, caller, far, notice } = await dialled();
    stage.switchPort.phoneEnds(far, cause);
    await settle();
    expect([stage.switchPort.hears(caller), notice()]).toMatchObject([tone, { code: 'dialFailed', detail: outcome }]);
    expect(desk.contacts.size).toBe(1);
    await stage.clock.pass(2000);
    expect(stage.switchPort.hungUp.get(caller)).toBe(cause);
    expect([...stage.records.timeline.values()]).toMatchObject([{ kind: 'outbound', outcome, talkMs: 0 }]);
    expect([desk.contacts.size, (await stage.card('agent1')).state.name]).toEqual([0, 'READY']);
  });

  it('need not hear the tone out: hanging up ends it, as what it was', async () => {
    const { stage, desk, caller, far } = await dialled();
    stage.switchPort.phoneEnds(far, 'busy');
    await settle();
    await stage.hangUp(caller);
    expect([...stage.records.timeline.values()]).toMatchObject([{ outcome: 'busy' }]);
    expect([desk.contacts.size, (await stage.card('agent1')).state.name]).toEqual([0, 'READY']);
    await stage.clock.pass(5000);
    expect(stage.records.timeline.size).toBe(1);
  });
});

describe('what is dialled and is heard before it answers', () => {
  it('is heard in place of our tone, and talk begins with the answer alone', async () => {
    const { stage, desk, caller, far } = await dialled();
    stage.switchPort.phoneSpeaks(far);
    await settle();
    expect(stage.switchPort.hears(caller)).toBe(`early ${far}`);
    await stage.clock.pass(20_000);
    expect(desk.contact?.me).toMatchObject({ state: 'dialling' });
    stage.switchPort.phoneAnswers(far);
    await settle();
    expect(stage.switchPort.hears(caller)).toEqual([far]);
    await stage.clock.pass(5000);
    await stage.hangUp(far);
    expect([...stage.records.timeline.values()]).toMatchObject([{ outcome: 'answered', talkMs: 5000 }]);
  });

  it('is heard where the switch answers the caller with it', async () => {
    const { stage, desk, caller, far } = await dialled();
    stage.switchPort.phoneSpeaks(far);
    await settle();
    await stage.switchPort.answer(caller);
    stage.switchPort.phoneAnswers(far);
    await settle();
    expect(stage.switchPort.hears(caller)).toEqual([far]);
    expect(desk.contact?.me.state).toBe('talking');
  });

  it('and ends without an answer is told with its reason, at once: it has said so itself', async () => {
    const { stage, desk, caller, far, notice } = await dialled();
    stage.switchPort.phoneSpeaks(far);
    await settle();
    await stage.clock.pass(8000);
    stage.switchPort.phoneEnds(far, 'busy');
    await settle();
    expect(notice()).toMatchObject({ code: 'dialFailed', detail: 'busy' });
    expect(stage.switchPort.hungUp.get(caller)).toBe('busy');
    expect([...stage.records.timeline.values()]).toMatchObject([{ outcome: 'busy', talkMs: 0 }]);
    expect(desk.contacts.size).toBe(0);
  });

  it('is heard by who is about to consult it, while the customer has music', async () => {
    const { desk, customer, agent1, contactId, ...stage } = await talkingStage();
    await desk.command('contact.consult', { contactId, target: { kind: 'number', number: OUTSIDE } });
    await settle();
    expect(stage.switchPort.hears(agent1)).toBe('ringback');
    const far = stage.switchPort.ringingAt(OUTSIDE_E164) ?? '';
    stage.switchPort.phoneSpeaks(far);
    await settle();
    expect([stage.switchPort.hears(agent1), stage.switchPort.hears(customer)]).toEqual([`early ${far}`, 'music']);
    stage.switchPort.phoneEnds(far, 'unknownNumber');
    await settle();
    expect([stage.switchPort.hears(agent1), stage.switchPort.hears(customer)]).toEqual([[customer], [agent1]]);
  });
});
