import { Menu, type MenuItemConstructorOptions } from 'electron';

/**
 * The menu of the program. Electron's own has Reload, zoom and the developer tools, with keys a hand may find during
 * a call. Windows and Linux get none; a Mac needs one for its editing keys.
 */
export function setAppMenu(platform: NodeJS.Platform): void {
  Menu.setApplicationMenu(platform === 'darwin' ? Menu.buildFromTemplate(macMenu) : null);
}

const macMenu: MenuItemConstructorOptions[] = [{ role: 'appMenu' }, { role: 'editMenu' }, { role: 'windowMenu' }];
