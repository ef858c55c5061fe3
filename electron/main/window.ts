import { join } from 'node:path';
import { BrowserWindow } from 'electron';
import type { BridgeIpc } from './bridge-ipc.ts';
import { APP_ORIGIN } from './origin.ts';
import { RecoveryPolicy } from './recovery.ts';
import { windowPreferences } from './security.ts';

/** The desk's window, tied to the session. */
export function openDesk(bridge: BridgeIpc): BrowserWindow {
  const window = new BrowserWindow({
    width: 1360,
    height: 860,
    minWidth: 380,
    minHeight: 600,
    show: false,
    title: 'Sangdam',
    webPreferences: { ...windowPreferences, preload: join(import.meta.dirname, '../preload/index.cjs') },
  });
  const { webContents } = window;
  bridge.addWindow(webContents);
  const policy = new RecoveryPolicy(() => performance.now());
  webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason !== 'clean-exit' && policy.crashed()) void window.loadURL(`${APP_ORIGIN}/`);
  });
  window.once('ready-to-show', () => window.show());
  void window.loadURL(`${APP_ORIGIN}/`);
  return window;
}
