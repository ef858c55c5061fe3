import { describe, expect, it } from 'vitest';
import type { Choice } from '../../../contract/agent-state.ts';
import { NotWritten } from '../../../center/ports.ts';
import { DispositionId, GroupId } from '../../../contract/ids.ts';
import { centerStage, countAll, settle, sumOf, talkingStage, type CenterStage, type TestDesk } from './center-stage.ts';

const MEAL: Choice = { kind: 'away', reason: 'meal' };

type Before = Pick<CenterStage, 'center' | 'clock' | 'records'> & { desk: TestDesk | CenterStage['desk'] };

/** The next run finds what this one left on the disk, and agent1's desk comes back to it. */
async function restarted(before: Before, how: 'killed' | 'stopped', goneMs = 5000) {
  if (how === 'stopped') await before.center.stop();
  const records = before.records.copy();
  await before.clock.pass(goneMs);
  const stage = await centerStage({ records, clock: before.clock });
  const desk = typeof before.desk === 'function' ? before.desk('agent1') : before.desk;
  desk.contacts.clear();
  const connected = await stage.comeBack(desk);
  const state = async () => (await stage.card('agent1')).state;
  return { ...stage, desk, connected, state };
}

describe('a center that was restarted', () => {
  it.each(['killed', 'stopped'] as const)('finds an agent ready who was, and calls reach them when their phone is back (%s)', async (how) => {
    const before = await centerStage();
    await before.ready('agent1');
    const after = await restarted(before, how);
    expect(await after.state()).toEqual({ name: 'READY' });
    await after.customerCalls();
    expect(after.switchPort.ringingAt('1001')).toBeUndefined();
    after.switchPort.register('1001');
    await settle();
    expect(after.switchPort.ringingAt('1001')).toBeDefined();
  });

  it('finds an agent away for the reason they gave', async () => {
    const before = await centerStage();
    await (await before.signIn('agent1')).command('agent.setState', { choice: MEAL });
    expect(await (await restarted(before, 'killed')).state()).toEqual({ name: 'NOT_READY', reason: 'meal' });
  });

  it('finds an agent ready again whose offer it cut off', async () => {
    const before = await centerStage();
    await before.ready('agent1');
    await before.customerCalls();
    expect(await (await restarted(before, 'killed')).state()).toEqual({ name: 'READY' });
  });

  it.each(['killed', 'stopped'] as const)('leaves an agent away whose call it cut off: they have it to see to (%s)', async (how) => {
    const after = await restarted(await talkingStage(), how);
    expect(await after.state()).toEqual({ name: 'NOT_READY', reason: 'disconnected' });
    expect(await after.desk.command('agent.setState', { choice: { kind: 'ready' } })).toMatchObject({ error: { code: 'agent.phone-not-registered' } });
  });

  it('keeps the wish to be away after the call', async () => {
    const before = await talkingStage();
    await before.desk.command('agent.setState', { choice: MEAL });
    expect(await (await restarted(before, 'killed')).state()).toEqual({ name: 'NOT_READY', reason: 'meal' });
  });

  it('makes nobody ready who may have gone home: it was away for long, or they come back late', async () => {
    const long = await centerStage();
    await long.ready('agent1');
    expect(await (await restarted(long, 'stopped', 61_000)).state()).toEqual({ name: 'NOT_READY', reason: 'disconnected' });

    const late = await centerStage();
    await late.ready('agent1');
    await late.signIn('agent2');
    await late.center.stop();
    const after = await centerStage({ records: late.records.copy(), clock: late.clock });
    await after.clock.pass(61_000);
    await after.comeBack(late.desk('agent1'));
    expect((await after.card('agent1')).state).toEqual({ name: 'NOT_READY', reason: 'disconnected' });
  });

  it('lets nobody back in who had signed out', async () => {
    const before = await centerStage();
    const desk = await before.ready('agent1');
    await before.center.signOut(desk.agentId);
    await settle();
    const after = await restarted(before, 'killed');
    expect(after.connected).toMatchObject({ error: { code: 'auth.replaced' } });
  });
});

describe('a contact that a restart cut off', () => {
  it('has one line in the history, with what was saved during the call, and counts once', async () => {
    const before = await talkingStage();
    await before.desk.command('contact.update', { contactId: before.contactId, memo: '주소 변경 요청', dispositionId: DispositionId.parse('d2') });
    const after = await restarted(before, 'killed');
    expect([...after.records.timeline.values()]).toMatchObject([{ contactId: before.contactId, outcome: 'networkLost', agentId: 'agent1', memo: '주소 변경 요청', disposition: '배송 문의' }]);
    await settle();
    const again = await restarted(after, 'killed');
    const ends = again.logged().filter(({ type }) => type === 'contact.ended');
    expect(ends).toMatchObject([{ contactId: before.contactId, agentId: 'agent1', data: { outcome: 'networkLost', kind: 'inbound' } }]);
    expect(sumOf(countAll(again.logged(), 'Asia/Seoul'), GroupId.parse('orders'))).toMatchObject({ offered: 1, answered: 1, abandoned: 0 });
  });

  it('that was over in the log, and not yet in the history, gets the line that the log tells of', async () => {
    const before = await talkingStage();
    await before.clock.pass(7000);
    // Killed between the one write and the other.
    before.records.putTimelineEntries = () => Promise.reject(new NotWritten('unwritable', 'database or disk is full'));
    before.switchPort.phoneEnds(before.customer);
    await settle();
    const after = await restarted(before, 'killed');
    expect([...after.records.timeline.values()]).toMatchObject([{ contactId: before.contactId, outcome: 'answered', talkMs: 7000, agentId: 'agent1', groupName: '주문' }]);
    expect(after.logged().filter(({ type }) => type === 'contact.ended')).toHaveLength(1);
  });

  it('and was written whole is left as it is', async () => {
    const before = await talkingStage();
    await before.hangUp(before.customer);
    await before.desk.command('contact.update', { contactId: before.contactId, memo: '통화 후 메모' });
    const after = await restarted(before, 'killed');
    expect([...after.records.timeline.values()]).toEqual([...before.records.timeline.values()]);
  });
});
