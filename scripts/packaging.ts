import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { listPackage, statFile } from '@electron/asar';
import { Arch, build, Platform, type Configuration } from 'electron-builder';
import { ROOT } from './run.ts';

/** A file of a package, by its path in the program's archive or beside it. */
export interface ShippedFile {
  path: string;
  bytes: number;
}

export interface Shipped {
  /** Of the program, native modules among them. */
  program: ShippedFile[];
  /** Of those, what lies outside of the archive. */
  unpacked: ShippedFile[];
  /** Beside the archive: licences, the updater's settings. */
  resources: ShippedFile[];
}

/** What the builder looks for in Electron's own distribution, the same on every system it is packed for here. */
const HULL = ['electron', 'electron.exe', 'chrome_crashpad_handler', 'chrome-sandbox', 'LICENSE', 'LICENSES.chromium.html', 'version', 'locales/en-US.pak', 'locales/ko.pak', 'resources/hull'];

/**
 * Packs the program around an empty hull instead of Electron, which need not be there, and answers what would ship.
 * Everything is as it is in the real package but Electron itself, its fuses and signatures.
 */
export async function listShipped(system: 'linux' | 'windows'): Promise<Shipped> {
  const folder = await mkdtemp(join(tmpdir(), 'sangdam-pack-'));
  try {
    const hull = join(folder, 'hull');
    for (const name of HULL) {
      await mkdir(join(hull, name, '..'), { recursive: true });
      await writeFile(join(hull, name), '');
      await chmod(join(hull, name), 0o755);
    }
    // Over electron-builder.yml; what would be done to Electron's executable has nothing to be done to.
    const config: Configuration = { directories: { output: join(folder, 'dist') }, electronDist: hull, electronFuses: null, disableAsarIntegrity: true, win: { signExecutable: false, signAndEditExecutable: false } };
    const targets = (system === 'linux' ? Platform.LINUX : Platform.WINDOWS).createTarget('dir', Arch.x64);
    await build({ projectDir: ROOT, targets, publish: 'never', config });
    return await shippedIn(join(folder, 'dist', system === 'linux' ? 'linux-unpacked' : 'win-unpacked', 'resources'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What is in the resources folder of a packed program. */
export async function shippedIn(resources: string): Promise<Shipped> {
  const archive = join(resources, 'app.asar');
  const program = listPackage(archive, { isPack: false }).flatMap((path): ShippedFile[] => {
    const entry = statFile(archive, path.slice(1), false);
    return 'size' in entry && typeof entry.size === 'number' ? [{ path: path.slice(1), bytes: entry.size }] : [];
  });
  const beside = await filesIn(resources);
  return {
    program,
    unpacked: beside.filter(({ path }) => path.startsWith('app.asar.unpacked')),
    resources: beside.filter(({ path }) => !path.startsWith('app.asar') && path !== 'hull'),
  };
}

async function filesIn(folder: string): Promise<ShippedFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async ({ parentPath, name }) => ({ path: relative(folder, join(parentPath, name)), bytes: (await stat(join(parentPath, name))).size })),
  );
}

export const megabytes = (files: readonly ShippedFile[]): number => files.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6;
