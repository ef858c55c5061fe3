import { execFile, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';

const run = promisify(execFile);

/** A disk of a few megabytes that a test can fill, and give room again. */
export interface SmallDisk {
  readonly folder: string;
  /** `file system`: a real one. `file size`: where nobody may mount one, the process's files may grow no further, which is a full disk without its free bytes. */
  readonly kind: 'file system' | 'file size';
  /** Nothing more fits on it. `pid`: of the process that is to notice. */
  fill(pid: number): Promise<void>;
  free(pid: number): Promise<void>;
}

/** @param bytes size of the whole disk */
export async function smallDisk(bytes: number): Promise<SmallDisk> {
  const folder = mkdtempSync(join(tmpdir(), 'sangdam-disk-'));
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const root = async (...command: string[]): Promise<void> => {
    const [program = '', ...args] = [...asRoot, ...command];
    await run(program, args);
  };
  const mounted = await root('mount', '-t', 'tmpfs', '-o', `size=${bytes},mode=0777`, 'tmpfs', folder).then(() => true, () => false);
  onTestFinished(async () => {
    // Whatever still looks at it keeps it until it ends.
    if (mounted) await root('umount', '-l', folder);
    rmSync(folder, { recursive: true, force: true });
  });
  return mounted ? fileSystem(folder) : fileSize(folder);
}

function fileSystem(folder: string): SmallDisk {
  const filler = join(folder, 'filler');
  const fill = (): void => {
    const file = openSync(filler, 'a');
    try {
      for (const size of [1024 * 1024, 4096]) {
        const chunk = Buffer.alloc(size, 1);
        // A write may be cut short before the next one is refused.
        while (tryWrite(file, chunk) > 0);
      }
    } finally {
      closeSync(file);
    }
  };
  return {
    folder,
    kind: 'file system',
    fill: () => Promise.resolve(fill()),
    free: () => Promise.resolve(rmSync(filler, { force: true })),
  };
}

function tryWrite(file: number, chunk: Buffer): number {
  try {
    return writeSync(file, chunk);
  } catch {
    return 0;
  }
}

function fileSize(folder: string): SmallDisk {
  process.stderr.write('no file system can be mounted here: the full disk is a limit of file sizes instead\n');
  const limit = (pid: number, soft: string): void => {
    const { status, stderr } = spawnSync('prlimit', [`--pid=${pid}`, `--fsize=${soft}:`], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`prlimit: ${stderr}`);
  };
  return {
    folder,
    kind: 'file size',
    fill: (pid) => Promise.resolve(limit(pid, '4096')),
    free: (pid) => Promise.resolve(limit(pid, 'unlimited')),
  };
}
