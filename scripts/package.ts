/*
 * Packages the desktop for the system it runs on, and starts the result once:
 *
 *   npm run package              all packages of this system
 *   npm run package -- --dir     the unpacked program alone
 *   npm run package -- --release for people: fails where a check of what went into it cannot be made
 *
 * Beside the packages lies a bill of materials (CycloneDX) of what is in them.
 *
 * Where Electron's binary cannot be had, it packs around an empty hull, lists what would ship, says so and fails:
 * there is no package.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, Platform } from 'electron-builder';
import { z } from 'zod';
import { buildDesktop } from './builds.ts';
import { fetchElectron, findElectron } from './desktop.ts';
import { requireNode } from './node-version.ts';
import { listShipped, megabytes } from './packaging.ts';
import { ROOT, step } from './run.ts';
import { writeSoftwareBom } from './sbom.ts';
import { signatureTrouble } from './signatures.ts';
import { smokeTest } from './smoke-test.ts';

requireNode();

process.exit((await main()) ? 0 : 1);

async function main(): Promise<boolean> {
  if (!(await hasGoodOrigin(process.argv.includes('--release')))) return false;
  if (!(await buildDesktop({ force: true }))) return false;
  const electron = findElectron() ?? (await fetchElectron());
  if (electron === null) return withoutElectron();
  const isDir = process.argv.includes('--dir');
  const artifacts = await build({ projectDir: ROOT, targets: Platform.current().createTarget(isDir ? 'dir' : null), publish: 'never' });
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')));
  for (const artifact of [...artifacts, await writeSoftwareBom(join(ROOT, 'dist'), version)]) console.log(artifact);
  return smokeTest();
}

/** Whether the licences are those on the list, and the packages those that their publishers signed. */
async function hasGoodOrigin(isRelease: boolean): Promise<boolean> {
  if (!(await step('licences', process.execPath, [join(ROOT, 'scripts/licenses.ts'), '--check']))) return false;
  const trouble = await signatureTrouble();
  if (trouble === null) return true;
  console.error(`The signatures of the packages this is built from could not be verified: ${trouble}`);
  return !isRelease;
}

async function withoutElectron(): Promise<boolean> {
  const { program, unpacked, resources } = await listShipped(process.platform === 'win32' ? 'windows' : 'linux');
  for (const { path, bytes } of [...program, ...resources].toSorted((a, b) => b.bytes - a.bytes).slice(0, 20)) console.log(`${String(bytes).padStart(10)}  ${path}`);
  console.log(`${program.length} files, ${megabytes(program).toFixed(1)} MB, of which ${megabytes(unpacked).toFixed(1)} MB outside of the archive.`);
  console.error("Electron's binary cannot be had here, so nothing was packaged and nothing was started. The list above is what would ship beside Electron.");
  return false;
}
