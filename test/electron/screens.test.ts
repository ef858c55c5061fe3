import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Party } from '../support/browser.ts';
import { Cast } from '../support/cast/index.ts';
import { Desk } from '../support/cast/desk.ts';
import { objections } from '../support/objections.ts';
import { carrier, Desktop } from './desktop.ts';

describe(`an accessibility checker objects to nothing, on ${carrier}`, () => {
  let cast: Cast;
  let desktop: Desktop;
  let desk: Desk;

  beforeAll(async () => {
    cast = await Cast.gather();
    desktop = await Desktop.launch({ server: cast.origin, voice: 'agent1' });
    desk = Desk.at(Party.at(await desktop.window(), 'agent1'), cast.origin);
  });
  afterAll(async () => {
    await desktop?.dispose();
    await cast?.dismiss();
  });

  const themes = ['light', 'dark'] as const;

  it.each(themes)('sign-in, %s', async (theme) => {
    await desk.page.getByLabel('Account').waitFor();
    expect(await objections(desk.page, theme)).toEqual([]);
  });

  it('the desk signs in', async () => {
    await desk.signIn('agent1');
    expect(await desk.stateGroup.isVisible()).toBe(true);
  });

  it.each(themes)('settings with what the desktop alone has, %s', async (theme) => {
    await desk.page.getByRole('link', { name: 'Settings' }).click();
    await desk.page.getByRole('button', { name: 'Save a diagnostic bundle' }).waitFor();
    expect(await objections(desk.page, theme)).toEqual([]);
  });

  it.each(themes)('settings in the narrow column, %s', async (theme) => {
    await desktop.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(400, 800));
    await desk.page.waitForFunction(() => innerWidth === 400);
    expect(await objections(desk.page, theme)).toEqual([]);
    expect(await desk.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  });
});
