import type { AppUpdater } from 'electron-updater';
import type { DesktopUpdate } from '../../../contract/bridge/index.ts';
import type { Disposer } from '../../../contract/errors.ts';
import type { Clock } from '../../../agent/index.ts';
import type { Desk } from './desk.ts';
import { nextCheckMs, updateMove } from './update-policy.ts';

/** After the start, and after a call that was in the way. */
const WAIT_MS = 60_000;

/** The part of electron-updater that is used. */
export type Updater = Pick<AppUpdater, 'autoDownload' | 'autoInstallOnAppQuit' | 'allowDowngrade' | 'checkForUpdates' | 'quitAndInstall' | 'setFeedURL'> & {
  on(event: 'update-available' | 'update-downloaded', listener: (info: { version: string }) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
};

export interface UpdatesOptions {
  desk: Pick<Desk, 'view' | 'settings' | 'log'>;
  clock: Pick<Clock, 'setTimeout'>;
  /** Whether this is an installed program; others have nothing to update. */
  packaged: boolean;
  load: () => Promise<Updater>;
  random: () => number;
  told: (update: DesktopUpdate) => void;
}

export interface Updates {
  /** Restarts into what was downloaded; the caller has made sure that nobody talks. */
  install(): void;
  /** The center understands this desk no more: looks at once, and then as ever. */
  needed(): void;
  dispose: Disposer;
}

/** Looks for updates on the server of the settings, downloads them between calls, and leaves the moment to the person. */
export function followUpdates({ desk, clock, packaged, load, random, told }: UpdatesOptions): Updates {
  let updater: Updater | null = null;
  let downloaded = false;
  let isNeeded = false;
  let stopTimer = clock.setTimeout(() => void look(), WAIT_MS);

  return {
    install: () => updater?.quitAndInstall(),
    needed: () => {
      if (!isNeeded) later(0);
      isNeeded = true;
    },
    dispose: () => stopTimer(),
  };

  function later(delayMs: number): void {
    stopTimer();
    stopTimer = clock.setTimeout(() => void look(), delayMs);
  }

  async function look(): Promise<void> {
    const url = desk.settings.updateUrl;
    const move = updateMove({ url, packaged, busy: desk.view.contacts.length > 0, downloaded });
    later(move === 'wait' ? WAIT_MS : nextCheckMs(random));
    if (move !== 'check' || url === null) return;
    try {
      updater ??= prepare(await load());
      updater.setFeedURL({ provider: 'generic', url });
      await updater.checkForUpdates();
    } catch (error) {
      failed(error);
    }
  }

  function prepare(loaded: Updater): Updater {
    loaded.autoDownload = true;
    // Installed when the person quits, which asks first during a call, or restarts by themselves.
    loaded.autoInstallOnAppQuit = true;
    loaded.allowDowngrade = false;
    loaded.on('update-available', ({ version }) => told({ state: 'downloading', version }));
    loaded.on('update-downloaded', ({ version }) => {
      downloaded = true;
      told({ state: 'ready', version });
    });
    loaded.on('error', failed);
    return loaded;
  }

  function failed(error: unknown): void {
    desk.log.warn({ error: String(error) }, 'no update could be had');
    told({ state: 'failed' });
  }
}

/** electron-updater, read only where it is needed: it looks for an installed program as soon as it is. */
export const loadUpdater = async (): Promise<Updater> => (await import('electron-updater')).default.autoUpdater;
