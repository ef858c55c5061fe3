import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { ROOT } from './run.ts';

const FOLDER = join(ROOT, 'node_modules/electron');
/** Beyond this a person would rather have the web edition now. */
const FETCH_LIMIT_MS = 60_000;

/** Whether a window can appear at all. */
export const hasDisplay = (environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): boolean =>
  platform === 'darwin' || platform === 'win32' || Boolean(environment['DISPLAY'] ?? environment['WAYLAND_DISPLAY']);

/** Electron's executable, where its binary has been fetched, else null. */
export function findElectron(): string | null {
  const pathFile = join(FOLDER, 'path.txt');
  if (!existsSync(pathFile)) return null;
  const executable = join(FOLDER, 'dist', readFileSync(pathFile, 'utf8'));
  return existsSync(executable) ? executable : null;
}

/** What carries the desktop in its tests: Electron where its binary and a display are there, else the stand-in. */
export function desktopCarrier(): string {
  if (findElectron() === null) return "the stand-in (Electron's binary is not here)";
  return hasDisplay(process.env, process.platform) ? 'Electron' : 'the stand-in (there is no display for Electron)';
}

/** Fetches Electron's binary with its own installer, for a minute at most. Answers the executable, or null. */
export async function fetchElectron(): Promise<string | null> {
  console.log('Fetching the Electron binary (once) …');
  const child = spawn(process.execPath, [join(FOLDER, 'install.js')], { stdio: ['ignore', 'inherit', 'ignore'] });
  const limit = setTimeout(() => child.kill(), FETCH_LIMIT_MS);
  await new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
  clearTimeout(limit);
  return findElectron();
}

/** Opens an address in the person's browser, if there is a way; nothing depends on it. */
export function openInBrowser(address: string): void {
  const [command, ...args] = process.platform === 'darwin' ? ['open', address] : process.platform === 'win32' ? ['cmd', '/c', 'start', '', address] : ['xdg-open', address];
  if (command === undefined) return;
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  child.once('error', () => {});
  child.unref();
}
