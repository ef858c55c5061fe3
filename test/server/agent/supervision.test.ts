import { beforeEach, describe, expect, it } from 'vitest';
import { AgentId, ContactId } from '../../../contract/ids.ts';
import type { SupervisionView } from '../../../contract/supervision.ts';
import { until } from '../../support/sip-phone/index.ts';
import { must, TONES } from '../../switch/stage.ts';
import { AudioWindow } from './support/audio-window.ts';
import { givePhone, openOffice, openSession, openWindow, type Office } from './support/office.ts';

const view = (changes: Partial<SupervisionView> = {}): SupervisionView => ({ agentId: AgentId.parse('agent3'), contactId: ContactId.parse('contact-1'), mode: 'listen', state: 'calling', since: 1, dialogKey: 'ear-1', ...changes });

describe('a supervisor’s session', () => {
  let office: Office;
  let agentId: AgentId;

  beforeEach(async () => {
    office = await openOffice();
    agentId = (await office.signIn('supervisor')).me.agentId;
    await givePhone(office, agentId);
  });

  async function signedIn() {
    const opened = openSession(office);
    must(await opened.call('media.claim', null));
    must(await opened.call('session.signIn', { server: null, account: 'supervisor', password: 'sangdam-demo' }));
    await until('the phone is registered', () => opened.session.view.health.phone.state === 'registered');
    return opened;
  }

  const tell = (supervision: SupervisionView | null): void => office.center.tell(agentId, { type: 'supervision.changed', payload: { supervision } });
  const ring = async (channelId: string, key = 'ear-1'): Promise<void> => void must(await office.telephone.originate('1001', { channelId, destination: { kind: 'endpoint', user: agentId }, headers: { 'X-Sangdam-Leg': key } }));

  it.each(['the word of it', 'the call'])('answers the call it has asked for by itself, when %s comes first', async (first) => {
    const { session, audio } = await signedIn();
    if (first === 'the call') await ring('ear');
    tell(view());
    await until('it is shown', () => session.view.supervision?.dialogKey === 'ear-1');
    if (first !== 'the call') await ring('ear');
    await office.telephone.event('channel.answered', ({ channelId }) => channelId === 'ear');
    const agent = await office.telephone.connect(await office.telephone.registered('1001'));
    must(await office.telephone.port.snoop({ snoopId: 's1', channelId: 'ear', targetId: agent.channelId, whispering: false }));
    await until('there is audio', () => audio.requests.length > 0 && audio.audio.connected);
    await audio.audio.ear.hears([TONES['1001']]);
    expect(session.view.contacts).toEqual([]);
  });

  it('is called once more after a reload, where the switch takes no new audio in a call', async () => {
    office.center.rejoin = 'redial';
    const { session } = await signedIn();
    tell(view());
    await until('it is shown', () => session.view.supervision !== null);
    await ring('ear');
    await office.telephone.event('channel.answered', ({ channelId }) => channelId === 'ear');
    tell(view({ state: 'up', mode: 'whisper' }));
    await until('it is up', () => session.view.supervision?.state === 'up');
    const reloaded = new AudioWindow(1700);
    must(await openWindow(session, reloaded).call('media.claim', null));
    const asked = () => office.center.commands.filter(({ name }) => name.startsWith('supervision.')).map(({ name, request }) => [name, request]);
    await until('the center is asked', () => asked().length === 2);
    expect(asked()).toEqual([['supervision.stop', {}], ['supervision.start', { agentId: 'agent3', mode: 'whisper' }]]);
    reloaded.close();
  });

  it('answers no other call by itself', async () => {
    const { session } = await signedIn();
    tell(view());
    await ring('other', 'leg-of-a-customer');
    await office.telephone.event('channel.ringing', ({ channelId }) => channelId === 'other');
    tell(view({ mode: 'whisper' }));
    await until('it is shown', () => session.view.supervision?.mode === 'whisper');
    expect(office.telephone.events.some(({ type }) => type === 'channel.answered')).toBe(false);
  });

  it('asks the center for each change, and shows what the center says', async () => {
    const { session, call } = await signedIn();
    must(await call('supervision.start', { agentId: view().agentId, mode: 'listen' }));
    must(await call('supervision.setMode', { mode: 'barge' }));
    must(await call('supervision.stop', null));
    expect(office.center.commands.filter(({ name }) => name.startsWith('supervision.')).map(({ name, request }) => [name, request])).toEqual([
      ['supervision.start', { agentId: 'agent3', mode: 'listen' }],
      ['supervision.setMode', { mode: 'barge' }],
      ['supervision.stop', {}],
    ]);
    expect(session.view.supervision).toBeNull();
    tell(view({ state: 'up', mode: 'barge' }));
    await until('it is shown', () => session.view.supervision?.mode === 'barge');
    tell(null);
    await until('it is over', () => session.view.supervision === null);
  });
});
