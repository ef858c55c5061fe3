import { defaultSettings, type Settings } from '../contract/bridge/views.ts';
import { done, type Result } from '../contract/errors.ts';

/** Where settings are kept: a machine's, or a person's. */
export interface SettingsStore {
  /** Names of settings that are fixed from outside; a change of one is refused. */
  readonly managed?: ReadonlySet<string>;
  load(): Settings;
  /** @returns `settings.not-saved` where the change holds for as long as the store does, and no longer */
  save(settings: Settings): Result<null> | Promise<Result<null>>;
}

export function memorySettings(): SettingsStore {
  let current = defaultSettings;
  return {
    load: () => current,
    save: (settings) => {
      current = settings;
      return done();
    },
  };
}
