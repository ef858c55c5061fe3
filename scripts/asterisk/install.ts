import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from '../run.ts';
import { withLock } from './lock.ts';

/** Anything older lacks what the engine needs: REST over the event socket, REFER told to ARI. */
export const NEEDED_VERSION = { major: 22, minor: 6 };

const PACKAGES = ['asterisk', 'asterisk-modules', 'asterisk-core-sounds-en-wav', 'asterisk-moh-opsound-wav'];
/** Written last: a folder without it is a half-made one. */
const READY = 'sangdam-ready';

export interface Asterisk {
  /** Root of the file system that holds it; `/` for the machine's own. */
  root: string;
  version: string;
}

export type Installed = { ok: true; asterisk: Asterisk } | { ok: false; why: string };

/** `SANGDAM_ASTERISK_DIR`, else a folder outside of any checkout, so that all of them share one. */
export function asteriskFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const wanted = environment['SANGDAM_ASTERISK_DIR'];
  if (wanted !== undefined && wanted !== '') return wanted;
  return process.getuid?.() === 0 ? '/var/cache/sangdam/asterisk-22' : join(homedir(), '.cache/sangdam/asterisk-22');
}

/**
 * A real Asterisk in a folder, put there by debootstrap where it is not yet: about a minute and 700 MB, once.
 * Nothing of the machine is changed but the folder, and the package `debootstrap` where that was missing.
 * Two of us at a time do not collide.
 * @returns in plain words why it cannot be had, where it cannot
 */
export async function installAsterisk(folder = asteriskFolder(), say: (line: string) => void = console.log): Promise<Installed> {
  const found = await installedIn(folder);
  if (found !== null) return found;
  const obstacle = obstacles();
  if (obstacle !== null) return { ok: false, why: obstacle };
  await mkdir(dirname(folder), { recursive: true });
  return withLock(`${folder}.lock`, async () => (await installedIn(folder)) ?? install(folder, say));
}

/** What is in the folder already; null where nothing usable is. */
async function installedIn(folder: string): Promise<Installed | null> {
  const ownMachine = folder === '/';
  if (!ownMachine && !existsSync(join(folder, READY))) return null;
  const text = ownMachine ? (await run('/usr/sbin/asterisk', ['-V'], { output: 'keep' }).catch(() => ({ output: '' }))).output : await readFile(join(folder, READY), 'utf8');
  const version = versionIn(text);
  if (version === null || !isNewEnough(version)) {
    const needed = `${NEEDED_VERSION.major}.${NEEDED_VERSION.minor}`;
    return { ok: false, why: `Asterisk ${version ?? '(none)'} in ${folder} is not the ${needed} or later of the 22 series that is needed: point SANGDAM_ASTERISK_DIR elsewhere, or remove the folder` };
  }
  return { ok: true, asterisk: { root: folder, version } };
}

const versionIn = (text: string): string | null => /Asterisk (\d+\.\d+\.\d+)/.exec(text)?.[1] ?? null;

/** Of the needed series, and not older than needed. */
export function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major === NEEDED_VERSION.major && minor >= NEEDED_VERSION.minor;
}

function obstacles(): string | null {
  if (process.platform !== 'linux') return 'Asterisk is installed into a folder on Debian only; this is no Linux';
  if (process.getuid?.() !== 0) return 'installing Asterisk into a folder needs root (debootstrap makes device files): run `sudo npm run asterisk:up` once, or point SANGDAM_ASTERISK_DIR at a root file system with Asterisk 22';
  if (!existsSync('/usr/bin/apt-get')) return 'installing Asterisk into a folder needs Debian or a relative of it (no apt-get here): install Asterisk 22 yourself and set SANGDAM_ASTERISK_DIR=/';
  return null;
}

async function install(folder: string, say: (line: string) => void): Promise<Installed> {
  const partial = `${folder}.partial`;
  await rm(partial, { recursive: true, force: true });
  say(`Installing Asterisk 22 into ${folder} (700 MB, a minute or two) …`);
  const inside = (...command: string[]): [string, string[]] => ['chroot', [partial, ...command]];
  const steps: [doing: string, command: string, args: string[]][] = [
    ...(existsSync('/usr/sbin/debootstrap') ? [] : ([['installing debootstrap', 'apt-get', ['install', '-y', '--no-install-recommends', 'debootstrap']]] as [string, string, string[]][])),
    ['debootstrap', 'debootstrap', ['--variant=minbase', 'sid', partial]],
    // No service is started inside.
    ['preparing', 'sh', ['-c', `printf '#!/bin/sh\\nexit 101\\n' > '${partial}/usr/sbin/policy-rc.d' && chmod +x '${partial}/usr/sbin/policy-rc.d'`]],
    ['reading the package lists', ...inside('apt-get', '-o', 'Acquire::Check-Valid-Until=false', 'update')],
    ['installing Asterisk', ...inside('apt-get', 'install', '-y', '--no-install-recommends', ...PACKAGES)],
  ];
  for (const [doing, command, args] of steps) {
    const { code, output } = await run(command, args, { output: 'keep', env: { DEBIAN_FRONTEND: 'noninteractive' } });
    if (code !== 0) {
      await rm(partial, { recursive: true, force: true });
      return { ok: false, why: `Asterisk could not be installed into ${folder}: ${doing} failed.\n${output.trim().split('\n').slice(-8).join('\n')}` };
    }
  }
  const { output } = await run(...inside('asterisk', '-V'), { output: 'keep' });
  await writeFile(join(partial, READY), output);
  await rename(partial, folder);
  say(output.trim());
  return (await installedIn(folder)) ?? { ok: false, why: `there is no Asterisk in ${folder} after its installation` };
}
