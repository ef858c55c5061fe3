import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright';
import type { Desktop } from '../test/electron/desktop.ts';

interface ProcessInfo {
  type: string;
  id: number;
  /** Seconds. */
  cpuTime: number;
}

/** CPU time so far of main and of the page's renderer, in milliseconds. */
export async function processCpu(desktop: Desktop, page: Page): Promise<{ mainMs: number; rendererMs: number }> {
  const { user, system } = await desktop.evaluate(() => process.cpuUsage());
  return { mainMs: (user + system) / 1000, rendererMs: (await rendererOf(page)).cpuTime * 1000 };
}

/** Proportional set size of the page's renderer, in megabytes: what is shared with other processes counts in part. */
export async function rendererMemory(page: Page): Promise<number> {
  const { id } = await rendererOf(page);
  const kilobytes = /^Pss:\s+(\d+) kB$/m.exec(await readFile(`/proc/${id}/smaps_rollup`, 'utf8'))?.[1];
  return Number(kilobytes) / 1024;
}

/** The busiest renderer: others are of empty pages. */
async function rendererOf(page: Page): Promise<ProcessInfo> {
  const session = await page.context().browser()?.newBrowserCDPSession();
  if (session === undefined) throw new Error('the page has no browser');
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const [busiest] = processInfo.filter(({ type }) => type === 'renderer').toSorted((a, b) => b.cpuTime - a.cpuTime);
  if (busiest === undefined) throw new Error('there is no renderer');
  return busiest;
}
