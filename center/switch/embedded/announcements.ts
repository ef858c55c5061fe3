import { join } from 'node:path';
import { fail, ok, type Result } from '../../../contract/errors.ts';
import type { Sound } from '../port.ts';
import { isAnnouncementName } from '../text.ts';
import { readWav } from '../wav.ts';
import { melodySamples, toneSamples } from './media/sources.ts';

/** Sounds by name, read once and kept. A bad or missing file is an error of the command that names it. */
export class Announcements {
  private readonly folder: string;
  private readonly loaded = new Map<string, Int16Array>();
  private music: Int16Array | null = null;

  constructor(folder: string) {
    this.folder = folder;
  }

  async samples(sound: Exclude<Sound, { kind: 'object' }>): Promise<Result<Int16Array>> {
    const key = sound.kind === 'tone' ? `tone ${sound.tone}` : `file ${sound.name}`;
    const known = this.loaded.get(key);
    if (known !== undefined) return ok(known);
    const read = sound.kind === 'tone' ? ok(toneSamples(sound.tone)) : await this.read(sound.name);
    if (read.ok) this.loaded.set(key, read.value);
    return read;
  }

  /** `music.wav` of the folder, or a melody of our own where there is none. */
  async holdMusic(): Promise<Int16Array> {
    if (this.music === null) {
      const read = await this.read('music');
      this.music = read.ok ? read.value : melodySamples();
    }
    return this.music;
  }

  private async read(name: string): Promise<Result<Int16Array>> {
    if (!isAnnouncementName(name)) return fail('input.invalid', 'not the name of an announcement');
    return readWav(join(this.folder, `${name}.wav`));
  }
}
