import { join } from 'node:path';
import { app, BrowserWindow, ipcMain, protocol, safeStorage } from 'electron';
import { createAgentSession, CustomerCache, fileSettings, systemClock } from '../../agent/index.ts';
import { createAppFiles } from './app-files.ts';
import { BridgeIpc } from './bridge-ipc.ts';
import { guardEverything } from './guards.ts';
import { createLogger } from './log.ts';
import { APP_SCHEME } from './origin.ts';
import { loadCacheKey, openVault } from './secrets.ts';
import { loadServer } from './server-setting.ts';
import { keepSignIns } from './sign-ins.ts';
import { openDesk } from './window.ts';

/*
 * The desktop, from top to bottom: before Electron is ready, when it is, and when it goes.
 */

app.enableSandbox();
protocol.registerSchemesAsPrivileged([{ scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } }]);

if (app.requestSingleInstanceLock()) {
  app.on('second-instance', () => showDesk());
  void app.whenReady().then(start);
} else app.quit();

/** Brings the one window to the front. */
function showDesk(): void {
  const [window] = BrowserWindow.getAllWindows();
  if (window === undefined) return;
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

async function start(): Promise<void> {
  const folder = app.getPath('userData');
  const log = createLogger(join(app.getPath('logs'), 'desktop.log'));

  const server = (): string => loadServer(join(folder, 'server.json'));

  const files = createAppFiles(join(import.meta.dirname, '../renderer'));
  protocol.handle(APP_SCHEME, files);
  guardEverything({ externalHosts: () => [new URL(server()).hostname], log });

  const vault = await openVault(safeStorage, join(folder, 'secrets'), process.platform, log);
  const cache = new CustomerCache({ file: join(folder, 'customers.db'), key: await loadCacheKey(vault), log });
  const session = createAgentSession({
    host: 'desktop',
    server,
    allowOtherServers: true,
    cache,
    settings: fileSettings(join(folder, 'settings.json'), log),
    signIns: keepSignIns(vault),
    clock: systemClock,
    log,
  });
  const bridge = new BridgeIpc(ipcMain, session);
  openDesk(bridge);
  void session.resume();

  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) openDesk(bridge);
  });
  app.on('window-all-closed', () => app.quit());

  let stopped = false;
  app.on('before-quit', (event) => {
    if (stopped) return;
    event.preventDefault();
    stopped = true;
    bridge.dispose();
    void session.stop().finally(() => {
      cache.close();
      app.quit();
    });
  });
}
