import { fork } from 'node:child_process';
import { join } from 'node:path';
import { buildWeb } from '../scripts/builds.ts';
import { voices } from '../test/support/tones.ts';
import { Cast } from '../test/support/cast/index.ts';
import type { CustomerPage } from '../test/support/cast/customer-page.ts';
import { Desk } from '../test/support/cast/desk.ts';
import type { Benchmark, BenchRow } from './bench.ts';
import { atRest, BarePage, bareCall } from './browser-peers.ts';
import { answer, ask, end } from './children.ts';

const POPS = 200;
const ANSWERS = 30;
const BARE_CALLS = 10;

/**
 * Offer → screen pop painted, over 200 calls, and click on Answer → audio both ways, over 30: the whole path of
 * the one-process deployment, switch and browser included, on this machine. Before each call the bare message of the
 * reference is painted: both are measured in the same minutes, and find their pages at rest.
 */
export const benchmark: Benchmark = {
  name: 'screen-pop',
  run: async (): Promise<BenchRow[]> => {
    if (!(await buildWeb({ force: false }))) throw new Error('the pages could not be built');
    const cast = await Cast.gather({ wrapUpMs: 0, straightToGroup: true });
    try {
      // A voice that the hold music has nothing of.
      const desk = await Desk.open(cast.browser, cast.origin, 'supervisor');
      await desk.signIn('agent1');
      await desk.goReady();
      const { pops, bares } = await screenPops(cast, desk);
      const answers = await answerTimes(cast, desk, await cast.customer(1));
      const bare: number[] = [];
      for (let round = 0; round < BARE_CALLS; round++) bare.push(await bareCall(cast.browser));
      return [
        ...rows('offer → screen pop painted', pops, { ratio: 5 }, 'a bare Socket.IO message painted in an empty page', bares),
        ...rows('click on Answer → audio both ways', answers, { ms: 700 }, 'two empty pages connecting directly', bare),
      ];
    } finally {
      await cast.dismiss();
    }
  },
};

/** Calls and hangs up while it rings, again and again. @returns milliseconds from the center's offer to the paint, and of as many bare messages */
async function screenPops(cast: Cast, desk: Desk): Promise<{ pops: number[]; bares: number[] }> {
  const [pops, bares]: [number[], number[]] = [[], []];
  const bare = await BarePage.open(cast.browser);
  const caller = fork(join(import.meta.dirname, 'screen-pop-caller.ts'), [cast.sipUrl]);
  try {
    await answer(caller);
    for (let round = 0; round < POPS; round++) {
      bares.push(await bare.paint());
      await desk.screenPop.waitFor({ state: 'detached' });
      await atRest(desk.page);
      pops.push(await popOf(cast, desk, () => ask(caller, 'call')));
      await ask(caller, 'hangUp');
      await ready(cast);
    }
    return { pops, bares };
  } finally {
    await end(caller);
    await bare.close();
  }
}

async function popOf(cast: Cast, desk: Desk, call: () => Promise<unknown>): Promise<number> {
  await desk.page.evaluate(() => performance.clearMarks('screen-pop-painted'));
  await call();
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
  return ((await painted.jsonValue()) ?? Number.NaN) - offered.since;
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
function rows(name: string, times: readonly number[], bar: { ms: number } | { ratio: number }, reference: string, referenceTimes: readonly number[]): BenchRow[] {
  return [0.5, 0.95].map((share) => {
    const value = percentile(times, share);
    const referenceValue = percentile(referenceTimes, share);
    const ratio = Math.round((value / referenceValue) * 100) / 100;
    const barred = share === 0.95;
    const [text, met] = 'ms' in bar ? [`≤ ${bar.ms}`, value <= bar.ms] : [`≤ ${bar.ratio} of the reference`, ratio <= bar.ratio];
    return { name: `${name}, p${share * 100} of ${times.length}`, value, unit: 'ms', reference, referenceValue, ratio, bar: barred ? text : null, met: barred ? met : null };
  });
}
