/*
 * What a test sees of the parts of the system that have no page: trays, notifications, dialogs, addresses given to
 * the system. Set up in main before the application runs, on the stand-in and on Electron alike, by prototypes and
 * properties, as Electron's own exports cannot be replaced.
 */

/** As much of Electron as is watched. */
export interface Watched {
  Tray: { prototype: object };
  Notification: { prototype: object };
  shell: object;
  dialog: object;
}

export interface SeenTray extends NodeJS.EventEmitter {
  isDestroyed(): boolean;
}

export interface SeenMenuItem {
  id: string;
  label: string;
  type: string;
  enabled: boolean;
  checked: boolean;
  submenu?: { items: SeenMenuItem[] };
  click(): void;
}

export interface SeenNotification extends NodeJS.EventEmitter {
  title: string;
  body: string;
  actions: { type: string; text?: string }[];
  close(): void;
}

export interface Probe {
  trays: Set<SeenTray>;
  /** The menu each tray has now. */
  menus: Map<SeenTray, { items: SeenMenuItem[] } | null>;
  toolTips: Map<SeenTray, string>;
  images: Map<SeenTray, unknown>;
  /** All that were shown, in order. */
  notifications: SeenNotification[];
  /** Those of them that were closed by the application. */
  closed: Set<SeenNotification>;
  /** What was asked by message boxes, in order. */
  questions: { message: string; detail: string; buttons: string[] }[];
  /** Buttons to press on the next message boxes; the cancel button when there is none. */
  answers: number[];
  errorBoxes: { title: string; content: string }[];
  /** Paths to answer to the next save and open dialogs; cancelled when there is none. */
  paths: string[];
  opened: string[];
}

declare global {
  var probe: Probe;
}

/** May use nothing from outside its body: for Electron it is written to a file. */
export function installProbe(electron: Watched): void {
  const probe: Probe = { trays: new Set(), menus: new Map(), toolTips: new Map(), images: new Map(), notifications: [], closed: new Set(), questions: [], answers: [], errorBoxes: [], paths: [], opened: [] };
  globalThis.probe = probe;

  const watch = (prototype: object, method: string, seen: (self: never, argument: never) => void): void => {
    const original = Reflect.get(prototype, method) as (this: unknown, ...args: unknown[]) => unknown;
    Reflect.set(prototype, method, function watched(this: unknown, ...args: unknown[]) {
      seen(this as never, args[0] as never);
      return original.apply(this, args);
    });
  };
  const tray = (self: SeenTray): SeenTray => {
    probe.trays.add(self);
    return self;
  };
  watch(electron.Tray.prototype, 'setContextMenu', (self: SeenTray, menu: { items: SeenMenuItem[] } | null) => probe.menus.set(tray(self), menu));
  watch(electron.Tray.prototype, 'setToolTip', (self: SeenTray, text: string) => probe.toolTips.set(tray(self), text));
  watch(electron.Tray.prototype, 'setImage', (self: SeenTray, image: unknown) => probe.images.set(tray(self), image));
  watch(electron.Tray.prototype, 'destroy', (self: SeenTray) => probe.trays.delete(self));
  watch(electron.Notification.prototype, 'show', (self: SeenNotification) => probe.notifications.push(self));
  watch(electron.Notification.prototype, 'close', (self: SeenNotification) => probe.closed.add(self));

  const options = (args: unknown[]): { message?: string; detail?: string; buttons?: string[]; cancelId?: number } => args.at(-1) ?? {};
  const asked = (args: unknown[]): number => {
    const { message = '', detail = '', buttons = [], cancelId = 0 } = options(args);
    probe.questions.push({ message, detail, buttons });
    return probe.answers.shift() ?? cancelId;
  };
  Object.assign(electron.dialog, {
    showMessageBox: (...args: unknown[]) => Promise.resolve({ response: asked(args), checkboxChecked: false }),
    showMessageBoxSync: (...args: unknown[]) => asked(args),
    showErrorBox: (title: string, content: string) => void probe.errorBoxes.push({ title, content }),
    showSaveDialog: () => {
      const filePath = probe.paths.shift();
      return Promise.resolve({ canceled: filePath === undefined, filePath: filePath ?? '' });
    },
    showOpenDialog: () => {
      const filePath = probe.paths.shift();
      return Promise.resolve({ canceled: filePath === undefined, filePaths: filePath === undefined ? [] : [filePath] });
    },
  });
  Object.assign(electron.shell, {
    openExternal: (url: string) => {
      probe.opened.push(url);
      return Promise.resolve();
    },
    openPath: (path: string) => {
      probe.opened.push(path);
      return Promise.resolve('');
    },
    showItemInFolder: (path: string) => void probe.opened.push(path),
  });
}
