import { fork } from 'node:child_process';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright';
import { until } from '../support/until.ts';
import type { LaunchParts, Running } from './desktop.ts';
import type { Said, Task } from './stand-in/control.ts';
import type { StandInSettings } from './stand-in/environment.ts';

const BOOT = join(import.meta.dirname, 'stand-in/boot.ts');

/** Starts the application on the stand-in, in a process of its own, and looks at its pages over CDP. */
export async function launchStandIn(parts: LaunchParts): Promise<Running> {
  const { appFolder, userData, args, environment, initScripts, locale, colorScheme, standIn } = parts;
  const settings: Partial<StandInSettings> = { appFolder, initScripts, locale, colorScheme, ...standIn };
  const child = fork(BOOT, [`--user-data-dir=${userData}`, ...args], {
    cwd: appFolder,
    env: { ...process.env, ...environment, SANGDAM_STAND_IN: JSON.stringify(settings) },
    execArgv: ['--expose-gc', '--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    serialization: 'advanced',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => void (output += chunk.toString()));
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const started = new Promise<number>((resolve, reject) => {
    child.on('message', (message: Said) => {
      if (message.type === 'started') return resolve(message.debuggingPort);
      const { resolve: done, reject: failed } = waiting.get(message.id) ?? {};
      waiting.delete(message.id);
      if (message.type === 'done') done?.(message.value);
      else failed?.(new Error(message.error));
    });
    child.once('exit', (code) => {
      const gone = new Error(`main has ended with ${code}: ${output}`);
      reject(gone);
      for (const { reject: failed } of waiting.values()) failed(gone);
    });
  });
  const port = await started;

  let ids = 0;
  const evaluate: Running['evaluate'] = (task, argument) =>
    new Promise((resolve, reject) => {
      const message: Task = { id: ids++, source: String(task), argument };
      waiting.set(message.id, { resolve: resolve as (value: unknown) => void, reject });
      child.send(message, (error) => {
        if (error !== null) reject(error);
      });
    });
  let browser: Browser | null = null;
  const connected = async (): Promise<Browser> => (browser ??= await chromium.connectOverCDP(`http://127.0.0.1:${port}`));
  void exited.then(() => browser?.close().catch(() => {}));

  return {
    evaluate,
    exited,
    output: () => output,
    // Chromium ends a moment after main, whose pipe it notices to be closed.
    gone: async () => {
      await exited;
      await until('Chromium has ended', () => fetch(`http://127.0.0.1:${port}/json/version`).then(() => false, () => true));
    },
    kill: () => void child.kill('SIGKILL'),
    address: (url) => url.replace(/^([a-z]+):\/\/([^/]+)/, 'https://$2.$1.stand-in'),
    pages: async () => {
      const targets = await evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map(({ webContents }) => (webContents as unknown as { targetId: string | null }).targetId), undefined);
      const known = await pagesByTarget(await connected());
      return targets.flatMap((target) => known.get(target ?? '') ?? []);
    },
  };
}

const targets = new WeakMap<Page, string>();

async function pagesByTarget(browser: Browser): Promise<Map<string, Page>> {
  const found = new Map<string, Page>();
  for (const page of browser.contexts().flatMap((context) => context.pages())) {
    const id = targets.get(page) ?? (await targetOf(page));
    if (id !== null) found.set(id, page);
  }
  return found;
}

/** Null for a page that is just going. */
async function targetOf(page: Page): Promise<string | null> {
  try {
    const cdp = await page.context().newCDPSession(page);
    const { targetInfo } = await cdp.send('Target.getTargetInfo');
    await cdp.detach();
    targets.set(page, targetInfo.targetId);
    return targetInfo.targetId;
  } catch {
    return null;
  }
}
