import { describe, expect, it } from 'vitest';
import type { Configuration } from '../../../center/configuration/records.ts';
import { memoWith } from '../../../center/memo.ts';
import { AgentId, ContactId, DispositionId, GroupId } from '../../../contract/ids.ts';
import { centerStage, ORDERS, settle, talkingStage, type CenterStage } from './center-stage.ts';

const ready = { kind: 'ready' } as const;
const d2 = DispositionId.parse('d2');
const required = (configuration: Configuration): Configuration => ({ ...configuration, groups: configuration.groups.map((group) => ({ ...group, dispositionRequired: true })) });
const lines = ({ records }: Pick<CenterStage, 'records'>) => [...records.timeline.values()];

/** agent1 has dialled out, and talks. */
async function ownCall(stage: CenterStage) {
  const channel = stage.switchPort.arrive('1001', '1001', '01000000002');
  await settle();
  const { contactId } = stage.desk('agent1').contact;
  const customer = await stage.answer('+821000000002');
  return { contactId, channel, customer };
}

describe('a memo', () => {
  it('typed through the end of after-call work is kept, and the agent is told that the time is over', async () => {
    const stage = await talkingStage();
    await stage.hangUp(stage.customer);
    await stage.clock.pass(30_000);
    expect(stage.desk.contacts.size).toBe(0);
    expect(stage.desk.notices).toContain('wrapUpOver');
    expect(await stage.desk.command('contact.update', { contactId: stage.contactId, memo: '끝까지 쓴 메모', base: '', dispositionId: d2 })).toEqual({ ok: true, value: null });
    expect(lines(stage)).toMatchObject([{ memo: '끝까지 쓴 메모', disposition: '배송 문의', corrected: null }]);
  });

  it('typed just before Ready is kept', async () => {
    const stage = await talkingStage();
    await stage.hangUp(stage.customer);
    await stage.desk.command('agent.setState', { choice: ready });
    await stage.desk.command('contact.update', { contactId: stage.contactId, memo: '바로 대기', base: '' });
    expect(lines(stage)).toMatchObject([{ memo: '바로 대기' }]);
  });

  it('typed as the far end of an own call hangs up is kept, answered or not', async () => {
    const stage = await centerStage({ configure: (configuration) => ({ ...configuration, groups: configuration.groups.map((group) => ({ ...group, wrapUpMs: 0 })) }) });
    const desk = await stage.ready('agent1');
    const answered = await ownCall(stage);
    await stage.hangUp(answered.customer);
    expect(desk.contacts.size).toBe(0);
    await desk.command('contact.update', { contactId: answered.contactId, memo: '끊긴 뒤', base: '' });
    stage.switchPort.arrive('1001', '1001', '01000000003');
    await settle();
    const { contactId } = desk.contact;
    await stage.hangUp(stage.switchPort.ringingAt('+821000000003') ?? '');
    await desk.command('contact.update', { contactId, memo: '받지 않음', base: '' });
    expect(lines(stage)).toMatchObject([{ memo: '끊긴 뒤', outcome: 'answered' }, { memo: '받지 않음' }]);
  });

  it('of who handed the customer on, and is done, stands beside what the next one writes', async () => {
    const stage = await talkingStage();
    const next = await stage.ready('agent2');
    await stage.desk.command('contact.transfer', { contactId: stage.contactId, target: { kind: 'number', number: '1002' } });
    await stage.answer('1002');
    await stage.desk.command('contact.complete', { contactId: stage.contactId, next: ready });
    await next.command('contact.update', { contactId: stage.contactId, memo: '둘째', base: '' });
    await stage.desk.command('contact.update', { contactId: stage.contactId, memo: '첫째', base: '' });
    expect(next.contact.memo).toBe('둘째\n첫째');
    await stage.hangUp(stage.customer);
    await next.command('contact.update', { contactId: stage.contactId, memo: '둘째 더', base: '둘째' });
    await next.command('contact.complete', { contactId: stage.contactId, next: ready });
    expect(lines(stage)).toMatchObject([{ memo: '둘째\n첫째\n더' }]);
  });

  it('that comes long after the end counts as a correction', async () => {
    const stage = await talkingStage();
    await stage.hangUp(stage.customer);
    await stage.clock.pass(11 * 60_000);
    await stage.desk.command('contact.update', { contactId: stage.contactId, memo: '한참 뒤', base: '' });
    expect(lines(stage)).toMatchObject([{ memo: '한참 뒤', corrected: { by: '상담원 1' } }]);
  });

  it.each([
    ['nothing else was written', 'a', 'a', 'ab', 'ab'],
    ['another wrote first', 'theirs', '', 'mine', 'theirs\nmine'],
    ['another wrote on, and this one too', 'a theirs', 'a', 'a mine', 'a theirs\nmine'],
    ['it was kept already', 'ab', 'a', 'ab', 'ab'],
    ['a desk says nothing of what it knew', 'theirs', undefined, 'mine', 'mine'],
  ])('when %s', (_when, present, base, typed, kept) => expect(memoWith(present, base, typed)).toBe(kept));

  it('never grows beyond what may be kept', () => {
    expect(memoWith('x'.repeat(3990), '', 'y'.repeat(4000))).toHaveLength(4000);
  });

  describe('failure: what comes late', () => {
    it('from whoever was not on the call, or about no call at all, is refused and changes nothing', async () => {
      const stage = await talkingStage();
      const other = await stage.signIn('agent3');
      await stage.hangUp(stage.customer);
      await stage.clock.pass(30_000);
      for (const [desk, contactId] of [[other, stage.contactId], [stage.desk, ContactId.parse('nowhere')]] as const) {
        expect(await desk.command('contact.update', { contactId, memo: '남의 것' })).toMatchObject({ error: { code: 'contact.not-found' } });
      }
      expect(await stage.desk.command('contact.update', { contactId: stage.contactId, dispositionId: DispositionId.parse('nothing') })).toMatchObject({ error: { code: 'input.invalid' } });
      expect(lines(stage)).toMatchObject([{ memo: '', disposition: '' }]);
    });

    it('while the disk is full is not said to be kept', async () => {
      const stage = await talkingStage();
      await stage.hangUp(stage.customer);
      await stage.clock.pass(30_000);
      stage.records.fill(true);
      expect(await stage.desk.command('contact.update', { contactId: stage.contactId, memo: '못 씀' })).toMatchObject({ error: { code: 'store.unavailable' } });
    });
  });
});

describe('one more minute', () => {
  it('is given once a contact, and the text is safe when that is over, too', async () => {
    const stage = await talkingStage();
    await stage.hangUp(stage.customer);
    await stage.clock.pass(29_000);
    const before = stage.desk.contact.me.wrapUpDeadline ?? 0;
    expect(await stage.desk.command('contact.extend', { contactId: stage.contactId })).toMatchObject({ ok: true });
    await settle();
    expect(stage.desk.contact.me).toMatchObject({ wrapUpDeadline: before + 60_000, allowed: ['updateData', 'complete'] });
    expect((await stage.card('agent1')).state).toMatchObject({ name: 'AFTER_CALL', deadline: before + 60_000 });
    await stage.clock.pass(60_000);
    expect((await stage.card('agent1')).state.name).toBe('AFTER_CALL');
    await stage.clock.pass(1000);
    expect((await stage.card('agent1')).state.name).toBe('READY');
  });

  describe('failure: it is refused', () => {
    it('a second time, during the call, and after it', async () => {
      const stage = await talkingStage();
      const more = () => stage.desk.command('contact.extend', { contactId: stage.contactId });
      expect(await more()).toMatchObject({ error: { code: 'contact.action-not-allowed' } });
      await stage.hangUp(stage.customer);
      await more();
      expect(await more()).toMatchObject({ error: { code: 'contact.action-not-allowed' } });
      await stage.clock.pass(90_000);
      expect(await more()).toMatchObject({ error: { code: 'contact.not-found' } });
    });
  });
});

describe('a call of one’s own', () => {
  it('is written up like others, and afterwards the agent is as before', async () => {
    const stage = await centerStage();
    const desk = await stage.ready('agent1');
    await desk.command('agent.setState', { choice: { kind: 'away', reason: 'meal' } });
    const { customer, contactId } = await ownCall(stage);
    await stage.hangUp(customer);
    expect(desk.contact.me).toMatchObject({ state: 'afterCall' });
    await desk.command('contact.update', { contactId, memo: '부재 안내', base: '' });
    await stage.clock.pass(30_000);
    expect((await stage.card('agent1')).state).toEqual({ name: 'NOT_READY', reason: 'meal' });
    expect(lines(stage)).toMatchObject([{ kind: 'outbound', memo: '부재 안내' }]);
  });

  it('that nobody answered needs no writing up', async () => {
    const stage = await centerStage();
    await stage.ready('agent1');
    stage.switchPort.arrive('1001', '1001', '01000000002');
    await settle();
    await stage.hangUp(stage.switchPort.ringingAt('+821000000002') ?? '');
    expect((await stage.card('agent1')).state.name).toBe('READY');
  });
});

describe('a disposition that a group asks for', () => {
  it('is said from the beginning, and has to be chosen before the agent goes on', async () => {
    const stage = await talkingStage({ configure: required });
    expect(stage.desk.contact.me.dispositionRequired).toBe(true);
    await stage.hangUp(stage.customer);
    for (const go of [() => stage.desk.command('contact.complete', { contactId: stage.contactId, next: ready }), () => stage.desk.command('agent.setState', { choice: ready }), () => stage.desk.command('agent.setState', { choice: { kind: 'away', reason: 'meal' } })]) {
      expect(await go()).toMatchObject({ error: { code: 'contact.disposition-required' } });
    }
    expect((await stage.card('agent1')).state.name).toBe('AFTER_CALL');
    await stage.desk.command('contact.update', { contactId: stage.contactId, dispositionId: d2 });
    expect(await stage.desk.command('contact.complete', { contactId: stage.contactId, next: ready })).toMatchObject({ ok: true });
    expect(lines(stage)).toMatchObject([{ dispositionMissing: false }]);
  });

  it('is marked as missing where the time ran out, until it is chosen after all', async () => {
    const stage = await talkingStage({ configure: required });
    await stage.hangUp(stage.customer);
    expect(lines(stage)).toMatchObject([{ dispositionMissing: false }]);
    await stage.clock.pass(30_000);
    expect((await stage.card('agent1')).state.name).toBe('READY');
    expect(lines(stage)).toMatchObject([{ disposition: '', dispositionMissing: true }]);
  });

  it('keeps nobody from signing out', async () => {
    const stage = await talkingStage({ configure: required });
    await stage.hangUp(stage.customer);
    expect(await stage.desk.command('agent.setState', { choice: { kind: 'signOut' } })).toMatchObject({ ok: true });
  });
});

describe('a correction', () => {
  async function over() {
    const stage = await talkingStage();
    await stage.desk.command('contact.update', { contactId: stage.contactId, memo: '원래 메모' });
    await stage.hangUp(stage.customer);
    await stage.desk.command('contact.complete', { contactId: stage.contactId, next: ready });
    const { version } = lines(stage)[0] ?? { version: '' };
    return { ...stage, version };
  }

  it.each([['who handled it', 'agent1'], ['a supervisor of the group', 'supervisor'], ['an administrator', 'admin']])('is for %s', async (_who, account) => {
    const stage = await over();
    const answer = await stage.center.correctContact(AgentId.parse(account), { contactId: stage.contactId, version: stage.version, memo: '고친 메모', dispositionId: d2 });
    expect(answer).toMatchObject({ ok: true, value: { memo: '고친 메모', disposition: '배송 문의', corrected: {} } });
    expect(lines(stage)).toMatchObject([{ memo: '고친 메모' }]);
  });

  describe('failure: it is refused', () => {
    it('to whoever had no part in it, whose version is another, with a disposition there is not, and about what is not over', async () => {
      const stage = await over();
      const { contactId, version } = stage;
      expect(await stage.center.correctContact(AgentId.parse('agent3'), { contactId, version, memo: 'x' })).toMatchObject({ error: { code: 'forbidden' } });
      expect(await stage.center.correctContact(AgentId.parse('agent1'), { contactId, version: 'other', memo: 'x' })).toMatchObject({ error: { code: 'contact.conflict', present: { memo: '원래 메모' } } });
      expect(await stage.center.correctContact(AgentId.parse('agent1'), { contactId, version, dispositionId: DispositionId.parse('nothing') })).toMatchObject({ error: { code: 'input.invalid' } });
      await stage.customerCalls('+821000000003');
      await stage.answer('1001');
      expect(await stage.center.correctContact(AgentId.parse('agent1'), { contactId: stage.desk.contact.contactId, version, memo: 'x' })).toMatchObject({ error: { code: 'contact.not-found' } });
      expect(lines(stage)).toMatchObject([{ memo: '원래 메모' }]);
    });

    it('to who was merely asked', async () => {
      const stage = await talkingStage();
      await stage.ready('agent3');
      await stage.desk.command('contact.consult', { contactId: stage.contactId, target: { kind: 'number', number: '1003' } });
      await stage.answer('1003');
      await stage.desk.command('contact.cancelConsult', { contactId: stage.contactId });
      await stage.hangUp(stage.customer);
      await stage.desk.command('contact.complete', { contactId: stage.contactId, next: ready });
      expect(await stage.center.correctContact(AgentId.parse('agent3'), { contactId: stage.contactId, version: '', memo: 'x' })).toMatchObject({ error: { code: 'forbidden' } });
    });
  });
});

describe('the history of a contact', () => {
  it('has every part of it: waits, who missed it, whose part how long, on hold, to whom it went, and who ended it', async () => {
    const stage = await centerStage();
    const first = await stage.ready('agent1');
    await stage.ready('agent3');
    const customer = await stage.customerCalls();
    await stage.clock.pass(20_000);
    await stage.clock.pass(4000);
    await stage.answer('1003');
    const { contactId } = stage.desk('agent3').contact;
    await stage.clock.pass(98_000);
    await first.command('agent.setState', { choice: ready });
    await stage.desk('agent3').command('contact.consult', { contactId, target: { kind: 'number', number: '1001' } });
    const agent1 = await stage.answer('1001');
    await stage.clock.pass(2000);
    await stage.desk('agent3').command('contact.completeTransfer', { contactId });
    await settle();
    stage.switchPort.hold(agent1, true);
    await stage.clock.pass(5000);
    stage.switchPort.hold(agent1, false);
    await settle();
    await stage.clock.pass(7000);
    await stage.hangUp(customer);
    expect(lines(stage)).toMatchObject([
      {
        waitedMs: 24_000,
        endedBy: 'customer',
        agentName: '상담원 1',
        parts: [
          { kind: 'waited', groupName: '주문', ms: 24_000 },
          { kind: 'missed', name: '상담원 1', why: 'rona' },
          { kind: 'talked', name: '상담원 3', as: 'answered', talkMs: 98_000, consultMs: 2000, holdMs: 0, to: '상담원 1' },
          { kind: 'talked', name: '상담원 1', as: 'consulted', from: '상담원 3', talkMs: 7000, consultMs: 2000, holdMs: 5000, to: '' },
        ],
      },
    ]);
  });

  it('tells consulting from talking: of who asks, from the dialling on; of who is asked, who waits while the other is with the customer', async () => {
    const stage = await talkingStage();
    const { contactId, desk } = stage;
    await stage.ready('agent2');
    await stage.clock.pass(30_000);
    await desk.command('contact.consult', { contactId, target: { kind: 'number', number: '1002' } });
    await stage.clock.pass(4000);
    await stage.answer('1002');
    await stage.clock.pass(60_000);
    await desk.command('contact.swap', { contactId });
    await stage.clock.pass(10_000);
    await desk.command('contact.swap', { contactId });
    await stage.clock.pass(5000);
    await desk.command('contact.conference', { contactId, target: null });
    await stage.clock.pass(20_000);
    await stage.hangUp(stage.customer);
    await stage.hangUp(stage.agent1);
    const [line] = lines(stage);
    expect(line?.parts.filter(({ kind }) => kind === 'talked')).toMatchObject([
      { name: '상담원 1', talkMs: 60_000, consultMs: 69_000, holdMs: 0 },
      { name: '상담원 2', talkMs: 20_000, consultMs: 65_000, holdMs: 10_000 },
    ]);
    expect(line?.talkMs).toBe(60_000);
  });

  it('says that an agent ended it, and who outside was called in', async () => {
    const stage = await talkingStage();
    await stage.clock.pass(1000);
    await stage.desk.command('contact.consult', { contactId: stage.contactId, target: { kind: 'number', number: '01099990001' } });
    await stage.answer('+821099990001');
    await stage.clock.pass(3000);
    await stage.desk.command('contact.cancelConsult', { contactId: stage.contactId });
    await stage.desk.command('contact.hangUp', { contactId: stage.contactId });
    expect(lines(stage)).toMatchObject([{ endedBy: 'agent', parts: [{ kind: 'waited' }, { kind: 'talked', agentId: 'agent1' }, { kind: 'talked', agentId: null, number: '+821099990001', as: 'consulted', talkMs: 3000 }] }]);
  });

  it('has what was before a restart', async () => {
    const stage = await talkingStage();
    const next = await stage.ready('agent2');
    await stage.desk.command('contact.transfer', { contactId: stage.contactId, target: { kind: 'number', number: '1002' } });
    await stage.answer('1002');
    expect(next.contact.waitedMs).not.toBeNull();
    expect([...stage.records.live.values()][0]?.parts).toMatchObject([{ kind: 'waited' }, { kind: 'talked', name: '상담원 1', to: '상담원 2' }]);
  });
});

describe('how long the customer has waited', () => {
  it('is what they waited in queues, through transfers, and nothing else', async () => {
    const stage = await centerStage();
    await stage.customerCalls();
    expect(stage.center.contactCount).toBe(1);
    const desk = await stage.signIn('agent1');
    await stage.customerCalls('+821000000003');
    await stage.clock.pass(9000);
    await stage.ready('agent1');
    await stage.clock.pass(1000);
    expect(desk.contact).toMatchObject({ waitedMs: null });
    expect(desk.contact.queuedAt).not.toBeNull();
    await stage.answer('1001');
    const { contactId } = desk.contact;
    expect(desk.contact).toMatchObject({ queuedAt: null, waitedMs: 10_000 });
    await stage.clock.pass(60_000);
    await desk.command('contact.transfer', { contactId, target: { kind: 'group', groupId: desk.contact.groupId ?? ('' as never) } });
    await stage.clock.pass(5000);
    await stage.ready('agent2');
    const second = stage.desk('agent2').contacts.get(contactId);
    expect(second).toMatchObject({ waitedMs: 10_000 });
    await stage.answer('1002');
    expect(stage.desk('agent2').contacts.get(contactId)).toMatchObject({ waitedMs: 15_000 });
  });
});

describe('a supervisor who makes the disposition of a group mandatory', () => {
  const mandatory = (isRequired: boolean) => ({ groupId: GroupId.parse(ORDERS), required: isRequired });

  it('does so for calls under way: the desk says it at once, and after-call work asks for it', async () => {
    const stage = await talkingStage();
    const supervisor = await stage.signIn('supervisor');
    expect(await supervisor.command('group.setDispositionRequired', mandatory(true))).toMatchObject({ ok: true });
    await settle();
    expect(stage.desk.contact.me.dispositionRequired).toBe(true);
    expect(stage.desk.events.findLast(({ type }) => type === 'directory.changed')).toMatchObject({ payload: { groups: [{ groupId: ORDERS, dispositionRequired: true }] } });
    await stage.hangUp(stage.customer);
    expect(await stage.desk.command('agent.setState', { choice: ready })).toMatchObject({ error: { code: 'contact.disposition-required' } });
    await supervisor.command('group.setDispositionRequired', mandatory(false));
    expect(await stage.desk.command('agent.setState', { choice: ready })).toMatchObject({ ok: true });
  });

  it('of no group changes nothing', async () => {
    const stage = await talkingStage();
    const supervisor = await stage.signIn('supervisor');
    expect(await supervisor.command('group.setDispositionRequired', { groupId: GroupId.parse('none'), required: true })).toMatchObject({ error: { code: 'not-found' } });
    expect(stage.desk.contact.me.dispositionRequired).toBe(false);
  });
});
