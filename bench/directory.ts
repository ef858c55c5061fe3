import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright';
import { buildWeb } from '../scripts/builds.ts';
import { Cast } from '../test/support/cast/index.ts';
import { Desk } from '../test/support/cast/desk.ts';
import type { Benchmark, BenchRow } from './bench.ts';
import { atRest } from './browser-peers.ts';
import { yardstick } from './yardstick.ts';

const COLLEAGUES = 5000;
const ROUNDS = 7;
/** What nobody shows any more is kept for ten seconds (`agent/topics`); a page that is opened later asks the center. */
const FORGOTTEN_MS = 11_000;
const BAR_MS = 300;

/** From the click until the directory of 5,000 people is painted, asked of the center each time, beside that of the demo's few. */
export const benchmark: Benchmark = {
  name: 'directory',
  run: async (): Promise<BenchRow[]> => {
    if (!(await buildWeb({ force: false }))) throw new Error('the pages could not be built');
    const few = await openings(0);
    const many = await openings(COLLEAGUES);
    const slowness = yardstick();
    const value = Math.round(many / slowness);
    return [{ name: `the directory of ${COLLEAGUES.toLocaleString('en')} people: from the click until it is painted, median of ${ROUNDS}`, value, unit: `ms at yardstick 1 (here ${slowness.toFixed(2)})`, reference: 'the directory of the demo', referenceValue: Math.round(few / slowness), ratio: Math.round((many / few) * 100) / 100, bar: `≤ ${BAR_MS}`, met: value <= BAR_MS }];
  },
};

/** @returns the median in milliseconds */
async function openings(colleagues: number): Promise<number> {
  const cast = await Cast.gather({ colleagues });
  try {
    const desk = await Desk.open(cast.browser, cast.origin, 'agent1');
    await desk.signIn('agent1');
    const times: number[] = [];
    // The first fetches the page's code, too, and is not counted.
    for (let round = 0; round <= ROUNDS; round++) {
      await atRest(desk.page);
      const ms = await opened(desk.page, colleagues);
      if (round > 0) times.push(ms);
      await desk.page.getByRole('navigation').getByRole('link', { name: 'Desk', exact: true }).first().click();
      await delay(FORGOTTEN_MS);
    }
    return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;
  } finally {
    await cast.dismiss();
  }
}

/** @returns milliseconds until the frame after the one that has so many rows */
function opened(page: Page, rows: number): Promise<number> {
  return page.getByRole('navigation').getByRole('link', { name: 'Directory', exact: true }).first().evaluate(
    (link: HTMLElement, least) =>
      new Promise<number>((resolve) => {
        const from = performance.now();
        link.click();
        const look = (): void => {
          const grid = document.querySelector('[aria-rowcount]');
          const isThere = grid !== null && Number(grid.getAttribute('aria-rowcount')) > least && grid.querySelector('[role="row"] [role="gridcell"]') !== null;
          if (isThere) requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - from)));
          else requestAnimationFrame(look);
        };
        look();
      }),
    Math.max(rows, 3),
  );
}
