import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../agent/logger.ts';
import { Phone, type DialogView, type PhoneEvent } from '../../../agent/phone/index.ts';
import { must, PASSWORD, Stage, TONES } from '../../switch/stage.ts';
import { until } from '../../support/sip-phone/index.ts';
import { AudioWindow } from '../../server/agent/support/audio-window.ts';
import { hastyClock } from '../../server/agent/support/hasty-clock.ts';
import { makePatient } from '../../server/agent/support/patient-switch.ts';

const OWN_HZ = 1300;

/** The agent's phone as extension 1001 on the embedded switch, its audio in a window. */
describe('the phone', () => {
  let stage: Stage;
  let phone: Phone;
  let audio: AudioWindow;
  let events: PhoneEvent[];
  let clock: ReturnType<typeof hastyClock>;

  beforeEach(async () => {
    stage = await Stage.open(makePatient);
    audio = new AudioWindow(OWN_HZ);
    events = [];
    clock = hastyClock();
    phone = makePhone(PASSWORD);
    phone.start();
    await until('the phone is registered', () => phone.registered);
  });

  afterEach(async () => {
    await phone.stop();
    audio.close();
    await stage.close();
  });

  it('registers, and is known to the switch', () => {
    expect(stage.port.isRegistered('1001')).toBe(true);
  });

  it('rings with the leg the center named, answers, and both sides hear each other', async () => {
    const { channelId } = await ring('leg-1');
    must(await phone.answer('leg-1'));
    await stage.event('channel.answered', (event) => event.channelId === channelId);
    const far = await bridgeWithCustomer(channelId);
    await far.hears(OWN_HZ);
    await audio.audio.ear.hears([TONES.c1]);
    expect(view('leg-1')?.state).toEqual({ name: 'established', hold: 'active' });
  });

  it('dials with a leg of its own in a header', async () => {
    must(await phone.dial('1002', 'leg-out'));
    const { channel } = await stage.event('channel.arrived');
    expect(channel).toMatchObject({ dialled: '1002', endpoint: '1001', headers: { 'x-sangdam-leg': 'leg-out' } });
    must(await stage.port.answer(channel.channelId));
    await until('established', () => view('leg-out')?.state.name === 'established');
  });

  it('rejects with busy', async () => {
    const { channelId } = await ring('leg-2');
    must(await phone.reject('leg-2', 'busy'));
    expect(await stage.ended(channelId)).toBe('busy');
    expect(phone.views()).toEqual([]);
  });

  it('holds and resumes by re-INVITE', async () => {
    const { channelId } = await talk('leg-3');
    must(await phone.hold('leg-3'));
    await stage.event('channel.held', (event) => event.channelId === channelId);
    expect(view('leg-3')?.state).toEqual({ name: 'established', hold: 'held' });
    must(await phone.resume('leg-3'));
    await stage.event('channel.resumed', (event) => event.channelId === channelId);
    expect(view('leg-3')?.state).toEqual({ name: 'established', hold: 'active' });
  });

  it('mutes in the window and shows it', async () => {
    await talk('leg-4');
    must(await phone.setMuted('leg-4', true));
    expect(audio.muted).toBe(true);
    expect(view('leg-4')?.muted).toBe(true);
  });

  it('sends digits in the audio', async () => {
    const { channelId } = await talk('leg-5');
    await until('audio is connected', () => audio.audio.connected);
    must(await phone.sendDigits('leg-5', '7#'));
    await stage.event('channel.digit', (event) => event.channelId === channelId && event.digit === '7');
    const hash = await stage.event('channel.digit', (event) => event.channelId === channelId && event.digit === '#');
    expect(hash.channelId).toBe(channelId);
  });

  it('sends digits by INFO where the window cannot', async () => {
    const { channelId } = await talk('leg-6');
    audio.canSendDigits = false;
    must(await phone.sendDigits('leg-6', '5'));
    const five = await stage.event('channel.digit', (event) => event.digit === '5');
    expect(five.channelId).toBe(channelId);
  });

  it('hangs up by BYE', async () => {
    const { channelId } = await talk('leg-7');
    must(await phone.hangUp('leg-7'));
    expect(await stage.ended(channelId)).toBe('normal');
    await until('the window closed its peer connection', () => audio.openPeers === 0);
  });

  it('ends a dialog that the far end ended', async () => {
    const { channelId } = await talk('leg-8');
    must(await stage.port.hangUp(channelId, 'normal'));
    await until('the dialog is gone', () => phone.views().length === 0);
    expect(events.at(-1)).toMatchObject({ type: 'dialog.changed', dialog: { key: 'leg-8', state: { name: 'ended' } } });
  });

  it('asks for a blind and for an attended transfer by REFER', async () => {
    const { channelId } = await talk('leg-9');
    const blind = phone.refer('leg-9', '1002');
    const request = await stage.event('channel.transferRequested');
    expect(request).toMatchObject({ channelId, to: '1002', replaces: null });
    must(await blind);

    must(await phone.dial('1003', 'leg-10'));
    const second = await stage.event('channel.arrived', (event) => event.channel.dialled === '1003');
    must(await stage.port.answer(second.channel.channelId));
    await until('the second call is up', () => view('leg-10')?.state.name === 'established');
    must(await phone.referTo('leg-9', 'leg-10'));
    const attended = await stage.event('channel.transferRequested', (event) => event.replaces !== null);
    expect(attended).toMatchObject({ channelId, replaces: second.channel.channelId });
  });

  it('brings the audio back in a new window by one re-INVITE', async () => {
    const { channelId } = await talk('leg-11');
    const far = await bridgeWithCustomer(channelId);
    await far.hears(OWN_HZ);
    const reloaded = new AudioWindow(1700);
    phone.claimMedia((request) => reloaded.take(request, (answer) => phone.answerMedia(answer)));
    audio.close();
    await far.hears(1700);
    await reloaded.audio.ear.hears([TONES.c1]);
    expect(reloaded.requests.filter(({ operation }) => operation.type === 'createOffer')).toHaveLength(1);
    reloaded.close();
  });

  it('mutes a call whose audio is still on its way to a new window', async () => {
    await bridgeWithCustomer((await talk('leg-31')).channelId);
    const reloaded = new AudioWindow(1700);
    let isLoaded: () => void = () => {};
    const loaded = new Promise<void>((resolve) => (isLoaded = resolve));
    phone.claimMedia((request) => void loaded.then(() => reloaded.take(request, (answer) => phone.answerMedia(answer))));
    audio.close();
    must(await phone.setMuted('leg-31', true));
    expect([view('leg-31')?.muted, reloaded.requests]).toEqual([true, []]);
    isLoaded();
    await until('it has its audio, muted', () => view('leg-31')?.generation === 1 && reloaded.muted);
    reloaded.close();
  });

  it('brings the audio to a window that was reloaded while it dialled, once it is answered', async () => {
    must(await phone.dial('1002', 'leg-16'));
    const { channel } = await stage.event('channel.arrived');
    const reloaded = new AudioWindow(1700);
    phone.claimMedia((request) => reloaded.take(request, (answer) => phone.answerMedia(answer)));
    audio.close();
    must(await stage.port.answer(channel.channelId));
    const far = await bridgeWithCustomer(channel.channelId);
    await far.hears(1700);
    await reloaded.audio.ear.hears([TONES.c1]);
    expect(view('leg-16')?.generation).toBe(1);
    reloaded.close();
  });

  it('brings the audio to the last of several windows that took it in quick order, whatever was under way', async () => {
    const { channelId } = await talk('leg-17');
    const far = await bridgeWithCustomer(channelId);
    const windows: AudioWindow[] = [];
    for (const step of ['createOffer', 'applyAnswer', 'createOffer'] as const) {
      const window = new AudioWindow(1700);
      windows.push(window);
      phone.claimMedia((request) => {
        // Gone before it could answer this.
        if (request.operation.type !== step) window.take(request, (answer) => phone.answerMedia(answer));
        else window.requests.push(request);
      });
      await until(`${step} is asked`, () => window.requests.some(({ operation }) => operation.type === step));
    }
    const last = new AudioWindow(2100);
    phone.claimMedia((request) => last.take(request, (answer) => phone.answerMedia(answer)));
    audio.close();
    for (const window of windows) window.close();
    await far.hears(2100);
    expect(view('leg-17')?.state).toEqual({ name: 'established', hold: 'active' });
    last.close();
  });

  describe('failure: the network', () => {
    it('registers anew after the socket was cut, and keeps the call', async () => {
      const { channelId } = await talk('leg-12');
      const far = await bridgeWithCustomer(channelId);
      cutSockets();
      await until('it was noticed', () => !phone.registered);
      await until('it is back', () => phone.registered);
      expect(view('leg-12')?.state.name).toBe('established');
      await far.hears(OWN_HZ);
    });

    it('hangs up after the socket is back what was hung up meanwhile', async () => {
      const { channelId } = await talk('leg-13');
      await exchanged('leg-13');
      cutSockets();
      await until('it was noticed', () => !phone.registered);
      expect(await phone.hangUp('leg-13')).toMatchObject({ ok: false, error: { code: 'phone.not-registered' } });
      expect(await stage.ended(channelId)).toBe('normal');
      await until('the dialog is gone', () => phone.views().length === 0);
    });
  });

  describe('failure: what a phone is asked in vain', () => {
    it('says that a call is unknown', async () => {
      expect(await phone.answer('nothing')).toMatchObject({ ok: false, error: { code: 'phone.no-call' } });
    });

    it('does not dial what would inject into SIP', async () => {
      expect(await phone.dial('1002;x=y', 'leg-14')).toMatchObject({ ok: false, error: { code: 'number.invalid' } });
    });

    it('keeps a call whose change cannot be agreed on, as an ICE restart that is answered without ICE, and can change it later', async () => {
      const { channelId } = await talk('leg-16');
      const { session, generation } = view('leg-16') ?? { session: '', generation: 0 };
      audio.appliesAnswers = false;
      await phone.restartIceOf(session, generation);
      expect(await phone.hold('leg-16')).toMatchObject({ ok: false, error: { code: 'media.failed' } });
      audio.appliesAnswers = true;
      expect(view('leg-16')?.state).toEqual({ name: 'established', hold: 'active' });
      must(await phone.hold('leg-16'));
      expect(stage.events.some((event) => event.type === 'channel.ended' && event.channelId === channelId)).toBe(false);
    });

    it('ends a call that it dialled where the first answer is nonsense', async () => {
      audio.appliesAnswers = false;
      must(await phone.dial('1002', 'leg-17'));
      const { channel } = await stage.event('channel.arrived');
      must(await stage.port.answer(channel.channelId));
      expect(await stage.ended(channel.channelId)).toBe('normal');
      await until('the dialog is gone', () => phone.views().length === 0);
    });

    it('ends the offer when the window cannot give audio', async () => {
      audio.answering = false;
      const { channelId } = await ring('leg-15');
      clock.haste = 20;
      const answered = phone.answer('leg-15');
      expect(await answered).toMatchObject({ ok: false, error: { code: 'media.failed' } });
      await stage.event('channel.ended', (event) => event.channelId === channelId);
    });

    it('tells that its password is wrong, and does not repeat it', async () => {
      const other = makePhone('wrong');
      const told: PhoneEvent[] = [];
      other.onEvent((event) => told.push(event));
      other.start();
      await until('it was told', () => told.some((event) => event.type === 'registration.changed' && event.error?.code === 'auth.invalid'));
      expect(other.registered).toBe(false);
      await other.stop();
    });
  });

  function makePhone(password: string): Phone {
    const made = new Phone({
      credential: { url: stage.sipUrl, domain: '127.0.0.1', user: '1001', password, iceServers: [], rejoin: 'reinvite' },
      clock,
      log: silentLogger,
    });
    made.onEvent((event) => events.push(event));
    made.claimMedia((request) => audio.take(request, (answer) => made.answerMedia(answer)));
    return made;
  }

  /** The center calls the phone. */
  async function ring(key: string): Promise<{ channelId: string }> {
    const channelId = stage.newId('channel');
    must(await stage.originate('1001', { channelId, headers: { 'X-Sangdam-Leg': key } }));
    await until('it rings', () => view(key)?.state.name === 'ringing');
    return { channelId };
  }

  async function talk(key: string): Promise<{ channelId: string }> {
    const { channelId } = await ring(key);
    must(await phone.answer(key));
    await stage.event('channel.answered', (event) => event.channelId === channelId);
    await until('established', () => view(key)?.state.name === 'established');
    return { channelId };
  }

  /** A request of ours was answered on the same socket: the ACK has come by then, which a good-bye would have to wait for (RFC 3261 §15). */
  async function exchanged(key: string): Promise<void> {
    must(await phone.hold(key));
    must(await phone.resume(key));
  }

  async function bridgeWithCustomer(channelId: string) {
    const customer = await stage.registered('c1');
    const { call, channelId: other } = await stage.connect(customer);
    const bridgeId = stage.newId('bridge');
    must(await stage.port.createBridge(bridgeId));
    must(await stage.port.joinBridge(bridgeId, channelId));
    must(await stage.port.joinBridge(bridgeId, other));
    return call;
  }

  function view(key: string): DialogView | undefined {
    return phone.views().find((dialog) => dialog.key === key);
  }

  /** As a network does it: without a word to either side's SIP. */
  function cutSockets(): void {
    Reflect.get(phone, 'lines')[0].agent.transport.socket.terminate();
  }
});
