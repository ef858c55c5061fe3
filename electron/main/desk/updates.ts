import { app } from 'electron';
import type { AppUpdater } from 'electron-updater';
import type { DesktopUpdate } from '../../../contract/bridge/index.ts';
import type { Disposer } from '../../../contract/errors.ts';
import type { Desk } from './desk.ts';
import { attentionOf } from './attention.ts';
import { nextCheckMs, updateMove } from './update-policy.ts';

/** A call that has just begun is looked at again soon. */
const WAIT_MS = 60_000;

export interface Updates {
  /** Restarts into what was downloaded; the caller has made sure that nobody talks. */
  install(): void;
  dispose: Disposer;
}

/** Looks for updates on the server of the settings, downloads them between calls, and leaves the moment to the person. */
export function followUpdates(desk: Desk, told: (update: DesktopUpdate) => void): Updates {
  let updater: AppUpdater | null = null;
  let downloaded = false;
  let timer = setTimeout(() => void look(), WAIT_MS);

  return {
    install: () => updater?.quitAndInstall(),
    dispose: () => clearTimeout(timer),
  };

  function later(delayMs: number): void {
    clearTimeout(timer);
    timer = setTimeout(() => void look(), delayMs);
  }

  async function look(): Promise<void> {
    const url = desk.settings.updateUrl;
    const busy = attentionOf(desk.view, true, desk.language).awake || desk.view.contacts.length > 0;
    const move = updateMove({ url, packaged: app.isPackaged, busy, downloaded });
    if (move !== 'check' || url === null) return later(move === 'wait' ? WAIT_MS : nextCheckMs(Math.random));
    later(nextCheckMs(Math.random));
    try {
      updater ??= await load();
      updater.setFeedURL({ provider: 'generic', url });
      await updater.checkForUpdates();
    } catch (error) {
      desk.log.warn({ error: String(error) }, 'no update could be looked for');
      told({ state: 'failed' });
    }
  }

  async function load(): Promise<AppUpdater> {
    const { autoUpdater } = (await import('electron-updater')).default;
    autoUpdater.autoDownload = true;
    // Installed when the person quits, which asks first during a call, or restarts by themselves.
    autoUpdater.autoInstallOnAppQuit = true;
    autoUpdater.allowDowngrade = false;
    autoUpdater.on('update-available', ({ version }) => told({ state: 'downloading', version }));
    autoUpdater.on('update-downloaded', ({ version }) => {
      downloaded = true;
      told({ state: 'ready', version });
    });
    autoUpdater.on('error', (error) => {
      desk.log.warn({ error: String(error) }, 'update failed');
      told({ state: 'failed' });
    });
    return autoUpdater;
  }
}
