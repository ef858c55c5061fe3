import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, Page } from 'playwright';
import { launchBrowser } from '../test/support/browser.ts';
import { fairWeather, MediaRelay, randomOf, type Weather } from '../test/support/media-relay.ts';
import { Ticker } from '../center/switch/embedded/media/ticker.ts';
import type { Benchmark, BenchRow } from './bench.ts';
import { bareEnd, switchEnd, type End } from './media-setup-ends.ts';
import { installMediaPage } from './media-setup-page.ts';

const SET_UPS = Number(process.env['SANGDAM_BENCH_SET_UPS'] ?? 10_000);
/** Of werift's bare transports, whose failures take long: as many as tell their share. */
const BARE_SET_UPS = Math.ceil(SET_UPS / 20);
const AT_ONCE = 8;
/** Set-ups for which a page is good; a browser keeps something of each. */
const PER_PAGE = 400;
const DEADLINE_MS = 5000;
/** After so long the switch and the desk look whether a call has its media, log it and tell the agent where not. */
const LOOK_MS = 3000;
/** Calls without audio by then are given so much longer, to tell late from never. */
const PATIENCE_MS = 15_000;
/** A repeated hello of so long ago may still be under way: a call that has audio has to keep it. */
const AFTERMATH_MS = 600;
const SEED = Number(process.env['SANGDAM_BENCH_SEED'] ?? 20_260_101);

const weathers: readonly Weather[] = [
  fairWeather,
  { loss: 0.1, delayMs: 0, repeats: 0, repeatMs: 0 },
  { loss: 0, delayMs: 120, repeats: 0, repeatMs: 0 },
  { loss: 0, delayMs: 0, repeats: 0.5, repeatMs: 1500 },
  { loss: 0.1, delayMs: 60, repeats: 0.2, repeatMs: 500 },
];

interface Outcome {
  /** Milliseconds until audio both ways that stayed; null where it never came. */
  ms: number | null;
  /** Whether either end knew after `LOOK_MS` that something was amiss, and so said it. */
  said: boolean;
  why: string;
}

/** How surely and how soon a call between Chromium and the embedded switch has audio both ways, through a relay that loses, delays, disorders and repeats. */
export const benchmark: Benchmark = {
  name: 'media-setup',
  run: async (): Promise<BenchRow[]> => {
    const http = createServer((_, response) => response.setHeader('content-type', 'text/html').end('<!doctype html><title>calls</title>'));
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    const browser = await launchBrowser();
    try {
      const bare = await many(browser, address, BARE_SET_UPS, bareEnd);
      const guarded = await many(browser, address, SET_UPS, async () => switchEnd());
      return rowsOf(guarded, bare);
    } finally {
      await browser.close();
      await new Promise((resolve) => http.close(resolve));
    }
  },
};

async function many(browser: Browser, address: string, count: number, make: () => Promise<End>): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (let first = 0; first < count; first += PER_PAGE) {
    const page = await browser.newPage();
    await page.goto(address);
    await page.evaluate(installMediaPage);
    const last = Math.min(first + PER_PAGE, count);
    let next = first;
    const worker = async (): Promise<void> => {
      while (next < last) {
        const index = next++;
        const outcome = await setUp(page, index, await make());
        outcomes[index] = outcome;
        if (outcome.ms === null || outcome.ms > DEADLINE_MS) console.log(`  set-up ${index}: ${outcome.why}`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    await page.close();
  }
  return outcomes;
}

const ticker = new Ticker(() => performance.now(), (error) => { throw error; });

/** One call: who offers, who is DTLS client, what the way is like and how late the answer is told come of the seed. */
async function setUp(page: Page, index: number, end: End): Promise<Outcome> {
  const random = randomOf(SEED + index);
  const weather = weathers[index % weathers.length] ?? fairWeather;
  const setup = random() < 0.25 ? 'passive' : 'active';
  const pageOffers = random() < 0.5;
  const lateMs = random() < 0.3 ? random() * 400 : 0;
  const began = performance.now();
  let relay: MediaRelay | null = null;
  const throughRelay = async (sdp: string): Promise<string> => {
    const port = Number(/^m=audio (\d+)/m.exec(sdp)?.[1]);
    relay = await MediaRelay.open({ port, weather, random });
    return relay.redirect(sdp);
  };
  const stopTicking = ticker.onTick(() => end.speak());
  let said = false;
  const looking = setTimeout(() => {
    said = !end.connected();
    if (!said) void page.evaluate((id) => window.media.connected(id), index).then((connected) => void (said = !connected)).catch(() => {});
  }, LOOK_MS);
  try {
    if (pageOffers) {
      const offer = await page.evaluate((id) => window.media.offer(id), index);
      const answer = await throughRelay(await end.answerTo(offer));
      await page.evaluate(([id, sdp]) => window.media.accept(id, sdp), [index, answer] as const);
    } else {
      const offer = await throughRelay(await end.offer());
      const answer = await page.evaluate(([id, sdp, role]) => window.media.answer(id, sdp, role), [index, offer, setup] as const);
      // The far end begins as soon as it has answered; its answer takes its time.
      await delay(lateMs);
      await end.accept(answer);
    }
    const { heardMs, state } = await page.evaluate(([id, timeoutMs]) => window.media.heard(id, timeoutMs), [index, PATIENCE_MS] as const);
    const inTime = heardMs !== null && (await hears(end, began + PATIENCE_MS));
    const ms = performance.now() - began;
    const kept = inTime && (await keeps(end));
    const what = `${pageOffers ? 'the page offers' : `the switch offers, the page is ${setup}, its answer ${Math.round(lateMs)} ms late`}; loss ${weather.loss}, delay ${weather.delayMs} ms, repeats ${weather.repeats}`;
    return { ms: kept ? ms : null, said, why: `${what}: ${state}; ${end.state()}; ${Math.round(ms)} ms${said ? ', told after 3 s' : ''}` };
  } finally {
    stopTicking();
    clearTimeout(looking);
    await page.evaluate((id) => window.media.close(id), index);
    end.close();
    (relay as MediaRelay | null)?.close();
  }
}

async function hears(end: End, deadline: number): Promise<boolean> {
  const before = end.heard();
  while (end.heard() < before + 3 && performance.now() < deadline) await delay(20);
  return end.heard() >= before + 3;
}

async function keeps(end: End): Promise<boolean> {
  await delay(AFTERMATH_MS);
  return hears(end, performance.now() + 1000);
}

function rowsOf(guarded: readonly Outcome[], bare: readonly Outcome[]): BenchRow[] {
  const share = (outcomes: readonly Outcome[], bad: (outcome: Outcome) => boolean): number => outcomes.filter(bad).length;
  const late = ({ ms }: Outcome): boolean => ms === null || ms > DEADLINE_MS;
  const never = ({ ms }: Outcome): boolean => ms === null;
  const at = (outcomes: readonly Outcome[], quantile: number): number | null => {
    const sorted = outcomes.flatMap(({ ms }) => (ms === null ? [] : [ms])).toSorted((a, b) => a - b);
    const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * quantile))];
    return value === undefined ? null : Math.round(value);
  };
  const reference = `werift’s transports as they come, ${bare.length} set-ups`;
  const row = (name: string, unit: string, value: number | null, referenceValue: number | null, bar: string | null, met: boolean | null): BenchRow => ({
    name, unit, value, reference, referenceValue, ratio: value !== null && referenceValue !== null && referenceValue > 0 ? Math.round((100 * value) / referenceValue) / 100 : null, bar, met,
  });
  const lost = share(guarded, never);
  const slow = share(guarded, late);
  const unsaid = ({ ms, said }: Outcome): boolean => late({ ms, said, why: '' }) && !(said && ms !== null);
  const perThousand = (count: number, of: readonly Outcome[]): number => Math.round((10_000 * count) / Math.max(1, of.length)) / 10;
  return [
    row(`calls of ${guarded.length} without audio both ways (seed ${SEED})`, 'of 1,000', perThousand(lost, guarded), perThousand(share(bare, never), bare), '0', lost === 0),
    row(`calls of ${guarded.length} without it within ${DEADLINE_MS / 1000} s, of which neither end knew or which did not mend`, 'of 1,000', perThousand(share(guarded, unsaid), guarded), perThousand(share(bare, unsaid), bare), '0', share(guarded, unsaid) === 0),
    row(`calls of ${guarded.length} without it within ${DEADLINE_MS / 1000} s, told or not`, 'of 1,000', perThousand(slow, guarded), perThousand(share(bare, late), bare), null, null),
    ...[0.5, 0.95, 0.99, 0.999, 1].map((quantile) => row(`set up, ${quantile === 1 ? 'the slowest' : `p${Math.round(1000 * quantile) / 10}`}`, 'ms', at(guarded, quantile), at(bare, quantile), null, null)),
  ];
}
