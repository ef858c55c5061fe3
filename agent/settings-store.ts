import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { defaultSettings, Settings } from '../contract/bridge/views.ts';
import type { Logger } from './logger.ts';

/** Where a session's settings are kept. */
export interface SettingsStore {
  /** Names of settings that are fixed from outside; a change of one is refused. */
  readonly managed?: ReadonlySet<string>;
  load(): Settings;
  save(settings: Settings): void;
}

export function memorySettings(): SettingsStore {
  let current = defaultSettings;
  return {
    load: () => current,
    save: (settings) => void (current = settings),
  };
}

/** A JSON file. What cannot be read counts as the defaults, setting by setting; writing replaces the file whole. */
export function fileSettings(file: string, log: Logger): SettingsStore {
  return {
    load() {
      try {
        const raw: unknown = JSON.parse(readFileSync(file, 'utf8'));
        const known = Object.entries(Settings.shape).flatMap(([key, schema]) => {
          const parsed = schema.safeParse(typeof raw === 'object' && raw !== null ? Reflect.get(raw, key) : undefined);
          return parsed.success ? [[key, parsed.data]] : [];
        });
        return Settings.parse({ ...defaultSettings, ...Object.fromEntries(known) });
      } catch {
        return defaultSettings;
      }
    },
    save(settings) {
      try {
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(`${file}.new`, JSON.stringify(settings, null, 2), { mode: 0o600 });
        renameSync(`${file}.new`, file);
      } catch (error) {
        log.warn({ error: String(error) }, 'settings could not be saved');
      }
    },
  };
}
