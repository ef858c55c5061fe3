import { EventEmitter } from 'node:events';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as Electron from 'electron';
import { stopBrowser } from './browser.ts';
import { becomeReady, isReady, name, needsUnready, settings, userData, version } from './environment.ts';
import { isTaken, take, tellFirst } from './instance-lock.ts';

interface ClosableWindow {
  closing(): Promise<boolean>;
}

/** Electron's app: life cycle, paths, and what the system is told of the application, kept for tests to look at. */
class App extends EventEmitter {
  isPackaged = settings.isPackaged;
  readonly commandLine = { appendSwitch: (): void => {}, hasSwitch: (): boolean => false, getSwitchValue: (): string => '' };
  readonly dock = undefined;
  /** Of the browser windows; filled in by their module, which needs this one. */
  windows: () => ClosableWindow[] = () => [];
  /** For tests. */
  readonly told = { sandbox: false, badge: 0, userModelId: '', relaunched: false, protocols: new Set<string>() };
  private readonly paths = new Map<string, string>();
  private loginItem: Electron.Settings = { openAtLogin: false };
  private giveUpLock: (() => void) | null = null;
  private quitting = false;

  enableSandbox(): void {
    needsUnready('app.enableSandbox');
    this.told.sandbox = true;
  }

  isReady(): boolean {
    return isReady();
  }

  whenReady(): Promise<void> {
    return isReady() ? Promise.resolve() : new Promise((resolve) => this.once('ready', () => resolve()));
  }

  /** The stand-in's own: main has been loaded. */
  becomeReady(): void {
    becomeReady();
    this.emit('will-finish-launching');
    this.emit('ready', {}, {});
  }

  requestSingleInstanceLock(): boolean {
    if (isTaken()) {
      tellFirst();
      return false;
    }
    this.giveUpLock ??= take((argv, cwd) => this.emit('second-instance', {}, argv, cwd, null));
    return true;
  }

  hasSingleInstanceLock(): boolean {
    return this.giveUpLock !== null;
  }

  releaseSingleInstanceLock(): void {
    this.giveUpLock?.();
    this.giveUpLock = null;
  }

  quit(): void {
    void this.quitInOrder();
  }

  exit(code = 0): void {
    this.emit('quit', {}, code);
    this.releaseSingleInstanceLock();
    void stopBrowser().finally(() => process.exit(code));
  }

  relaunch(): void {
    this.told.relaunched = true;
  }

  /** As Electron: without a listener, the application ends with its last window. */
  allWindowsClosed(): void {
    if (this.quitting) return;
    if (!this.emit('window-all-closed')) this.quit();
  }

  getName(): string {
    return name;
  }
  setName(): void {}
  getVersion(): string {
    return version;
  }
  getAppPath(): string {
    return settings.appFolder;
  }
  getLocale(): string {
    return settings.locale;
  }
  getSystemLocale(): string {
    return settings.locale;
  }
  getPreferredSystemLanguages(): string[] {
    return [settings.locale];
  }

  getPath(which: string): string {
    const known: Record<string, string> = { userData, sessionData: userData, logs: join(userData, 'logs'), crashDumps: join(userData, 'Crashpad'), temp: tmpdir(), home: homedir(), appData: join(userData, '..'), exe: process.execPath, documents: join(userData, 'documents'), downloads: join(userData, 'downloads'), desktop: join(userData, 'desktop') };
    const path = this.paths.get(which) ?? known[which];
    if (path === undefined) throw new Error(`Failed to get '${which}' path`);
    return path;
  }
  setPath(which: string, path: string): void {
    this.paths.set(which, path);
  }
  setAppLogsPath(path?: string): void {
    if (path !== undefined) this.setPath('logs', path);
  }

  setBadgeCount(count = 0): boolean {
    this.told.badge = count;
    return true;
  }
  getBadgeCount(): number {
    return this.told.badge;
  }
  setAppUserModelId(id: string): void {
    this.told.userModelId = id;
  }
  setAsDefaultProtocolClient(scheme: string): boolean {
    this.told.protocols.add(scheme);
    return true;
  }
  removeAsDefaultProtocolClient(scheme: string): boolean {
    return this.told.protocols.delete(scheme);
  }
  isDefaultProtocolClient(scheme: string): boolean {
    return this.told.protocols.has(scheme);
  }
  getLoginItemSettings(): Electron.LoginItemSettings {
    return { openAtLogin: this.loginItem.openAtLogin === true, wasOpenedAtLogin: false, status: 'not-registered', executableWillLaunchAtLogin: false, launchItems: [] };
  }
  setLoginItemSettings(given: Electron.Settings): void {
    this.loginItem = given;
  }
  focus(): void {}
  hide(): void {}
  show(): void {}
  setAboutPanelOptions(): void {}
  disableHardwareAcceleration(): void {}
  isAccessibilitySupportEnabled(): boolean {
    return false;
  }
  getAppMetrics(): Electron.ProcessMetric[] {
    return [];
  }
  getGPUFeatureStatus(): object {
    return {};
  }

  private async quitInOrder(): Promise<void> {
    if (this.quitting || this.prevented('before-quit')) return;
    this.quitting = true;
    for (const window of this.windows()) {
      if (await window.closing()) continue;
      this.quitting = false;
      return;
    }
    if (this.prevented('will-quit')) {
      this.quitting = false;
      return;
    }
    this.exit();
  }

  private prevented(what: string): boolean {
    const event = { defaultPrevented: false, preventDefault: () => void (event.defaultPrevented = true) };
    this.emit(what, event);
    return event.defaultPrevented;
  }
}

export const app = new App();
app satisfies Omit<Pick<Electron.App, 'enableSandbox' | 'whenReady' | 'isReady' | 'requestSingleInstanceLock' | 'quit' | 'exit' | 'relaunch' | 'getPath' | 'getName' | 'getVersion' | 'getLocale' | 'setBadgeCount' | 'setAsDefaultProtocolClient' | 'removeAsDefaultProtocolClient' | 'isDefaultProtocolClient' | 'getLoginItemSettings' | 'setLoginItemSettings' | 'setAppUserModelId' | 'getAppPath'>, never>;
