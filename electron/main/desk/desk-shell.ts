import { join } from 'node:path';
import { app, type BrowserWindow } from 'electron';
import { systemClock, type AgentSession, type Caller, type Logger } from '../../../agent/index.ts';
import type { DesktopProblem, DesktopSettings, DesktopUpdate, DesktopView, SessionView } from '../../../contract/bridge/index.ts';
import { done, fail, type Disposer, type Result } from '../../../contract/errors.ts';
import type { BridgeIpc } from '../bridge-ipc.ts';
import type { DesktopStore } from '../settings/store.ts';
import { Asks } from './asks.ts';
import type { DeskAction } from './actions.ts';
import { setAppMenu } from './app-menu.ts';
import { applyAutostart } from './autostart.ts';
import { followAttention } from './attend.ts';
import type { Desk } from './desk.ts';
import { createDesktopHost } from './host.ts';
import { followKeys } from './keys.ts';
import type { Launch } from './launch.ts';
import type { Launches } from './launches.ts';
import { applyLinks } from './links.ts';
import { applyNetwork } from './network.ts';
import { followSystem } from './system.ts';
import { systemLanguage, type Language } from './texts.ts';
import { followTray } from './tray.ts';
import { followUpdates, loadUpdater, type Updates } from './updates.ts';
import { DeskWindows } from './windows.ts';

export interface DeskShellOptions {
  store: DesktopStore;
  launches: Launches;
  /** Where this desktop keeps what it remembers. */
  folder: string;
  log: Logger;
}

const PLATFORMS: Partial<Record<NodeJS.Platform, DesktopView['platform']>> = { win32: 'windows', darwin: 'mac' };
const icons = join(import.meta.dirname, '../../resources/icons');

/** The desk as a part of the system it runs on: windows, tray, notifications, keys, links, power, updates. */
export class DeskShell implements Desk {
  /** Serves the windows' calls for the desktop itself; the session is made with it. */
  readonly host: ReturnType<typeof createDesktopHost>;
  readonly log: Logger;
  private readonly options: DeskShellOptions;
  private readonly listeners = new Set<() => void>();
  private readonly disposers: Disposer[] = [];
  private readonly asks: Asks;
  private problems: DesktopProblem[];
  private update: DesktopUpdate = { state: 'none' };
  private started: { session: AgentSession; caller: Caller; windows: DeskWindows; updates: Updates } | null = null;
  private scheduled = false;
  private quitting = false;
  private applied: DesktopSettings;

  constructor(options: DeskShellOptions) {
    const { store, log } = options;
    this.options = options;
    this.log = log;
    this.problems = [...store.problems];
    this.applied = store.desktop;
    this.asks = new Asks({
      changed: () => this.refresh(),
      dial: (number) => this.ask('phone.dial', { number }),
      join: (server) => this.moveTo(server),
      hindrance: (kind) => (kind === 'dial' ? (this.view.phase === 'signedIn' ? null : 'session.not-signed-in') : store.managed.has('server') ? 'settings.managed' : null),
    });
    this.host = createDesktopHost({
      store,
      asks: this.asks,
      desk: this,
      moveTo: (server) => this.moveTo(server),
      install: () => this.install(),
      dismiss: (index) => this.dismiss(index),
      adopted: () => this.ask('settings.set', store.desk),
    });
  }

  get view(): SessionView {
    return this.running.session.view;
  }

  get settings(): DesktopSettings {
    return this.options.store.desktop;
  }

  get windows(): DeskWindows {
    return this.running.windows;
  }

  get language(): Language {
    return this.view.settings.language ?? systemLanguage(app.getPreferredSystemLanguages());
  }

  /** The center to sign in to; null until one was chosen. `SANGDAM_SERVER` beats a choice, a policy beats both. */
  get server(): string | null {
    const { store } = this.options;
    const given = process.env['SANGDAM_SERVER'];
    return given !== undefined && URL.canParse(given) && !store.managed.has('server') ? new URL(given).origin : store.desktop.server;
  }

  onChange(listener: () => void): Disposer {
    const own = (): void => listener();
    this.listeners.add(own);
    return () => void this.listeners.delete(own);
  }

  report(code: DesktopProblem['code'], problems: DesktopProblem[]): void {
    const next = [...this.problems.filter((problem) => problem.code !== code), ...problems];
    if (JSON.stringify(next) === JSON.stringify(this.problems)) return;
    this.problems = next;
    this.refresh();
  }

  /** Puts the network settings in force; before the first connection. */
  async prepare(): Promise<void> {
    this.problems.push(...(await applyNetwork(this.settings, this.server, this.log)));
  }

  /** Opens the window and everything around it. */
  start(session: AgentSession, bridge: BridgeIpc): void {
    const { store, launches, folder, log } = this.options;
    setAppMenu(process.platform);
    const { caller, detach } = session.attach(({ name }) => {
      if (name === 'session.changed') this.changed();
    });
    const windows = new DeskWindows({ bridge, file: join(folder, 'windows.json'), dock: () => this.dock(), kiosk: this.settings.kiosk || launches.first.kiosk, changed: () => this.refresh(), log });
    this.started = { session, caller, windows, updates: followUpdates({ desk: this, clock: systemClock, packaged: app.isPackaged, load: loadUpdater, random: Math.random, told: (update) => this.updateTold(update) }) };
    this.refresh();
    if (this.isHidden(launches.first)) log.info({}, 'started in the tray');
    this.keepInTray(windows.open({ hidden: this.isHidden(launches.first) }));
    this.disposers.push(
      detach,
      () => windows.dispose(),
      this.running.updates.dispose,
      followTray(this, icons),
      followAttention(this, icons),
      followKeys(this),
      followSystem(this, session),
      store.onChange(() => this.settingsChanged()),
      launches.onLaunch((launch) => this.launched(launch)),
    );
    applyAutostart(this.settings, log);
    applyLinks(this.settings, launches.first.link === null);
    if (launches.first.link !== null) this.launched(launches.first);
  }

  /** The program ends for good: windows may close. */
  leave(): void {
    this.quitting = true;
  }

  dispose(): void {
    for (const dispose of this.disposers.splice(0).toReversed()) dispose();
    this.listeners.clear();
  }

  act(action: DeskAction): void {
    switch (action.do) {
      case 'setState':
        // Without a telephone there is no state to set, and yet a sign-in to end.
        return action.choice.kind === 'signOut' ? this.tell('session.signOut', null) : this.tell('agent.setState', { choice: action.choice });
      case 'answer':
        return this.tell('phone.answer', { contactId: action.contactId });
      case 'reject':
        return this.tell('phone.reject', { contactId: action.contactId });
      case 'hangUp':
        return this.tell('phone.hangUp', { contactId: action.contactId });
      case 'setMuted':
        return this.tell('phone.setMuted', { contactId: action.contactId, muted: action.muted });
      case 'setDock':
        return this.tell('settings.set', { dock: action.dock });
      case 'dialClipboard':
        this.show();
        return this.tell('desktop.dialClipboard', null);
      case 'openWallboard':
        return this.tell('desktop.openWallboard', { displayId: null, fullScreen: true });
      case 'closeWallboard':
        return this.tell('desktop.closeWallboard', null);
      case 'installUpdate':
        return this.tell('desktop.installUpdate', null);
      case 'show':
        return this.show();
      case 'quit':
        return app.quit();
      default:
        return action satisfies never;
    }
  }

  /** Brings the main window forward, opening it where it was closed. */
  show(): void {
    const window = this.windows.main;
    if (window === null) this.keepInTray(this.windows.open({ hidden: false }));
    this.windows.show();
  }

  private get running(): NonNullable<DeskShell['started']> {
    if (this.started === null) throw new Error('the desk has not started');
    return this.started;
  }

  private dock(): { dock: boolean; side: 'left' | 'right'; onTop: boolean } {
    const { dockSide, dockOnTop } = this.settings;
    return { dock: this.view.settings.dock, side: dockSide, onTop: dockOnTop };
  }

  private isHidden({ hidden, link }: Launch): boolean {
    return hidden && link === null && this.server !== null;
  }

  private launched({ link }: Launch): void {
    this.show();
    if (link !== null) this.asks.link(link);
  }

  private keepInTray(window: BrowserWindow): void {
    window.on('close', (event) => {
      if (this.quitting || !this.settings.closeToTray || window !== this.windows.main) return;
      event.preventDefault();
      window.hide();
    });
  }

  private async ask(name: string, request: unknown): Promise<Result<null>> {
    const { session, caller } = this.running;
    const answer = await session.handleBridgeCall(name, request, caller);
    return answer.ok ? done() : answer;
  }

  /** As `ask`; a refusal has its reason on the screen, so the screen is shown. */
  private tell(name: string, request: unknown): void {
    const askAndShow = async (): Promise<void> => {
      const answer = await this.ask(name, request);
      if (answer.ok) return;
      this.log.info({ call: name, code: answer.error.code }, 'refused');
      this.show();
    };
    void askAndShow();
  }

  private isSignedIn(): boolean {
    return this.view.phase !== 'signedOut';
  }

  private async moveTo(server: string): Promise<Result<null>> {
    if (this.running.session.onCall) return fail('agent.on-call', 'not during a call');
    if (this.isSignedIn()) {
      const left = await this.ask('session.signOut', null);
      if (!left.ok) return left;
      // After-call work waits: the sign-out comes true when it is done.
      if (this.isSignedIn()) return fail('agent.on-call', 'not before the call is written up');
    }
    return this.options.store.change({ server });
  }

  private install(): Result<null> {
    if (this.running.session.onCall) return fail('agent.on-call', 'not during a call');
    if (this.update.state !== 'ready') return fail('not-found', 'no update was downloaded');
    this.leave();
    this.running.updates.install();
    return done();
  }

  private updateTold(update: DesktopUpdate): void {
    this.update = update;
    this.refresh();
  }

  private dismiss(index: number): void {
    this.problems = this.problems.filter((_, at) => at !== index);
    this.refresh();
  }

  private settingsChanged(): void {
    const before = this.applied;
    const { settings, log } = this;
    this.applied = settings;
    const changed = (...names: (keyof DesktopSettings)[]): boolean => names.some((name) => JSON.stringify(before[name]) !== JSON.stringify(settings[name]));
    if (changed('autostart', 'startHidden')) applyAutostart(settings, log);
    if (changed('phoneLinks')) applyLinks(settings, false);
    this.report('settingsNotSaved', this.options.store.saved ? [] : [{ code: 'settingsNotSaved' }]);
    if (changed('proxy', 'certificateFile', 'server')) void this.networkChanged();
    this.refresh();
  }

  private async networkChanged(): Promise<void> {
    this.report('certificateUnreadable', await applyNetwork(this.settings, this.server, this.log));
    this.running.session.reconnect();
  }

  /** The windows' picture of the desktop itself. */
  private refresh(): void {
    if (this.started === null) return;
    const { session, windows } = this.started;
    const { settings, server, problems, update } = this;
    session.showDesktop({
      version: app.getVersion(),
      platform: PLATFORMS[process.platform] ?? 'linux',
      settings,
      managed: [...this.options.store.managed],
      server,
      ask: this.asks.current,
      problems,
      displays: windows.displays,
      wallboard: windows.wallboard,
      update,
    });
    this.changed();
  }

  private changed(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    queueMicrotask(() => {
      this.scheduled = false;
      if (this.started === null || this.disposers.length === 0) return;
      this.windows.applyDockIfChanged();
      if (this.view.health?.cti.error?.code === 'desk.too-old') this.running.updates.needed();
      for (const listener of new Set(this.listeners)) listener();
    });
  }
}
