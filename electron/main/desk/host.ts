import { readFile } from 'node:fs/promises';
import { clipboard, dialog, type OpenDialogOptions } from 'electron';
import { probeCenter, type DesktopHost } from '../../../agent/index.ts';
import { done, fail, ok, type Result } from '../../../contract/errors.ts';
import { writeWhole, type DesktopStore } from '../settings/store.ts';
import type { Asks } from './asks.ts';
import type { Desk } from './desk.ts';
import { text } from './texts.ts';

/** A settings file has a few hundred bytes; what is much larger is none. */
const MAX_SETTINGS_CHARS = 64 * 1024;

export interface DesktopHostParts {
  store: DesktopStore;
  asks: Asks;
  desk: Desk;
  moveTo: (server: string) => Promise<Result<null>>;
  install: () => Result<null>;
  dismiss: (index: number) => void;
  /** Imported settings of every edition take effect. */
  adopted: () => Promise<Result<null>>;
}

/** Serves the calls of a window for the desktop itself. */
export function createDesktopHost({ store, asks, desk, moveTo, install, dismiss, adopted }: DesktopHostParts): Omit<DesktopHost, 'desktop.saveDiagnostics'> {
  return {
    async 'desktop.set'(changes) {
      const { server, ...others } = changes;
      // Another center means another sign-in; it has its own way.
      if (server !== undefined && server !== store.desktop.server) {
        if (server === null) return fail('input.invalid', 'a desk has a center');
        if (store.managed.has('server')) return fail('settings.managed', 'the policy names the center');
        const moved = await moveTo(server);
        if (!moved.ok) return moved;
      }
      const given = Object.fromEntries(Object.entries(others).filter(([, value]) => value !== undefined));
      const changed = store.change(given);
      return changed.ok ? ok(store.desktop) : changed;
    },
    async 'desktop.checkServer'({ server }) {
      const found = await probeCenter(server);
      return found.ok ? ok({ server }) : found;
    },
    'desktop.answerAsk': ({ id, accept }) => asks.answer(id, accept),
    async 'desktop.dialClipboard'() {
      return asks.clipboard(await clipboard.readText());
    },
    async 'desktop.chooseCertificate'() {
      const { language } = desk;
      const file = await chooseFile({ title: text(language, 'chooseCertificate'), filters: [{ name: text(language, 'certificates'), extensions: ['pem', 'crt', 'cer'] }] });
      return ok(file);
    },
    async 'desktop.exportSettings'() {
      const { language, windows } = desk;
      const options = { title: text(language, 'exportSettings'), defaultPath: 'sangdam-settings.json', filters: [{ name: text(language, 'settingsFile'), extensions: ['json'] }] };
      const { main } = windows;
      const { canceled, filePath } = main === null ? await dialog.showSaveDialog(options) : await dialog.showSaveDialog(main, options);
      if (canceled || filePath === '') return ok(null);
      try {
        writeWhole(filePath, store.export());
        return ok(filePath);
      } catch (error) {
        return fail('settings.not-saved', String(error));
      }
    },
    async 'desktop.importSettings'() {
      const { language } = desk;
      const file = await chooseFile({ title: text(language, 'importSettings'), filters: [{ name: text(language, 'settingsFile'), extensions: ['json'] }] });
      if (file === null) return ok(null);
      const given = await readFile(file, 'utf8').catch(() => '');
      if (given.length > MAX_SETTINGS_CHARS) return fail('settings.invalid', 'too large');
      const taken = store.import(given);
      if (!taken.ok) return taken;
      const adoption = await adopted();
      return adoption.ok ? ok(file) : adoption;
    },
    'desktop.openWallboard'(request) {
      desk.windows.openWallboard(request);
      return done();
    },
    'desktop.closeWallboard'() {
      desk.windows.closeWallboard();
      return done();
    },
    'desktop.installUpdate': () => install(),
    'desktop.dismissProblem'({ index }) {
      dismiss(index);
      return done();
    },
  };

  async function chooseFile(options: OpenDialogOptions): Promise<string | null> {
    const { main } = desk.windows;
    const asked: OpenDialogOptions = { ...options, properties: ['openFile'] };
    const { canceled, filePaths } = main === null ? await dialog.showOpenDialog(asked) : await dialog.showOpenDialog(main, asked);
    return canceled ? null : (filePaths[0] ?? null);
  }
}
