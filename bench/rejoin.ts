import type { Page } from 'playwright';
import { installAsterisk } from '../scripts/asterisk/install.ts';
import { buildDesktop, buildWeb } from '../scripts/builds.ts';
import { carrier, Desktop } from '../test/electron/desktop.ts';
import { Party } from '../test/support/browser.ts';
import { Cast } from '../test/support/cast/index.ts';
import type { CustomerPage } from '../test/support/cast/customer-page.ts';
import { Desk } from '../test/support/cast/desk.ts';
import { until } from '../test/support/until.ts';
import type { Benchmark, BenchRow } from './bench.ts';

const ROUNDS = 10;
const BAR_MS = 5000;

type Switch = 'embedded' | 'asterisk';
type Times = Record<'web reload' | 'desktop reload' | 'desktop crash', number[]>;

/**
 * How long a call is without its audio when its page is reloaded or crashes: from that moment until both sides have
 * heard each other, and nobody else, for a quarter of a second. By re-INVITE, and by being dialled again.
 */
export const benchmark: Benchmark = {
  name: 'rejoin',
  run: async (): Promise<BenchRow[]> => {
    if (!(await buildWeb({ force: false })) || !(await buildDesktop({ force: false }))) throw new Error('the pages could not be built');
    const byReinvite = await timesOn('embedded');
    const installed = await installAsterisk();
    if (!installed.ok) {
      console.log(`  without Asterisk: ${installed.why}`);
      return rowsOf(byReinvite, null);
    }
    return rowsOf(byReinvite, await timesOn('asterisk'));
  },
};

async function timesOn(kind: Switch): Promise<Times> {
  const cast = await Cast.gather({ switch: kind, wrapUpMs: 0, straightToGroup: true });
  const desktop = await Desktop.launch({ server: cast.origin, voice: 'agent1' });
  try {
    const customer = await cast.customer(1);
    const times: Times = { 'web reload': [], 'desktop reload': [], 'desktop crash': [] };
    await timeDesktop(cast, desktop, customer, times);
    await timeWeb(cast, customer, times);
    return times;
  } finally {
    await desktop.dispose();
    await cast.dismiss();
  }
}

async function timeDesktop(cast: Cast, desktop: Desktop, customer: CustomerPage, times: Times): Promise<void> {
  const deskNow = async (): Promise<Desk> => Desk.at(Party.at(await desktop.window(), 'agent1'), cast.origin);
  const desk = await deskNow();
  await desk.signIn('agent1');
  await connect(desk, customer);
  for (let round = 0; round < ROUNDS; round++) {
    const page = await desktop.window();
    const reloaded = await timed(
      async () => {
        await page.evaluate(() => Object.assign(window, { before: true }));
        await page.evaluate(() => location.reload());
        await until('the page was reloaded', () => isNew(page));
      },
      deskNow, customer,
    );
    times['desktop reload'].push(reloaded);
    // Three crashes a minute are brought back without a question.
    if (round >= 3) continue;
    const before = await desktop.window();
    const crashed = await timed(
      async () => {
        await desktop.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer());
        await until('there is another page', async () => (await desktop.windows())[0] !== undefined && (await desktop.window()) !== before);
      },
      deskNow, customer,
    );
    times['desktop crash'].push(crashed);
  }
  await customer.hangUp();
  await (await deskNow()).goAway('Break');
}

async function timeWeb(cast: Cast, customer: CustomerPage, times: Times): Promise<void> {
  const desk = await cast.agent(2);
  await connect(desk, customer);
  for (let round = 0; round < ROUNDS; round++) {
    times['web reload'].push(await timed(() => desk.page.reload(), () => Promise.resolve(desk), customer));
  }
  await customer.hangUp();
}

async function connect(desk: Desk, customer: CustomerPage): Promise<void> {
  await desk.goReady();
  await customer.call('15880000');
  await desk.rings();
  await desk.answer();
  await bothHear(desk, customer);
}

async function timed(act: () => Promise<unknown>, desk: () => Promise<Desk>, customer: CustomerPage): Promise<number> {
  const from = performance.now();
  await act();
  await bothHear(await desk(), customer);
  return performance.now() - from;
}

const bothHear = (desk: Desk, customer: CustomerPage): Promise<unknown> => Promise.all([desk.party.hearsOnly(customer.party.voice), customer.party.hearsOnly(desk.party.voice)]);

const isNew = (page: Page): Promise<boolean> => page.evaluate(() => !('before' in window) && document.readyState === 'complete').catch(() => false);

const sorted = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b);
const median = (values: readonly number[]): number => sorted(values)[Math.floor(values.length / 2)] ?? Number.NaN;
const worst = (values: readonly number[]): number => sorted(values).at(-1) ?? Number.NaN;

function rowsOf(byReinvite: Times, byRedial: Times | null): BenchRow[] {
  return (Object.keys(byReinvite) as (keyof Times)[]).flatMap((what) => {
    const reinvited = byReinvite[what];
    const name = `${what}${what.startsWith('desktop') ? `, on ${carrier}` : ''}`;
    const rows = [row(`${name}: by re-INVITE, median of ${reinvited.length}`, median(reinvited), null), row(`${name}: by re-INVITE, worst`, worst(reinvited), null)];
    if (byRedial === null) return rows;
    const redialled = byRedial[what];
    return [...rows, row(`${name}: dialled again, median of ${redialled.length}`, median(redialled), median(reinvited)), row(`${name}: dialled again, worst`, worst(redialled), worst(reinvited))];
  });
}

/** A figure that has to stay below the bar; beside it the same by re-INVITE, else the bar. */
const row = (name: string, value: number, beside: number | null): BenchRow => ({
  name,
  value: Math.round(value),
  unit: 'ms',
  reference: beside === null ? 'bar' : 'the same by re-INVITE, on the embedded switch',
  referenceValue: Math.round(beside ?? BAR_MS),
  ratio: value / (beside ?? BAR_MS),
  bar: `≤ ${BAR_MS}`,
  met: value <= BAR_MS,
});
