import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bridgeCalls } from '../../contract/bridge/index.ts';
import { carrier, Desktop } from './desktop.ts';

describe(`the desktop on ${carrier}`, () => {
  let desktop: Desktop;

  beforeAll(async () => {
    desktop = await Desktop.launch();
  });
  afterAll(() => desktop.dispose());

  it('opens its sign-in screen', async () => {
    const page = await desktop.window();
    await page.getByLabel('Account').waitFor();
    expect(page.url()).toBe(desktop.address('/'));
  });

  it('exposes the named functions of the bridge, and nothing of Node or of Electron', async () => {
    const page = await desktop.window();
    const exposed = await page.evaluate(() => {
      const { sangdam } = window as unknown as { sangdam: Record<string, object> };
      return Object.entries(sangdam).flatMap(([space, functions]) => (typeof functions === 'function' ? [space] : Object.keys(functions).map((name) => `${space}.${name}`)));
    });
    expect(exposed.toSorted()).toEqual(['on', ...Object.keys(bridgeCalls)].toSorted());
    expect(await page.evaluate(() => ['process', 'require', 'module', 'global', 'ipcRenderer', 'electron'].filter((name) => name in window))).toEqual([]);
  });
});
