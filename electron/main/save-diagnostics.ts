import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { app, BrowserWindow, dialog } from 'electron';
import type { AgentSession } from '../../agent/index.ts';
import { fail, ok, type Result } from '../../contract/errors.ts';
import { diagnosticBundle } from './diagnostics.ts';
import type { DesktopLog } from './log.ts';
import type { Vault } from './secrets.ts';

export interface SaveDiagnosticsOptions {
  session: () => AgentSession;
  vault: Vault;
  log: DesktopLog;
}

/** Asks where, and writes the bundle there. @returns the path; null when the person chose none; `file.not-saved` */
export async function saveDiagnostics({ session, vault, log }: SaveDiagnosticsOptions): Promise<Result<string | null>> {
  const at = new Date();
  const defaultPath = join(app.getPath('documents'), `sangdam-diagnostics-${at.toISOString().slice(0, 16).replace(/[:T]/g, '-')}.json`);
  const { canceled, filePath } = await dialog.showSaveDialog({ defaultPath, filters: [{ name: 'JSON', extensions: ['json'] }] });
  if (canceled || filePath === '') return ok(null);
  const { electron, chrome, node } = process.versions;
  const bundle = diagnosticBundle({
    view: session().view,
    lines: log.lines(),
    versions: { sangdam: app.getVersion(), electron, chrome, node },
    platform: process.platform,
    secrets: vault.storage,
    windows: BrowserWindow.getAllWindows().length,
    memory: process.memoryUsage(),
    uptimeSeconds: process.uptime(),
    at,
  });
  try {
    await writeFile(filePath, bundle, { mode: 0o600 });
    return ok(filePath);
  } catch (error) {
    log.warn({ error: String(error) }, 'diagnostics could not be written');
    return fail('file.not-saved', 'the bundle could not be written there');
  }
}
