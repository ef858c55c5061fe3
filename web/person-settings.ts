import { createHash } from 'node:crypto';
import { mkdir, open, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger, SettingsStore } from '../agent/index.ts';
import { defaultSettings, Settings } from '../contract/bridge/views.ts';
import { done, fail, type Result } from '../contract/errors.ts';
import type { AgentId } from '../contract/ids.ts';

/** Far more than the longest settings. */
const MAX_FILE_BYTES = 16 * 1024;

/** Where a person's settings are: an id of any form is a file's name so. */
export const settingsFileOf = (folder: string, person: AgentId): string => join(folder, `${createHash('sha256').update(person).digest('hex').slice(0, 32)}.json`);

/**
 * A person's settings in a file of their own, wherever they sign in. A change is answered once it is written; changes
 * that come meanwhile are written together.
 */
export class PersonSettings implements SettingsStore {
  private readonly file: string;
  private readonly log: Logger;
  private current: Settings;
  private writing: Promise<Result<null>> | null = null;
  private next: Promise<Result<null>> | null = null;

  private constructor(file: string, log: Logger, current: Settings) {
    this.file = file;
    this.log = log;
    this.current = current;
  }

  /** What cannot be read counts as the defaults, setting by setting. */
  static async open(folder: string, person: AgentId, log: Logger): Promise<PersonSettings> {
    const file = settingsFileOf(folder, person);
    return new PersonSettings(file, log, settingsIn(await readStart(file)));
  }

  load(): Settings {
    return this.current;
  }

  save(settings: Settings): Promise<Result<null>> {
    this.current = settings;
    if (this.next !== null) return this.next;
    if (this.writing === null) return this.begin();
    // The write under way has the settings before these; one more has these and whatever else comes until then.
    this.next = this.writing.then(() => this.begin());
    return this.next;
  }

  private begin(): Promise<Result<null>> {
    this.next = null;
    const written = this.write().finally(() => {
      if (this.writing === written) this.writing = null;
    });
    this.writing = written;
    return written;
  }

  private async write(): Promise<Result<null>> {
    try {
      await mkdir(join(this.file, '..'), { recursive: true, mode: 0o700 });
      await writeFile(`${this.file}.new`, JSON.stringify(this.current, null, 2), { mode: 0o600 });
      await rename(`${this.file}.new`, this.file);
      return done();
    } catch (error) {
      this.log.warn({ error: String(error) }, 'settings could not be saved');
      return fail('settings.not-saved', 'the settings hold until the end of this session');
    }
  }
}

async function readStart(file: string): Promise<unknown> {
  try {
    const handle = await open(file);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(MAX_FILE_BYTES), 0, MAX_FILE_BYTES, 0);
      return JSON.parse(buffer.toString('utf8', 0, bytesRead));
    } finally {
      await handle.close();
    }
  } catch {
    return null;
  }
}

function settingsIn(raw: unknown): Settings {
  const known = Object.entries(Settings.shape).flatMap(([key, schema]) => {
    const parsed = schema.safeParse(typeof raw === 'object' && raw !== null ? Reflect.get(raw, key) : undefined);
    return parsed.success ? [[key, parsed.data]] : [];
  });
  return Settings.parse({ ...defaultSettings, ...Object.fromEntries(known) });
}
