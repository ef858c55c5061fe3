import { readFileSync } from 'node:fs';
import { screen, type BrowserWindow, type Display } from 'electron';
import type { Logger } from '../../../agent/index.ts';
import type { DesktopView } from '../../../contract/bridge/index.ts';
import type { BridgeIpc } from '../bridge-ipc.ts';
import { writeWhole } from '../settings/store.ts';
import { openWindow } from '../window.ts';
import { arrangementOf, DESK_SIZE, displayOf, dockBounds, placeWindow, remember, settleWindow, wallboardDisplay, WindowMemory, type DisplayBox, type Placement } from './placement.ts';

/** A window being dragged tells of every pixel. */
const REMEMBER_AFTER_MS = 400;
const MIN_SIZE = { minWidth: 360, minHeight: 480 } as const;

/** Whether the desk is a narrow column, and how. */
export interface DockSettings {
  dock: boolean;
  side: 'left' | 'right';
  onTop: boolean;
}

export interface DeskWindowsOptions {
  bridge: BridgeIpc;
  /** Remembers where windows were. */
  file: string;
  dock: () => DockSettings;
  /** A wall display: the wallboard is all there is, and it cannot be left by accident. */
  kiosk: boolean;
  /** Windows came, went, got or lost the keyboard, or displays changed. */
  changed: () => void;
  log: Logger;
}

/** The desk's window and the wallboard's, each where it was in this arrangement of displays. */
export class DeskWindows {
  private readonly options: DeskWindowsOptions;
  private memory: WindowMemory;
  private desk: BrowserWindow | null = null;
  private board: BrowserWindow | null = null;
  private docked: DockSettings | null = null;
  private pending: NodeJS.Timeout | null = null;
  private arrangement = arrangementOf(displayBoxes());

  constructor(options: DeskWindowsOptions) {
    this.options = options;
    this.memory = readMemory(options.file);
    screen.on('display-added', this.displaysChanged);
    screen.on('display-removed', this.displaysChanged);
    screen.on('display-metrics-changed', this.displaysChanged);
  }

  get focused(): boolean {
    return this.main?.isFocused() ?? false;
  }

  /** The window a person works in: the wallboard where there is nothing else. */
  get main(): BrowserWindow | null {
    return this.options.kiosk ? this.board : this.desk;
  }

  get displays(): DesktopView['displays'] {
    const primary = screen.getPrimaryDisplay().id;
    return screen.getAllDisplays().map(({ id, label, size }) => ({ id, label, primary: id === primary, width: size.width, height: size.height }));
  }

  get wallboard(): DesktopView['wallboard'] {
    if (this.board === null) return null;
    const display = displayOf(this.board.getBounds(), displayBoxes());
    return display === null ? null : { displayId: display.id, fullScreen: this.board.isFullScreen() || this.options.kiosk };
  }

  /** Brings the main window to the front, opening it where there is none. */
  show(): void {
    const window = this.main ?? this.open({ hidden: false });
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  }

  /** Opens the main window. `hidden`: in the tray alone, ready to ring. */
  open({ hidden }: { hidden: boolean }): BrowserWindow {
    if (this.main !== null) return this.main;
    if (this.options.kiosk) return this.openWallboard({ displayId: null, fullScreen: true });
    const { bounds, maximized } = placeWindow(this.memory, 'desk', displayBoxes(), DESK_SIZE);
    const window = openWindow(this.options.bridge, { path: '/', ...bounds, ...MIN_SIZE, hidden });
    this.desk = window;
    this.docked = null;
    this.follow(window, 'desk', () => (this.desk = null));
    if (this.options.dock().dock) this.applyDock();
    else if (maximized) window.maximize();
    this.options.changed();
    return window;
  }

  /** Makes the desk a column at a side of its display, or what it was before. */
  applyDock(): void {
    const window = this.desk;
    const wanted = this.options.dock();
    if (window === null || (this.docked === null && !wanted.dock)) return;
    if (wanted.dock) {
      this.docked = wanted;
      window.unmaximize();
      const display = displayOf(window.getBounds(), displayBoxes());
      if (display !== null) window.setBounds(dockBounds(display.workArea, wanted.side));
      window.setAlwaysOnTop(wanted.onTop);
      return;
    }
    this.docked = null;
    window.setAlwaysOnTop(false);
    this.place(window, placeWindow(this.memory, 'desk', displayBoxes(), DESK_SIZE));
  }

  /** As `applyDock`, where the settings have changed since. */
  applyDockIfChanged(): void {
    const wanted = this.options.dock();
    const { docked } = this;
    const isSame = wanted.dock ? docked !== null && docked.side === wanted.side && docked.onTop === wanted.onTop : docked === null;
    if (!isSame) this.applyDock();
  }

  /** The wallboard in a window of its own; one that is open moves. */
  openWallboard({ displayId, fullScreen }: { displayId: number | null; fullScreen: boolean }): BrowserWindow {
    const display = wallboardDisplay(displayId, this.desk?.getBounds() ?? null, displayBoxes());
    const { kiosk } = this.options;
    if (this.board !== null) {
      this.board.setFullScreen(false);
      if (display !== null) this.board.setBounds(display.workArea);
      this.board.setFullScreen(fullScreen);
      this.board.show();
      this.options.changed();
      return this.board;
    }
    const window = openWindow(this.options.bridge, { path: '/wallboard', ...display?.workArea, ...MIN_SIZE, ...(kiosk ? { kiosk } : {}), ...(fullScreen ? { fullscreen: true } : {}) });
    this.board = window;
    this.follow(window, 'wallboard', () => (this.board = null));
    this.options.changed();
    return window;
  }

  closeWallboard(): void {
    if (!this.options.kiosk) this.board?.close();
  }

  dispose(): void {
    screen.off('display-added', this.displaysChanged);
    screen.off('display-removed', this.displaysChanged);
    screen.off('display-metrics-changed', this.displaysChanged);
    if (this.pending !== null) clearTimeout(this.pending);
  }

  private follow(window: BrowserWindow, name: 'desk' | 'wallboard', forget: () => void): void {
    const moved = (): void => {
      if (this.pending !== null) clearTimeout(this.pending);
      this.pending = setTimeout(() => this.note(window, name), REMEMBER_AFTER_MS);
    };
    window.on('resize', moved);
    window.on('move', moved);
    window.on('maximize', moved);
    window.on('unmaximize', moved);
    window.on('close', () => this.note(window, name));
    window.on('focus', this.options.changed);
    window.on('blur', this.options.changed);
    window.on('enter-full-screen', this.options.changed);
    window.on('leave-full-screen', this.options.changed);
    window.on('closed', () => {
      forget();
      this.options.changed();
    });
  }

  /** Where a window is now, for the next time. The column's place follows from the display. */
  private note(window: BrowserWindow, name: 'desk' | 'wallboard'): void {
    if (window.isDestroyed() || window.isMinimized() || window.isFullScreen() || (name === 'desk' && this.docked !== null)) return;
    const placement: Placement = { bounds: window.getNormalBounds(), maximized: window.isMaximized() };
    this.memory = remember(this.memory, name, displayBoxes(), placement);
    try {
      writeWhole(this.options.file, JSON.stringify(this.memory));
    } catch (error) {
      this.options.log.warn({ error: String(error) }, 'window placement could not be saved');
    }
  }

  private place(window: BrowserWindow, { bounds, maximized }: Placement): void {
    window.setBounds(bounds);
    if (maximized) window.maximize();
  }

  /** A display that goes must not take a window with it; a task bar that hides must not move one. */
  private readonly displaysChanged = (): void => {
    const displays = displayBoxes();
    const isAnother = arrangementOf(displays) !== this.arrangement;
    this.arrangement = arrangementOf(displays);
    if (isAnother && this.desk !== null) {
      if (this.docked !== null) this.applyDock();
      else if (!this.desk.isMaximized() && !this.desk.isFullScreen()) this.place(this.desk, settleWindow(this.memory, 'desk', displays, this.desk.getBounds()));
    }
    this.options.changed();
  };
}

const displayBoxes = (): DisplayBox[] => {
  const primary = screen.getPrimaryDisplay().id;
  return screen.getAllDisplays().map(({ id, workArea }: Display) => ({ id, workArea, primary: id === primary }));
};

function readMemory(file: string): WindowMemory {
  try {
    return WindowMemory.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return {};
  }
}
