import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { hasDisplay } from './desktop.ts';
import { ROOT } from './run.ts';

const START_LIMIT_MS = 30_000;
const LOOK_EVERY_MS = 100;

/** Executables the builder leaves in `dist`, of this system. */
const EXECUTABLES: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  linux: ['dist/linux-unpacked/sangdam', 'dist/linux-arm64-unpacked/sangdam'],
  win32: ['dist/win-unpacked/Sangdam.exe', 'dist/win-arm64-unpacked/Sangdam.exe'],
  darwin: ['dist/mac-universal/Sangdam.app/Contents/MacOS/Sangdam', 'dist/mac-arm64/Sangdam.app/Contents/MacOS/Sangdam', 'dist/mac/Sangdam.app/Contents/MacOS/Sangdam'],
};

/**
 * Starts the packaged program with an empty profile and waits for its first screen. Its fuses forbid Node's
 * inspector, so it is looked at as any Chromium is.
 */
export async function smokeTest(): Promise<boolean> {
  const executable = EXECUTABLES[process.platform]?.map((path) => join(ROOT, path)).find((path) => existsSync(path));
  if (executable === undefined) return failed('no packaged program was found in dist');
  if (!hasDisplay(process.env, process.platform)) return failed('there is no display to start the packaged program on');
  const profile = await mkdtemp(join(tmpdir(), 'sangdam-smoke-'));
  const flags = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const child = spawn(executable, [...flags, `--user-data-dir=${profile}`, '--remote-debugging-port=0'], { stdio: 'inherit' });
  try {
    const port = await portOf(join(profile, 'DevToolsActivePort'));
    const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
    const page = browser.contexts()[0]?.pages()[0];
    await page?.getByRole('button', { name: /^(Connect|연결)$/ }).waitFor({ timeout: START_LIMIT_MS });
    const hasNode = await page?.evaluate(() => 'process' in globalThis || 'require' in globalThis);
    await browser.close();
    if (hasNode ?? true) return failed('the first screen is not what it should be');
    console.log('The packaged program starts and shows its first screen.');
    return true;
  } catch (error) {
    return failed(String(error));
  } finally {
    child.kill();
    await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

async function portOf(file: string): Promise<string> {
  const until = performance.now() + START_LIMIT_MS;
  while (performance.now() < until) {
    const [port] = (await readFile(file, 'utf8').catch(() => '')).split('\n');
    if (port !== undefined && port !== '') return port;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  throw new Error('the packaged program opened no window');
}

function failed(why: string): false {
  console.error(`Smoke test: ${why}.`);
  return false;
}
