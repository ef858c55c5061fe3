import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright';

const COMMANDS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];

const WELL_KNOWN = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/**
 * An installed Chromium: `SANGDAM_BROWSER`, then the search path, then the usual places, then Playwright's own.
 * @returns its executable, or null where there is none
 */
export async function findInstalledBrowser(environment: NodeJS.ProcessEnv = process.env): Promise<string | null> {
  const { SANGDAM_BROWSER: chosen, PATH: searchPath = '' } = environment;
  const onPath = searchPath.split(delimiter).flatMap((folder) => COMMANDS.map((command) => join(folder, command)));
  for (const candidate of [chosen, ...onPath, ...WELL_KNOWN, chromium.executablePath()]) {
    if (candidate !== undefined && candidate !== '' && (await isExecutable(candidate))) return candidate;
  }
  return null;
}

/**
 * As `findInstalledBrowser`.
 * @throws with what to do about it where there is none
 */
export async function findBrowser(): Promise<string> {
  const browser = await findInstalledBrowser();
  if (browser === null) throw new Error('No Chromium found: install the package "chromium", or set SANGDAM_BROWSER.');
  return browser;
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
