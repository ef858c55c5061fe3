import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** What a file holds, or null where there is none. */
export async function readIfThere(file: string): Promise<Buffer | null> {
  try {
    return await readFile(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

/**
 * Writes a secret of its own user's (mode 0600) that is in the file as a whole, and on the disk, or not at all:
 * whenever the process or the machine ends.
 * @returns whether it was written: with `keep`, a file that is there already stays as it is
 */
export async function writeSecret(file: string, content: Uint8Array | string, { keep }: { keep: boolean }): Promise<boolean> {
  const folder = dirname(file);
  await mkdir(folder, { recursive: true });
  const beside = `${file}.${randomUUID()}.new`;
  try {
    const handle = await open(beside, 'wx', 0o600);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    // A link refuses where a rename would replace: of two processes that start at once, both take the first one's.
    if (keep) await link(beside, file);
    else await rename(beside, file);
    await syncFolder(folder);
    return true;
  } catch (error) {
    if (keep && error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(beside, { force: true });
  }
}

/** Makes what was created, renamed or removed in a folder outlive a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
