import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type BrowserContext } from 'playwright';
import { findBrowser } from '../../../scripts/browser.ts';
import { browserFlags } from '../../support/browser-flags.ts';
import { until } from '../../support/until.ts';
import { settings, userData } from './environment.ts';
import { isTaken } from './instance-lock.ts';

// Permissions are the application's to decide, so nothing is granted unasked.
const flags = browserFlags.filter((flag) => flag !== '--use-fake-ui-for-media-stream');

let context: BrowserContext | null = null;

/** Starts the one Chromium whose pages are the windows, before main, as Electron's is. @returns its debugging port */
export async function startChromium(): Promise<number> {
  const own = join(userData, `chromium-${process.pid}`);
  const kept = join(userData, 'chromium');
  // A second instance, and one after a killed one whose Chromium still ends, has a profile of its own.
  const profile = isTaken() ? own : await launch(kept).then(
    () => kept,
    () => own,
  );
  if (profile === own) await launch(own);
  for (const content of settings.initScripts) await theContext().addInitScript({ content });
  return until('Chromium tells its port', async () => Number((await readFile(join(profile, 'DevToolsActivePort'), 'utf8')).split('\n')[0]));
}

async function launch(profile: string): Promise<void> {
  context = await chromium.launchPersistentContext(profile, {
    executablePath: await findBrowser(),
    headless: true,
    args: [...flags, '--remote-debugging-port=0'],
    locale: settings.locale,
    colorScheme: settings.colorScheme,
    reducedMotion: 'reduce',
    timezoneId: 'Asia/Seoul',
    viewport: { width: 1280, height: 800 },
  });
}

/** @throws before Chromium has been started */
export function theContext(): BrowserContext {
  if (context === null) throw new Error('Chromium is not running');
  return context;
}

export const stopChromium = async (): Promise<void> => context?.close();
