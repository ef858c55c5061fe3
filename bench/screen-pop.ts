import { voices } from '../test/support/tones.ts';
import { Cast } from '../test/support/cast/index.ts';
import type { CustomerPage } from '../test/support/cast/customer-page.ts';
import { Desk } from '../test/support/cast/desk.ts';
import { createSipPhone, type SipPhone } from '../test/support/sip-phone/index.ts';
import type { Benchmark, BenchRow } from './bench.ts';
import { bareCall, barePaints } from './browser-peers.ts';

const POPS = 200;
const ANSWERS = 30;
const BARE_CALLS = 10;

/**
 * Offer → screen pop painted, over 200 calls, and click on Answer → audio both ways, over 30: the whole path of
 * the one-process deployment, switch and browser included, on this machine.
 */
export const benchmark: Benchmark = {
  name: 'screen-pop',
  run: async (): Promise<BenchRow[]> => {
    const cast = await Cast.gather({ wrapUpMs: 0, straightToGroup: true });
    try {
      // A voice that the hold music has nothing of.
      const desk = await Desk.open(cast.browser, cast.origin, 'supervisor');
      await desk.signIn('agent1');
      await desk.goReady();
      const phone = createSipPhone({ url: cast.sipUrl, user: 'c3', password: 'customer', toneHz: 700 });
      await phone.register();
      const pops = await screenPops(cast, desk, phone);
      await phone.close();
      const answers = await answerTimes(cast, desk, await cast.customer(1));
      const bare: number[] = [];
      for (let round = 0; round < BARE_CALLS; round++) bare.push(await bareCall(cast.browser));
      return [
        ...rows('offer → screen pop painted', pops, 150, 'a bare Socket.IO message painted in an empty page', await barePaints(cast.browser, POPS)),
        ...rows('click on Answer → audio both ways', answers, 700, 'two empty pages connecting directly', bare),
      ];
    } finally {
      await cast.dismiss();
    }
  },
};

/** Calls and hangs up while it rings, again and again. @returns milliseconds from the center's offer to the paint */
async function screenPops(cast: Cast, desk: Desk, phone: SipPhone): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < POPS; round++) {
    await desk.page.evaluate(() => performance.clearMarks('screen-pop-painted'));
    const call = await phone.call('15880000');
    const painted = await desk.page.waitForFunction(
      () => {
        const [mark] = performance.getEntriesByName('screen-pop-painted');
        // The mark's time on the wall clock, which page and center share here.
        return mark === undefined ? null : Date.now() - (performance.now() - mark.startTime);
      },
      null,
      { polling: 10 },
    );
    const offered = await cast.office.agentIs('1001', 'RESERVED');
    times.push(((await painted.jsonValue()) ?? Number.NaN) - offered.since);
    await call.hangUp();
    await ready(cast);
  }
  return times;
}

/** Answers a waiting customer. @returns milliseconds from the click to the later of the two first sounds */
async function answerTimes(cast: Cast, desk: Desk, customer: CustomerPage): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < ANSWERS; round++) {
    await customer.dial('15880000');
    await desk.rings();
    const sounds = [desk.party.page.evaluate((hz) => window.ears.firstHeard(hz, 10_000), voices.customer1), customer.party.page.evaluate((hz) => window.ears.firstHeard(hz, 10_000), voices.supervisor)];
    const clicked = await desk.button('Answer').evaluate((button: HTMLElement) => {
      button.click();
      return Date.now();
    });
    const heard = await Promise.all(sounds);
    if (heard.includes(null)) throw new Error(`no audio in round ${round}`);
    times.push(Math.max(...heard.map(Number)) - clicked);
    await customer.hangUp();
    await ready(cast);
  }
  return times;
}

const ready = (cast: Cast): Promise<unknown> => cast.office.agentIs('1001', 'READY');

const percentile = (times: readonly number[], share: number): number => {
  const sorted = [...times].sort((a, b) => a - b);
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN);
};

/** p50 and p95 beside the same of the reference; the bar is for p95. */
function rows(name: string, times: readonly number[], barMs: number, reference: string, referenceTimes: readonly number[]): BenchRow[] {
  return [0.5, 0.95].map((share) => {
    const value = percentile(times, share);
    const referenceValue = percentile(referenceTimes, share);
    const barred = share === 0.95;
    return {
      name: `${name}, p${share * 100} of ${times.length}`,
      value,
      unit: 'ms',
      reference,
      referenceValue,
      ratio: Math.round((value / referenceValue) * 100) / 100,
      bar: barred ? `≤ ${barMs}` : null,
      met: barred ? value <= barMs : null,
    };
  });
}
