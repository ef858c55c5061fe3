import { z } from 'zod';
import { DesktopSettings, Settings } from '../../../contract/bridge/index.ts';

/** Version of the settings file that this program writes. */
export const SETTINGS_VERSION = 2;

/** What a person has chosen; what is absent is as the policy or the program says. */
export type Chosen = Partial<Settings> & Partial<DesktopSettings>;
export type SettingName = keyof Settings | keyof DesktopSettings;

const schemas: Readonly<Record<string, z.ZodType>> = { ...Settings.shape, ...DesktopSettings.shape };
export const isSettingName = (name: string): name is SettingName => Object.hasOwn(schemas, name);
export const settingNames = Object.keys(schemas).filter((name) => isSettingName(name));

/** Numbers of this machine's devices mean nothing on another. */
const OF_THIS_MACHINE: ReadonlySet<string> = new Set(['microphoneId', 'speakerId', 'ringerId']);

export type ReadSettings =
  /** `from`: the version the text was written in. `dropped`: settings that were unknown or had no valid value. */
  | { kind: 'ok'; chosen: Chosen; from: number; dropped: string[] }
  | { kind: 'corrupt' }
  /** By a newer program, whose meaning can only be guessed. */
  | { kind: 'newer'; version: number };

const Raw = z.record(z.string(), z.unknown());
type Raw = z.infer<typeof Raw>;

/** One step a version: what that version wrote → what its successor would have written. */
const MIGRATIONS: Readonly<Record<number, (raw: Raw) => Raw>> = {
  // The first version had the settings themselves at the top, and a file of its own for the server's address.
  1: (raw) => ({ version: 2, settings: raw }),
};

const File = z.object({ version: z.literal(SETTINGS_VERSION), settings: Raw });

/** Reads a settings file of any version. Never throws; a bad value costs that setting, not the others. */
export function readSettings(text: string): ReadSettings {
  let raw = parseObject(text);
  if (raw === null) return { kind: 'corrupt' };
  const from = raw['version'] === undefined ? 1 : z.int().positive().safeParse(raw['version']).data;
  if (from === undefined) return { kind: 'corrupt' };
  if (from > SETTINGS_VERSION) return { kind: 'newer', version: from };
  for (let version = from; version < SETTINGS_VERSION; version++) raw = MIGRATIONS[version]?.(raw) ?? raw;
  const file = File.safeParse(raw);
  return file.success ? { kind: 'ok', from, ...pick(file.data.settings) } : { kind: 'corrupt' };
}

/** @param portable leaves out what means nothing on another machine */
export function writeSettings(chosen: Chosen, { portable = false }: { portable?: boolean } = {}): string {
  const kept = Object.entries(chosen).filter(([name]) => !portable || !OF_THIS_MACHINE.has(name));
  return `${JSON.stringify({ version: SETTINGS_VERSION, settings: Object.fromEntries(kept) }, null, 2)}\n`;
}

/** The valid ones of some named values, and the names of the others. */
export function pick(values: Raw): { chosen: Chosen; dropped: string[] } {
  const dropped: string[] = [];
  const kept: Raw = {};
  for (const [name, value] of Object.entries(values)) {
    const parsed = Object.hasOwn(schemas, name) ? schemas[name]?.safeParse(value) : undefined;
    if (parsed?.success === true) kept[name] = parsed.data;
    else dropped.push(name);
  }
  // Each value has just been parsed by the schema of its name.
  return { chosen: kept, dropped };
}

export function parseObject(text: string): Raw | null {
  try {
    // A byte order mark, as Windows' editors write one.
    const parsed: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    return Array.isArray(parsed) ? null : (Raw.safeParse(parsed).data ?? null);
  } catch {
    return null;
  }
}
