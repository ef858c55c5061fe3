import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname } from 'node:path';
import { app } from 'electron';
import type { Logger } from '../../../agent/index.ts';
import type { DesktopSettings } from '../../../contract/bridge/index.ts';
import { autostartEntry, autostartFile } from './autostart-entry.ts';

/** Starts the desk with the person's session, or no longer. A program that is not installed is left alone. */
export function applyAutostart({ autostart, startHidden }: DesktopSettings, log: Logger): void {
  if (!app.isPackaged) return;
  const args = startHidden ? ['--hidden'] : [];
  if (process.platform !== 'linux') return app.setLoginItemSettings({ openAtLogin: autostart, args });
  const file = autostartFile(process.env, homedir());
  try {
    if (!autostart) return rmSync(file, { force: true });
    mkdirSync(dirname(file), { recursive: true });
    // An AppImage runs from a mount that is another one each time; the file itself is in APPIMAGE.
    writeFileSync(file, autostartEntry(process.env['APPIMAGE'] ?? process.execPath, args));
  } catch (error) {
    log.warn({ error: String(error) }, 'autostart could not be set');
  }
}
