import { join } from 'node:path';
import { BrowserWindow, session } from 'electron';
import type { BridgeIpc } from './bridge-ipc.ts';
import { APP_ORIGIN } from './origin.ts';
import { RecoveryPolicy } from './recovery.ts';
import { isPermitted, mayNavigate, windowPreferences } from './security.ts';

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
  webContents.setWindowOpenHandler(() => ({ action: 'deny' }));
  webContents.on('will-navigate', (details) => {
    if (!mayNavigate(details.url)) details.preventDefault();
  });
  webContents.on('will-attach-webview', (event) => event.preventDefault());
  webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason !== 'clean-exit' && policy.crashed()) void window.loadURL(`${APP_ORIGIN}/`);
  });
  window.once('ready-to-show', () => window.show());
  void window.loadURL(`${APP_ORIGIN}/`);
  return window;
}

/** Denies by default: what pages may ask of the system is in `isPermitted`. */
export function guardPermissions(): void {
  const { defaultSession } = session;
  defaultSession.setPermissionRequestHandler((_contents, permission, decide, details) => {
    const mediaTypes = 'mediaTypes' in details && Array.isArray(details.mediaTypes) ? details.mediaTypes : undefined;
    decide(isPermitted({ permission, url: details.requestingUrl, ...(mediaTypes && { mediaTypes }) }));
  });
  defaultSession.setPermissionCheckHandler((_contents, permission, origin, details) => {
    const mediaTypes = details.mediaType === undefined ? [] : [details.mediaType];
    return isPermitted({ permission, url: origin, mediaTypes });
  });
  defaultSession.setDevicePermissionHandler(() => false);
}
