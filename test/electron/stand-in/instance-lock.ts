import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { userData } from './environment.ts';

const folder = join(userData, 'single-instance');
const owner = join(folder, 'owner');

/** Whether another process of this user data is the first instance. */
export const isTaken = (): boolean => existsSync(owner) && isAlive(Number(readFileSync(owner, 'utf8')));

/** Becomes the first instance, told of later ones. @returns a function that gives that up */
export function take(heard: (argv: string[], cwd: string) => void): () => void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(owner, String(process.pid));
  const seen = new Set<string>();
  const watcher = watch(folder, () => {
    for (const file of readdirSync(folder).filter((one) => one.endsWith('.json') && !seen.has(one))) {
      const text = readFileSync(join(folder, file), 'utf8');
      // Still being written: the next change tells.
      if (!text.endsWith('}')) continue;
      seen.add(file);
      const { argv, cwd } = JSON.parse(text) as { argv: string[]; cwd: string };
      heard(argv, cwd);
    }
  });
  return () => {
    watcher.close();
    rmSync(folder, { recursive: true, force: true });
  };
}

/** Leaves this process's arguments with the first instance. */
export const tellFirst = (): void => writeFileSync(join(folder, `${process.pid}.json`), JSON.stringify({ argv: process.argv, cwd: process.cwd() }));

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return pid !== process.pid;
  } catch {
    return false;
  }
}
