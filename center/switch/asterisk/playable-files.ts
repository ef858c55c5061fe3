import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { fail, ok, type Result } from '../../../contract/errors.ts';
import type { Sound } from '../port.ts';
import { isAnnouncementName } from '../text.ts';

/** A folder that the center writes and Asterisk reads, each by its own path of it. */
export interface PlayingFolder {
  folder: string;
  seenAs: string;
}

/** Asterisk's name for samples without a header, 8 kHz. */
const ENDING = '.sln';

interface Held {
  by: number;
  /** What Asterisk plays. */
  media: Promise<Result<string>>;
  path: string;
}

/**
 * Objects of the center as files, for as long as somebody hears them. The folder is ours alone unless the operator has made it
 * otherwise: nothing that is kept encrypted lies there longer than it is heard.
 */
export class PlayableFiles {
  private readonly where: PlayingFolder | undefined;
  private readonly held = new Map<string, Held>();
  /** Several Asterisks may read from one folder. */
  private readonly own = randomBytes(4).toString('hex');

  constructor(where: PlayingFolder | undefined) {
    this.where = where;
  }

  /** The object as a file; `release` it afterwards, whatever this answers. */
  hold({ id, open }: Extract<Sound, { kind: 'object' }>): Promise<Result<string>> {
    const { where } = this;
    if (where === undefined) return Promise.resolve(fail('switch.failed', 'there is no folder that Asterisk could play objects from'));
    if (!isAnnouncementName(id)) return Promise.resolve(fail('input.invalid', 'not the id of an object'));
    const held = this.held.get(id);
    if (held !== undefined) {
      held.by += 1;
      return held.media;
    }
    const name = `${id}-${this.own}`;
    const path = join(where.folder, `${name}${ENDING}`);
    const media = write(path, open).then((written): Result<string> => (written.ok ? ok(`sound:${where.seenAs}/${name}`) : written));
    this.held.set(id, { by: 1, media, path });
    return media;
  }

  release(id: string): void {
    const held = this.held.get(id);
    if (held === undefined) return;
    held.by -= 1;
    if (held.by > 0) return;
    this.held.delete(id);
    // What is being written is written first. One that is read from goes on to be there for who reads it (POSIX).
    void held.media.then(() => (this.held.has(id) ? undefined : rm(held.path, { force: true }))).catch(() => {});
  }
}

async function write(path: string, open: Extract<Sound, { kind: 'object' }>['open']): Promise<Result<null>> {
  const beside = `${path}.new`;
  try {
    await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
    const pcm = await open();
    if (!pcm.ok) return pcm;
    // For the group that an operator gives the folder to, and nobody else.
    await pipeline(pcm.value, createWriteStream(beside, { mode: 0o640 }));
    await rename(beside, path);
    return ok(null);
  } catch (error) {
    await rm(beside, { force: true }).catch(() => {});
    return fail('switch.failed', `an object could not be written for Asterisk: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Removes what a center before this one has left in the middle of being heard. */
export async function clearPlayingFolder(folder: string): Promise<void> {
  const left = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(ENDING) || name.endsWith(`${ENDING}.new`));
  await Promise.all(left.map((name) => rm(join(folder, name), { force: true })));
}
