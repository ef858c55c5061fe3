import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { BridgeFacade } from '../../../../contract/bridge/index.ts';
import type { MediaAnswer, MediaClaim, MediaOperation, MediaReport } from '../../../../contract/bridge/media.ts';
import { done } from '../../../../contract/errors.ts';
import { Calls } from '../../../../renderer/media/calls.ts';
import { Microphone } from '../../../../renderer/media/microphone.ts';
import type { Silence } from '../../../../renderer/media/silence.ts';
import { Speaker } from '../../../../renderer/media/speaker.ts';
import { until } from '../../../support/until.ts';
import { FakeDevices, FakePeer, FakePlayer, FakeTrack } from './fakes.ts';

const OFFER: MediaOperation = { type: 'createOffer', iceServers: [], hold: false, restartIce: false };
const ANSWER: MediaOperation = { type: 'createAnswer', iceServers: [], hold: false, remoteOffer: 'offer of theirs' };
const CODECS = ['audio/opus', 'audio/red', 'audio/G722', 'audio/PCMU', 'audio/PCMA', 'audio/CN', 'audio/telephone-event'];

/** A window's calls, and the host's end of its bridge. */
function open() {
  const devices = new FakeDevices('a', 'b');
  const microphone = new Microphone({ access: devices });
  const speaker = new Speaker({ access: null, gestures: new EventTarget(), createPlayer: () => new FakePlayer() });
  const peers: FakePeer[] = [];
  const answers: MediaAnswer[] = [];
  const reports: MediaReport[] = [];
  const claims: MediaClaim[] = [];
  const silences: FakeTrack[] = [];
  const listeners = new Map<string, (payload: never) => void>();
  const told = { answering: 0, released: 0 };
  const kept = <Item>(list: Item[], item: Item) => Promise.resolve((list.push(item), done()));
  const bridge: Pick<BridgeFacade, 'media' | 'on'> = {
    media: { claim: (claim) => kept(claims, claim), answer: (answer) => kept(answers, answer), report: (report) => kept(reports, report) },
    on: (event, listener) => {
      listeners.set(event, listener);
      return () => void listeners.delete(event);
    },
  };
  const connect = (configuration: RTCConfiguration) => {
    peers.push(new FakePeer(configuration));
    return peers.at(-1) as unknown as RTCPeerConnection;
  };
  const silence = (): Silence => {
    const track = new FakeTrack('silence');
    silences.push(track);
    return { track: track as unknown as MediaStreamTrack, stop: () => track.stop() };
  };
  const calls = new Calls({ bridge, microphone, speaker, connect, silence, onAnswering: () => void told.answering++, onReleased: () => void told.released++ });
  const stop = calls.start();
  let number = 0;
  const tell = (event: 'media.requested' | 'media.released', payload: unknown) => listeners.get(event)?.(payload as never);
  const ask = async (operation: MediaOperation, session = 's', generation = 0): Promise<MediaAnswer['result']> => {
    const key = { session, generation, request: number++ };
    tell('media.requested', { ...key, operation });
    const answer = await until(`${operation.type} is answered`, () => answers.find(({ request }) => request === key.request));
    expect(answer).toMatchObject(key);
    return answer.result;
  };
  return { devices, microphone, speaker, peers, answers, reports, claims, silences, listeners, told, calls, stop, tell, ask };
}

describe('calls in the window', () => {
  let window: ReturnType<typeof open>;
  const sender = (index = 0) => window.peers[index]?.transceivers[0]?.sender;

  beforeEach(() => {
    vi.stubGlobal('RTCRtpReceiver', { getCapabilities: () => ({ codecs: CODECS.map((mimeType) => ({ mimeType, clockRate: 8000 })) }) });
    vi.stubGlobal('MediaStream', EventTarget);
    window = open();
  });
  afterEach(() => {
    window.stop();
    vi.unstubAllGlobals();
  });

  it('offers G.711 and Opus, with our voice, over the servers that are named and no other', async () => {
    const servers = [{ urls: 'turn:t', username: 'u', credential: 'c' }];
    expect(await window.ask({ ...OFFER, iceServers: servers })).toEqual({ ok: true, sdp: 'offer sendrecv' });
    expect(window.peers[0]?.configuration.iceServers).toEqual(servers);
    expect(window.peers[0]?.transceivers[0]?.codecs).toEqual(['audio/opus', 'audio/PCMU', 'audio/PCMA', 'audio/telephone-event']);
    expect(sender()?.track).toMatchObject({ deviceId: 'a', enabled: true });
  });

  it('answers, and says once that somebody answers', async () => {
    expect(await window.ask(ANSWER)).toEqual({ ok: true, sdp: 'answer sendrecv' });
    await window.ask(ANSWER);
    expect(window.told.answering).toBe(1);
  });

  it('holds by direction, and is not heard meanwhile; a rollback takes the hold back', async () => {
    await window.ask(ANSWER);
    expect(await window.ask({ ...OFFER, hold: true })).toEqual({ ok: true, sdp: 'offer sendonly' });
    expect(sender()?.track?.enabled).toBe(false);
    await window.ask({ type: 'rollback' });
    expect([window.peers[0]?.signalingState, sender()?.track?.enabled]).toEqual(['stable', true]);
  });

  it('mutes one call alone', async () => {
    await window.ask(ANSWER, 's1');
    await window.ask(ANSWER, 's2');
    await window.ask({ type: 'setMuted', muted: true }, 's1');
    expect([sender(0)?.track?.enabled, sender(1)?.track?.enabled]).toEqual([false, true]);
    expect(window.devices.tracks).toHaveLength(1);
  });

  it('stays muted when the microphone changes', async () => {
    await window.ask(ANSWER);
    await window.ask({ type: 'setMuted', muted: true });
    window.microphone.choose('b');
    await until('b speaks', () => sender()?.track?.deviceId === 'b');
    expect(sender()?.track?.enabled).toBe(false);
  });

  it('adds digits to those still to be sent', async () => {
    await window.ask(ANSWER);
    for (const digits of ['12', '3']) await window.ask({ type: 'sendDigits', digits, durationMs: 160, gapMs: 70 });
    expect(sender()?.dtmf.inserted).toEqual(['12', '123']);
  });

  it('plays the far end once, whatever is renegotiated, and reports how the audio is', async () => {
    await window.ask(ANSWER);
    window.peers[0]?.hear();
    window.peers[0]?.hear();
    expect(window.speaker.players).toBe(1);
    window.peers[0]?.become('connected');
    expect(window.reports).toEqual([{ session: 's', generation: 0, state: 'connected' }]);
  });

  it('makes a new peer connection for a new generation, and closes the old one', async () => {
    await window.ask(ANSWER);
    expect(await window.ask(OFFER, 's', 1)).toMatchObject({ ok: true });
    expect(window.peers.map(({ connectionState }) => connectionState)).toEqual(['closed', 'new']);
    expect(window.calls.open).toBe(1);
  });

  it('says what it has when it claims the audio again', async () => {
    await window.calls.claim();
    await window.ask(ANSWER);
    window.peers[0]?.become('connected');
    await window.calls.claim();
    const [report] = window.reports;
    expect(window.claims).toEqual([null, { open: [report] }]);
    expect(window.reports).toEqual([report, report]);
  });

  it.each<[string, () => unknown]>([
    ['is asked to close', () => window.ask({ type: 'close' })],
    ['loses the audio to another window', () => window.tell('media.released', null)],
    ['ends', () => window.stop()],
  ])('leaves nothing behind when it %s', async (_when, end) => {
    await window.ask(ANSWER);
    window.peers[0]?.hear();
    const voice = sender()?.track;
    await end();
    await until('the microphone is closed', () => window.devices.open.length === 0);
    expect(window.peers[0]).toMatchObject({ connectionState: 'closed', listening: 0 });
    expect([voice?.readyState, window.speaker.players, window.calls.open, window.microphone.listeners]).toEqual(['ended', 0, 0, 0]);
  });

  it('stops listening to the host when it ends', () => {
    window.stop();
    expect(window.listeners.size).toBe(0);
  });

  describe('failure:', () => {
    it.each([
      ['NotAllowedError', 'media.denied'],
      ['NotFoundError', 'media.failed'],
    ])('%s of the microphone answers %s, and nothing stays open', async (failure, code) => {
      window.devices.failure = failure;
      expect(await window.ask(ANSWER)).toMatchObject({ ok: false, code });
      expect([window.calls.open, window.peers[0]?.connectionState]).toEqual([0, 'closed']);
    });

    it.each([ANSWER, OFFER])('$type goes with silence while another program has the microphone, and with the voice as soon as that lets go', async (operation) => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      onTestFinished(() => void vi.useRealTimers());
      const stopFollowing = window.microphone.follow();
      window.devices.failure = 'NotReadableError';
      const asked = window.ask(operation);
      await vi.advanceTimersByTimeAsync(50);
      expect(await asked).toMatchObject({ ok: true });
      expect(sender()?.track).toBe(window.silences[0]);
      await vi.advanceTimersByTimeAsync(5000);
      expect(sender()?.track).toBe(window.silences[0]);
      window.devices.failure = null;
      await vi.advanceTimersByTimeAsync(1000);
      expect([sender()?.track?.deviceId, sender()?.track?.enabled, window.silences[0]?.readyState]).toEqual(['a', true, 'ended']);
      stopFollowing();
    });

    it('a call that lives goes on without a microphone', async () => {
      window.devices.failure = 'NotFoundError';
      expect(await window.ask(OFFER, 's', 1)).toMatchObject({ ok: true });
      expect(sender()?.track).toBe(window.silences[0]);
    });

    it('a call whose last microphone is unplugged sends silence, and the voice again with the next', async () => {
      const stopFollowing = window.microphone.follow();
      window.devices.plug('a');
      await window.ask(ANSWER);
      window.devices.plug();
      window.devices.tracks[0]?.end();
      await until('silence is sent', () => window.silences.length === 1 && sender()?.track === (window.silences[0] as unknown));
      window.devices.plug('b');
      await until('the voice is sent', () => window.silences[0]?.readyState === 'ended');
      expect(sender()?.track).toMatchObject({ deviceId: 'b', readyState: 'live', enabled: true });
      stopFollowing();
      window.stop();
      expect(window.silences.map(({ readyState }) => readyState)).toEqual(['ended']);
    });

    it('nonsense for a description is answered, and the next one works', async () => {
      await window.ask(ANSWER);
      expect(await window.ask({ ...ANSWER, remoteOffer: 'nonsense' })).toMatchObject({ ok: false, code: 'media.failed' });
      expect(await window.ask(ANSWER)).toMatchObject({ ok: true });
    });

    it('an answer without an offer is refused', async () => {
      await window.ask(ANSWER);
      expect(await window.ask({ type: 'applyAnswer', sdp: 'answer' })).toMatchObject({ ok: false, code: 'media.failed' });
    });

    it.each<[MediaOperation, boolean]>([
      [{ type: 'applyAnswer', sdp: 'x' }, false],
      [{ type: 'setMuted', muted: true }, false],
      [{ type: 'sendDigits', digits: '1', durationMs: 1, gapMs: 1 }, false],
      [{ type: 'rollback' }, true],
      [{ type: 'close' }, true],
    ])('%j for a call that is not here is answered', async (operation, ok) => {
      expect((await window.ask(operation)).ok).toBe(ok);
    });

    it('a description whose candidates never end is given after 1.5 s', async () => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      try {
        window.tell('media.requested', { session: 's', generation: 0, request: 9, operation: OFFER });
        const [peer] = window.peers;
        if (peer !== undefined) peer.iceGatheringState = 'gathering';
        await vi.advanceTimersByTimeAsync(1499);
        expect(window.answers).toEqual([]);
        await vi.advanceTimersByTimeAsync(2);
        expect(window.answers[0]?.result).toEqual({ ok: true, sdp: 'offer sendrecv' });
      } finally {
        vi.useRealTimers();
      }
    });
  });
});
