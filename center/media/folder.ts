import { constants } from 'node:fs';
import { access, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from '../store/key-file.ts';
import { MediaStoreError, ofFileSystem, type MediaStore, type Span } from './store.ts';

const READ_BYTES = 256 * 1024;
const NAME = /^[\w-]{1,64}$/;

/** A store that is a folder, of this user's own; objects are spread over folders by the beginning of their names. */
export function createFolderStore(folder: string): MediaStore {
  const folderOf = (name: string): string => join(folder, name.slice(0, 2));
  const pathOf = (name: string): string => join(folderOf(name), name);

  return {
    async take(name, file) {
      try {
        await mkdir(folderOf(name), { recursive: true, mode: 0o700 });
        await rename(file, pathOf(name));
        await syncFolder(folderOf(name));
      } catch (error) {
        throw ofFileSystem(error, 'putting an object into its folder');
      }
    },

    read: (name, span) => readFile(pathOf(name), span),

    async remove(name) {
      await rm(pathOf(name), { force: true }).catch((error: unknown) => {
        throw ofFileSystem(error, 'removing an object');
      });
    },

    async *list() {
      for (const part of await readdir(folder).catch(() => [])) {
        if (part.length !== 2) continue;
        for (const name of await readdir(join(folder, part)).catch(() => [])) {
          const found = NAME.test(name) ? await stat(join(folder, part, name)).catch(() => null) : null;
          if (found?.isFile() === true) yield { name, at: found.mtimeMs };
        }
      }
    },

    async check() {
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await access(folder, constants.R_OK | constants.W_OK);
      } catch (error) {
        throw new MediaStoreError('away', `${folder}: ${error instanceof Error && 'code' in error ? String(error.code) : String(error)}`, { cause: error });
      }
    },
  };
}

async function* readFile(path: string, { from, to }: Span): AsyncGenerator<Uint8Array> {
  const handle = await open(path, 'r').catch((error: unknown) => {
    throw ofFileSystem(error, 'opening an object');
  });
  try {
    for (let at = from; at < to; ) {
      const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(Math.min(READ_BYTES, to - at)), 0, Math.min(READ_BYTES, to - at), at);
      if (bytesRead === 0) throw new MediaStoreError('gone', 'the object is shorter than it was');
      yield buffer.subarray(0, bytesRead);
      at += bytesRead;
    }
  } catch (error) {
    throw ofFileSystem(error, 'reading an object');
  } finally {
    await handle.close();
  }
}
