import { beforeEach, describe, expect, it } from 'vitest';
import { keepsNothing, type Clock } from '../../../agent/index.ts';
import { fail } from '../../../contract/errors.ts';
import { ContactId, type AgentId } from '../../../contract/ids.ts';
import { must } from '../../switch/stage.ts';
import { until } from '../../support/until.ts';
import { AudioWindow } from './support/audio-window.ts';
import { hastyClock } from './support/hasty-clock.ts';
import { contactOf, givePhone, openOffice, openSession, openWindow, type Office } from './support/office.ts';

const contactId = ContactId.parse('contact-1');

/** A session in a call, and the test is the center that dials its phone again. */
describe('a session whose window was reloaded in a call', () => {
  let office: Office;
  let agentId: AgentId;

  beforeEach(async () => {
    office = await openOffice();
    agentId = (await office.signIn('agent1')).me.agentId;
    await givePhone(office, agentId);
  });

  it('asks the center for its own contact, shows that audio is on its way, and has it by a call of that ticket', async () => {
    office.center.rejoin = 'redial';
    const { session } = await talking();
    const { audio, report } = await reloaded(session);
    const { ticket } = await asked();
    expect(session.view.audio).toEqual([{ contactId, dialog: 'established', muted: false, media: 'reconnecting' }]);
    await dial(ticket);
    await until('the window has the new call', () => audio.requests.length > 0);
    await report(audio, 'connecting');
    expect(session.view.audio[0]?.media).toBe('reconnecting');
    await until('the leg has it', () => office.telephone.events.filter(({ type }) => type === 'channel.answered').length === 2);
    await report(audio, 'connected');
    await until('it is shown', () => session.view.audio[0]?.media === 'connected');
    audio.close();
  });

  it('asks when the center is back, where it could not be asked', async () => {
    office.center.rejoin = 'redial';
    const { session } = await talking();
    office.cutSockets();
    await until('the center is away', () => session.view.health.cti.state !== 'connected');
    const { audio } = await reloaded(session);
    await asked();
    expect(session.view.health.cti.state).toBe('connected');
    audio.close();
  });

  it('asks, too, where the switch agreed to new audio and none came of it', async () => {
    const { session } = await talking();
    const { audio } = await reloaded(session);
    await until('it was agreed', () => audio.requests.some(({ operation }) => operation.type === 'applyAnswer'));
    expect(office.center.commands.filter(({ name }) => name === 'contact.rejoin')).toEqual([]);
    await dial((await asked()).ticket);
    await until('the window has the new call', () => audio.requests.some(({ operation }) => operation.type === 'createAnswer'));
    audio.close();
  });

  it('is told of a call without sound; its ICE is restarted, it gets a new peer connection, and is dialled again at last', async () => {
    const clock = hastyClock();
    const { session, audio, events, call } = await talking(clock);
    clock.haste = 4;
    const inVain = async (generation: number): Promise<void> => {
      const dialog = audio.requests.at(-1)?.session ?? '';
      must(await call('media.report', { session: dialog, generation, state: 'connecting' }));
    };
    await inVain(0);
    await until('the person is told', () => events.some((event) => event.name === 'notice.raised' && event.payload.code === 'noAudio'));
    await until('ICE is restarted', () => audio.requests.some(({ operation }) => operation.type === 'createOffer' && operation.restartIce));
    await until('there is another peer connection', () => audio.requests.some(({ generation, operation }) => generation === 1 && operation.type === 'createOffer'));
    await inVain(1);
    await dial((await asked()).ticket);
    await until('the window has the new call', () => audio.requests.filter(({ operation }) => operation.type === 'createAnswer').length === 2);
    expect(session.view.audio[0]?.dialog).toBe('established');
  });

  it('takes up a call that the process before it was in', async () => {
    office.center.contacts = [contactOf('leg-a', 'talking')];
    const { session, call, audio } = openSession(office);
    must(await call('session.signIn', { server: null, account: 'agent1', password: 'sangdam-demo' }));
    expect(office.center.commands.filter(({ name }) => name === 'contact.rejoin')).toEqual([]);
    must(await call('media.claim', null));
    const { ticket } = await asked();
    expect(session.view.audio).toEqual([{ contactId, dialog: 'none', muted: false, media: 'reconnecting' }]);
    await dial(ticket);
    await until('the call is here', () => session.view.audio[0]?.dialog === 'established');
    expect(audio.requests.find(({ operation }) => operation.type === 'createAnswer')).toBeDefined();
  });

  it.each(['ringing', 'dialling', 'afterCall'] as const)('takes up nothing of a call that is %s', async (state) => {
    office.center.contacts = [contactOf('leg-a', state)];
    const { session, call } = openSession(office);
    must(await call('session.signIn', { server: null, account: 'agent1', password: 'sangdam-demo' }));
    must(await call('media.claim', null));
    must(await call('devices.report', { microphone: 'ok' }));
    await until('the phone is registered', () => session.view.health.phone.state === 'registered');
    expect(office.center.commands.map(({ name }) => name)).toEqual(['agent.reportDevice']);
  });

  it('failure: the center says no, and the call is left as it is', async () => {
    office.center.rejoin = 'redial';
    const { session } = await talking();
    office.center.answer = () => fail('contact.action-not-allowed', 'no');
    const { audio } = await reloaded(session);
    const { ticket } = await asked();
    await until('it is no longer on its way', () => session.view.audio[0]?.media !== 'reconnecting');
    const channelId = await dial(ticket);
    expect(await office.telephone.ended(channelId)).toBe('rejected');
    expect(session.view.audio[0]?.dialog).toBe('established');
    audio.close();
  });

  /** @param clock of a session whose window stays */
  async function talking(clock?: Clock) {
    const opened = clock === undefined ? openSession(office) : openSession(office, 'desktop', keepsNothing, clock);
    must(await opened.call('session.signIn', { server: null, account: 'agent1', password: 'sangdam-demo' }));
    must(await opened.call('media.claim', null));
    await until('the phone is registered', () => opened.session.view.health.phone.state === 'registered');
    office.center.tell(agentId, { type: 'contact.changed', payload: contactOf('leg-a', 'ringing') });
    must(await office.telephone.originate('1001', { destination: { kind: 'endpoint', user: agentId }, headers: { 'X-Sangdam-Leg': 'leg-a' } }));
    await until('it is shown', () => opened.session.view.contacts.length === 1);
    must(await opened.call('phone.answer', { contactId }));
    office.center.tell(agentId, { type: 'contact.changed', payload: contactOf('leg-a', 'talking') });
    office.center.contacts = [contactOf('leg-a', 'talking')];
    await until('the call is up', () => opened.session.view.audio[0]?.dialog === 'established');
    if (clock === undefined) opened.detach();
    return opened;
  }

  /** The window that comes instead, and what it reports of its newest peer connection. */
  async function reloaded(session: Parameters<typeof openWindow>[0]) {
    const audio = new AudioWindow(1700);
    const window = openWindow(session, audio);
    must(await window.call('media.claim', null));
    const report = async (of: AudioWindow, state: 'connecting' | 'connected'): Promise<void> => {
      const { session: dialog, generation } = of.requests.findLast(({ operation }) => operation.type === 'createAnswer') ?? { session: '', generation: 0 };
      must(await window.call('media.report', { session: dialog, generation, state }));
    };
    return { audio, report };
  }

  /** What the center was asked. */
  async function asked(): Promise<{ ticket: string }> {
    const found = await until('the center is asked', () => office.center.commands.find(({ name }) => name === 'contact.rejoin'));
    expect(found.request).toEqual({ contactId, ticket: expect.stringMatching(/^[\da-f-]{36}$/), held: false });
    return found.request as { ticket: string };
  }

  async function dial(ticket: string): Promise<string> {
    const channelId = office.telephone.newId('channel');
    must(await office.telephone.originate('1001', { channelId, destination: { kind: 'endpoint', user: agentId }, headers: { 'X-Sangdam-Leg': 'leg-a', 'X-Sangdam-Rejoin': ticket } }));
    return channelId;
  }
});
