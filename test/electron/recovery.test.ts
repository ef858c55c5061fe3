import { describe, expect, it, onTestFinished } from 'vitest';
import { until } from '../support/until.ts';
import { carrier, Desktop } from './desktop.ts';

describe(`crash recovery of the renderer is bounded, on ${carrier}`, () => {
  it('three times a minute the window comes back by itself; then the person is asked', async () => {
    const desktop = await Desktop.launch({ server: 'https://center.example.com' });
    onTestFinished(() => desktop.dispose());
    const questions = () => desktop.evaluate(() => globalThis.probe.questions.map(({ message, buttons }) => ({ message, buttons })));
    const crash = () => desktop.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer());
    let page = await desktop.window();
    await page.getByLabel('Account').waitFor();
    for (const _ of [1, 2, 3]) {
      const before = page;
      await crash();
      page = await until('the window is back', async () => (await desktop.windows()).find((one) => one !== before));
      await page.getByLabel('Account').waitFor();
      expect(await questions()).toEqual([]);
    }
    // Asked, the test's person wants to try again.
    const before = page;
    await crash();
    await until('the person is asked', async () => (await questions()).length === 1);
    expect(await questions()).toEqual([{ message: expect.stringContaining('keeps failing'), buttons: ['Try again', 'Quit'] }]);
    page = await until('the window is back', async () => (await desktop.windows()).find((one) => one !== before));
    await page.getByLabel('Account').waitFor();
  });
});
