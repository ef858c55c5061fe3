import { describe, expect, it } from 'vitest';
import { AgentId } from '../../../contract/ids.ts';
import { awayChoice } from '../../../contract/away-reasons.ts';
import { centerStage, talkingStage } from './center-stage.ts';

const GONE = awayChoice('gone');

describe('failure: a reason to be away that there is not', () => {
  it('is refused, and the agent is as before, whoever asks', async () => {
    const stage = await centerStage();
    const desk = await stage.signIn('agent1');
    await desk.command('agent.setState', { choice: awayChoice('meal') });
    const supervisor = await stage.signIn('supervisor');
    expect(await desk.command('agent.setState', { choice: GONE })).toMatchObject({ ok: false, error: { code: 'agent.unknown-reason' } });
    expect(await supervisor.command('agent.force', { agentId: AgentId.parse('agent1'), choice: GONE })).toMatchObject({ ok: false, error: { code: 'agent.unknown-reason' } });
    expect((await stage.card('agent1')).state).toEqual({ name: 'NOT_READY', reason: 'meal' });
  });

  it('does not end after-call work, nor is it kept for afterwards', async () => {
    const stage = await talkingStage();
    expect(await stage.desk.command('agent.setState', { choice: GONE })).toMatchObject({ ok: false });
    expect((await stage.card('agent1')).state).toMatchObject({ name: 'TALKING', pending: null });
    await stage.hangUp(stage.customer);
    expect(await stage.desk.command('contact.complete', { contactId: stage.contactId, next: GONE })).toMatchObject({ ok: false, error: { code: 'agent.unknown-reason' } });
    expect((await stage.card('agent1')).state.name).toBe('AFTER_CALL');
  });
});
