import { mkdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a test asks of the stand-in, given as JSON in `SANGDAM_STAND_IN`. */
export interface StandInSettings {
  /** Folder of the application, with its package.json. */
  appFolder: string;
  /** Scripts for every page, before its own. */
  initScripts: string[];
  locale: string;
  colorScheme: 'light' | 'dark';
  /** What safeStorage says it keeps its key in; `none`: there is no encryption at all. */
  secretBackend: 'gnome_libsecret' | 'kwallet6' | 'basic_text' | 'unknown' | 'none';
  isPackaged: boolean;
}

const defaults: StandInSettings = { appFolder: process.cwd(), initScripts: [], locale: 'en-US', colorScheme: 'light', secretBackend: 'gnome_libsecret', isPackaged: false };

/** Of the stand-in's whole process. */
export const settings: StandInSettings = { ...defaults, ...(JSON.parse(process.env['SANGDAM_STAND_IN'] ?? '{}') as Partial<StandInSettings>) };

const manifest = JSON.parse(readFileSync(join(settings.appFolder, 'package.json'), 'utf8')) as { name: string; productName?: string; version: string };
export const { version } = manifest;
export const name = manifest.productName ?? manifest.name;

/** As Electron's `--user-data-dir`. */
export const userData = process.argv.find((argument) => argument.startsWith('--user-data-dir='))?.split('=')[1] ?? join(tmpdir(), `${name}-stand-in`);
mkdirSync(userData, { recursive: true });

let ready = false;
export const isReady = (): boolean => ready;
export const becomeReady = (): void => void (ready = true);

/** @throws as Electron does for what works only later */
export function needsReady(what: string): void {
  if (!ready) throw new Error(`${what} cannot be used before the app is ready`);
}

/** @throws as Electron does for what is too late afterwards */
export function needsUnready(what: string): void {
  if (ready) throw new Error(`${what} can only be called before the app is ready`);
}
