import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Party } from '../support/browser.ts';
import { Desk } from '../support/cast/desk.ts';
import { Cast } from '../support/cast/index.ts';
import { until } from '../support/until.ts';
import { carrier, Desktop } from './desktop.ts';

describe(`a wall display, on ${carrier}`, () => {
  let cast: Cast;
  let desktop: Desktop;

  beforeAll(async () => {
    cast = await Cast.gather();
    desktop = await Desktop.launch({ server: cast.origin, args: ['--kiosk'] });
  });
  afterAll(async () => {
    await desktop?.dispose();
    await cast?.dismiss();
  });

  it('shows the wallboard on the whole screen, keeps it awake, and nothing else', async () => {
    const page = await desktop.window();
    const desk = Desk.at(Party.at(page, 'supervisor'), cast.origin);
    await desk.trySignIn('admin');
    await page.getByText('Service level').first().waitFor();
    expect(await desktop.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => window.isKiosk()))).toEqual([true]);
    expect(await page.getByRole('navigation').count()).toBe(0);
    // Electron numbers what holds a machine awake from the start.
    await until('the display is kept awake', () => desktop.evaluate(({ powerSaveBlocker }) => Array.from({ length: 20 }, (_, id) => id).some((id) => powerSaveBlocker.isStarted(id))));
  });

  it('is not left by a page that asks for it', async () => {
    const page = await desktop.window();
    await page.evaluate(() => (window as unknown as { sangdam: { desktop: { closeWallboard(request: null): Promise<unknown> } } }).sangdam.desktop.closeWallboard(null));
    expect(await desktop.windows()).toHaveLength(1);
  });
});
