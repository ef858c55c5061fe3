import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../agent/clock.ts';
import { silentLogger } from '../../../agent/logger.ts';
import { Phone, type PhoneEvent } from '../../../agent/phone/index.ts';
import type { RetryPolicy } from '../../../agent/retry.ts';
import { must, PASSWORD, Stage, TONES } from '../../switch/stage.ts';
import { until } from '../../support/sip-phone/index.ts';
import { AudioWindow } from '../../server/agent/support/audio-window.ts';
import { makePatient } from '../../server/agent/support/patient-switch.ts';

const OWN_HZ = 1300;

/** The agent's phone as extension 1001 of a switch of two machines: two embedded ones that know nothing of each other. */
describe('a phone of a switch of two machines', () => {
  let first: Stage;
  let second: Stage;
  let phone: Phone;
  let audio: AudioWindow;
  let events: PhoneEvent[];
  const open = new Set<Stage>();

  beforeEach(async () => {
    [first, second] = await Promise.all([Stage.open(makePatient), Stage.open(makePatient)]);
    open.add(first).add(second);
    audio = new AudioWindow(OWN_HZ);
    events = [];
    phone = makePhone(first.sipUrl, second.sipUrl);
    phone.start();
    await until('it is registered at both', onEveryLine);
  });

  afterEach(async () => {
    await phone.stop();
    audio.close();
    await Promise.all([...open].map(close));
  });

  it('is registered at both, and says so once', async () => {
    await until('it says so', () => phone.registered);
    expect(events.filter(({ type }) => type === 'registration.changed')).toMatchObject([{ state: 'registering' }, { state: 'registered', error: null }]);
  });

  it('is rung by either, and talks there', async () => {
    for (const [n, stage] of [first, second].entries()) {
      const key = `leg-${n}`;
      const channelId = await talk(stage, key);
      const far = await withCustomer(stage, channelId);
      await far.hears(OWN_HZ);
      must(await phone.hangUp(key));
      expect(await stage.ended(channelId)).toBe('normal');
    }
  });

  it('dials where it talks, since only there two calls can be put together; else through the first', async () => {
    must(await phone.dial('1002', 'out-1'));
    const { channel } = await first.event('channel.arrived');
    must(await phone.hangUp('out-1'));
    await first.ended(channel.channelId);
    const channelId = await talk(second, 'leg-1');
    must(await phone.dial('1003', 'out-2'));
    const consulted = (await second.event('channel.arrived')).channel.channelId;
    must(await second.port.answer(consulted));
    await until('it is answered', () => stateOf('out-2') === 'established');
    must(await phone.referTo('leg-1', 'out-2'));
    expect(await second.event('channel.transferRequested')).toMatchObject({ channelId, replaces: consulted });
  });

  it('dials where it talks, though it rings elsewhere', async () => {
    await talk(second, 'leg-1');
    must(await first.originate('1001', { channelId: first.newId('channel'), headers: { 'X-Sangdam-Leg': 'leg-2' } }));
    await until('it rings', () => stateOf('leg-2') === 'ringing');
    must(await phone.dial('1003', 'out-1'));
    const { channel } = await second.event('channel.arrived');
    expect(channel.dialled).toBe('1003');
  });

  it('registers again by itself where it was cut off, and tells that machine alone of its calls', async () => {
    await talk(first, 'leg-1');
    await talk(second, 'leg-2');
    const offers = audio.requests.length;
    cut(0);
    await until('it was noticed', () => !first.port.isRegistered('1001'));
    await until('it is back', () => first.port.isRegistered('1001'));
    await until('the call there has a new peer connection', () => audio.requests.slice(offers).some(({ operation }) => operation.type === 'applyAnswer'));
    expect(audio.requests.slice(offers).filter(({ operation }) => operation.type === 'createOffer')).toHaveLength(1);
    expect([stateOf('leg-1'), stateOf('leg-2')]).toEqual(['established', 'established']);
    expect(events.filter((event) => event.type === 'registration.changed' && event.state === 'lost')).toEqual([]);
    expect([first, second].flatMap((stage) => stage.events).some(({ type }) => type === 'channel.ended')).toBe(false);
  });

  it('talks on at the other when one is gone, dials there, and is not registered only when both are', async () => {
    const channelId = await talk(second, 'leg-1');
    const far = await withCustomer(second, channelId);
    await close(first);
    await far.hears(OWN_HZ);
    expect([phone.registered, stateOf('leg-1')]).toEqual([true, 'established']);
    must(await phone.hangUp('leg-1'));
    must(await phone.dial('1002', 'out-1'));
    await second.event('channel.arrived', ({ channel }) => channel.dialled === '1002');
    await close(second);
    await until('it says so', () => !phone.registered);
    expect(events.findLast(({ type }) => type === 'registration.changed')).toMatchObject({ state: 'lost', error: { code: 'switch.unavailable' } });
  });

  it('ends a call whose machine is gone once it is told that it is over, and no other', async () => {
    await phone.stop();
    phone = makePhone(first.sipUrl, second.sipUrl, { firstMs: 60_000, factor: 1, maxMs: 60_000, random: () => 1 });
    phone.start();
    await until('it is registered at both', onEveryLine);
    await talk(first, 'leg-1');
    await talk(second, 'leg-2');
    phone.endLost(new Set());
    expect([stateOf('leg-1'), stateOf('leg-2')]).toEqual(['established', 'established']);
    cut(0);
    await until('it was noticed', () => !first.port.isRegistered('1001'));
    phone.endLost(new Set(['leg-1', 'leg-2']));
    expect(stateOf('leg-1')).toBe('established');
    phone.endLost(new Set(['leg-2']));
    await until('the call is gone', () => phone.views().length === 1);
    expect(stateOf('leg-2')).toBe('established');
    await until('its peer connection is closed', () => audio.openPeers === 1);
    await until('that was told', () => events.some((event) => event.type === 'dialog.changed' && event.dialog.key === 'leg-1' && event.dialog.state.name === 'ended'));
  });

  describe('failure: one of the two', () => {
    it('that was never there keeps nobody from working', async () => {
      await phone.stop();
      phone = makePhone('ws://127.0.0.1:1/ws', second.sipUrl);
      phone.start();
      await until('it is registered', () => phone.registered);
      await talk(second, 'leg-1');
      expect(stateOf('leg-1')).toBe('established');
    });

    it('hangs up after it is back what was hung up meanwhile', async () => {
      const channelId = await talk(first, 'leg-1');
      // Answered on the same socket, these say that the ACK has come: a good-bye would have to wait for it (RFC 3261 §15).
      must(await phone.hold('leg-1'));
      must(await phone.resume('leg-1'));
      cut(0);
      await until('it was noticed', () => !first.port.isRegistered('1001'));
      expect(await phone.hangUp('leg-1')).toMatchObject({ ok: false, error: { code: 'phone.not-registered' } });
      expect(await first.ended(channelId)).toBe('normal');
    });

    it('that refuses the password is told where both do', async () => {
      await phone.stop();
      must(await first.port.putEndpoint({ user: '1001', password: 'another', displayName: '', callerNumber: '1001' }));
      phone = makePhone(first.sipUrl, second.sipUrl);
      phone.start();
      await until('it is registered at the other', () => phone.registered);
      must(await second.port.putEndpoint({ user: '1001', password: 'another', displayName: '', callerNumber: '1001' }));
      cut(1);
      await until('it was told', () => events.some((event) => event.type === 'registration.changed' && event.error?.code === 'auth.invalid'));
      expect(phone.registered).toBe(false);
      must(await second.port.putEndpoint({ user: '1001', password: PASSWORD, displayName: '', callerNumber: '1001' }));
      phone.registerAgain();
      await until('it is registered again', () => phone.registered);
    });
  });

  function makePhone(url: string, other: string, retry?: RetryPolicy): Phone {
    const made = new Phone({ ...(retry && { retry }), credential: { rejoin: 'reinvite', url, others: [other], domain: '127.0.0.1', user: '1001', password: PASSWORD, iceServers: [] }, clock: systemClock, log: silentLogger });
    made.onEvent((event) => events.push(event));
    made.claimMedia((request) => audio.take(request, (answer) => made.answerMedia(answer)));
    return made;
  }

  /** The phone knows it, which is after the switch does: until the 200 OK has come, it dials over the other line. */
  const onEveryLine = (): boolean => Reflect.get(phone, 'lines').every(({ registered }: { registered: boolean }) => registered);

  /** The center calls the phone, which answers. */
  async function talk(stage: Stage, key: string): Promise<string> {
    const channelId = stage.newId('channel');
    must(await stage.originate('1001', { channelId, headers: { 'X-Sangdam-Leg': key } }));
    await until('it rings', () => stateOf(key) === 'ringing');
    must(await phone.answer(key));
    await stage.event('channel.answered', (event) => event.channelId === channelId);
    await until('established', () => stateOf(key) === 'established');
    return channelId;
  }

  async function withCustomer(stage: Stage, channelId: string) {
    const { call, channelId: other } = await stage.connect(await stage.registered('c1'));
    const bridgeId = stage.newId('bridge');
    must(await stage.port.createBridge(bridgeId));
    must(await stage.port.joinBridge(bridgeId, channelId));
    must(await stage.port.joinBridge(bridgeId, other));
    await audio.audio.ear.hears([TONES.c1]);
    return call;
  }

  const stateOf = (key: string): string | undefined => phone.views().find((dialog) => dialog.key === key)?.state.name;

  async function close(stage: Stage): Promise<void> {
    if (open.delete(stage)) await stage.close();
  }

  /** As a network does it: without a word to either side's SIP. */
  function cut(line: number): void {
    Reflect.get(phone, 'lines')[line].agent.transport.socket.terminate();
  }
});
