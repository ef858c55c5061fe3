import { afterAll, describe, expect, it } from 'vitest';
import { ChannelMedia } from '../../center/switch/embedded/media/channel-media.ts';
import { FRAME_SAMPLES } from '../../center/switch/embedded/media/g711.ts';
import { Ticker } from '../../center/switch/embedded/media/ticker.ts';
import { fairWeather, MediaRelay, randomOf, type RelayOptions, type Weather } from '../support/media-relay.ts';
import { PhoneMedia } from '../support/sip-phone/media.ts';
import { until } from '../support/until.ts';
import { must } from './stage.ts';

const PHONE_HZ = 440;
const AT_ONCE = 40;
/** The telephone of these tests gives a path up after five checks without an answer, as no browser does: what comes then is not the switch's. */
const MOST_CHECKS_LOST = 3;
const SEED = Number(process.env['SANGDAM_SETUP_SEED'] ?? Math.floor(Math.random() * 1_000_000));
const ticker = new Ticker(() => performance.now(), (error) => { throw error; });
const frame = new Int16Array(FRAME_SAMPLES).fill(1000);

interface SetUp {
  relay: Omit<RelayOptions, 'port'>;
  phoneOffers: boolean;
  /** Milliseconds that the phone's answer is under way, while its checks and its hello are not. */
  answerLateMs: number;
}

/** A phone and the switch's end of a call through a relay, until both hear each other and still do. */
async function setUp(name: string, { relay: options, phoneOffers, answerLateMs }: SetUp, stillAfterMs = 0): Promise<void> {
  const phone = new PhoneMedia(PHONE_HZ, 'pcmu');
  const media = new ChannelMedia({ address: '127.0.0.1', monotonic: () => performance.now(), onError: () => {} });
  let heard = 0;
  media.leg.onAudio = () => void heard++;
  const stopTicking = ticker.onTick(() => media.leg.sendFrame(frame));
  let relay: MediaRelay | null = null;
  const redirected = async (sdp: string): Promise<string> => {
    relay = await MediaRelay.open({ ...options, port: Number(/^m=audio (\d+)/m.exec(sdp)?.[1]) });
    return relay.redirect(sdp);
  };
  const both = async (): Promise<void> => {
    const before = [heard, phone.counts.received] as const;
    await until(`audio both ways: ${name}; ${media.progress}; ${heard} and ${phone.counts.received} packets came`, () => heard > before[0] + 2 && phone.counts.received > before[1] + 2, 20_000);
  };
  try {
    if (phoneOffers) {
      const { body } = await phone.getDescription();
      await phone.setDescription(await redirected(must(await media.answerTo(body))));
    } else {
      await phone.setDescription(await redirected(must(await media.offer())));
      const { body } = await phone.getDescription();
      const from = performance.now();
      await until('the answer arrives', () => performance.now() - from >= answerLateMs);
      must(await media.accept(body));
    }
    await both();
    const from = performance.now();
    await until('what was late has come', () => performance.now() - from >= stillAfterMs);
    await both();
  } finally {
    stopTicking();
    phone.close();
    media.close();
    (relay as MediaRelay | null)?.close();
  }
}

/** Runs all, so many at once. @returns what failed */
async function all(setUps: readonly (() => Promise<void>)[]): Promise<string[]> {
  const failures: string[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let one = setUps[next++]; one !== undefined; one = setUps[next++]) await one().catch((error: unknown) => failures.push(String(error)));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return failures;
}

describe('setting media up over a bad way', () => {
  afterAll(() => ticker.stop());

  const weathers: readonly Weather[] = [
    { loss: 0.15, delayMs: 0, repeats: 0, repeatMs: 0 },
    { loss: 0, delayMs: 150, repeats: 0, repeatMs: 0 },
    { loss: 0, delayMs: 0, repeats: 0.6, repeatMs: 400 },
    { loss: 0.1, delayMs: 60, repeats: 0.3, repeatMs: 300 },
  ];

  it(`gives 160 calls their audio, whatever is lost, late, repeated and out of order (SANGDAM_SETUP_SEED=${SEED})`, async () => {
    const setUps = Array.from({ length: 160 }, (_, index) => () => {
      const random = randomOf(SEED + index);
      const weather = weathers[index % weathers.length] ?? fairWeather;
      const phoneOffers = random() < 0.5;
      const answerLateMs = phoneOffers ? 0 : random() * 300;
      return setUp(`set-up ${index}, ${JSON.stringify(weather)}, ${phoneOffers ? 'the phone' : 'the switch'} offers`, { relay: { weather, random, mostChecksLost: MOST_CHECKS_LOST }, phoneOffers, answerLateMs });
    });
    expect(await all(setUps)).toEqual([]);
  }, 120_000);

  /** What happens to the one datagram of a handshake that is meant. */
  const mishaps = {
    'is lost': () => [],
    'comes 300 ms late': (datagram: Buffer) => [{ datagram, afterMs: 300 }],
    'comes again at once': (datagram: Buffer) => [{ datagram, afterMs: 0 }, { datagram, afterMs: 1 }],
    'comes again when the call is up': (datagram: Buffer) => [{ datagram, afterMs: 0 }, { datagram, afterMs: 500 }],
  } as const;

  it.each(Object.entries(mishaps))('bears that any one datagram of a handshake %s', async (what, mishap) => {
    const ways = [true, false].flatMap((phoneOffers) => [true, false].flatMap((toSwitch) => Array.from({ length: 7 }, (_, which) => ({ phoneOffers, toSwitch, which }))));
    const setUps = ways.map(({ phoneOffers, toSwitch, which }) => () => {
      let seen = 0;
      const meddle: RelayOptions['meddle'] = (datagram, kind, toCalled) => (kind === 'handshake' && toCalled === toSwitch && seen++ === which ? [...mishap(datagram)] : [{ datagram, afterMs: 0 }]);
      const name = `datagram ${which} ${toSwitch ? 'to' : 'from'} the switch ${what}, ${phoneOffers ? 'the phone' : 'the switch'} offers`;
      return setUp(name, { relay: { weather: fairWeather, random: randomOf(1), meddle }, phoneOffers, answerLateMs: 0 }, 600);
    });
    expect(await all(setUps)).toEqual([]);
  }, 60_000);
});
