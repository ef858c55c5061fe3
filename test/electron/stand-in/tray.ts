import { EventEmitter } from 'node:events';
import type * as Electron from 'electron';
import { needsReady } from './environment.ts';
import type { Menu } from './menu.ts';

/** An icon in the system's tray that nobody sees; the probe shows tests what is on it. */
export class Tray extends EventEmitter {
  image: unknown;
  toolTip = '';
  title = '';
  menu: Menu | null = null;
  private destroyed = false;

  constructor(image: Electron.NativeImage | string) {
    super();
    needsReady('Tray');
    this.image = image;
  }

  setImage(image: Electron.NativeImage | string): void {
    this.image = image;
  }
  setPressedImage(): void {}
  setToolTip(toolTip: string): void {
    this.toolTip = toolTip;
  }
  setTitle(title: string): void {
    this.title = title;
  }
  getTitle(): string {
    return this.title;
  }
  setContextMenu(menu: Menu | null): void {
    this.menu = menu;
  }
  popUpContextMenu(): void {}
  setIgnoreDoubleClickEvents(): void {}
  getBounds(): Electron.Rectangle {
    return { x: 0, y: 0, width: 16, height: 16 };
  }
  destroy(): void {
    this.destroyed = true;
    this.removeAllListeners();
  }
  isDestroyed(): boolean {
    return this.destroyed;
  }
}

Tray.prototype satisfies Pick<Electron.Tray, 'setImage' | 'setToolTip' | 'setTitle' | 'getTitle' | 'getBounds' | 'destroy' | 'isDestroyed' | 'setIgnoreDoubleClickEvents' | 'popUpContextMenu'>;
