import { describe, expect, it } from 'vitest';
import { NotWritten } from '../../../center/ports.ts';
import type { Result } from '../../../contract/errors.ts';
import { DispositionId, GroupId } from '../../../contract/ids.ts';
import { centerStage, customersOf, settle, talkingStage } from './center-stage.ts';

const customer = { name: '고객 0009', company: '', numbers: [], vip: false, warning: '', note: '' };
const ORDERS = GroupId.parse('orders');

/** A call of agent1 that has ended, on a center whose disk is full since. */
async function afterCallOnFullDisk() {
  const stage = await talkingStage();
  const supervisor = await stage.signIn('supervisor');
  await stage.clock.pass(7000);
  await stage.hangUp(stage.customer);
  stage.records.fill(true);
  return { ...stage, supervisor };
}

/** The answer to a command that waits for the disk. */
async function answerOf<Answer>(stage: { clock: { pass(ms: number): Promise<void> } }, answer: Promise<Answer>): Promise<Answer> {
  await settle();
  await stage.clock.pass(5000);
  return answer;
}

const NOT_SAVED = { ok: false, error: { code: 'store.unavailable' } };

describe('while the disk is full', () => {
  it('a memo is not acknowledged: its person hears so in time, and it is written by itself when there is room', async () => {
    const stage = await afterCallOnFullDisk();
    const { desk, contactId, records } = stage;
    expect(await answerOf(stage, desk.command('contact.update', { contactId, memo: '배송지 변경', dispositionId: DispositionId.parse('d2') }))).toMatchObject(NOT_SAVED);
    expect(records.timeline.get(contactId)?.memo).toBe('');
    records.fill(false);
    await settle();
    expect(records.timeline.get(contactId)).toMatchObject({ memo: '배송지 변경', outcome: 'answered', talkMs: 7000 });
    expect(await desk.command('contact.update', { contactId, memo: '배송지 변경 2' })).toMatchObject({ ok: true });
    expect(records.timeline.get(contactId)?.memo).toBe('배송지 변경 2');
  });

  it('after-call work is not completed over what is not kept; whoever wants calls chooses Ready', async () => {
    const stage = await afterCallOnFullDisk();
    const { desk, contactId } = stage;
    await answerOf(stage, desk.command('contact.update', { contactId, memo: '배송지 변경' }));
    expect(await answerOf(stage, desk.command('contact.complete', { contactId, next: { kind: 'ready' } }))).toMatchObject(NOT_SAVED);
    expect(desk.contact.me.state).toBe('afterCall');
    expect(await desk.command('agent.setState', { choice: { kind: 'ready' } })).toMatchObject({ ok: true });
    expect((await stage.card('agent1')).state).toEqual({ name: 'READY' });
    stage.records.fill(false);
    await settle();
    expect(stage.records.timeline.get(contactId)).toMatchObject({ memo: '배송지 변경' });
  });

  it.each(['a customer', 'a group'] as const)('%s is not acknowledged, and changes nothing', async (name) => {
    const stage = await afterCallOnFullDisk();
    const { supervisor, records } = stage;
    const save = (): Promise<Result<unknown>> => (name === 'a customer' ? customersOf(stage).create(customer) : supervisor.command('group.setOpen', { groupId: ORDERS, open: false }));
    expect(await answerOf(stage, save())).toMatchObject(NOT_SAVED);
    expect(records.customers).toEqual([]);
    expect((await supervisor.connection?.snapshot())?.groups.find(({ groupId }) => groupId === 'orders')?.openOverride).toBeNull();
    records.fill(false);
    expect(await save()).toMatchObject({ ok: true });
  });

  it('calls go on, and each is in the history and the log when there is room, once', async () => {
    const stage = await afterCallOnFullDisk();
    const { desk, contactId, records } = stage;
    expect(await desk.command('agent.setState', { choice: { kind: 'ready' } })).toMatchObject({ ok: true });
    for (let call = 0; call < 3; call++) {
      await stage.customerCalls(`+82100000000${call}`);
      const channel = await stage.answer('1001');
      await stage.clock.pass(20_000);
      await stage.hangUp(channel);
      await desk.command('agent.setState', { choice: { kind: 'ready' } });
    }
    expect(records.timeline.size).toBeLessThanOrEqual(1);
    records.fill(false);
    await settle();
    await stage.clock.pass(1000);
    expect([...records.timeline.values()].filter(({ outcome }) => outcome === 'answered')).toHaveLength(4);
    expect(records.timeline.has(contactId)).toBe(true);
    const ends = stage.logged().filter(({ type }) => type === 'contact.ended');
    expect(new Set(ends.map((event) => event.contactId)).size).toBe(4);
    expect(ends).toHaveLength(4);
  });

  it('who is in charge is told, and told when it is over; agents are not', async () => {
    const stage = await afterCallOnFullDisk();
    stage.records.fill(false);
    const told = (events: readonly { type: string; payload: unknown }[]) => events.filter(({ type }) => type === 'store.changed').map(({ payload }) => payload);
    expect(told(stage.supervisor.events)).toEqual([{ state: 'failing', cause: 'full' }, { state: 'well' }]);
    expect(told(stage.desk.events)).toEqual([]);
    stage.records.fill(true);
    expect((await stage.supervisor.connection?.snapshot())?.store).toEqual({ state: 'failing', cause: 'full' });
    expect((await stage.desk.connection?.snapshot())?.store).toBeNull();
  });
});

describe('a center that is stopped while its disk is full', () => {
  it('ends soon, and says what is lost', async () => {
    const stage = await afterCallOnFullDisk();
    await answerOf(stage, stage.desk.command('contact.update', { contactId: stage.contactId, memo: '메모' }));
    const before = stage.clock.monotonic();
    await stage.center.stop();
    expect(stage.clock.monotonic()).toBe(before);
    expect(stage.problems.filter((problem) => problem.includes('are lost'))).toHaveLength(1);
  });

  it('writes everything where the last of the reserve makes room', async () => {
    const stage = await afterCallOnFullDisk();
    await answerOf(stage, stage.desk.command('contact.update', { contactId: stage.contactId, memo: '메모' }));
    stage.records.health.releaseLast = () => void (stage.records.failing = false);
    await stage.center.stop();
    expect(stage.problems.filter((problem) => problem.includes('are lost'))).toEqual([]);
    expect(stage.records.timeline.get(stage.contactId)?.memo).toBe('메모');
    expect(stage.records.events.at(-1)?.type).toBe('center.stopped');
  });
});

describe('a center that was killed after its disk had been full', () => {
  it('makes up the history of contacts from the log, however long ago they ended', async () => {
    const before = await talkingStage();
    await before.clock.pass(7000);
    await before.hangUp(before.customer);
    // The log was written, and the history was not.
    before.records.timeline.clear();
    await before.clock.pass(3 * 3600 * 1000);
    await before.desk.command('agent.setState', { choice: { kind: 'away', reason: 'meal' } });
    await settle();
    const after = await centerStage({ records: before.records.copy(), clock: before.clock });
    expect([...after.records.timeline.values()]).toMatchObject([{ contactId: before.contactId, outcome: 'answered', talkMs: 7000, agentId: 'agent1' }]);
  });
});

describe('failure: a line of the log that the store refuses', () => {
  it('is set aside, and later ones are written', async () => {
    const stage = await centerStage();
    const append = stage.records.append.bind(stage.records);
    stage.records.append = (events) => (events.some(({ type }) => type === 'group.opened') ? Promise.reject(new NotWritten('refused', 'CHECK constraint failed')) : append(events));
    const supervisor = await stage.signIn('supervisor');
    expect(await supervisor.command('group.setOpen', { groupId: ORDERS, open: false })).toMatchObject({ ok: true });
    await settle();
    const later = await stage.ready('agent1');
    await settle();
    expect(later).toBeDefined();
    expect(stage.records.aside).toMatchObject([{ what: 'group.opened', why: 'CHECK constraint failed' }]);
    expect(stage.logged().findLast(({ type }) => type === 'agent.changed')).toMatchObject({ agentId: 'agent1' });
  });
});
