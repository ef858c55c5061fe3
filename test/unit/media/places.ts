import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createFolderStore } from '../../../center/media/folder.ts';
import { createS3Store } from '../../../center/media/s3/index.ts';
import { S3Requests } from '../../../center/media/s3/requests.ts';
import type { MediaStore } from '../../../center/media/store.ts';
import { temporaryFolder } from '../store/support.ts';
import { s3Server } from './s3-server.ts';

/** A store, and what stands behind it to be looked at and tampered with. */
export interface Place {
  store: MediaStore;
  names(): Promise<string[]>;
  bytesOf(name: string): Promise<Buffer>;
  put(name: string, bytes: Buffer): Promise<void>;
  /** As if it had been put there then. */
  age(name: string, at: Date): Promise<void>;
}
export type MakePlace = () => Promise<Place>;

async function folderPlace(): Promise<Place> {
  const folder = join(await temporaryFolder(), 'media');
  const fileOf = (name: string): string => join(folder, name.slice(0, 2), name);
  return {
    store: createFolderStore(folder),
    names: async () => (await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])).filter((entry) => entry.isFile()).map(({ name }) => name),
    bytesOf: (name) => readFile(fileOf(name)),
    put: async (name, bytes) => {
      await mkdir(dirname(fileOf(name)), { recursive: true });
      await writeFile(fileOf(name), bytes);
    },
    age: (name, at) => utimes(fileOf(name), at, at),
  };
}

async function bucketPlace(): Promise<Place> {
  const { settings, pathOf, names } = await s3Server();
  const requests = new S3Requests({ settings });
  return {
    store: createS3Store({ settings }),
    names,
    bytesOf: (name) => readFile(pathOf(name)),
    put: async (name, bytes) => {
      await requests.ask({ method: 'PUT', key: settings.prefix + name, body: new Uint8Array(bytes), sha256: createHash('sha256').update(bytes).digest('hex') });
    },
    age: (name, at) => utimes(pathOf(name), at, at),
  };
}

/** The suite holds in each of them. */
export const places: [string, MakePlace][] = [
  ['a folder', folderPlace],
  ['a bucket', bucketPlace],
];
