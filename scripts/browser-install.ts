import { existsSync } from 'node:fs';
import { findInstalledBrowser } from './browser.ts';
import { run } from './run.ts';

/** Chromium, and a font for the Korean on our screens. */
const PACKAGES = ['chromium', 'fonts-noto-cjk'];

/**
 * A browser for the tests: an installed one, else on Debian and as root the chromium package, installed now.
 * @returns its executable; null, having said what to do, where there is none
 */
export async function ensureBrowser(): Promise<string | null> {
  const installed = await findInstalledBrowser();
  if (installed !== null) return installed;
  const isRoot = process.getuid?.() === 0;
  if (existsSync('/usr/bin/apt-get') && isRoot) {
    console.log('No browser is installed: installing the chromium package …');
    await run('apt-get', ['update', '-qq']);
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...PACKAGES], { env: { DEBIAN_FRONTEND: 'noninteractive' } });
    const now = await findInstalledBrowser();
    if (now !== null) return now;
  }
  console.error(`The tests need a Chromium or Chrome and found none. Install one (Debian, as root: apt-get install ${PACKAGES.join(' ')}), or name it: SANGDAM_BROWSER=/path/to/chrome npm test`);
  return null;
}
