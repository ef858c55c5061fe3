import { join } from 'node:path';
import { Menu, nativeImage, Tray, type MenuItemConstructorOptions } from 'electron';
import type { Disposer } from '../../../contract/errors.ts';
import type { DeskAction } from './actions.ts';
import type { Desk } from './desk.ts';
import { trayModel, type MenuEntry } from './tray-model.ts';

/** An icon in the system's tray that shows the agent's state and offers what is done most. */
export function followTray(desk: Desk, icons: string): Disposer {
  let shown = trayModel(desk.view, desk.language);
  const tray = new Tray(picture(shown.icon));
  const apply = (): void => {
    tray.setToolTip(shown.tooltip);
    tray.setContextMenu(Menu.buildFromTemplate(shown.menu.map((entry) => templateOf(entry, (action) => desk.act(action)))));
  };
  apply();
  tray.on('click', () => desk.act({ do: 'show' }));
  const stop = desk.onChange(() => {
    const model = trayModel(desk.view, desk.language);
    // A menu that is replaced closes under the pointer, so an equal one is left alone.
    if (JSON.stringify(model) === JSON.stringify(shown)) return;
    if (model.icon !== shown.icon) tray.setImage(picture(model.icon));
    shown = model;
    apply();
  });
  return () => {
    stop();
    tray.destroy();
  };

  function picture(name: string) {
    return nativeImage.createFromPath(join(icons, `tray-${name}.png`));
  }
}

/** The system's menu item for an entry. */
export function templateOf(entry: MenuEntry, act: (action: DeskAction) => void): MenuItemConstructorOptions {
  switch (entry.type) {
    case 'separator':
      return { type: 'separator' };
    case 'submenu':
      return { type: 'submenu', label: entry.label, enabled: entry.enabled, submenu: entry.entries.map((child) => templateOf(child, act)) };
    case 'item': {
      const { label, enabled, mark, checked, action } = entry;
      const type = mark === 'none' ? 'normal' : mark === 'radio' ? 'radio' : 'checkbox';
      return { type, label, enabled, ...(mark === 'none' ? {} : { checked }), ...(action === null ? {} : { click: () => act(action) }) };
    }
    default:
      return entry satisfies never;
  }
}
