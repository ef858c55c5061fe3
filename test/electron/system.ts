import { until } from '../support/until.ts';
import type { Desktop } from './desktop.ts';

/** The tray's menu as a person reads it: `● Ready`, `Away ▸ Meal`, headings and what is off in brackets. */
export const trayMenu = (desktop: Desktop): Promise<string[]> =>
  desktop.evaluate(() => {
    interface Item {
      label: string;
      type: string;
      enabled: boolean;
      checked: boolean;
      submenu?: { items: Item[] };
    }
    const lines = (items: Item[], before: string): string[] =>
      items.flatMap(({ label, type, enabled, checked, submenu }) => {
        if (type === 'separator') return [];
        if (submenu !== undefined) return lines(submenu.items, `${label} ▸ `);
        const mark = type === 'radio' || type === 'checkbox' ? (checked ? '● ' : '○ ') : '';
        const text = `${mark}${before}${label}`;
        return [enabled ? text : `(${text})`];
      });
    const [menu] = globalThis.probe.menus.values();
    return lines(menu?.items ?? [], '');
  });

export const trayTip = (desktop: Desktop): Promise<string> => desktop.evaluate(() => [...globalThis.probe.toolTips.values()].at(-1) ?? '');

/** Clicks an item of the tray's menu, by its label and those of the menus above it. */
export async function clickTray(desktop: Desktop, ...labels: string[]): Promise<void> {
  const clicked = await desktop.evaluate((_electron, path: string[]) => {
    const [menu] = globalThis.probe.menus.values();
    let items = menu?.items ?? [];
    for (const label of path.slice(0, -1)) items = items.find((item) => item.label === label)?.submenu?.items ?? [];
    const item = items.find(({ label }) => label === path.at(-1));
    item?.click();
    return item !== undefined;
  }, labels);
  if (!clicked) throw new Error(`no “${labels.join(' ▸ ')}” in the tray`);
}

export interface SeenNotice {
  title: string;
  body: string;
  buttons: string[];
}

/** Waits for the notification that is on the screen. */
export const notification = (desktop: Desktop): Promise<SeenNotice> =>
  until('a notification', async () => desktop.evaluate(() => {
    const shown = globalThis.probe.notifications.findLast((one) => !globalThis.probe.closed.has(one));
    return shown === undefined ? null : { title: shown.title, body: shown.body, buttons: shown.actions.map(({ text }) => text ?? '') };
  }));

/** Presses a button of the notification on the screen; -1 is the notification itself. */
export const pressNotification = (desktop: Desktop, index: number): Promise<void> =>
  desktop.evaluate((_electron, actionIndex: number) => {
    const shown = globalThis.probe.notifications.findLast((one) => !globalThis.probe.closed.has(one));
    shown?.emit(actionIndex < 0 ? 'click' : 'action', { actionIndex, selectionIndex: -1 });
  }, index);

/** The desk loses the keyboard to another program. */
export const lookElsewhere = (desktop: Desktop): Promise<void> => desktop.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.blur());

export const isFocused = (desktop: Desktop): Promise<boolean> => desktop.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isFocused() ?? false);

/** What the system tells the program, as Electron passes it on. */
export const systemTells = (desktop: Desktop, event: 'suspend' | 'resume' | 'lock-screen' | 'unlock-screen'): Promise<void> =>
  desktop.evaluate(({ powerMonitor }, name) => void powerMonitor.emit(name), event);

/** A link clicked in another program: it starts the desktop a second time, which hands over its command line. */
export const openLink = (desktop: Desktop, link: string): Promise<void> =>
  desktop.evaluate(({ app }, url: string) => void app.emit('second-instance', {}, ['sangdam', '--some-switch', url], '/', null), link);
