import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DesktopSettings, defaultDesktopSettings, defaultSettings, Settings, type DesktopProblem } from '../../../contract/bridge/index.ts';
import { done, fail, type Disposer, type Result } from '../../../contract/errors.ts';
import type { Logger, SettingsStore } from '../../../agent/index.ts';
import { parseObject, pick, readSettings, SETTINGS_VERSION, settingNames, writeSettings, type Chosen } from './format.ts';
import { noPolicy, readPolicy, type Policy } from './policy.ts';

export interface DesktopStoreOptions {
  /** Holds `settings.json`. */
  folder: string;
  policyFile: string;
  log: Logger;
}

/**
 * All settings of this desktop: the program's defaults, under the policy's defaults, under what the person chose,
 * under what the policy enforces. Only what the person chose is written. No bad file keeps the desk from starting.
 */
export class DesktopStore {
  /** What was wrong with the files, for the person. */
  readonly problems: DesktopProblem[] = [];
  readonly managed: ReadonlySet<string>;
  /** Whether what holds now was written, so that it holds after the next start too. */
  saved = true;
  private readonly file: string;
  private readonly log: Logger;
  private readonly policy: Policy;
  private readonly listeners = new Set<() => void>();
  private chosen: Chosen;
  private inForce: { desk: Settings; desktop: DesktopSettings };

  constructor({ folder, policyFile, log }: DesktopStoreOptions) {
    this.log = log;
    this.file = join(folder, 'settings.json');
    this.policy = this.loadPolicy(policyFile);
    this.managed = new Set(Object.keys(this.policy.enforced));
    this.chosen = this.loadChosen(join(folder, 'server.json'));
    this.inForce = this.merged();
    // What could not be written is told by the desktop's own problems, and holds until the program ends.
    this.forSession = { managed: this.managed, load: () => this.desk, save: (settings) => (this.change(settings), done()) };
  }

  /** Settings of every edition. */
  get desk(): Settings {
    return this.inForce.desk;
  }

  /** Settings of the desktop alone. */
  get desktop(): DesktopSettings {
    return this.inForce.desktop;
  }

  /** The part that the agent session reads and writes. */
  readonly forSession: SettingsStore;

  onChange(listener: () => void): Disposer {
    const own = (): void => listener();
    this.listeners.add(own);
    return () => void this.listeners.delete(own);
  }

  /** @returns `settings.managed`, or `settings.not-saved`, in which case the change holds until the program ends */
  change(changes: Chosen): Result<null> {
    const changed = Object.entries(changes).filter(([name, value]) => value !== undefined && !isSame(value, this.effective()[name]));
    const fixed = changed.filter(([name]) => this.managed.has(name)).map(([name]) => name);
    if (fixed.length > 0) return fail('settings.managed', `fixed by the policy: ${fixed.join(', ')}`);
    if (changed.length === 0) return done();
    return this.adopt({ ...this.chosen, ...pick(Object.fromEntries(changed)).chosen });
  }

  /** What the person chose, for another machine. */
  export(): string {
    return writeSettings(this.chosen, { portable: true });
  }

  /** Takes over exported settings; what the policy enforces stays. */
  import(text: string): Result<null> {
    const given = readSettings(text);
    if (given.kind !== 'ok' || given.dropped.length > 0) return fail('settings.invalid', given.kind === 'ok' ? `not valid: ${given.dropped.join(', ')}` : given.kind);
    return this.adopt({ ...this.chosen, ...given.chosen });
  }

  private adopt(chosen: Chosen): Result<null> {
    this.chosen = chosen;
    this.inForce = this.merged();
    const saved = this.save();
    this.saved = saved.ok;
    for (const listener of new Set(this.listeners)) listener();
    return saved;
  }

  private effective(): Record<string, unknown> {
    return { ...defaultSettings, ...defaultDesktopSettings, ...this.policy.defaults, ...this.chosen, ...this.policy.enforced };
  }

  private merged(): { desk: Settings; desktop: DesktopSettings } {
    const effective = this.effective();
    const of = (names: object): Record<string, unknown> => Object.fromEntries(Object.entries(effective).filter(([name]) => Object.hasOwn(names, name)));
    return { desk: Settings.parse(of(Settings.shape)), desktop: DesktopSettings.parse(of(DesktopSettings.shape)) };
  }

  private save(): Result<null> {
    try {
      writeWhole(this.file, writeSettings(this.chosen));
      return done();
    } catch (error) {
      this.log.warn({ error: String(error) }, 'settings could not be saved');
      return fail('settings.not-saved', String(error));
    }
  }

  private loadPolicy(file: string): Policy {
    const text = read(file);
    if (text === null) return noPolicy;
    const { policy, invalid } = readPolicy(text);
    if (invalid.length > 0) {
      this.log.warn({ invalid }, 'part of the policy file is not understood');
      this.problems.push({ code: 'policyInvalid', detail: invalid.join(', ') });
    }
    return policy;
  }

  private loadChosen(formerServerFile: string): Chosen {
    const text = read(this.file);
    if (text === null) return {};
    const settings = readSettings(text);
    switch (settings.kind) {
      case 'ok': {
        if (settings.dropped.length > 0) this.log.warn({ dropped: settings.dropped }, 'settings without a valid value are as by default');
        if (settings.from === SETTINGS_VERSION) return settings.chosen;
        const migrated = { ...formerServer(formerServerFile), ...withoutDefaults(settings.chosen) };
        this.log.info({ from: settings.from, to: SETTINGS_VERSION }, 'settings migrated');
        this.chosen = migrated;
        this.save();
        return migrated;
      }
      case 'corrupt':
        this.problems.push({ code: 'settingsCorrupt', file: this.keepAside('corrupt') });
        return {};
      case 'newer':
        this.problems.push({ code: 'settingsNewer', file: this.keepAside(`version-${settings.version}`) });
        return {};
      default:
        return settings satisfies never;
    }
  }

  /** Moves the file out of the way, never over an earlier one. @returns its new path */
  private keepAside(why: string): string {
    const free = Array.from({ length: 100 }, (_, index) => `${this.file}.${why}${index === 0 ? '' : `-${index + 1}`}`).find((name) => !existsSync(name));
    const aside = free ?? `${this.file}.${why}`;
    try {
      renameSync(this.file, aside);
    } catch (error) {
      this.log.warn({ error: String(error) }, 'a bad settings file could not be moved');
    }
    this.log.warn({ why }, 'the settings file was set aside; defaults are in force');
    return aside;
  }
}

/** A file replaced whole, so that a crash leaves the old one or the new one. */
export function writeWhole(file: string, text: string): void {
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

/** The first version wrote every setting, chosen or not. */
const withoutDefaults = (chosen: Chosen): Chosen => {
  const defaults: Readonly<Record<string, unknown>> = { ...defaultSettings, ...defaultDesktopSettings };
  return pick(Object.fromEntries(Object.entries(chosen).filter(([name, value]) => settingNames.includes(name as never) && !isSame(value, defaults[name])))).chosen;
};

function formerServer(file: string): Chosen {
  const { server } = parseObject(read(file) ?? '{}') ?? {};
  return pick({ server }).chosen;
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
