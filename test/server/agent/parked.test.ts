import { beforeEach, describe, expect, it } from 'vitest';
import { heldDescription } from '../../../agent/phone/description.ts';
import { ContactId, type AgentId } from '../../../contract/ids.ts';
import { must } from '../../switch/stage.ts';
import { until } from '../../support/sip-phone/index.ts';
import { AudioWindow } from './support/audio-window.ts';
import { contactOf, givePhone, openOffice, openSession, openWindow, type Office } from './support/office.ts';

const contactId = ContactId.parse('contact-1');

describe('a call whose window is gone and does not return', () => {
  let office: Office;
  let agentId: AgentId;

  beforeEach(async () => {
    office = await openOffice();
    agentId = (await office.signIn('agent1')).me.agentId;
    await givePhone(office, agentId);
  });

  async function talking() {
    const opened = openSession(office);
    must(await opened.call('session.signIn', { server: null, account: 'agent1', password: 'sangdam-demo' }));
    must(await opened.call('media.claim', null));
    await until('the phone is registered', () => opened.session.view.health.phone.state === 'registered');
    office.center.tell(agentId, { type: 'contact.changed', payload: contactOf('leg-a', 'ringing') });
    must(await office.telephone.originate('1001', { destination: { kind: 'endpoint', user: agentId }, headers: { 'X-Sangdam-Leg': 'leg-a' } }));
    await until('it is shown', () => opened.session.view.contacts.length === 1);
    must(await opened.call('phone.answer', { contactId }));
    office.center.tell(agentId, { type: 'contact.changed', payload: contactOf('leg-a', 'talking') });
    await until('the call is up', () => opened.session.view.audio[0]?.dialog === 'established');
    return opened;
  }

  it('is put on hold, so that the customer hears music, and is talked again when a window comes', async () => {
    const { session, detach } = await talking();
    detach();
    await office.telephone.event('channel.held');
    const audio = new AudioWindow(1700);
    const second = openWindow(session, audio);
    must(await second.call('media.claim', null));
    await office.telephone.event('channel.resumed');
    await until('it has a new peer connection', () => audio.requests.some(({ operation }) => operation.type === 'applyAnswer'));
    expect(audio.requests.find(({ operation }) => operation.type === 'createOffer')).toMatchObject({ generation: 1, operation: { hold: false } });
    audio.close();
  });

  it('a window that returns at once keeps it off hold', async () => {
    const { session, detach } = await talking();
    detach();
    const audio = new AudioWindow(1700);
    const second = openWindow(session, audio);
    must(await second.call('media.claim', null));
    await until('it has a new peer connection', () => audio.requests.some(({ operation }) => operation.type === 'applyAnswer'));
    expect(office.telephone.events.some(({ type }) => type === 'channel.held')).toBe(false);
    audio.close();
  });

  it('a window whose line broke goes on with the peer connection it has', async () => {
    const { session, audio, detach } = await talking();
    detach();
    const [{ session: dialog, generation } = { session: '', generation: 0 }] = audio.requests;
    const before = audio.requests.length;
    const back = openWindow(session, audio);
    must(await back.call('media.claim', { open: [{ session: dialog, generation, state: 'connected' }] }));
    must(await back.call('phone.setMuted', { contactId, muted: true }));
    expect(audio.requests.slice(before).map(({ generation: of, operation }) => [of, operation.type])).toEqual([[generation, 'setMuted']]);
    expect(office.center.commands.filter(({ name }) => name === 'contact.rejoin')).toEqual([]);
    must(await back.call('phone.hold', { contactId }));
    await office.telephone.event('channel.held');
  });

  it('a window that has another call’s peer connection, or one that failed, gets a new one', async () => {
    const { session, audio, detach } = await talking();
    detach();
    const [{ session: dialog } = { session: '' }] = audio.requests;
    const other = new AudioWindow(1700);
    const second = openWindow(session, other);
    must(await second.call('media.claim', { open: [{ session: dialog, generation: 0, state: 'failed' }, { session: 'another', generation: 0, state: 'connected' }] }));
    await until('it has a new peer connection', () => other.requests.some(({ operation }) => operation.type === 'applyAnswer'));
    expect(other.requests.find(({ operation }) => operation.type === 'createOffer')).toMatchObject({ session: dialog, generation: 1 });
    other.close();
  });

  it('failure: a call on hold already, and one that ends meanwhile, are left alone', async () => {
    const { session, call, detach } = await talking();
    must(await call('phone.hold', { contactId }));
    await office.telephone.event('channel.held');
    detach();
    must(await call('phone.hangUp', { contactId }));
    await office.telephone.event('channel.ended');
    expect(session.onCall).toBe(false);
  });
});

it('the same description on hold is one version later, and sends only', () => {
  const sdp = 'v=0\r\no=- 4611686018427387904 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=sendrecv\r\na=rtcp-mux\r\n';
  expect(heldDescription(sdp)).toBe(sdp.replace(' 2 IN', ' 3 IN').replace('a=sendrecv', 'a=sendonly'));
  expect(heldDescription(heldDescription(sdp))).toContain('o=- 4611686018427387904 4 IN');
});
