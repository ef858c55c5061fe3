import { describe, expect, it } from 'vitest';
import type { ConfigurationChange } from '../../../../contract/configuration.ts';
import { awayChoice, awayName, awayReasonsOf, choosable } from '../../../../contract/away-reasons.ts';
import type { AwayReasonSettings } from '../../../../contract/away-reason.ts';
import { AgentId } from '../../../../contract/ids.ts';
import { ConfigurationChange as Change } from '../../../../contract/configuration.ts';
import { centerStage, settle, talkingStage, type CenterStage } from '../center-stage.ts';

const ADMIN = AgentId.parse('admin');
const MINUTE = 60_000;
const smoke: AwayReasonSettings = { name: '흡연', english: 'Smoke', paid: false, longestMs: 5 * MINUTE, colour: 'teal', order: 6 };

async function change(stage: Pick<CenterStage, 'center' | 'clock'>, ...changes: ConfigurationChange[]) {
  const result = await stage.center.configuration?.change(changes, { by: ADMIN, address: '192.0.2.1', at: stage.clock.now() });
  await settle();
  if (result === undefined) throw new Error('the center is not running');
  return result;
}
const put = (id: string, value: AwayReasonSettings | null, version: string | null = null): ConfigurationChange => ({ kind: 'awayReason', id, version, value });
type Desk = Awaited<ReturnType<CenterStage['signIn']>>;
/** The reasons that a desk was told of last. */
const toldTo = (desk: Desk) => awayReasonsOf(desk.events.flatMap((event) => (event.type === 'office.changed' ? [event.payload.setUp ?? {}] : [])).at(-1) ?? {});
const noticesTo = (desk: Desk) => desk.events.flatMap((event) => (event.type === 'notice.raised' ? [`${event.payload.code} ${event.payload.detail}`.trim()] : []));

describe('a reason to be away that a company sets up', () => {
  it('is on every desk at once, and can be chosen from then on', async () => {
    const stage = await centerStage();
    const desk = await stage.signIn('agent1');
    expect(await desk.command('agent.setState', { choice: awayChoice('smoke') })).toMatchObject({ ok: false });
    await change(stage, put('smoke', smoke));
    expect(choosable(toldTo(desk)).map(({ id }) => id)).toEqual(['break', 'meal', 'meeting', 'training', 'other', 'smoke']);
    await desk.command('agent.setState', { choice: awayChoice('smoke') });
    expect((await stage.card('agent1')).state).toEqual({ name: 'NOT_READY', reason: 'other', own: 'smoke' });
    const later = await stage.signIn('agent2');
    expect(awayReasonsOf((await later.connection?.snapshot())?.setUp ?? {}).at(-1)).toMatchObject({ id: 'smoke', name: '흡연', colour: 'teal' });
  });

  it('has its new name where somebody is away with it', async () => {
    const stage = await centerStage();
    const desk = await stage.signIn('agent1');
    await desk.command('agent.setState', { choice: awayChoice('meal') });
    await change(stage, put('meal', { ...smoke, name: '점심', english: 'Lunch' }, '1'));
    expect(awayName(toldTo(desk), 'meal', 'en')).toBe('Lunch');
    expect((await stage.card('agent1')).state).toEqual({ name: 'NOT_READY', reason: 'meal' });
  });

  it('that is removed can be chosen no more, and is told by its last name to who is away with it, also after their call', async () => {
    const stage = await talkingStage();
    await stage.desk.command('agent.setState', { choice: awayChoice('meal') });
    await change(stage, put('meal', null, '1'));
    expect(choosable(toldTo(stage.desk)).map(({ id }) => id)).toEqual(['break', 'meeting', 'training', 'other']);
    expect(await stage.desk.command('agent.setState', { choice: awayChoice('meal') })).toMatchObject({ ok: false, error: { code: 'agent.unknown-reason' } });
    await stage.hangUp(stage.customer);
    await stage.desk.command('contact.complete', { contactId: stage.contactId, next: null });
    expect((await stage.card('agent1')).state).toEqual({ name: 'NOT_READY', reason: 'meal' });
    expect(awayName(toldTo(stage.desk), 'meal', 'ko')).toBe('식사');
  });

  it('comes back as it was when its removal is undone', async () => {
    const stage = await centerStage();
    const desk = await stage.signIn('agent1');
    await change(stage, put('meal', null, '1'));
    await change(stage, put('meal', { ...smoke, name: '식사', english: 'Meal' }));
    expect(toldTo(desk).filter(({ id }) => id === 'meal').map(({ removed }) => removed)).toEqual([false]);
    expect(await desk.command('agent.setState', { choice: awayChoice('meal') })).toMatchObject({ ok: true });
  });
});

describe('the longest time of a reason', () => {
  async function away() {
    const stage = await centerStage();
    await change(stage, put('smoke', smoke));
    const [desk, colleague, boss] = [await stage.signIn('agent1'), await stage.signIn('agent2'), await stage.signIn('supervisor')];
    await desk.command('agent.setState', { choice: awayChoice('smoke') });
    return { stage, desk, colleague, boss };
  }

  it('is told to the agent and to their supervisors when it is over, once, and moves nobody', async () => {
    const { stage, desk, colleague, boss } = await away();
    await stage.clock.pass(5 * MINUTE - 1);
    expect([noticesTo(desk), noticesTo(boss)]).toEqual([[], []]);
    await stage.clock.pass(2);
    await stage.clock.pass(30 * MINUTE);
    expect([noticesTo(desk), noticesTo(boss), noticesTo(colleague)]).toEqual([['awayTooLong'], ['agentAwayTooLong 상담원 1'], []]);
    expect((await stage.card('agent1')).state).toMatchObject({ own: 'smoke' });
  });

  it('is not told of to who came back in time', async () => {
    const { stage, desk, boss } = await away();
    await stage.clock.pass(4 * MINUTE);
    await desk.command('agent.setState', { choice: awayChoice('break') });
    await stage.clock.pass(30 * MINUTE);
    expect([noticesTo(desk), noticesTo(boss)]).toEqual([[], []]);
  });

  it('that is changed holds for who is away already, and nobody is told of the same absence twice', async () => {
    const { stage, desk } = await away();
    await stage.clock.pass(2 * MINUTE);
    await change(stage, put('smoke', { ...smoke, longestMs: MINUTE }, '2'));
    await stage.clock.pass(1);
    expect(noticesTo(desk)).toEqual(['awayTooLong']);
    await change(stage, put('smoke', { ...smoke, longestMs: 3 * MINUTE }, '3'));
    await stage.clock.pass(10 * MINUTE);
    expect(noticesTo(desk)).toEqual(['awayTooLong']);
  });

  it('is nobody’s any more once the reason has none, or is gone', async () => {
    const { stage, desk } = await away();
    await change(stage, put('smoke', null, '2'));
    await stage.clock.pass(10 * MINUTE);
    expect(noticesTo(desk)).toEqual([]);
  });
});

describe('failure: a reason that cannot be', () => {
  it.each([
    ['a name that there is', put('x', { ...smoke, name: '식사' }), 'taken name awayReason meal'],
    ['a name that differs by case', put('x', { ...smoke, english: 'MEAL' }), 'taken english awayReason meal'],
    ['one name for all that another has in English', put('x', { ...smoke, name: 'Meal', english: '' }), 'taken name awayReason meal'],
  ])('%s is refused, and nothing is changed', async (_, asked, problem) => {
    const stage = await centerStage();
    const desk = await stage.signIn('agent1');
    const answer = await change(stage, asked);
    expect(answer).toMatchObject({ ok: false, error: { code: 'configuration.invalid' } });
    expect(!answer.ok && (answer.error.present as { code: string; field: string; other: string }[]).map(({ code, field, other }) => `${code} ${field} ${other}`)).toEqual([problem]);
    expect(desk.events.some(({ type }) => type === 'office.changed')).toBe(false);
  });

  it('the last one stays', async () => {
    const stage = await centerStage();
    const first = ['break', 'meal', 'meeting', 'training'].map((id) => put(id, null, '1'));
    expect(await change(stage, ...first, put('other', null, '1'))).toMatchObject({ ok: false, error: { present: [{ kind: 'awayReason', code: 'last-one' }] } });
    expect(await change(stage, ...first)).toMatchObject({ ok: true });
    expect(await change(stage, put('other', null, '1'))).toMatchObject({ ok: false, error: { present: [{ code: 'last-one' }] } });
  });

  it('no more than a menu holds', async () => {
    const stage = await centerStage();
    const many = Array.from({ length: 36 }, (_, index) => put(`r${index}`, { ...smoke, name: `사유 ${index}`, english: '' }));
    expect(await change(stage, ...many)).toMatchObject({ ok: false, error: { present: [{ code: 'too-many' }] } });
    expect(await change(stage, ...many.slice(1))).toMatchObject({ ok: true });
  });

  it.each([
    ['an empty name', { name: ' ' }], ['10,000 characters', { name: '가'.repeat(10_000) }], ['half of a character', { name: '식\ud800' }], ['a sign that nobody sees', { name: '식\u200b사' }], ['half of a character in English', { english: '\udc00' }],
    ['no time', { longestMs: 0 }], ['more than a day', { longestMs: 25 * 60 * MINUTE }], ['half a millisecond', { longestMs: MINUTE + 0.5 }], ['a colour of its own', { colour: '#ff0000' }],
  ])('%s is no reason', (_, wrong) => {
    expect(Change.safeParse({ kind: 'awayReason', id: 'x', version: null, value: { ...smoke, ...wrong } }).success).toBe(false);
  });

  it.each(['a.b', 'a:b', '+8215880000', 'x'.repeat(65)])('the id %s, which no state can name, is none', (id) => {
    expect(Change.safeParse({ kind: 'awayReason', id, version: null, value: smoke }).success).toBe(false);
  });
});
