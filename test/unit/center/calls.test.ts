import { describe, expect, it, vi } from 'vitest';
import { AgentId, DispositionId } from '../../../contract/ids.ts';
import { centerStage, CUSTOMER, settle, talkingStage as talking } from './center-stage.ts';

const agent = (agentId: string) => ({ kind: 'agent', agentId: AgentId.parse(agentId) }) as const;
const number = (written: string) => ({ kind: 'number', number: written }) as const;

describe('a contact of a group', () => {
  it('goes to the agent who has been idle longest, with the customer on music', async () => {
    const stage = await centerStage();
    await stage.ready('agent2');
    await stage.clock.pass(1000);
    await stage.ready('agent1');
    const customer = await stage.customerCalls();
    expect(stage.switchPort.ringingAt('1002')).toBeDefined();
    expect(stage.switchPort.ringingAt('1001')).toBeUndefined();
    expect(stage.switchPort.hears(customer)).toBe('music');
    expect(stage.desk('agent2').contact).toMatchObject({ kind: 'inbound', number: CUSTOMER, me: { state: 'ringing', allowed: ['answer', 'reject'], offer: { via: 'group' } } });
    expect((await stage.card('agent2')).state.name).toBe('RESERVED');
  });

  it('has the caller wait in the room while it rings, so that an answer is one step of the switch', async () => {
    const stage = await centerStage();
    await stage.ready('agent1');
    const customer = await stage.customerCalls();
    const room = stage.switchPort.channels.get(customer)?.bridge;
    expect(room).toMatch(/-main$/);
    const joins = vi.spyOn(stage.switchPort, 'joinBridge');
    const agent1 = await stage.answer('1001');
    expect(joins.mock.calls).toEqual([[room, agent1]]);
    expect(stage.switchPort.hears(customer)).toEqual([agent1]);
  });

  it('leaves the caller where they wait when an offer comes to nothing', async () => {
    const stage = await centerStage();
    await stage.ready('agent1');
    const customer = await stage.customerCalls();
    await stage.clock.pass(20_000);
    expect(stage.switchPort.hears(customer)).toBe('music');
    await stage.ready('agent2');
    expect(stage.switchPort.hears(await stage.answer('1002'))).toEqual([customer]);
  });

  it('connects both on answer, and counts the wait', async () => {
    const stage = await centerStage();
    expect(stage.switchPort.hears(await stage.customerCalls())).toBe('no-agents');
    const waiting = await talking();
    expect(waiting.switchPort.hears(waiting.customer)).toEqual([waiting.agent1]);
    expect(waiting.desk.contact.me.allowed).toContain('consult');
    expect(waiting.logged().find(({ type }) => type === 'contact.answered')).toMatchObject({ agentId: 'agent1', data: { inTime: true } });
  });

  it('rings on at the next agent when nobody answers in time; the first is set away and told', async () => {
    const stage = await centerStage();
    const first = await stage.ready('agent1');
    await stage.customerCalls();
    await stage.clock.pass(20_000);
    expect((await stage.card('agent1')).state).toEqual({ name: 'NOT_READY', reason: 'rona' });
    expect(first.notices).toContain('rona');
    expect(first.contacts.size).toBe(0);
    await stage.ready('agent2');
    expect(stage.switchPort.ringingAt('1002')).toBeDefined();
  });

  it('an agent whose phone is cut off while it rings has missed nothing: ready as before, and offered it when the phone is back', async () => {
    const stage = await centerStage();
    const { notices } = await stage.ready('agent1');
    const customer = await stage.customerCalls();
    const ringing = stage.switchPort.ringingAt('1001') ?? '';
    stage.switchPort.register('1001', false);
    stage.switchPort.phoneEnds(ringing, 'unreachable');
    await stage.clock.pass(1000);
    expect(await stage.card('agent1')).toMatchObject({ state: { name: 'READY' }, reachable: false });
    expect(stage.switchPort.hears(customer)).toBe('music');
    expect(notices).not.toContain('rona');
    expect(stage.logged().filter(({ type }) => type === 'contact.offerEnded')).toMatchObject([{ data: { why: 'deskLost' } }]);
    stage.switchPort.register('1001');
    await stage.clock.pass(1);
    expect(stage.switchPort.hears(await stage.answer('1001'))).toEqual([customer]);
  });

  it('an offer that runs out while the desk is cut off is not missed either; the desk back in time is as before', async () => {
    const stage = await centerStage();
    const desk = await stage.ready('agent1');
    const customer = await stage.customerCalls();
    desk.connection?.disconnected();
    await stage.clock.pass(20_000);
    expect(stage.switchPort.ringingAt('1001')).toBeUndefined();
    await stage.comeBack(desk);
    expect(stage.switchPort.hears(await stage.answer('1001'))).toEqual([customer]);
  });

  it('failure: a phone that is there and takes no call is set away all the same, and not rung for ever', async () => {
    const stage = await centerStage();
    await stage.ready('agent1');
    await stage.customerCalls();
    stage.switchPort.phoneEnds(stage.switchPort.ringingAt('1001') ?? '', 'unreachable');
    await stage.clock.pass(1);
    expect((await stage.card('agent1')).state).toEqual({ name: 'NOT_READY', reason: 'rona' });
  });

  it('keeps its place in the queue when it was offered in vain', async () => {
    const stage = await centerStage();
    await stage.ready('agent1');
    const early = await stage.customerCalls();
    await stage.clock.pass(1000);
    const late = await stage.customerCalls('+821000000002');
    await stage.desk('agent1').command('contact.reject', { contactId: stage.desk('agent1').contact.contactId });
    await stage.ready('agent2');
    const ringing = await stage.answer('1002');
    expect(stage.switchPort.hears(ringing)).toEqual([early]);
    expect(stage.switchPort.hears(late)).toBe('music');
  });

  it('leaves the agent ready, first in line, when the caller gives up while it rings', async () => {
    const stage = await centerStage();
    await stage.ready('agent1');
    await stage.clock.pass(1000);
    await stage.ready('agent2');
    await stage.hangUp(await stage.customerCalls());
    expect((await stage.card('agent1')).state.name).toBe('READY');
    expect(stage.desk('agent1').notices).toEqual(['callerGone']);
    expect([...stage.records.timeline.values()]).toMatchObject([{ outcome: 'abandonedRinging', talkMs: 0 }]);
    await stage.customerCalls();
    expect(stage.switchPort.ringingAt('1001')).toBeDefined();
  });

  it('goes back to the queue when the agent’s phone is lost with the network', async () => {
    const stage = await talking();
    stage.switchPort.phoneEnds(stage.agent1, 'networkLost');
    await settle();
    expect(stage.switchPort.hears(stage.customer)).toBe('music');
    await stage.ready('agent2');
    expect(stage.switchPort.hears(await stage.answer('1002'))).toEqual([stage.customer]);
  });

  it('is offered to no agent whose desk is gone, and to them again when it is back', async () => {
    const stage = await centerStage();
    const desk = await stage.ready('agent1');
    desk.connection?.disconnected();
    await stage.customerCalls();
    expect(stage.switchPort.ringingAt('1001')).toBeUndefined();
    await stage.clock.pass(60_000);
    const other = await stage.ready('agent2');
    expect(stage.switchPort.ringingAt('1002')).toBeDefined();
    expect(other.cardOf('agent1')).toMatchObject({ connected: false, state: { name: 'NOT_READY', reason: 'disconnected' } });
  });

  it('is offered to no agent whose last window has closed, though socket and phone are still there, and to them once one is open', async () => {
    const stage = await centerStage();
    const desk = await stage.ready('agent1');
    await desk.command('agent.reportWindow', { open: false });
    await stage.customerCalls();
    expect(stage.switchPort.ringingAt('1001')).toBeUndefined();
    expect(await stage.card('agent1')).toMatchObject({ connected: false, state: { name: 'READY' } });
    await stage.clock.pass(5000);
    await desk.command('agent.reportWindow', { open: true });
    await settle();
    expect(stage.switchPort.ringingAt('1001')).toBeDefined();
    expect((await stage.card('agent1')).connected).toBe(true);
  });

  it('waits for somebody else when a desk stays without a window, which is away by then', async () => {
    const stage = await centerStage();
    const desk = await stage.ready('agent1');
    await desk.command('agent.reportWindow', { open: false });
    await stage.clock.pass(60_000);
    expect((await stage.card('agent1')).state).toEqual({ name: 'NOT_READY', reason: 'disconnected' });
    const other = await stage.ready('agent2');
    await stage.customerCalls();
    await stage.answer('1002');
    expect(await other.command('contact.consult', { contactId: other.contact.contactId, target: { kind: 'agent', agentId: desk.agentId } })).toMatchObject({ ok: false, error: { code: 'target.unavailable' } });
  });

  it('rings at everyone in a group that rings all, and stops at the others when one answers', async () => {
    const stage = await centerStage({ configure: (configuration) => ({ ...configuration, groups: configuration.groups.map((group) => ({ ...group, strategy: 'ring-all' as const })) }) });
    await stage.ready('agent1');
    await stage.ready('agent2');
    await stage.customerCalls();
    expect(stage.switchPort.ringingAt('1001')).toBeDefined();
    await stage.answer('1002');
    expect(stage.switchPort.ringingAt('1001')).toBeUndefined();
    expect((await stage.card('agent1')).state.name).toBe('READY');
    expect(stage.desk('agent1').contacts.size).toBe(0);
  });
});

describe('after-call work', () => {
  it('begins when the customer hangs up and keeps what is written', async () => {
    const stage = await talking();
    await stage.clock.pass(5000);
    await stage.hangUp(stage.customer);
    expect((await stage.card('agent1')).state.name).toBe('AFTER_CALL');
    expect(stage.desk.contact.me).toMatchObject({ state: 'afterCall', allowed: ['updateData', 'complete', 'extend'] });
    await stage.desk.command('contact.update', { contactId: stage.contactId, memo: '다시 전화', dispositionId: DispositionId.parse('d2') });
    await stage.clock.pass(4000);
    expect(await stage.desk.command('contact.complete', { contactId: stage.contactId, next: null })).toEqual({ ok: true, value: null });
    expect((await stage.card('agent1')).state.name).toBe('READY');
    expect(stage.desk.contacts.size).toBe(0);
    expect([...stage.records.timeline.values()]).toMatchObject([{ outcome: 'answered', memo: '다시 전화', disposition: '배송 문의', talkMs: 5000, agentName: '상담원 1' }]);
    expect(stage.logged().find(({ type }) => type === 'contact.handled')).toMatchObject({ data: { talkMs: 5000, holdMs: 0, afterCallMs: 4000 } });
  });

  it('ends by itself at its deadline, and takes the pending choice', async () => {
    const stage = await talking();
    await stage.desk.command('agent.setState', { choice: { kind: 'away', reason: 'meal' } });
    expect((await stage.card('agent1')).state).toMatchObject({ name: 'TALKING', pending: { kind: 'away', reason: 'meal' } });
    await stage.hangUp(stage.customer);
    await stage.clock.pass(30_000);
    expect((await stage.card('agent1')).state).toEqual({ name: 'NOT_READY', reason: 'meal' });
    expect(stage.desk.contacts.size).toBe(0);
  });
});

describe('hold', () => {
  it('gives the other side music, and time on hold is no talk', async () => {
    const stage = await talking();
    stage.switchPort.hold(stage.agent1, true);
    await stage.clock.pass(3000);
    expect(stage.switchPort.hears(stage.customer)).toBe('music');
    expect(stage.desk.contact.me.state).toBe('held');
    stage.switchPort.hold(stage.agent1, false);
    await settle();
    expect(stage.switchPort.hears(stage.customer)).toEqual([stage.agent1]);
    await stage.hangUp(stage.customer);
    await stage.desk.command('contact.complete', { contactId: stage.contactId, next: null });
    expect(stage.logged().find(({ type }) => type === 'contact.handled')).toMatchObject({ data: { talkMs: 0, holdMs: 3000 } });
  });
});

describe('dialling', () => {
  it('rings a colleague who is away, and restores what both were doing', async () => {
    const stage = await centerStage();
    const caller = await stage.ready('agent1');
    await stage.signIn('agent2');
    const channel = stage.switchPort.arrive('1001', '1001', '1002', { 'x-sangdam-leg': 'out-1' });
    await settle();
    expect(caller.contact).toMatchObject({ kind: 'internal', number: '1002', me: { state: 'dialling', dialogKey: 'out-1' } });
    const other = await stage.answer('1002');
    expect(stage.switchPort.hears(channel)).toEqual([other]);
    await stage.hangUp(channel);
    expect([(await stage.card('agent1')).state.name, (await stage.card('agent2')).state]).toEqual(['READY', { name: 'NOT_READY', reason: 'login' }]);
  });

  it.each([
    ['1099', 'unknownNumber'],
    ['1008', 'noAnswer'],
    ['1001', 'busy'],
  ])('%s comes to nothing: %s, told and recorded', async (dialled, outcome) => {
    const stage = await centerStage();
    const caller = await stage.ready('agent1');
    stage.switchPort.arrive('1001', '1001', dialled);
    await stage.clock.pass(2000);
    expect(caller.events.findLast(({ type }) => type === 'notice.raised')).toMatchObject({ payload: { code: 'dialFailed', detail: outcome } });
    expect([...stage.records.timeline.values()]).toMatchObject([{ kind: 'internal', outcome }]);
    expect((await stage.card('agent1')).state.name).toBe('READY');
    expect(caller.contacts.size).toBe(0);
  });

  it('shows the representative number outside, and gives away neither a name nor a header of ours', async () => {
    const stage = await centerStage();
    await stage.ready('agent1');
    stage.switchPort.arrive('1001', '1001', '01000000002');
    await settle();
    const outside = [...stage.switchPort.channels.values()].find(({ request }) => request?.destination.kind === 'trunk');
    expect(outside?.request).toMatchObject({ callerNumber: '+8215880000', callerName: '' });
    expect(outside?.request?.headers ?? {}).toEqual({});
  });

  it('gives an outside number up that rings for a minute, tells the agent, and records it', async () => {
    const stage = await centerStage();
    const caller = await stage.ready('agent1');
    stage.switchPort.arrive('1001', '1001', '01000000002');
    await settle();
    await stage.clock.pass(59_000);
    expect(caller.contacts.size).toBe(1);
    await stage.clock.pass(1000);
    expect(caller.events.findLast(({ type }) => type === 'notice.raised')).toMatchObject({ payload: { code: 'dialFailed', detail: 'noAnswer' } });
    await stage.clock.pass(2000);
    expect(caller.contacts.size).toBe(0);
    expect([...stage.records.timeline.values()]).toMatchObject([{ kind: 'outbound', outcome: 'noAnswer' }]);
  });

  it('finds the customer of an outside number', async () => {
    const stage = await centerStage();
    await stage.records.createCustomer({ name: '고객 0002', company: '', numbers: [{ e164: '+821000000002', label: '' }], vip: false, warning: '', note: '' });
    const caller = await stage.ready('agent1');
    stage.switchPort.arrive('1001', '1001', '01000000002');
    await settle();
    expect(caller.contact).toMatchObject({ kind: 'outbound', number: '+821000000002', customerName: '고객 0002' });
  });
});

describe('failure: commands', () => {
  it('Ready without a phone or a microphone is refused with the reason, and nothing changes', async () => {
    const stage = await centerStage();
    const desk = await stage.signIn('agent1');
    stage.switchPort.register('1001', false);
    expect(await desk.command('agent.setState', { choice: { kind: 'ready' } })).toMatchObject({ error: { code: 'agent.phone-not-registered' } });
    stage.switchPort.register('1001');
    await desk.command('agent.reportDevice', { microphone: 'denied' });
    expect(await desk.command('agent.setState', { choice: { kind: 'ready' } })).toMatchObject({ error: { code: 'agent.no-microphone' } });
    expect((await stage.card('agent1')).state).toEqual({ name: 'NOT_READY', reason: 'login' });
  });

  it('what the part’s state does not allow is refused', async () => {
    const stage = await talking();
    const { contactId } = stage;
    expect(await stage.desk.command('contact.complete', { contactId, next: null })).toMatchObject({ error: { code: 'contact.action-not-allowed' } });
    expect(await stage.desk.command('contact.swap', { contactId })).toMatchObject({ error: { code: 'contact.action-not-allowed' } });
    const other = await stage.signIn('agent2');
    expect(await other.command('contact.hangUp', { contactId })).toMatchObject({ error: { code: 'contact.not-found' } });
    expect(stage.switchPort.hears(stage.customer)).toEqual([stage.agent1]);
  });

  it.each([
    [number('1099'), 'target.unknown'],
    [number('12;phone-context=x'), 'number.invalid'],
    [agent('agent8'), 'target.unavailable'],
    [agent('agent1'), 'target.busy'],
  ])('a target that cannot be reached is told, and the customer stays: %o', async (target, code) => {
    const stage = await talking();
    expect(await stage.desk.command('contact.consult', { contactId: stage.contactId, target })).toMatchObject({ error: { code } });
    expect(await stage.desk.command('contact.transfer', { contactId: stage.contactId, target })).toMatchObject({ error: { code } });
    expect(stage.switchPort.hears(stage.customer)).toEqual([stage.agent1]);
  });

  it('a second sign-in is refused during a call, and wins without one', async () => {
    const stage = await talking();
    expect(await stage.center.signIn(stage.desk.agentId, 'web')).toMatchObject({ error: { code: 'auth.busy-elsewhere' } });
    await stage.hangUp(stage.customer);
    expect(await stage.center.signIn(stage.desk.agentId, 'web')).toMatchObject({ ok: true });
    expect(stage.desk.events.at(-1)).toEqual({ type: 'session.replaced', payload: { by: 'web' } });
  });
});

describe('failure: the switch', () => {
  it('that stays away ends every call as lost with the network, and agents come back to rest', async () => {
    const stage = await talking();
    stage.switchPort.setAvailable(false);
    await stage.clock.pass(60_000);
    expect([...stage.records.timeline.values()]).toMatchObject([{ outcome: 'networkLost' }]);
    expect(stage.desk.notices).toContain('networkLost');
  });

  it('whose channels vanished without a word is found out by the watchdog', async () => {
    const stage = await talking();
    stage.switchPort.channels.clear();
    await stage.clock.pass(20_000);
    await stage.clock.pass(30_000);
    expect((await stage.card('agent1')).state.name).toBe('READY');
    expect(stage.problems).toContain('a leg without a channel was ended');
  });

  it('is asked no more of a contact that an earlier run left open: its record is closed', async () => {
    const before = await talking();
    const after = await centerStage({ records: before.records });
    expect([...after.records.timeline.values()]).toMatchObject([{ contactId: before.contactId, outcome: 'networkLost', agentId: 'agent1' }]);
  });
});

describe('failure: the store', () => {
  it('that cannot be written for a while loses no line of the log', async () => {
    const stage = await centerStage();
    stage.records.failing = true;
    await stage.ready('agent1');
    expect(stage.logged()).toEqual([]);
    stage.records.failing = false;
    await stage.clock.pass(1000);
    expect(stage.logged().filter(({ type }) => type === 'agent.changed')).toHaveLength(2);
  });
});
