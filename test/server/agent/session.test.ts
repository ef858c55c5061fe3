import { beforeEach, describe, expect, it } from 'vitest';
import { CenterRest, probeCenter } from '../../../agent/cti/index.ts';
import { AgentId, ContactId } from '../../../contract/ids.ts';
import { fail, ok } from '../../../contract/errors.ts';
import { must } from '../../switch/stage.ts';
import { until } from '../../support/sip-phone/index.ts';
import { AudioWindow } from './support/audio-window.ts';
import { CUSTOMERS, contactOf, givePhone, openOffice, openSession, openWindow, type Office } from './support/office.ts';

const contactId = ContactId.parse('contact-1');
const credentials = { server: null, account: 'agent1', password: 'sangdam-demo' };

describe('a session', () => {
  let office: Office;
  let agentId: AgentId;

  beforeEach(async () => {
    office = await openOffice();
    agentId = (await office.signIn('agent1')).me.agentId;
    await givePhone(office, agentId);
  });

  it('signs in: view from the snapshot, phone registered, customers in the cache', async () => {
    const { session, call, events } = openSession(office);
    must(await call('session.signIn', credentials));
    expect(session.view).toMatchObject({ phase: 'signedIn', me: { account: 'agent1' }, health: { cti: { state: 'connected' } } });
    await until('the phone is registered', () => session.view.health.phone.state === 'registered');
    await until('the customers are here', async () => {
      const found = await call('customers.search', { text: '', limit: 1, offset: 0 });
      return found.ok && found.value.total === CUSTOMERS;
    }, 10_000);
    expect(events.some((event) => event.name === 'session.changed' && event.payload.phase === 'signedIn')).toBe(true);
  });

  it('signs in without a telephone who has none: no phone, and everything else', async () => {
    office.center.set(agentId, { extension: null });
    const { session, call } = openSession(office);
    must(await call('session.signIn', credentials));
    expect(session.view).toMatchObject({ phase: 'signedIn', me: { kind: 'console', extension: null }, health: { cti: { state: 'connected' }, phone: { state: 'lost' } } });
    await until('the customers are here', async () => {
      const found = await call('customers.search', { text: '', limit: 1, offset: 0 });
      return found.ok && found.value.total === CUSTOMERS;
    }, 10_000);
    for (const refused of [call('phone.dial', { number: '1002' }), call('agent.setState', { choice: { kind: 'ready' } }), call('devices.report', { microphone: 'ok' })]) expect(await refused).toMatchObject({ ok: false, error: { code: 'forbidden' } });
    // A desk of theirs that signs out elsewhere is another sign-in.
    const own = { agentId, name: '', extension: '1001', role: 'agent' as const, groupIds: [], since: 1, connected: true, reachable: true, state: { name: 'LOGGED_OUT' as const } };
    for (const sink of office.center.consoles) sink.send({ type: 'directory.changed', payload: { groups: [], agents: [own] } });
    for (const sink of office.center.consoles) sink.send({ type: 'switch.changed', payload: { available: false } });
    await until('it was told', () => session.view.health.switch === 'unavailable');
    expect(session.view.phase).toBe('signedIn');
    must(await call('session.signOut', null));
    expect(session.view.phase).toBe('signedOut');
  });

  it('tells only what changed', async () => {
    const { session, call, events } = await signedIn();
    await until('the customers are here', async () => {
      const found = await call('customers.search', { text: '', limit: 1, offset: 0 });
      return found.ok && found.value.total === CUSTOMERS && session.view.health.cache.state === 'ready';
    });
    events.length = 0;
    office.center.tell(agentId, { type: 'switch.changed', payload: { available: false } });
    await until('it was told', () => events.length > 0);
    expect(events).toEqual([{ name: 'session.changed', payload: { version: expect.anything(), health: expect.objectContaining({ switch: 'unavailable' }) } }]);
    expect(await call('session.get', null)).toMatchObject({ ok: true, value: { health: { switch: 'unavailable' } } });
    events.length = 0;
    const own = { agentId, name: '', extension: '1001', role: 'agent' as const, groupIds: [], since: 1, connected: true, reachable: true, state: { name: 'READY' as const } };
    office.center.tell(agentId, { type: 'directory.changed', payload: { groups: [], agents: [] } });
    office.center.tell(agentId, { type: 'directory.changed', payload: { groups: [], agents: [own] } });
    await until('it was told', () => events.length > 0);
    expect(events).toEqual([{ name: 'session.changed', payload: { version: expect.anything(), card: own } }]);
  });

  it('tells who calls just before the call is shown, once, and again when it is somebody else', async () => {
    const { session, call, events } = await signedIn();
    await until('the customer is here', async () => {
      const found = await call('customers.findByNumber', { number: '+821000000001' });
      return found.ok && found.value !== null;
    }, 10_000);
    events.length = 0;
    const contact = contactOf('leg-a', 'ringing');
    for (const change of [{}, { memo: '배송' }, { memo: '배송', number: '+821099999999' }]) {
      const told = { ...contact, ...change };
      office.center.tell(agentId, { type: 'contact.changed', payload: told });
      await until('it is shown', () => session.view.contacts[0]?.memo === told.memo && session.view.contacts[0].number === told.number);
    }
    await until('all is told', () => events.some((event) => event.name === 'session.changed' && event.payload.contacts?.[0]?.number === '+821099999999'));
    const told = events.filter(({ name }) => name === 'contact.popped' || name === 'session.changed');
    expect(told[0]).toMatchObject({ name: 'contact.popped', payload: { contactId, number: '+821000000001', record: { customer: { numbers: [expect.objectContaining({ e164: '+821000000001' })] } } } });
    expect(told.filter(({ name }) => name === 'contact.popped')).toHaveLength(2);
    expect(told.findLast(({ name }) => name === 'contact.popped')).toMatchObject({ payload: { number: '+821099999999', record: null } });
  });

  it('answers an offer by the leg that the center named, although its INVITE comes later', async () => {
    const { session, call } = await signedIn();
    office.center.tell(agentId, { type: 'contact.changed', payload: contactOf('leg-a', 'ringing') });
    await until('it is shown', () => session.view.contacts.length === 1);
    const answered = call('phone.answer', { contactId });
    must(await office.telephone.originate('1001', { destination: { kind: 'endpoint', user: agentId }, headers: { 'X-Sangdam-Leg': 'leg-a' } }));
    must(await answered);
    await until('the audio is up', () => session.view.audio[0]?.dialog !== 'ringing');
    expect(session.view.audio[0]?.dialog).toBe('established');
  });

  it('holds, mutes and hangs up', async () => {
    const { session, call, audio } = await talking();
    must(await call('phone.hold', { contactId }));
    await office.telephone.event('channel.held');
    must(await call('phone.resume', { contactId }));
    must(await call('phone.setMuted', { contactId, muted: true }));
    expect(audio.muted).toBe(true);
    expect(session.view.audio).toEqual([{ contactId, dialog: 'established', muted: true, media: 'none' }]);
    must(await call('phone.hangUp', { contactId }));
    await office.telephone.event('channel.ended');
  });

  it('leaves hold and resume to the center where the call is on another phone', async () => {
    const { session, call } = await talking();
    office.center.tell(agentId, { type: 'contact.changed', payload: contactOf('leg-of-a-desk-phone', 'talking') });
    await until('it is shown', () => session.view.contacts[0]?.me.dialogKey === 'leg-of-a-desk-phone');
    must(await call('phone.hold', { contactId }));
    must(await call('phone.resume', { contactId }));
    expect(office.center.commands.slice(-2).map(({ name }) => name)).toEqual(['contact.hold', 'contact.resume']);
    expect(await call('phone.setMuted', { contactId, muted: true })).toMatchObject({ error: { code: 'phone.no-call' } });
  });

  it('takes the phone off hold for a consultation, once the center has taken the customer out', async () => {
    const { session, call } = await talking();
    must(await call('phone.hold', { contactId }));
    await office.telephone.event('channel.held');
    office.center.tell(agentId, { type: 'contact.changed', payload: contactOf('leg-a', 'held') });
    await until('the hold is shown', () => session.view.contacts[0]?.me.state === 'held');
    office.center.answer = () => fail('target.busy', 'busy');
    const target = { kind: 'number', number: '1002' } as const;
    expect(await call('contact.consult', { contactId, target })).toMatchObject({ error: { code: 'target.busy' } });
    expect(office.telephone.events.filter(({ type }) => type === 'channel.resumed')).toEqual([]);
    office.center.answer = () => ok(null);
    must(await call('contact.consult', { contactId, target }));
    await office.telephone.event('channel.resumed');
  });

  it('shows what a window reports of the audio', async () => {
    const { session, call, audio } = await talking();
    const { session: dialog, generation } = audio.requests[0] ?? { session: '', generation: 0 };
    must(await call('media.report', { session: dialog, generation, state: 'connected' }));
    expect(session.view.audio[0]?.media).toBe('connected');
  });

  it('closes audio that a window still has of a call that is over', async () => {
    const { call, audio } = await signedIn();
    must(await call('media.report', { session: 'over', generation: 0, state: 'connected' }));
    expect(audio.requests).toEqual([expect.objectContaining({ session: 'over', generation: 0, operation: { type: 'close' } })]);
  });

  it('dials a number in any written form as E.164', async () => {
    const { call } = await signedIn();
    must(await call('phone.dial', { number: '０１０-1234 5678' }));
    const { channel } = await office.telephone.event('channel.arrived');
    expect(channel.dialled).toBe('+821012345678');
    expect(channel.headers['x-sangdam-leg']).toMatch(/^out-/);
  });

  it('dials the number alone, and keeps what was written behind it until somebody sends it', async () => {
    const { session, call, audio } = await signedIn();
    must(await call('phone.dial', { number: 'tel:+82-2-123-4567,,101#,22' }));
    const { channel } = await office.telephone.event('channel.arrived');
    expect(channel.dialled).toBe('+8221234567');
    const dialogKey = channel.headers['x-sangdam-leg'] ?? '';
    expect(session.view.dialledOn).toEqual({ dialogKey, keys: ['101#', '22'] });
    must(await office.telephone.port.answer(channel.channelId));
    office.center.tell(agentId, { type: 'contact.changed', payload: contactOf(dialogKey, 'talking') });
    await until('the call is up', () => session.view.audio[0]?.dialog === 'established');
    expect(audio.digits).toEqual([]);
    must(await call('phone.sendDigits', { contactId, digits: '1' }));
    expect(session.view.dialledOn?.keys).toEqual(['101#', '22']);
    must(await call('phone.sendDigits', { contactId, digits: '101#' }));
    expect(session.view.dialledOn?.keys).toEqual(['22']);
    must(await call('phone.sendDigits', { contactId, digits: '22' }));
    expect(session.view.dialledOn).toBeNull();
  });

  it('sends intents to the center, and reports its devices again after each snapshot', async () => {
    const { call } = await signedIn();
    must(await call('devices.report', { microphone: 'ok' }));
    must(await call('agent.setState', { choice: { kind: 'ready' } }));
    expect(office.center.commands.map(({ name }) => name)).toEqual(['agent.reportDevice', 'agent.setState']);
    const before = office.center.commands.length;
    office.cutSockets();
    await until('it came back and reported', () => office.center.commands.slice(before).some(({ name }) => name === 'agent.reportDevice'));
  });

  it('tells the center when its last window closes and when one opens again, and after a reconnect that there is none', async () => {
    const { session, detach } = await signedIn();
    const windows = () => office.center.commands.flatMap(({ name, request }) => (name === 'agent.reportWindow' ? [request] : []));
    const second = openWindow(session);
    detach();
    second.detach();
    await until('it was told that nobody looks', () => windows().length === 1);
    office.cutSockets();
    await until('it was told so again', () => windows().length === 2);
    openWindow(session);
    await until('it was told of the new window', () => windows().length === 3);
    expect(windows()).toEqual([{ open: false }, { open: false }, { open: true }]);
  });

  it('gives the audio to the newest claim, and tells the window that had it', async () => {
    const { session, events } = await talking();
    const reloaded = new AudioWindow(1700);
    const second = openWindow(session, reloaded);
    must(await second.call('media.claim', null));
    await until('the call has a new peer connection there', () => reloaded.requests.some(({ operation }) => operation.type === 'applyAnswer'));
    expect(events).toContainEqual({ name: 'media.released', payload: null });
    expect(reloaded.requests.find(({ operation }) => operation.type === 'createOffer')?.generation).toBe(1);
    reloaded.close();
  });

  it('signs out, and can sign in again', async () => {
    const { session, call } = await signedIn();
    must(await call('session.signOut', null));
    expect(session.view).toMatchObject({ phase: 'signedOut', me: null, endedBy: null });
    must(await call('session.signIn', credentials));
    expect(session.view.phase).toBe('signedIn');
  });

  it('says why it ended when somebody signed in elsewhere', async () => {
    const { session } = await signedIn();
    await office.signIn('agent1');
    await until('it ended', () => session.view.phase === 'signedOut');
    expect(session.view.endedBy?.code).toBe('auth.replaced');
  });

  it('leaves no listener behind', async () => {
    const { session, call, detach } = await signedIn();
    detach();
    expect(session.windows).toBe(0);
    must(await call('session.signOut', null));
    expect(session.onCall).toBe(false);
  });

  describe('failure: bad input', () => {
    it.each([
      ['an unknown call', 'phone.explode', null, 'command.unknown'],
      ['a name of the prototype', '__proto__', null, 'command.unknown'],
      ['no name at all', 42, null, 'command.unknown'],
      ['a missing field', 'phone.answer', {}, 'input.invalid'],
      ['a field too many', 'phone.answer', { contactId: 'c', extra: 1 }, 'input.invalid'],
      ['digits that are none', 'phone.sendDigits', { contactId: 'c', digits: 'Z' }, 'input.invalid'],
      ['500 digits', 'phone.sendDigits', { contactId: 'c', digits: '1'.repeat(500) }, 'input.invalid'],
    ])('%s is answered', async (_what, name, payload, code) => {
      const { session, caller } = await signedIn();
      expect(await session.handleBridgeCall(name, payload, caller)).toMatchObject({ ok: false, error: { code } });
    });

    it('refuses another center in the browser edition', async () => {
      const { call } = openSession(office, 'web');
      expect(await call('session.signIn', { ...credentials, server: 'http://127.0.0.1:1' })).toMatchObject({ ok: false, error: { code: 'forbidden' } });
    });
  });

  describe('failure: the center', () => {
    it('answers a wrong password, and stays signed out', async () => {
      const { session, call } = openSession(office);
      expect(await call('session.signIn', { ...credentials, password: 'wrong' })).toMatchObject({ ok: false, error: { code: 'auth.invalid' } });
      expect(session.view.phase).toBe('signedOut');
    });

    it('says that it cannot be reached', async () => {
      const { call } = openSession({ origin: 'http://127.0.0.1:1' });
      expect(await call('session.signIn', credentials)).toMatchObject({ ok: false, error: { code: 'center.unreachable' } });
    });

    it('is sent nothing where that would go in the clear', async () => {
      let asked = 0;
      const fetch = (): Promise<Response> => {
        asked++;
        return Promise.reject(new Error('asked'));
      };
      for (const server of ['http://center.example.com', 'http://192.0.2.7:7400', 'http://127.0.0.1.example.com']) {
        expect(await new CenterRest(server, fetch).signIn({ account: 'agent1', password: 'secret', client: 'desktop' })).toMatchObject({ error: { code: 'center.insecure' } });
        expect(await probeCenter(server, fetch)).toMatchObject({ error: { code: 'center.insecure' } });
      }
      const { call } = openSession({ origin: 'http://192.0.2.7:7400' }, 'desktop');
      expect(await call('session.signIn', credentials)).toMatchObject({ ok: false, error: { code: 'center.insecure' } });
      expect(asked).toBe(0);
    });

    it('keeps the wish to sign out for after the call', async () => {
      const { session, call } = await signedIn();
      office.center.busy = true;
      must(await call('session.signOut', null));
      expect(session.view.phase).toBe('signedIn');
      expect(office.center.commands.at(-1)).toMatchObject({ name: 'agent.setState', request: { choice: { kind: 'signOut' } } });
    });

    it('passes a refusal on', async () => {
      const { call } = await signedIn();
      office.center.answer = () => fail('agent.no-microphone', 'none');
      expect(await call('agent.setState', { choice: { kind: 'ready' } })).toMatchObject({ ok: false, error: { code: 'agent.no-microphone' } });
    });

    it('fetches a snapshot after each lost connection', async () => {
      const { session } = await signedIn();
      let snapshots = 0;
      office.center.duringSnapshot = () => void snapshots++;
      office.cutSockets();
      await until('it came back', () => snapshots === 1 && session.view.health.cti.state === 'connected');
      expect(session.view.phase).toBe('signedIn');
    });

    it('registers when the switch that refused it knows its phone, as after a restart', async () => {
      must(await office.telephone.port.removeEndpoint(agentId));
      const { session, call } = openSession(office);
      must(await call('session.signIn', credentials));
      await until('the phone is refused', () => session.view.health.phone.error?.code === 'auth.invalid');
      await givePhone(office, agentId);
      office.center.tell(agentId, { type: 'switch.changed', payload: { available: true } });
      await until('the phone is registered', () => session.view.health.phone.state === 'registered');

      must(await office.telephone.port.removeEndpoint(agentId));
      session.reconnect();
      await until('the phone is refused again', () => session.view.health.phone.error?.code === 'auth.invalid');
      await givePhone(office, agentId);
      office.cutSockets();
      await until('the phone is registered with the next snapshot', () => session.view.health.phone.state === 'registered');
      expect(session.view.health.phone.error).toBeNull();
    });

    it('with a token that ran out in a call gets another, and the call goes on untouched', async () => {
      const { session, audio } = await talking();
      const { audio: peer, openPeers } = audio;
      office.store.clock.at += 16 * 60_000;
      office.cutSockets();
      await until('the connection is lost', () => session.view.health.cti.state !== 'connected');
      await until('the desk is back', () => session.view.health.cti.state === 'connected');
      expect(session.view.phase).toBe('signedIn');
      expect(session.onCall).toBe(true);
      expect([audio.audio, audio.openPeers]).toEqual([peer, openPeers]);
    });

    it('transfers by REFER while the center is away', async () => {
      const { session, call } = await talking();
      await office.close();
      await until('it was noticed', () => session.view.health.cti.state === 'lost');
      const transferred = call('contact.transfer', { contactId, target: { kind: 'number', number: '1002' } });
      expect(await office.telephone.event('channel.transferRequested')).toMatchObject({ to: '1002', replaces: null });
      must(await transferred);
    });

    it('transfers to a colleague by the extension that is theirs, of the people it has', async () => {
      const { session, call } = await talking();
      office.center.tellTopic(agentId, { type: 'topic.subscribed', id: 'people:*', channel: 'people:*', seq: 0, values: [{ agentId: 'agent2', name: '상담원 2', extension: '1002', role: 'agent', groupIds: [] }] });
      office.center.tell(agentId, { type: 'switch.changed', payload: { available: false } });
      await until('both were heard', () => session.view.health.switch === 'unavailable');
      await office.close();
      await until('it was noticed', () => session.view.health.cti.state === 'lost');
      const transferred = call('contact.transfer', { contactId, target: { kind: 'agent', agentId: AgentId.parse('agent2') } });
      expect(await office.telephone.event('channel.transferRequested')).toMatchObject({ to: '1002', replaces: null });
      must(await transferred);
    });

    it('consults by a second call, and completes by REFER with Replaces, while the center is away', async () => {
      const { session, call } = await talking();
      await office.close();
      await until('it was noticed', () => session.view.health.cti.state === 'lost');
      must(await call('contact.consult', { contactId, target: { kind: 'number', number: '1003' } }));
      const second = await office.telephone.event('channel.arrived');
      expect(session.view.contacts[0]?.me.state).toBe('consultDialling');
      must(await office.telephone.port.answer(second.channel.channelId));
      await until('they consult', () => session.view.contacts[0]?.me.state === 'consulting');
      expect(session.view.contacts[0]?.me.allowed).toContain('completeTransfer');
      must(await call('contact.completeTransfer', { contactId }));
      expect(await office.telephone.event('channel.transferRequested')).toMatchObject({ replaces: second.channel.channelId });
    });
  });

  async function signedIn() {
    const opened = openSession(office);
    must(await opened.call('media.claim', null));
    must(await opened.call('session.signIn', credentials));
    await until('the phone is registered', () => opened.session.view.health.phone.state === 'registered');
    return opened;
  }

  async function talking() {
    const opened = await signedIn();
    office.center.tell(agentId, { type: 'contact.changed', payload: contactOf('leg-a', 'ringing') });
    must(await office.telephone.originate('1001', { destination: { kind: 'endpoint', user: agentId }, headers: { 'X-Sangdam-Leg': 'leg-a' } }));
    await until('it is shown', () => opened.session.view.contacts.length === 1);
    must(await opened.call('phone.answer', { contactId }));
    office.center.tell(agentId, { type: 'contact.changed', payload: contactOf('leg-a', 'talking') });
    await until('established', () => opened.session.view.audio[0]?.dialog === 'established' && opened.session.view.contacts[0]?.me.state === 'talking');
    return opened;
  }
});
