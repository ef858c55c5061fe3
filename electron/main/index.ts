import { join } from 'node:path';
import { app, ipcMain, protocol, safeStorage } from 'electron';
import { createAgentSession, CustomerCache, systemClock, type AgentSession } from '../../agent/index.ts';
import { createAppFiles } from './app-files.ts';
import { createAppSounds } from './app-sounds.ts';
import { BridgeIpc } from './bridge-ipc.ts';
import { DeskShell } from './desk/desk-shell.ts';
import { Launches } from './desk/launches.ts';
import { guardEverything } from './guards.ts';
import { CallKeeper } from './keep-calls.ts';
import { createLogger } from './log.ts';
import { APP_SCHEME } from './origin.ts';
import { saveDiagnostics } from './save-diagnostics.ts';
import { loadCacheKey, openVault } from './secrets.ts';
import { policyPath } from './settings/policy.ts';
import { DesktopStore } from './settings/store.ts';
import { keepSignIns } from './sign-ins.ts';

/*
 * The desktop, from top to bottom: before Electron is ready, when it is, and when it goes.
 */

/** What the session is told where no center was chosen yet; nobody signs in before. */
const NO_CENTER = 'https://center.invalid';

app.enableSandbox();
protocol.registerSchemesAsPrivileged([{ scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } }]);

if (app.requestSingleInstanceLock()) {
  const launches = new Launches(process.argv);
  void app.whenReady().then(() => start(launches));
} else app.quit();

async function start(launches: Launches): Promise<void> {
  const folder = app.getPath('userData');
  const log = createLogger(join(app.getPath('logs'), 'desktop.log'));
  app.setAppUserModelId('kr.sangdam.desktop');

  const store = new DesktopStore({ folder, policyFile: policyPath(process.platform, process.env, app.isPackaged), log });
  const desk = new DeskShell({ store, launches, folder, log });
  const [vault] = await Promise.all([openVault(safeStorage, join(folder, 'secrets'), process.platform, log), desk.prepare()]);

  const files = createAppFiles(join(import.meta.dirname, '../renderer'));
  const sounds = createAppSounds({ server: () => desk.server });
  protocol.handle(APP_SCHEME, (request) => sounds(request) ?? files(request));
  guardEverything({ externalHosts: () => (desk.server === null ? [] : [new URL(desk.server).hostname]), log });

  if (vault.storage === 'memory') desk.report('secretsInMemory', [{ code: 'secretsInMemory' }]);
  const cache = new CustomerCache({ file: join(folder, 'customers.db'), key: await loadCacheKey(vault), log });
  const session: AgentSession = createAgentSession({
    host: 'desktop',
    server: () => desk.server ?? NO_CENTER,
    allowOtherServers: false,
    cache,
    settings: store.forSession,
    signIns: keepSignIns(vault),
    desktop: { ...desk.host, 'desktop.saveDiagnostics': () => saveDiagnostics({ session: () => session, vault, log }) },
    clock: systemClock,
    log,
  });
  const bridge = new BridgeIpc(ipcMain, session);
  const calls = new CallKeeper({ session, reopen: () => desk.show(), closingHides: () => desk.settings.closeToTray, log });
  desk.start(session, bridge);
  void session.resume();

  app.on('activate', () => desk.show());
  app.on('window-all-closed', () => {
    if (!calls.keepRunning) app.quit();
  });

  let stopped = false;
  app.on('before-quit', (event) => {
    if (!stopped && calls.holdsQuit(event)) return;
    desk.leave();
    if (stopped) return;
    event.preventDefault();
    stopped = true;
    desk.dispose();
    bridge.dispose();
    void session.stop().finally(() => {
      cache.close();
      app.quit();
    });
  });
}
