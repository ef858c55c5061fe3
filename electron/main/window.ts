import { join } from 'node:path';
import { BrowserWindow, type BrowserWindowConstructorOptions } from 'electron';
import type { BridgeIpc } from './bridge-ipc.ts';
import { APP_ORIGIN } from './origin.ts';
import { windowPreferences } from './security.ts';

/** What a window is, beside what is the same for all of ours. */
export type WindowShape = Pick<BrowserWindowConstructorOptions, 'x' | 'y' | 'width' | 'height' | 'minWidth' | 'minHeight' | 'fullscreen' | 'kiosk'> & {
  /** Path of the page, from `/`. */
  path: string;
  /** Stays unseen until somebody shows it. */
  hidden?: boolean;
};

/** A window of our own pages, tied to the session. */
export function openWindow(bridge: BridgeIpc, { path, hidden = false, ...shape }: WindowShape): BrowserWindow {
  const window = new BrowserWindow({
    ...shape,
    show: false,
    title: 'Sangdam',
    autoHideMenuBar: true,
    webPreferences: { ...windowPreferences, preload: join(import.meta.dirname, '../preload/index.cjs') },
  });
  const { webContents } = window;
  bridge.addWindow(webContents);
  if (!hidden) window.once('ready-to-show', () => window.show());
  void window.loadURL(APP_ORIGIN + path);
  return window;
}
