import { spawn, type ChildProcess } from 'node:child_process';
import { delimiter, join } from 'node:path';

/** The repository's root. */
export const ROOT = join(import.meta.dirname, '..');

/** Environment in which the tools of node_modules/.bin, its Node among them, come first. */
export const toolEnvironment = (extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  ...process.env,
  ...extra,
  PATH: `${join(ROOT, 'node_modules/.bin')}${delimiter}${process.env['PATH'] ?? ''}`,
});

export interface Ran {
  code: number;
  /** Both streams as they came. */
  output: string;
}

export interface RunOptions {
  /** `show` passes the output through; `keep` returns it, to be shown when something is wrong. */
  output?: 'show' | 'keep';
  env?: NodeJS.ProcessEnv;
  /** Ends it after this time. */
  timeoutMs?: number;
}

/** Runs a tool from the repository's root to its end. Ends with this process. */
export function run(command: string, args: readonly string[], { output = 'show', env = {}, timeoutMs }: RunOptions = {}): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      env: toolEnvironment({ ...(output === 'keep' && process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}), ...env }),
      stdio: output === 'show' ? 'inherit' : ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
      timeout: timeoutMs,
    });
    const chunks: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk));
    const forget = endWithUs(child);
    child.once('error', reject);
    child.once('close', (code) => {
      forget();
      resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString() });
    });
  });
}

/** Passes on the signals that end us. @returns a function that stops doing so */
export function endWithUs(child: ChildProcess): () => void {
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const pass = (signal: NodeJS.Signals) => void child.kill(signal);
  for (const signal of signals) process.on(signal, pass);
  return () => {
    for (const signal of signals) process.off(signal, pass);
  };
}

/** How often a script looks whether the shell it runs in is still there. */
const LOOK_EVERY_MS = 250;

/**
 * Ends this process as by SIGTERM once the shell in which npm runs it is gone: npm sends its signals to that shell
 * alone, and dash, Debian's `sh`, dies of them without passing them on. Started in another way, it does nothing.
 */
export function endWithNpm(): void {
  if (process.env['npm_lifecycle_event'] === undefined) return;
  const shell = process.ppid;
  const looking = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(looking);
    process.kill(process.pid, 'SIGTERM');
  }, LOOK_EVERY_MS).unref();
}

const seconds = (fromMs: number): string => `${((performance.now() - fromMs) / 1000).toFixed(1)} s`;

/** Runs a named step; its output is shown only when it fails. Answers whether it passed. */
export async function step(name: string, command: string, args: readonly string[]): Promise<boolean> {
  const from = performance.now();
  const { code, output } = await run(command, args, { output: 'keep' });
  console.log(`${code === 0 ? '✓' : '✗'} ${name} (${seconds(from)})`);
  if (code !== 0) console.log(output);
  return code === 0;
}
