import { describe, expect, it } from 'vitest';
import { AgentId } from '../../../contract/ids.ts';
import { settle, talkingStage as talking } from './center-stage.ts';

describe('hold by the center, for a phone that nobody but the person can put on hold', () => {
  async function held() {
    const stage = await talking();
    expect(await stage.desk.command('contact.hold', { contactId: stage.contactId })).toMatchObject({ ok: true });
    await settle();
    return stage;
  }

  it('gives the customer music and the agent nobody, and both back to each other', async () => {
    const stage = await held();
    expect([stage.switchPort.hears(stage.customer), stage.switchPort.hears(stage.agent1)]).toEqual(['music', []]);
    expect(stage.desk.contact.me.state).toBe('held');
    expect(stage.desk.contact.legs.find(({ party }) => party === 'agent')?.state).toBe('held');
    await stage.desk.command('contact.resume', { contactId: stage.contactId });
    await settle();
    expect([stage.switchPort.hears(stage.customer), stage.switchPort.hears(stage.agent1)]).toEqual([[stage.agent1], [stage.customer]]);
    expect(stage.desk.contact.me.state).toBe('talking');
  });

  it('is over with a consultation, from which the agent comes back talking', async () => {
    const stage = await held();
    await stage.signIn('agent2');
    await stage.desk.command('contact.consult', { contactId: stage.contactId, target: { kind: 'agent', agentId: AgentId.parse('agent2') } });
    await settle();
    const agent2 = await stage.answer('1002');
    expect([stage.switchPort.hears(stage.agent1), stage.switchPort.hears(stage.customer)]).toEqual([[agent2], 'music']);
    await stage.desk.command('contact.cancelConsult', { contactId: stage.contactId });
    await settle();
    expect(stage.switchPort.hears(stage.customer)).toEqual([stage.agent1]);
    expect(stage.desk.contact.me.state).toBe('talking');
  });

  it('stays while the phone holds as well, which only the person can undo', async () => {
    const stage = await held();
    stage.switchPort.hold(stage.agent1, true);
    await settle();
    expect(await stage.desk.command('contact.resume', { contactId: stage.contactId })).toMatchObject({ error: { code: 'contact.held-at-phone' } });
    await settle();
    expect([stage.desk.contact.me.state, stage.switchPort.hears(stage.customer)]).toEqual(['held', 'music']);
    stage.switchPort.hold(stage.agent1, false);
    await settle();
    expect([stage.desk.contact.me.state, stage.switchPort.hears(stage.customer)]).toEqual(['talking', [stage.agent1]]);
  });

  it('failure: is refused to who does not talk, and changes nothing', async () => {
    const stage = await held();
    expect(await stage.desk.command('contact.hold', { contactId: stage.contactId })).toMatchObject({ error: { code: 'contact.action-not-allowed' } });
    await stage.desk.command('contact.resume', { contactId: stage.contactId });
    expect(await stage.desk.command('contact.resume', { contactId: stage.contactId })).toMatchObject({ error: { code: 'contact.action-not-allowed' } });
  });
});
