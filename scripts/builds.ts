import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT, run } from './run.ts';

export interface BuildOptions {
  /** Builds even what is newer than its sources. */
  force: boolean;
}

/** The web edition and the demo's phone, to out/web. Answers whether it is there now. */
export const buildWeb = (options: BuildOptions): Promise<boolean> =>
  build('the pages', join('out', 'web', 'renderer', 'index.html'), ['renderer', 'demo', 'contract', 'resources', 'vite.config.ts', 'vite-plugins.ts', 'package-lock.json'], ['vite', ['build', '--logLevel', 'warn']], options);

/** The desktop's main process and preload, to out/main and out/preload. */
export const buildDesktop = (options: BuildOptions): Promise<boolean> =>
  build('the desktop', join('out', 'main', 'index.js'), ['electron', 'agent', 'contract', 'renderer', 'electron.vite.config.ts', 'vite-plugins.ts', 'package-lock.json'], ['electron-vite', ['build', '--logLevel', 'warn']], options);

async function build(what: string, product: string, sources: readonly string[], [command, args]: readonly [string, readonly string[]], { force }: BuildOptions): Promise<boolean> {
  if (!force && (await isFresh(join(ROOT, product), sources.map((source) => join(ROOT, source))))) return true;
  console.log(`Building ${what} …`);
  const from = performance.now();
  const { code } = await run(command, args);
  if (code === 0) console.log(`Built ${what} in ${((performance.now() - from) / 1000).toFixed(1)} s`);
  return code === 0;
}

/** Whether a built file is newer than every file it comes from. */
export async function isFresh(product: string, sources: readonly string[]): Promise<boolean> {
  if (!existsSync(product)) return false;
  const built = (await stat(product)).mtimeMs;
  for (const source of sources) {
    if (existsSync(source) && (await newest(source)) > built) return false;
  }
  return true;
}

async function newest(path: string): Promise<number> {
  const { mtimeMs } = await stat(path);
  if (!(await stat(path)).isDirectory()) return mtimeMs;
  // A folder's own time tells of files that went away.
  const times = await Promise.all((await readdir(path)).map((name) => newest(join(path, name))));
  return Math.max(mtimeMs, ...times);
}
