import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Party } from '../support/browser.ts';
import { Cast } from '../support/cast/index.ts';
import type { CustomerPage } from '../support/cast/customer-page.ts';
import { Desk } from '../support/cast/desk.ts';
import { until } from '../support/until.ts';
import { carrier, Desktop } from './desktop.ts';

describe(`a call outlives its window, on ${carrier}`, () => {
  let cast: Cast;
  let customer: CustomerPage;
  let desktop: Desktop;

  beforeAll(async () => {
    cast = await Cast.gather({ straightToGroup: true, wrapUpMs: 0 });
    customer = await cast.customer(1);
    desktop = await Desktop.launch({ server: cast.origin, voice: 'agent1' });
    const desk = await deskNow();
    await desk.signIn('agent1');
    await desk.goReady();
    await asksBeforeQuitting();
    await customer.call('15880000');
    await desk.rings();
    await desk.answer();
    await bothHear(desk);
  });
  afterAll(async () => {
    await desktop?.dispose();
    await cast?.dismiss();
  });

  const deskNow = async (): Promise<Desk> => Desk.at(Party.at(await desktop.window(), 'agent1'), cast.origin);

  /** Somebody who waits for calls: quitting is asked about, and without a yes they stay. */
  async function asksBeforeQuitting(): Promise<void> {
    await desktop.evaluate(({ app }) => app.quit());
    await until('it was asked', async () => (await desktop.evaluate(() => globalThis.probe.questions)).length === 1);
    expect(await desktop.evaluate(() => globalThis.probe.questions.splice(0).map(({ message }) => message).join())).toContain('You are Ready');
  }

  const bothHear = async (desk: Desk): Promise<void> => {
    await Promise.all([desk.party.hearsOnly('customer1'), customer.party.hearsOnly('agent1')]);
  };

  /** Does something to the window, and waits until the call is talked in another page. */
  async function survives(what: () => Promise<unknown>, isAnother: () => Promise<boolean>): Promise<void> {
    await what();
    await until('there is another page', isAnother);
    const desk = await deskNow();
    await bothHear(desk);
    await desk.button('Hang up').waitFor();
  }

  it('crash: the window returns, with the audio', async () => {
    const before = await desktop.window();
    await survives(
      () => desktop.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer()),
      async () => (await desktop.windows())[0] !== undefined && (await desktop.window()) !== before,
    );
    expect(await desktop.windows()).toHaveLength(1);
  });

  it('reload: the audio is back', async () => {
    const page = await desktop.window();
    await page.evaluate(() => Object.assign(window, { before: true }));
    await survives(
      () => page.evaluate(() => location.reload()),
      () => page.evaluate(() => !('before' in window) && document.readyState === 'complete').catch(() => false),
    );
    expect(await desktop.window()).toBe(page);
  });

  it('the window is lost: another is opened, with the audio', async () => {
    const id = () => desktop.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.id ?? null);
    const [before, page] = [await id(), await desktop.window()];
    await survives(
      () => desktop.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.destroy()),
      async () => (await id()) !== before && (await desktop.windows()).length === 1,
    );
    expect(await desktop.window()).not.toBe(page);
  });

  it('a page that hangs is ended after a while, and returns with the audio', async () => {
    const before = await desktop.window();
    // Chromium tells this after its own patience; the audio of a hanging page goes on meanwhile.
    await desktop.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.emit('unresponsive'));
    await until('the page was ended', async () => (await desktop.windows())[0] !== undefined && (await desktop.window()) !== before, 15_000);
    await bothHear(await deskNow());
    expect(await desktop.windows()).toHaveLength(1);
  });

  describe('closing and quitting are asked about', () => {
    const questions = () => desktop.evaluate(() => globalThis.probe.questions.map(({ message }) => message));

    it('closing the window: the call goes on, nothing was closed', async () => {
      await desktop.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
      await until('it was asked', async () => (await questions()).length === 1);
      expect((await questions())[0]).toContain('You are on a call');
      await bothHear(await deskNow());
    });

    it('quitting: the call goes on, nothing was given up', async () => {
      await desktop.evaluate(({ app }) => app.quit());
      await until('it was asked', async () => (await questions()).length === 2);
      await bothHear(await deskNow());
      await (await deskNow()).press('Mute');
      await customer.party.hearsNobody();
      await (await deskNow()).press('Mute');
      await customer.party.hearsOnly('agent1');
    });

    it('quitting with the answer to hang up ends the call and the program', async () => {
      await desktop.evaluate(({ app }) => {
        globalThis.probe.answers.push(1);
        app.quit();
      });
      expect(await desktop.exited).toBe(0);
      await customer.shows('Call ended');
    });
  });
});
