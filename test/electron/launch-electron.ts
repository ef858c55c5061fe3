import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { _electron, type Page } from 'playwright';
import type { LaunchParts, Running } from './desktop.ts';
import { installProbe } from './probe.ts';

/** Starts the application on the real Electron, by Playwright. */
export async function launchElectron(executablePath: string, { appFolder, userData, args, environment, initScripts, locale, colorScheme }: LaunchParts): Promise<Running> {
  // Before main, as the application makes its tray while it starts.
  const probe = join(userData, 'probe.cjs');
  await writeFile(probe, `(${String(installProbe)})(require('electron'));`);
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const electron = await _electron.launch({
    executablePath,
    args: [...asRoot, '-r', probe, `--user-data-dir=${userData}`, `--lang=${locale}`, '--use-fake-device-for-media-stream', appFolder, ...args],
    env: Object.fromEntries(Object.entries({ ...process.env, ...environment }).filter((entry): entry is [string, string] => entry[1] !== undefined)),
    colorScheme,
  });
  const child = electron.process();
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => void (output += chunk.toString()));
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const crashed = new WeakSet<Page>();
  electron.on('window', (page) => void page.on('crash', () => crashed.add(page)));
  for (const content of initScripts) await electron.context().addInitScript({ content });
  // Pages that were there before the scripts were.
  if (initScripts.length > 0) for (const page of electron.windows()) await page.reload();

  return {
    evaluate: (task, argument) => electron.evaluate(task as never, argument as never),
    exited,
    gone: async () => void (await exited),
    output: () => output,
    kill: () => void child.kill('SIGKILL'),
    address: (url) => url,
    pages: async () => electron.windows().filter((page) => !crashed.has(page)),
  };
}
