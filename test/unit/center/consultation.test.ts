import { describe, expect, it } from 'vitest';
import type { PartyChange } from '../../../contract/contact.ts';
import { AgentId, GroupId, LegId } from '../../../contract/ids.ts';
import { centerStage, CUSTOMER, settle, talkingStage as talking } from './center-stage.ts';

const agent = (agentId: string) => ({ kind: 'agent', agentId: AgentId.parse(agentId) }) as const;
const number = (written: string) => ({ kind: 'number', number: written }) as const;

/** agent1 talks with agent2 in private, the customer waits. */
async function consulting() {
  const stage = await talking();
  const colleague = await stage.signIn('agent2');
  await stage.desk.command('contact.consult', { contactId: stage.contactId, target: agent('agent2') });
  await settle();
  expect(stage.switchPort.hears(stage.agent1)).toBe('ringback');
  expect(stage.switchPort.hears(stage.customer)).toBe('music');
  const agent2 = await stage.answer('1002');
  return { ...stage, colleague, agent2 };
}

describe('consultation', () => {
  it('is private, swaps, and hands the customer over under the same id', async () => {
    const stage = await consulting();
    expect(stage.colleague.contact).toMatchObject({ contactId: stage.contactId, number: CUSTOMER, me: { state: 'talking' } });
    expect(stage.colleague.contact.me.allowed).not.toContain('transfer');
    expect(stage.switchPort.hears(stage.agent2)).toEqual([stage.agent1]);
    await stage.desk.command('contact.swap', { contactId: stage.contactId });
    await settle();
    expect([stage.switchPort.hears(stage.customer), stage.switchPort.hears(stage.agent2)]).toEqual([[stage.agent1], 'music']);
    await stage.desk.command('contact.completeTransfer', { contactId: stage.contactId });
    await settle();
    expect(stage.switchPort.hears(stage.customer)).toEqual([stage.agent2]);
    expect((await stage.card('agent1')).state.name).toBe('AFTER_CALL');
    expect(stage.colleague.contact.me.allowed).toContain('transfer');
    await stage.hangUp(stage.customer);
    expect((await stage.card('agent2')).state.name).toBe('AFTER_CALL');
  });

  it('leaves the two talking when the customer hangs up; who never spoke with them has nothing to write up', async () => {
    const stage = await consulting();
    await stage.hangUp(stage.customer);
    expect(stage.switchPort.hears(stage.agent1)).toEqual([stage.agent2]);
    expect([stage.desk.notices, stage.colleague.notices]).toEqual([['customerLeftConsultation'], ['customerLeftConsultation']]);
    await stage.hangUp(stage.agent1);
    expect((await stage.card('agent1')).state.name).toBe('AFTER_CALL');
    expect((await stage.card('agent2')).state).toEqual({ name: 'NOT_READY', reason: 'login' });
  });

  it('hands the customer to the target when the agent’s phone is lost meanwhile', async () => {
    const stage = await consulting();
    stage.switchPort.phoneEnds(stage.agent1, 'networkLost');
    await settle();
    expect(stage.switchPort.hears(stage.customer)).toEqual([stage.agent2]);
  });

  it('comes back to the customer when the target hangs up', async () => {
    const stage = await consulting();
    await stage.hangUp(stage.agent2);
    expect(stage.switchPort.hears(stage.customer)).toEqual([stage.agent1]);
    expect(stage.desk.contact.me.state).toBe('talking');
  });

  it('comes back with the reason when the target does not answer', async () => {
    const stage = await talking();
    await stage.signIn('agent2');
    await stage.desk.command('contact.consult', { contactId: stage.contactId, target: agent('agent2') });
    await stage.clock.pass(30_000);
    expect(stage.switchPort.hears(stage.customer)).toEqual([stage.agent1]);
    expect(stage.desk.events.findLast(({ type }) => type === 'notice.raised')).toMatchObject({ payload: { code: 'consultFailed', detail: 'noAnswer' } });
    expect((await stage.card('agent2')).state).toEqual({ name: 'NOT_READY', reason: 'login' });
  });

  it('reaches whoever is free in a group', async () => {
    const stage = await talking();
    await stage.ready('agent5');
    await stage.desk.command('contact.consult', { contactId: stage.contactId, target: { kind: 'group', groupId: GroupId.parse('technical') } });
    await settle();
    expect(stage.switchPort.hears(await stage.answer('1005'))).toEqual([stage.agent1]);
  });

  it('becomes a conference of all, and goes on without whoever leaves', async () => {
    const stage = await consulting();
    await stage.desk.command('contact.conference', { contactId: stage.contactId, target: null });
    await settle();
    expect(stage.switchPort.hears(stage.customer)).toEqual([stage.agent1, stage.agent2]);
    expect([stage.desk.contact.me.state, stage.colleague.contact.me.state]).toEqual(['conference', 'conference']);
    await stage.hangUp(stage.agent1);
    expect(stage.switchPort.hears(stage.customer)).toEqual([stage.agent2]);
    expect(stage.colleague.contact.me.state).toBe('talking');
  });
});

describe('hang up during a consultation', () => {
  const hangUp = async ({ desk, contactId }: Pick<Awaited<ReturnType<typeof consulting>>, 'desk' | 'contactId'>) => {
    expect(await desk.command('contact.hangUp', { contactId })).toMatchObject({ ok: true });
    await settle();
  };

  it('ends what is talked in, and the agent is back with the customer', async () => {
    const stage = await consulting();
    await hangUp(stage);
    expect(stage.switchPort.hungUp.has(stage.agent2)).toBe(true);
    expect(stage.switchPort.hears(stage.customer)).toEqual([stage.agent1]);
    expect(stage.desk.contact.me.state).toBe('talking');
    expect(stage.logged().some(({ type }) => type === 'contact.transferred')).toBe(false);
  });

  it('stops calling who has not answered yet', async () => {
    const stage = await talking();
    await stage.signIn('agent2');
    await stage.desk.command('contact.consult', { contactId: stage.contactId, target: agent('agent2') });
    await hangUp(stage);
    expect(stage.switchPort.ringingAt('1002')).toBeUndefined();
    expect(stage.switchPort.hears(stage.customer)).toEqual([stage.agent1]);
  });

  it('with the customer after a swap ends their call, and the two go on', async () => {
    const stage = await consulting();
    await stage.desk.command('contact.swap', { contactId: stage.contactId });
    await hangUp(stage);
    expect(stage.switchPort.hungUp.get(stage.customer)).toBe('normal');
    expect(stage.switchPort.hears(stage.agent1)).toEqual([stage.agent2]);
    await stage.hangUp(stage.agent1);
    expect([...stage.records.timeline.values()]).toMatchObject([{ endedBy: 'agent' }]);
  });

  it('by the phone itself hands nobody on: the customer rings at the agent again', async () => {
    const stage = await consulting();
    await stage.hangUp(stage.agent1);
    expect(stage.switchPort.hungUp.has(stage.agent2)).toBe(true);
    expect(stage.switchPort.hears(stage.customer)).toBe('music');
    expect(stage.switchPort.hears(await stage.answer('1001'))).toEqual([stage.customer]);
  });

  it('by the phone itself with the customer ends the call for all', async () => {
    const stage = await consulting();
    await stage.desk.command('contact.swap', { contactId: stage.contactId });
    await stage.hangUp(stage.agent1);
    expect(stage.switchPort.channels.size).toBe(0);
  });

  describe('failure: a phone that was lost', () => {
    it('has hung nothing up: the customer goes on with who was asked', async () => {
      const stage = await consulting();
      stage.switchPort.phoneEnds(stage.agent1, 'networkLost');
      await settle();
      expect(stage.switchPort.hears(stage.customer)).toEqual([stage.agent2]);
    });
  });
});

describe('a conference', () => {
  async function conferring() {
    const stage = await talking();
    const channels: string[] = [];
    const [colleague, third] = [await stage.signIn('agent2'), await stage.signIn('agent3')];
    for (const [who, extension] of [['agent2', '1002'], ['agent3', '1003']] as const) {
      expect(await stage.desk.command('contact.conference', { contactId: stage.contactId, target: agent(who) })).toMatchObject({ ok: true });
      await settle();
      channels.push(await stage.answer(extension));
    }
    const legOf = (party: string) => stage.desk.contact.legs.find(({ party: each, agentId }) => each === party || agentId === party)?.legId ?? LegId.parse('none');
    const change = async (party: string, what: PartyChange) => {
      const answer = await stage.desk.command('contact.changeParty', { contactId: stage.contactId, legId: legOf(party), change: what });
      await settle();
      return answer;
    };
    const [agent2 = '', agent3 = ''] = channels;
    return { ...stage, colleague, third, change, agent2, agent3 };
  }

  it('is of four, called in one after the other', async () => {
    const stage = await conferring();
    expect(stage.switchPort.hears(stage.customer)).toEqual([stage.agent1, stage.agent2, stage.agent3]);
    expect([stage.desk, stage.colleague, stage.third].map(({ contact }) => contact.me.state)).toEqual(['conference', 'conference', 'conference']);
  });

  it('goes on without who is on hold, who hears music and is told since when', async () => {
    const stage = await conferring();
    await stage.clock.pass(5000);
    await stage.change('customer', 'hold');
    await stage.clock.pass(3000);
    expect([stage.switchPort.hears(stage.customer), stage.switchPort.hears(stage.agent1)]).toEqual(['music', [stage.agent2, stage.agent3]]);
    expect(stage.desk.contact.legs.find(({ party }) => party === 'customer')).toMatchObject({ state: 'held', since: stage.clock.now() - 3000 });
    await stage.change('customer', 'resume');
    expect(stage.switchPort.hears(stage.customer)).toEqual([stage.agent1, stage.agent2, stage.agent3]);
  });

  it('does not hear who is muted, and hears them again', async () => {
    const stage = await conferring();
    await stage.change('agent2', 'mute');
    expect([stage.switchPort.hears(stage.customer), stage.switchPort.hears(stage.agent2)]).toEqual([[stage.agent1, stage.agent3], [stage.customer, stage.agent1, stage.agent3]]);
    expect(stage.desk.contact.legs.map(({ muted }) => muted)).toContain(true);
    await stage.change('agent2', 'unmute');
    expect(stage.switchPort.hears(stage.customer)).toEqual([stage.agent1, stage.agent2, stage.agent3]);
  });

  it('is held at one’s own phone and left again: the others go on, and see that it is not theirs to undo', async () => {
    const stage = await conferring();
    expect(stage.desk.contact.me.allowed).toContain('hold');
    stage.switchPort.hold(stage.agent1, true);
    await settle();
    expect(stage.desk.contact.me.allowed.filter((action) => action === 'hold' || action === 'resume')).toEqual(['resume']);
    expect(stage.switchPort.hears(stage.customer)).toEqual([stage.agent2, stage.agent3]);
    expect(stage.colleague.contact.legs.find(({ agentId }) => agentId === 'agent1')).toMatchObject({ state: 'held', aside: false });
    stage.switchPort.hold(stage.agent1, false);
    await settle();
    expect(stage.switchPort.hears(stage.customer)).toEqual([stage.agent1, stage.agent2, stage.agent3]);
    expect(stage.desk.contact.me).toMatchObject({ state: 'conference' });
    expect(stage.desk.contact.me.allowed).not.toContain('resume');
  });

  it('is held by the desk in the stead of a phone that cannot be told to; of two who are left one holds the other', async () => {
    const stage = await conferring();
    expect(await stage.desk.command('contact.hold', { contactId: stage.contactId })).toMatchObject({ ok: true });
    await settle();
    expect(stage.switchPort.hears(stage.customer)).toEqual([stage.agent2, stage.agent3]);
    await stage.hangUp(stage.agent2);
    await stage.hangUp(stage.agent3);
    expect([stage.desk.contact.me.state, stage.switchPort.hears(stage.customer)]).toEqual(['held', 'music']);
    expect(await stage.desk.command('contact.resume', { contactId: stage.contactId })).toMatchObject({ ok: true });
    await settle();
    expect([stage.desk.contact.me.state, stage.switchPort.hears(stage.customer)]).toEqual(['talking', [stage.agent1]]);
  });

  it('loses whom one removes, and is a plain call between two, held and muted by nobody', async () => {
    const stage = await conferring();
    await stage.change('customer', 'hold');
    await stage.change('agent2', 'mute');
    await stage.change('agent3', 'remove');
    expect(stage.third.contact.me.state).toBe('afterCall');
    expect(stage.switchPort.hears(stage.customer)).toBe('music');
    await stage.hangUp(stage.agent1);
    expect(stage.switchPort.hears(stage.customer)).toEqual([stage.agent2]);
    expect(stage.colleague.contact.me.state).toBe('talking');
  });

  it('takes back an invitation before it is answered', async () => {
    const stage = await conferring();
    await stage.signIn('agent4');
    await stage.desk.command('contact.conference', { contactId: stage.contactId, target: agent('agent4') });
    await settle();
    await stage.change('agent4', 'remove');
    expect(stage.switchPort.ringingAt('1004')).toBeUndefined();
    expect(stage.desk.contact.me.state).toBe('conference');
    expect(stage.desk.notices).toEqual([]);
  });

  describe('failure:', () => {
    it('nobody holds, mutes or removes themselves, who is not there, or anybody in a plain call', async () => {
      const stage = await conferring();
      const own = stage.desk.contact.me.legId;
      expect(await stage.desk.command('contact.changeParty', { contactId: stage.contactId, legId: own, change: 'remove' })).toMatchObject({ error: { code: 'not-found' } });
      expect(await stage.change('nobody', 'mute')).toMatchObject({ error: { code: 'not-found' } });
      await stage.change('agent2', 'remove');
      await stage.change('agent3', 'remove');
      expect(await stage.change('customer', 'remove')).toMatchObject({ error: { code: 'contact.action-not-allowed' } });
      expect(stage.switchPort.hears(stage.customer)).toEqual([stage.agent1]);
    });
  });
});

describe('whom a consultation concerns', () => {
  it('is seen by both: who asks whom, for which customer, and who waits after a swap', async () => {
    const stage = await consulting();
    const seen = () => [stage.desk.contact, stage.colleague.contact].map(({ consultation, legs }) => ({ state: consultation?.state, by: legs.find(({ legId }) => legId === consultation?.by)?.name, held: legs.filter(({ state }) => state === 'held').map(({ party, name }) => name || party) }));
    expect(seen()).toEqual([{ state: 'private', by: '상담원 1', held: ['customer'] }, { state: 'private', by: '상담원 1', held: ['customer'] }]);
    expect(stage.colleague.contact).toMatchObject({ number: CUSTOMER, groupId: 'orders' });
    await stage.desk.command('contact.swap', { contactId: stage.contactId });
    await settle();
    expect(seen()).toEqual([{ state: 'swapped', by: '상담원 1', held: ['상담원 2'] }, { state: 'swapped', by: '상담원 1', held: ['상담원 2'] }]);
    await stage.desk.command('contact.cancelConsult', { contactId: stage.contactId });
    await settle();
    expect(stage.desk.contact.consultation).toBeNull();
  });
});

describe('blind transfer', () => {
  it('comes back to the sender, who is writing it up, when nobody takes it', async () => {
    const stage = await talking();
    await stage.signIn('agent2');
    await stage.desk.command('contact.transfer', { contactId: stage.contactId, target: agent('agent2') });
    await settle();
    expect((await stage.card('agent1')).state.name).toBe('AFTER_CALL');
    const ringing = stage.switchPort.ringingAt('1002');
    stage.switchPort.phoneEnds(ringing ?? '', 'rejected');
    await settle();
    expect(stage.desk.notices).toContain('callReturned');
    expect(stage.desk.contact.me).toMatchObject({ state: 'ringing', offer: { via: 'transfer' } });
    expect(stage.switchPort.hears(await stage.answer('1001'))).toEqual([stage.customer]);
    await stage.hangUp(stage.customer);
    expect((await stage.card('agent1')).state.name).toBe('AFTER_CALL');
  });

  it('goes back to the queue when the sender does not take it back', async () => {
    const stage = await talking();
    await stage.signIn('agent2');
    await stage.desk.command('agent.setState', { choice: { kind: 'away', reason: 'meal' } });
    await stage.desk.command('contact.transfer', { contactId: stage.contactId, target: agent('agent2') });
    await stage.clock.pass(30_000);
    await stage.clock.pass(30_000);
    expect(stage.switchPort.hears(stage.customer)).toBe('music');
    await stage.ready('agent2');
    expect(stage.switchPort.hears(await stage.answer('1002'))).toEqual([stage.customer]);
  });

  it('leads into another group’s queue', async () => {
    const stage = await talking();
    const technician = await stage.signIn('agent5');
    await stage.desk.command('contact.transfer', { contactId: stage.contactId, target: { kind: 'group', groupId: GroupId.parse('technical') } });
    await settle();
    expect(stage.switchPort.hears(stage.customer)).toBe('music');
    await stage.ready('agent5');
    await stage.answer('1005');
    expect(technician.contact).toMatchObject({ groupId: 'technical', contactId: stage.contactId });
  });

  it('leads to an outside number, with the center’s own as caller', async () => {
    const stage = await talking();
    await stage.desk.command('contact.transfer', { contactId: stage.contactId, target: number('010-0000-0002') });
    await settle();
    const outside = await stage.answer('+821000000002');
    expect(stage.switchPort.hears(stage.customer)).toEqual([outside]);
    expect(stage.switchPort.channels.get(outside)?.callerNumber).toBe('+8215880000');
    await stage.hangUp(outside);
    expect(stage.switchPort.channels.size).toBe(0);
  });
});

describe('REFER', () => {
  it('with Replaces puts the parties of a desk phone’s two calls together', async () => {
    const stage = await centerStage();
    await stage.ready('agent1');
    stage.switchPort.register('1901');
    const toCustomer = stage.switchPort.arrive('1901', '1901', '01000000002');
    await settle();
    const customer = await stage.answer('+821000000002');
    const toAgent = stage.switchPort.arrive('1901', '1901', '1001');
    await settle();
    const agent1 = await stage.answer('1001');
    const transferId = stage.switchPort.refer(toCustomer, '1001', toAgent);
    await settle();
    expect(stage.switchPort.progress).toEqual([[transferId, 'succeeded']]);
    expect(stage.switchPort.hears(customer)).toEqual([agent1]);
    expect(stage.desk('agent1').contact).toMatchObject({ kind: 'outbound', number: '+821000000002' });
    await stage.hangUp(customer);
    // A call to the outside is written up, whoever made it.
    expect((await stage.card('agent1')).state.name).toBe('AFTER_CALL');
    expect(stage.switchPort.channels.size).toBe(0);
  });

  it('by a phone whose desk cannot reach the center transfers after a second call', async () => {
    const stage = await talking();
    await stage.signIn('agent2');
    const second = stage.switchPort.arrive('1001', '1001', '1002', { 'x-sangdam-leg': 'sip-1' });
    await settle();
    const agent2 = await stage.answer('1002');
    stage.switchPort.refer(stage.agent1, '1002', second);
    await settle();
    expect(stage.switchPort.hears(stage.customer)).toEqual([agent2]);
    expect((await stage.card('agent1')).state.name).toBe('AFTER_CALL');
  });
});
