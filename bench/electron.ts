import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildDesktop } from '../scripts/builds.ts';
import { ROOT } from '../scripts/run.ts';
import { Party } from '../test/support/browser.ts';
import { Cast } from '../test/support/cast/index.ts';
import { Desk } from '../test/support/cast/desk.ts';
import { carrier, Desktop } from '../test/electron/desktop.ts';
import type { Benchmark, BenchRow } from './bench.ts';
import { callRows } from './electron-calls.ts';
import { processCpu, rendererMemory } from './electron-processes.ts';

const STARTS = 7;
const PAINT_BAR_MS = 1500;
const BUNDLE_BAR_KB = 250;
const IDLE_MS = 30_000;
const IDLE_BAR_PERCENT = 0.5;
const MEMORY_BAR_MB = 120;

/** What the desktop costs: its start, its first screen, an idle desk, and a day of calls. */
export const benchmark: Benchmark = {
  name: 'electron',
  run: async (): Promise<BenchRow[]> => {
    if (!(await buildDesktop({ force: false }))) throw new Error('the desktop could not be built');
    const starts = await startRows();
    const cast = await Cast.gather({ wrapUpMs: 0, straightToGroup: true });
    try {
      const desktop = await Desktop.launch({ server: cast.origin });
      try {
        const desk = Desk.at(Party.at(await desktop.window(), 'agent1'), cast.origin);
        await desk.signIn('agent1');
        await desk.goReady();
        const idle = await idleRows(desktop, desk);
        return [...starts, ...idle, ...(await callRows(cast, desktop, desk))];
      } finally {
        await desktop.dispose();
      }
    } finally {
      await cast.dismiss();
    }
  },
};

/** Main script started → first paint of the sign-in screen, and what that takes. */
async function startRows(): Promise<BenchRow[]> {
  const paints: number[] = [];
  for (let round = 0; round < STARTS; round++) {
    const desktop = await Desktop.launch({ server: 'https://center.example.com' });
    try {
      const page = await desktop.window();
      await page.getByLabel('Account').waitFor();
      const mainAt = await desktop.evaluate(() => (globalThis as { standInStartedAt?: number }).standInStartedAt ?? performance.timeOrigin);
      const paintedAt = await page.evaluate(() => performance.timeOrigin + (performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN));
      paints.push(paintedAt - mainAt);
    } finally {
      await desktop.dispose();
    }
  }
  return [row(`window painted after the main script starts, median of ${STARTS}, on ${carrier}`, median(paints), 'ms', PAINT_BAR_MS), await bundleRow()];
}

/** What the page itself names, and so must have before the first screen: its script, all that script imports, its styles. */
async function bundleRow(): Promise<BenchRow> {
  const page = join(ROOT, 'out/renderer/renderer/index.html');
  const named = [...(await readFile(page, 'utf8')).matchAll(/(?:src|href)="([^"]+\.(?:js|css))"/g)].map((match) => join(page, '..', match[1] ?? ''));
  const sizes = await Promise.all(named.map(async (file) => gzipSync(await readFile(file)).length));
  return row(`scripts and styles of the first screen, gzipped, ${sizes.length} files`, sizes.reduce((sum, size) => sum + size, 0) / 1000, 'KB', BUNDLE_BAR_KB);
}

async function idleRows(desktop: Desktop, desk: Desk): Promise<BenchRow[]> {
  const before = await processCpu(desktop, desk.page);
  await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
  const after = await processCpu(desktop, desk.page);
  const percent = (ms: number): number => (ms / IDLE_MS) * 100;
  return [
    row(`idle desk, signed in and ready: CPU of main and its renderer, on ${carrier}`, percent(after.mainMs - before.mainMs + after.rendererMs - before.rendererMs), '% of a core', IDLE_BAR_PERCENT),
    { ...row('of which main', percent(after.mainMs - before.mainMs), '% of a core', IDLE_BAR_PERCENT), bar: null, met: null },
    row(`idle desk: memory of its renderer (proportional share), on ${carrier}`, await rendererMemory(desk.page), 'MB', MEMORY_BAR_MB),
  ];
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** A figure that has to stay at or below its bar. */
const row = (name: string, value: number, unit: string, bar: number): BenchRow => ({
  name,
  value: Math.round(value * 100) / 100,
  unit,
  reference: 'bar',
  referenceValue: bar,
  ratio: value / bar,
  bar: `≤ ${bar}`,
  met: value <= bar,
});
