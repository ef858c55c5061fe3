import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../agent/logger.ts';
import { Phone, type AskRedial, type DialogView, type PhoneEvent } from '../../../agent/phone/index.ts';
import { done, fail, type Result } from '../../../contract/errors.ts';
import { makeEmbedded } from '../../switch/make-embedded.ts';
import { must, PASSWORD, Stage, TONES } from '../../switch/stage.ts';
import { until, type PhoneCall } from '../../support/sip-phone/index.ts';
import { AudioWindow } from './support/audio-window.ts';
import { hastyClock } from './support/hasty-clock.ts';

const OWN_HZ = 1300;
const RELOADED_HZ = 1700;
const LEG = 'leg-1';

type Asked = Parameters<AskRedial>[0];

/** The agent's phone as extension 1001 on a switch that takes no second peer connection, and the test is the center. */
describe('a phone whose switch takes no new audio by re-INVITE', () => {
  let stage: Stage;
  let phone: Phone;
  let windows: AudioWindow[];
  let events: PhoneEvent[];
  let clock: ReturnType<typeof hastyClock>;
  let asked: Asked[];
  let answer: () => Result<null>;

  beforeEach(async () => {
    stage = await Stage.open(makeEmbedded);
    [windows, events, asked, answer, clock] = [[], [], [], done, hastyClock()];
    phone = new Phone({
      credential: { url: stage.sipUrl, domain: '127.0.0.1', user: '1001', password: PASSWORD, iceServers: [], rejoin: 'redial' },
      clock,
      log: silentLogger,
      redial: (request) => {
        asked.push(request);
        return Promise.resolve(answer());
      },
    });
    phone.onEvent((event) => events.push(event));
    openWindow(OWN_HZ);
    phone.start();
    await until('the phone is registered', () => phone.registered);
  });

  afterEach(async () => {
    await phone.stop();
    for (const window of windows) window.close();
    await stage.close();
  });

  it('asks to be dialled when a window takes the audio, and answers the call with its ticket by itself', async () => {
    const { former, far } = await talking();
    const reloaded = reload();
    const again = await redialled();
    await far.join(again);
    must(await stage.port.hangUp(former, 'normal'));
    await Promise.all([far.call.hears(RELOADED_HZ, [OWN_HZ]), reloaded.audio.ear.hears([TONES.c1])]);
    expect(asked).toMatchObject([{ key: LEG, held: false }]);
    expect(phone.views()).toMatchObject([{ key: LEG, state: { name: 'established', hold: 'active' }, generation: 1 }]);
    // It never rang.
    expect(statesOf(view()?.session)).toEqual(['established']);
  });

  it('says that the audio is on its way, from the question to the answer', async () => {
    await talking();
    reload();
    await until('it was asked', () => asked.length === 1);
    expect(phone.isRedialled(LEG)).toBe(true);
    await redialled();
    expect(phone.isRedialled(LEG)).toBe(false);
  });

  it('stays muted, and on hold', async () => {
    const { former } = await talking();
    must(await phone.setMuted(LEG, true));
    must(await phone.hold(LEG));
    await stage.event('channel.held', ({ channelId }) => channelId === former);
    const reloaded = reload();
    const again = await redialled();
    expect(asked).toMatchObject([{ held: true }]);
    await stage.event('channel.held', ({ channelId }) => channelId === again);
    expect([reloaded.muted, view()?.muted]).toEqual([true, true]);
    must(await phone.resume(LEG));
    await stage.event('channel.resumed', ({ channelId }) => channelId === again);
  });

  it('what is pressed meanwhile is done in the new call', async () => {
    await talking();
    reload();
    await until('it was asked', () => asked.length === 1);
    const held = phone.hold(LEG);
    const again = await redialled();
    must(await held);
    await stage.event('channel.held', ({ channelId }) => channelId === again);
    expect(view()).toMatchObject({ generation: 1, state: { hold: 'held' } });
  });

  it('goes on by ICE restart, on the peer connection it has, after its connection was cut', async () => {
    const { far } = await talking();
    phone.reconnect();
    await until('it was noticed', () => !phone.registered);
    await until('it is back', () => phone.registered);
    await until('there is a new offer', () => windows.some(({ requests }) => requests.some(({ operation }) => operation.type === 'applyAnswer')));
    expect(windows[0]?.requests.find(({ operation }) => operation.type === 'createOffer')).toMatchObject({ generation: 0, operation: { restartIce: true } });
    await far.call.hears(OWN_HZ);
    expect(asked).toEqual([]);
  });

  it('is dialled once it is registered, where it was not when the window came', async () => {
    await talking();
    phone.reconnect();
    await until('it was noticed', () => !phone.registered);
    reload();
    await until('it was asked', () => asked.length === 1);
    expect(phone.registered).toBe(true);
    await redialled();
  });

  describe('failure: a call that says it was asked for', () => {
    it.each([
      ['without a question', false, () => ({ leg: LEG, ticket: '3f0c1a52-8a52-4a8e-9d2a-4f6a7c9e1b20' })],
      ['with a wrong ticket', true, () => ({ leg: LEG, ticket: '3f0c1a52-8a52-4a8e-9d2a-4f6a7c9e1b20' })],
      ['with an empty ticket', true, () => ({ leg: LEG, ticket: '' })],
      ['for another leg', true, ([first]: Asked[]) => ({ leg: 'leg-2', ticket: first?.ticket ?? '' })],
      ['for a leg that the object has by nature', true, ([first]: Asked[]) => ({ leg: '__proto__', ticket: first?.ticket ?? '' })],
    ])('%s is refused, and does not ring', async (_what, isAsked, forge) => {
      await talking();
      if (isAsked) {
        reload();
        await until('it was asked', () => asked.length === 1);
      }
      const dialogs = phone.views();
      const { leg, ticket } = forge(asked);
      const channelId = await dial(leg, ticket);
      expect(await stage.ended(channelId)).toBe('rejected');
      expect(phone.views()).toEqual(dialogs);
    });

    it('a second time is refused: a ticket is good once', async () => {
      await talking();
      reload();
      await redialled();
      const channelId = await dial(LEG, asked[0]?.ticket ?? '');
      expect(await stage.ended(channelId)).toBe('rejected');
    });
  });

  describe('failure: in the middle of it', () => {
    it('the former call is lost first: the leg goes on with the new one', async () => {
      const { former, far } = await talking();
      reload();
      await until('it was asked', () => asked.length === 1);
      must(await stage.port.hangUp(former, 'networkLost'));
      await until('the former is gone', () => phone.views().length === 0);
      await far.join(await redialled());
      await far.call.hears(RELOADED_HZ);
      expect(view()?.state.name).toBe('established');
    });

    it('the agent hangs up: the new call is hung up as soon as it is there', async () => {
      const { former } = await talking();
      reload();
      await until('it was asked', () => asked.length === 1);
      must(await phone.hangUp(LEG));
      expect(await stage.ended(former)).toBe('normal');
      const again = await dial(LEG, asked[0]?.ticket ?? '');
      expect(await stage.ended(again)).toBe('normal');
      await until('nothing is left', () => phone.views().length === 0);
    });

    it('the window is reloaded once more: the ticket before is void', async () => {
      const { far } = await talking();
      reload();
      await until('it was asked', () => asked.length === 1);
      const last = reload();
      await until('it was asked again', () => asked.length === 2);
      expect(await stage.ended(await dial(LEG, asked[0]?.ticket ?? ''))).toBe('rejected');
      await far.join(await redialled());
      await Promise.all([far.call.hears(RELOADED_HZ), last.audio.ear.hears([TONES.c1])]);
    });

    it('the center cannot be asked: the other side hears music, and it is asked when it is back', async () => {
      const { former } = await talking();
      answer = () => fail('center.unreachable', 'away');
      reload();
      await stage.event('channel.held', ({ channelId }) => channelId === former);
      expect(phone.isRedialled(LEG)).toBe(false);
      answer = done;
      phone.bringBack();
      await until('it was asked again', () => asked.length === 2);
      expect(asked[1]).toMatchObject({ held: false });
      await redialled();
    });

    it('the center says no: the call is left as it is', async () => {
      await talking();
      answer = () => fail('contact.not-found', 'no');
      reload();
      await until('it was asked', () => asked.length === 1 && !phone.isRedialled(LEG));
      expect(view()?.state.name).toBe('established');
      expect(await stage.ended(await dial(LEG, asked[0]?.ticket ?? ''))).toBe('rejected');
    });

    it('the former call is hung up by the phone, should nobody else do it', async () => {
      const { former } = await talking();
      reload();
      // What the window and the switch take is not hastened: a busy machine would not be done in time.
      clock.haste = 2;
      await redialled();
      expect((await stage.event('channel.ended', ({ channelId }) => channelId === former, 8000)).cause).toBe('normal');
    });
  });

  const view = (): DialogView | undefined => phone.views().find(({ key }) => key === LEG);

  /** What was told of a dialog, each state once. */
  const statesOf = (session: string | undefined): string[] => [...new Set(events.flatMap((event) => (event.type === 'dialog.changed' && event.dialog.session === session ? [event.dialog.state.name] : [])))];

  function openWindow(toneHz: number): AudioWindow {
    const window = new AudioWindow(toneHz);
    windows.push(window);
    phone.claimMedia((request) => window.take(request, (made) => phone.answerMedia(made)));
    return window;
  }

  /** The window is gone with its audio, and another is there. */
  function reload(): AudioWindow {
    for (const window of windows) {
      window.close();
      window.answering = false;
    }
    return openWindow(RELOADED_HZ);
  }

  async function dial(leg: string, ticket: string): Promise<string> {
    const channelId = stage.newId('channel');
    must(await stage.originate('1001', { channelId, headers: { 'X-Sangdam-Leg': leg, 'X-Sangdam-Rejoin': ticket } }));
    return channelId;
  }

  /** The center does as it was asked last. @returns the new channel, which is up */
  async function redialled(): Promise<string> {
    await until('it was asked', () => asked.length > 0);
    const channelId = await dial(LEG, asked.at(-1)?.ticket ?? '');
    await stage.event('channel.answered', (event) => event.channelId === channelId);
    await until('the leg has the new call', () => !phone.isRedialled(LEG));
    return channelId;
  }

  /** The agent talks with a customer. */
  async function talking(): Promise<{ former: string; far: { call: PhoneCall; join: (channelId: string) => Promise<void> } }> {
    const former = stage.newId('channel');
    must(await stage.originate('1001', { channelId: former, headers: { 'X-Sangdam-Leg': LEG } }));
    await until('it rings', () => view()?.state.name === 'ringing');
    must(await phone.answer(LEG));
    await until('established', () => view()?.state.name === 'established');
    const bridgeId = stage.newId('bridge');
    must(await stage.port.createBridge(bridgeId));
    const { call, channelId } = await stage.connect(await stage.registered('c1'));
    const join = async (id: string): Promise<void> => void must(await stage.port.joinBridge(bridgeId, id));
    await Promise.all([join(former), join(channelId)]);
    await call.hears(OWN_HZ);
    return { former, far: { call, join } };
  }
});
