import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import type * as Electron from 'electron';
import { settings } from './environment.ts';

/*
 * What else of the system the application touches: clipboard, theme, pictures, dialogs, the shell.
 */

const copied = { text: '' };
export const clipboard = {
  readText: () => Promise.resolve(copied.text),
  writeText(text: string): Promise<void> {
    copied.text = text;
    return Promise.resolve();
  },
  clear(): void {
    copied.text = '';
  },
} satisfies Pick<Electron.Clipboard, 'readText' | 'writeText' | 'clear'>;

class NativeTheme extends EventEmitter {
  shouldUseDarkColors = settings.colorScheme === 'dark';
  shouldUseHighContrastColors = false;
  private source: 'system' | 'light' | 'dark' = 'system';
  get themeSource(): 'system' | 'light' | 'dark' {
    return this.source;
  }
  set themeSource(source: 'system' | 'light' | 'dark') {
    this.source = source;
    this.shouldUseDarkColors = source === 'dark' || (source === 'system' && settings.colorScheme === 'dark');
    this.emit('updated');
  }
}
export const nativeTheme = new NativeTheme();
nativeTheme satisfies Pick<Electron.NativeTheme, 'shouldUseDarkColors' | 'shouldUseHighContrastColors' | 'themeSource'>;

/** A picture: its bytes, and where they came from. */
class Picture {
  /** For tests. */
  readonly path: string;
  private readonly bytes: Buffer;
  template = false;
  constructor(path: string, bytes: Buffer) {
    this.path = path;
    this.bytes = bytes;
  }
  isEmpty(): boolean {
    return this.bytes.length === 0;
  }
  toPNG(): Buffer {
    return this.bytes;
  }
  toDataURL(): string {
    return `data:image/png;base64,${this.bytes.toString('base64')}`;
  }
  resize(): Picture {
    return this;
  }
  getSize(): Electron.Size {
    return this.bytes.length < 24 ? { width: 0, height: 0 } : { width: this.bytes.readUInt32BE(16), height: this.bytes.readUInt32BE(20) };
  }
  setTemplateImage(on: boolean): void {
    this.template = on;
  }
  isTemplateImage(): boolean {
    return this.template;
  }
  addRepresentation(): void {}
}
Picture.prototype satisfies Omit<Pick<Electron.NativeImage, 'isEmpty' | 'toPNG' | 'toDataURL' | 'getSize' | 'setTemplateImage' | 'isTemplateImage'>, never>;

const fileOrNothing = (path: string): Buffer => {
  try {
    return readFileSync(path);
  } catch {
    // As Electron: a file that cannot be read is an empty picture.
    return Buffer.alloc(0);
  }
};

export const nativeImage = {
  createEmpty: () => new Picture('', Buffer.alloc(0)),
  createFromPath: (path: string) => new Picture(path, fileOrNothing(path)),
  createFromBuffer: (bytes: Buffer) => new Picture('', bytes),
  createFromDataURL: (url: string) => new Picture('', Buffer.from(url.split(',')[1] ?? '', 'base64')),
};

/** What a dialog answers without a person: its cancel or first button. Tests replace these functions, as they would Electron's. */
export const dialog = {
  showMessageBox: (...args: unknown[]): Promise<Electron.MessageBoxReturnValue> => Promise.resolve({ response: (args.at(-1) as Electron.MessageBoxOptions).cancelId ?? 0, checkboxChecked: false }),
  showMessageBoxSync: (...args: unknown[]): number => (args.at(-1) as Electron.MessageBoxOptions).cancelId ?? 0,
  showErrorBox: (_title: string, _content: string): void => {},
  showOpenDialog: (): Promise<Electron.OpenDialogReturnValue> => Promise.resolve({ canceled: true, filePaths: [] }),
  showSaveDialog: (): Promise<Electron.SaveDialogReturnValue> => Promise.resolve({ canceled: true, filePath: '' }),
  showCertificateTrustDialog: (): Promise<void> => Promise.resolve(),
} satisfies Partial<Record<keyof Electron.Dialog, unknown>>;

export const shell = {
  openExternal: (_url: string): Promise<void> => Promise.resolve(),
  openPath: (_path: string): Promise<string> => Promise.resolve(''),
  showItemInFolder: (_path: string): void => {},
  beep: (): void => {},
  trashItem: (_path: string): Promise<void> => Promise.resolve(),
} satisfies Pick<Electron.Shell, 'openExternal' | 'openPath' | 'showItemInFolder' | 'beep' | 'trashItem'>;

export const net = {
  fetch: (input: string, init?: RequestInit): Promise<Response> => fetch(input, init),
  isOnline: (): boolean => true,
  online: true,
};

export const systemPreferences = {
  askForMediaAccess: (_type: 'microphone' | 'camera'): Promise<boolean> => Promise.resolve(true),
  getMediaAccessStatus: (): 'granted' => 'granted',
};

export const crashReporter = { start: (): void => {}, getUploadToServer: (): boolean => false };
