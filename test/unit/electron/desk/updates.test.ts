import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../../../agent/index.ts';
import { defaultDesktopSettings, type DesktopUpdate } from '../../../../contract/bridge/index.ts';
import { followUpdates, type Updater } from '../../../../electron/main/desk/updates.ts';
import { contactOf, viewOf } from './support.ts';

const URL_OF_UPDATES = 'https://updates.example.com/desktop/';

/** electron-updater as far as it is used: says what it was asked, does nothing. */
class FakeUpdater extends EventEmitter implements Updater {
  autoDownload = false;
  autoInstallOnAppQuit = false;
  allowDowngrade = true;
  readonly feeds: unknown[] = [];
  checks = 0;
  installs = 0;
  failure: Error | null = null;

  setFeedURL(feed: unknown): void {
    this.feeds.push(feed);
  }
  checkForUpdates(): Promise<null> {
    this.checks++;
    return this.failure === null ? Promise.resolve(null) : Promise.reject(this.failure);
  }
  quitAndInstall(): void {
    this.installs++;
  }
}

function stage({ url = URL_OF_UPDATES, packaged = true }: { url?: string | null; packaged?: boolean } = {}) {
  const updater = new FakeUpdater();
  const desk = { view: viewOf(), settings: { ...defaultDesktopSettings, updateUrl: url }, log: silentLogger };
  let due: { run: () => void; delayMs: number } | null = null;
  const told: DesktopUpdate[] = [];
  const updates = followUpdates({
    desk,
    clock: {
      setTimeout: (run, delayMs) => {
        due = { run, delayMs };
        return () => void (due = null);
      },
    },
    packaged,
    load: () => Promise.resolve(updater),
    random: () => 0,
    told: (update) => told.push(update),
  });
  /** Lets the time pass until the next look. @returns how long that was, in minutes */
  const look = async (): Promise<number> => {
    const { run, delayMs } = due ?? { run: () => {}, delayMs: Number.NaN };
    run();
    await new Promise((resolve) => setImmediate(resolve));
    return delayMs / 60_000;
  };
  return { updater, desk, told, updates, look, isWaiting: () => due !== null };
}

describe('updates', () => {
  it('are looked for at once by a desk that its center understands no more, and only once for it', async () => {
    const { updater, updates, look } = stage();
    updates.needed();
    expect(await look()).toBe(0);
    updates.needed();
    expect([await look() > 1, updater.checks]).toEqual([true, 2]);
  });

  it('are looked for soon after the start and every few hours then, at the address of the settings', async () => {
    const { updater, look } = stage();
    expect(await look()).toBe(1);
    expect(updater.feeds).toEqual([{ provider: 'generic', url: URL_OF_UPDATES }]);
    expect(updater).toMatchObject({ checks: 1, autoDownload: true, autoInstallOnAppQuit: true, allowDowngrade: false });
    expect(await look()).toBe(120);
    expect(updater.checks).toBe(2);
  });

  it('wait for the end of a call', async () => {
    const { updater, desk, look } = stage();
    desk.view = viewOf({ contacts: [contactOf('talking')] });
    await look();
    expect(updater.checks).toBe(0);
    desk.view = viewOf();
    expect(await look()).toBe(1);
    expect(updater.checks).toBe(1);
  });

  it('are told, looked for no more once downloaded, and installed when asked', async () => {
    const { updater, told, updates, look } = stage();
    await look();
    updater.emit('update-available', { version: '1.1.0' });
    updater.emit('update-downloaded', { version: '1.1.0' });
    expect(told).toEqual([{ state: 'downloading', version: '1.1.0' }, { state: 'ready', version: '1.1.0' }]);
    await look();
    expect(updater.checks).toBe(1);
    updates.install();
    expect(updater.installs).toBe(1);
  });

  it.each([{ url: null }, { packaged: false }])('are nobody’s business with %j', async (options) => {
    const { updater, look } = stage(options);
    await look();
    expect(updater.checks).toBe(0);
  });

  it('leave no timer behind', () => {
    const { updates, isWaiting } = stage();
    updates.dispose();
    expect(isWaiting()).toBe(false);
  });

  it('failure: a server that cannot be asked is told, and asked again later', async () => {
    const { updater, told, look } = stage();
    updater.failure = new Error('net::ERR_CONNECTION_REFUSED');
    await look();
    expect(told).toEqual([{ state: 'failed' }]);
    updater.failure = null;
    await look();
    expect(updater.checks).toBe(2);
  });
});
