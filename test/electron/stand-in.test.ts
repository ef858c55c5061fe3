import { join } from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { carrier, Desktop } from './desktop.ts';

/** What the fixture's preload exposes. */
interface Fixture {
  desk: {
    echo(...args: unknown[]): Promise<{ args: unknown[]; own: boolean; url: string }>;
    fails(): Promise<never>;
    unknown(): Promise<never>;
    say(value: unknown): void;
    onHeard(listener: (value: unknown) => void): () => void;
    count(): number;
    throws(): never;
    scope(): unknown;
  };
  sawBridge: string;
  heard: unknown[];
}

/*
 * A small application does by turns what desktops do; what is expected here is what Electron's documentation says, so
 * that whatever carries the desktop's own specs is held to it.
 */
describe(`an application on ${carrier}`, () => {
  const appFolder = join(import.meta.dirname, 'fixture');
  let desktop: Desktop;
  let page: Page;

  beforeAll(async () => {
    desktop = await Desktop.launch({ appFolder });
    page = await desktop.window();
    await page.getByText('fixture').waitFor();
  });
  afterAll(() => desktop.dispose());

  const log = (): Promise<string[]> => desktop.evaluate(() => (globalThis as unknown as { fixture: { log: string[] } }).fixture.log);
  const logs = (line: string): Promise<true> => until(`the log has “${line}”`, async () => (await log()).includes(line)).catch(async (error: unknown) => Promise.reject(new Error(`${String(error)}; ${(await log()).join('\n')}`)));

  it('gets the module by import and by require, and may make no window too early', async () => {
    expect(await desktop.evaluate(() => (globalThis as unknown as { fixture: { required: boolean } }).fixture.required)).toBe(true);
    expect((await log()).some((line) => line.startsWith('early: '))).toBe(true);
    await logs('painted');
  });

  it('finds its pages by its scheme, with its headers: an inline script does not run', async () => {
    expect(page.url()).toBe(desktop.address('/'));
    expect(await page.title()).toBe('fixture');
    expect(await page.evaluate(() => isSecureContext)).toBe(true);
  });

  it('has the bridge before the page runs, frozen, and nothing of the preload beside it', async () => {
    expect(await page.evaluate(() => (window as unknown as Fixture).sawBridge)).toBe('object');
    expect(await page.evaluate(() => 'onlyHere' in window)).toBe(false);
    expect(await page.evaluate(() => Object.isFrozen((window as unknown as Fixture).desk) && !Reflect.set(window, 'desk', null) && !Reflect.deleteProperty(window, 'desk'))).toBe(true);
    expect(await page.evaluate(() => (window as unknown as Fixture).desk.scope())).toEqual({ process: 'object', fs: 'undefined', type: true });
  });

  it('moves structured clones: dates, maps, bytes, cycles, numbers JSON does not know', async () => {
    const seen = await page.evaluate(async () => {
      const cyclic: { self?: unknown; at: Date } = { at: new Date(5) };
      cyclic.self = cyclic;
      const { args, own, url } = await (window as unknown as Fixture).desk.echo(cyclic, new Map([[1, new Set(['a'])]]), new Uint8Array([1, 2, 255]), [Number.NaN, Infinity, -0, 10n, undefined], '\ud800', /a/gi);
      const [back, map, bytes, numbers, lone, pattern] = args as [typeof cyclic, Map<number, Set<string>>, Uint8Array, unknown[], string, RegExp];
      return [back.self === back, back.at.getTime(), [...(map.get(1) ?? [])], [...bytes], numbers.map((value) => (Object.is(value, -0) ? '-0' : String(value))), lone === '\ud800', String(pattern), own, url];
    });
    expect(seen).toEqual([true, 5, ['a'], [1, 2, 255], ['NaN', 'Infinity', '-0', '10', 'undefined'], true, '/a/gi', true, 'app://desk/']);
  });

  it('sends events to the listeners a page left with its preload, until they go', async () => {
    await page.evaluate(() => {
      const { desk } = window as unknown as Fixture;
      const heard: unknown[] = [];
      Object.assign(window, { heard, stop: desk.onHeard((value) => heard.push(value)) });
      desk.say({ word: 'hello' });
    });
    await page.waitForFunction(() => (window as unknown as Fixture).heard.length === 1);
    expect(await page.evaluate(() => (window as unknown as Fixture).heard)).toEqual([{ word: 'hello' }]);
    await page.evaluate(() => (window as unknown as { stop: () => void }).stop());
    expect(await page.evaluate(() => (window as unknown as Fixture).desk.count())).toBe(0);
  });

  it('gives pages the permissions the application gives, and no other', async () => {
    const ask = (constraints: MediaStreamConstraints) => page.evaluate((what) => navigator.mediaDevices.getUserMedia(what).then(() => 'given', (error: DOMException) => error.name), constraints);
    expect(await ask({ audio: true })).toBe('given');
    expect(await ask({ video: true })).toBe('NotAllowedError');
    expect(await page.evaluate(() => Notification.requestPermission())).toBe('denied');
  });

  it('seals secrets in a store that outlives the process', async () => {
    const sealed = await desktop.evaluate(async ({ safeStorage }) => (await safeStorage.encryptStringAsync('secret')).toString('base64'));
    expect(Buffer.from(sealed, 'base64').includes('secret')).toBe(false);
    const opened = await desktop.evaluate(async ({ safeStorage }, bytes: string) => (await safeStorage.decryptStringAsync(Buffer.from(bytes, 'base64'))).result, sealed);
    expect(opened).toBe('secret');
  });

  it('hears of a second instance, which ends', async () => {
    const second = await Desktop.launch({ appFolder, userData: desktop.userData, args: ['tel:0212345678'] }).catch((error: unknown) => String(error));
    if (second instanceof Desktop) await second.exited;
    expect(await logs('second: tel:0212345678')).toBe(true);
  });

  it('sizes the page as the window', async () => {
    await desktop.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(640, 480));
    await page.waitForFunction(() => innerWidth === 640);
    expect(await page.evaluate(() => innerHeight)).toBe(480);
  });

  describe('failure: what pages try', () => {
    it('a function cannot be cloned, and the call says so', async () => {
      // contextBridge throws at once, an invoke rejects: an async function makes the two alike.
      expect(await page.evaluate(() => (async () => (window as unknown as Fixture).desk.echo({ no: Symbol('no') }))().catch((error: Error) => error.message))).toContain('could not be cloned');
    });

    it('a handler that throws, a channel nobody handles and a preload that throws are errors of the call', async () => {
      expect(await page.evaluate(() => (window as unknown as Fixture).desk.fails().catch((error: Error) => error.message))).toContain('as asked');
      expect(await page.evaluate(() => (window as unknown as Fixture).desk.unknown().catch((error: Error) => error.message))).toContain("No handler registered for 'nobody'");
      expect(
        await page.evaluate(() => {
          try {
            return (window as unknown as Fixture).desk.throws();
          } catch (error) {
            return (error as Error).message;
          }
        }),
      ).toContain('thrown in the preload');
    });

    it('going elsewhere is asked about and refused: the page stays', async () => {
      await page.getByText('away').click();
      await logs('navigate: https://a.com.evil/');
      expect(page.url()).toBe(desktop.address('/'));
      expect(await page.title()).toBe('fixture');
    });

    it('windows of pages are asked about and refused', async () => {
      expect(await page.evaluate(() => window.open('https://a.com.evil/popup'))).toBeNull();
      await logs('open: https://a.com.evil/popup');
      await page.locator('#blank').click();
      await until('the new page is refused', async () => (await log()).filter((line) => line.startsWith('open: ')).length === 2);
      expect((await desktop.windows()).length).toBe(1);
    });
  });

  it('goes on within its own pages, and hears of it before', async () => {
    await page.locator('#within').click();
    await page.waitForURL(desktop.address('/second'));
    await logs('start: app://desk/second false');
    await page.evaluate(() => history.pushState(null, '', '/third'));
    expect(await logs('start: app://desk/third true')).toBe(true);
  });

  it('hears of a crash, and may load the window again', async () => {
    await desktop.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer());
    await until('the renderer is gone', async () => (await log()).some((line) => line.startsWith('gone: ')));
    page = await desktop.window();
    await page.getByText('fixture').waitFor();
    expect((await page.evaluate(() => (window as unknown as Fixture).desk.echo('again'))).args).toEqual(['again']);
  });

  it('quits in order: asked first, then the windows close, then it ends', async () => {
    expect(await desktop.quit()).toBe(0);
  });
});
