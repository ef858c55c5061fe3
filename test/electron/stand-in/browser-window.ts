import { EventEmitter } from 'node:events';
import type * as Electron from 'electron';
import { app } from './app.ts';
import { needsReady } from './environment.ts';
import { StandInWebContents } from './web-contents.ts';

let ids = 0;
const windows = new Map<number, BrowserWindow>();
let focused: BrowserWindow | null = null;

function setFocused(window: BrowserWindow | null): void {
  focused = window;
}

/** Electron's window: its state is kept here, its page is Chromium's. */
export class BrowserWindow extends EventEmitter {
  readonly id = ++ids;
  readonly webContents: StandInWebContents;
  readonly options: Electron.BrowserWindowConstructorOptions;
  private bounds: Electron.Rectangle;
  private minimumSize: number[];
  private title: string;
  private destroyed = false;
  private readonly flags = { visible: false, minimized: false, maximized: false, fullScreen: false, kiosk: false, onTop: false, enabled: true, skipTaskbar: false, flashing: false, resizable: true };

  constructor(options: Electron.BrowserWindowConstructorOptions = {}) {
    super();
    needsReady('BrowserWindow');
    this.options = options;
    this.bounds = { x: options.x ?? 0, y: options.y ?? 0, width: options.width ?? 800, height: options.height ?? 600 };
    this.minimumSize = [options.minWidth ?? 0, options.minHeight ?? 0];
    this.title = options.title ?? app.getName();
    Object.assign(this.flags, { visible: options.show !== false, fullScreen: options.fullscreen === true, kiosk: options.kiosk === true, onTop: options.alwaysOnTop === true, resizable: options.resizable !== false });
    this.webContents = new StandInWebContents(options.webPreferences ?? {});
    this.webContents.once('first-paint', () => this.emit('ready-to-show'));
    this.webContents.on('page-closed', () => this.close());
    this.webContents.resize(this.bounds.width, this.bounds.height);
    windows.set(this.id, this);
    app.emit('web-contents-created', {}, this.webContents);
    app.emit('browser-window-created', {}, this);
    if (this.flags.visible) this.focus();
  }

  static getAllWindows(): BrowserWindow[] {
    return [...windows.values()];
  }
  static getFocusedWindow(): BrowserWindow | null {
    return focused;
  }
  static fromId(id: number): BrowserWindow | null {
    return windows.get(id) ?? null;
  }
  static fromWebContents(contents: { id: number }): BrowserWindow | null {
    return [...windows.values()].find(({ webContents }) => webContents.id === contents.id) ?? null;
  }

  loadURL(url: string): Promise<void> {
    return this.webContents.loadURL(url);
  }
  reload(): void {
    this.webContents.reload();
  }

  close(): void {
    void this.closing();
  }

  /** Closes unless a listener of `close` prevents it. @returns whether it was closed */
  async closing(): Promise<boolean> {
    if (this.destroyed) return true;
    const event = { defaultPrevented: false, preventDefault: () => void (event.defaultPrevented = true) };
    this.emit('close', event);
    if (event.defaultPrevented) return false;
    await this.end();
    return true;
  }

  destroy(): void {
    void this.end();
  }

  isDestroyed(): boolean {
    return this.destroyed;
  }

  show(): void {
    const wasVisible = this.flags.visible;
    this.flags.visible = true;
    if (!wasVisible) this.emit('show');
    this.focus();
  }
  showInactive(): void {
    const wasVisible = this.flags.visible;
    this.flags.visible = true;
    if (!wasVisible) this.emit('show');
  }
  hide(): void {
    this.flags.visible = false;
    this.blur();
    this.emit('hide');
  }
  isVisible(): boolean {
    return this.flags.visible && !this.flags.minimized;
  }
  focus(): void {
    if (focused === this) return;
    focused?.blur();
    setFocused(this);
    this.emit('focus');
    app.emit('browser-window-focus', {}, this);
  }
  blur(): void {
    if (focused !== this) return;
    setFocused(null);
    this.emit('blur');
    app.emit('browser-window-blur', {}, this);
  }
  isFocused(): boolean {
    return focused === this;
  }
  minimize(): void {
    this.flags.minimized = true;
    this.blur();
    this.emit('minimize');
  }
  restore(): void {
    const { minimized, maximized } = this.flags;
    if (minimized) {
      this.flags.minimized = false;
      this.emit('restore');
    } else if (maximized) this.unmaximize();
  }
  isMinimized(): boolean {
    return this.flags.minimized;
  }
  maximize(): void {
    this.flags.maximized = true;
    this.emit('maximize');
  }
  unmaximize(): void {
    this.flags.maximized = false;
    this.emit('unmaximize');
  }
  isMaximized(): boolean {
    return this.flags.maximized;
  }
  setFullScreen(on: boolean): void {
    this.flags.fullScreen = on;
    this.emit(on ? 'enter-full-screen' : 'leave-full-screen');
  }
  isFullScreen(): boolean {
    return this.flags.fullScreen;
  }
  setKiosk(on: boolean): void {
    this.flags.kiosk = on;
  }
  isKiosk(): boolean {
    return this.flags.kiosk;
  }
  setAlwaysOnTop(on: boolean): void {
    this.flags.onTop = on;
    this.emit('always-on-top-changed', {}, on);
  }
  isAlwaysOnTop(): boolean {
    return this.flags.onTop;
  }
  setVisibleOnAllWorkspaces(): void {}
  setSkipTaskbar(on: boolean): void {
    this.flags.skipTaskbar = on;
  }
  setResizable(on: boolean): void {
    this.flags.resizable = on;
  }
  isResizable(): boolean {
    return this.flags.resizable;
  }
  moveTop(): void {}
  flashFrame(on: boolean): void {
    this.flags.flashing = on;
  }
  /** For tests: whether the frame flashes. */
  get isFlashing(): boolean {
    return this.flags.flashing;
  }
  setOverlayIcon(): void {}
  setProgressBar(): void {}
  setMenu(): void {}
  removeMenu(): void {}
  setMenuBarVisibility(): void {}
  setAutoHideMenuBar(): void {}
  setIcon(): void {}
  setBackgroundColor(): void {}
  setThumbarButtons(): boolean {
    return true;
  }

  getBounds(): Electron.Rectangle {
    return { ...this.bounds };
  }
  getNormalBounds(): Electron.Rectangle {
    return { ...this.bounds };
  }
  getContentBounds(): Electron.Rectangle {
    return { ...this.bounds };
  }
  setBounds(bounds: Partial<Electron.Rectangle>): void {
    const before = this.bounds;
    const [minWidth = 0, minHeight = 0] = this.minimumSize;
    const next = { ...before, ...bounds };
    this.bounds = { ...next, width: Math.max(next.width, minWidth), height: Math.max(next.height, minHeight) };
    const { x, y, width, height } = this.bounds;
    if (width !== before.width || height !== before.height) {
      this.webContents.resize(width, height);
      this.emit('resize');
      this.emit('resized');
    }
    if (x !== before.x || y !== before.y) {
      this.emit('move');
      this.emit('moved');
    }
  }
  getSize(): number[] {
    return [this.bounds.width, this.bounds.height];
  }
  setSize(width: number, height: number): void {
    this.setBounds({ width, height });
  }
  setContentSize(width: number, height: number): void {
    this.setBounds({ width, height });
  }
  getMinimumSize(): number[] {
    return this.minimumSize;
  }
  setMinimumSize(width: number, height: number): void {
    this.minimumSize = [width, height];
  }
  getPosition(): number[] {
    return [this.bounds.x, this.bounds.y];
  }
  setPosition(x: number, y: number): void {
    this.setBounds({ x, y });
  }
  center(): void {}
  getTitle(): string {
    return this.title;
  }
  setTitle(title: string): void {
    this.title = title;
  }

  private async end(): Promise<void> {
    if (this.destroyed) return;
    this.destroyed = true;
    windows.delete(this.id);
    this.blur();
    await this.webContents.destroy();
    this.emit('closed');
    if (windows.size === 0) app.allWindowsClosed();
  }
}

type Used = Omit<Pick<Electron.BrowserWindow, 'loadURL' | 'close' | 'destroy' | 'show' | 'hide' | 'focus' | 'minimize' | 'restore' | 'maximize' | 'setBounds' | 'getBounds' | 'getNormalBounds' | 'setFullScreen' | 'isFullScreen' | 'isVisible' | 'isMinimized' | 'isFocused' | 'setAlwaysOnTop' | 'isAlwaysOnTop' | 'flashFrame' | 'setMinimumSize' | 'isDestroyed'>, never>;
BrowserWindow.prototype satisfies Used;
app.windows = () => BrowserWindow.getAllWindows();
