/*
 * Makes resources/icons: the app's icon as SVG and PNG, and the tray's picture for each state of the agent.
 * The results are in the repository; run this only to change them (needs an installed Chromium):
 *
 *   node scripts/make-icons.ts
 *
 * Tray states differ in shape as well as in colour: a dot, a bar, a ring, a square, a slash.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { findBrowser } from './browser.ts';

const folder = join(import.meta.dirname, '../resources/icons');
const appSizes = [16, 24, 32, 48, 64, 128, 256, 512];
const traySizes = [16, 32];

/** A headset over a speech bubble, on the product's deep teal. */
const appIcon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512" role="img" aria-label="Sangdam">
  <defs>
    <linearGradient id="ground" x1="0" y1="0" x2="0" y2="1">
      <stop offset="0" stop-color="#12867f"/>
      <stop offset="1" stop-color="#0b5c63"/>
    </linearGradient>
  </defs>
  <rect x="16" y="16" width="480" height="480" rx="112" fill="url(#ground)"/>
  <path d="M118 286v-34a138 138 0 0 1 276 0v34" fill="none" stroke="#fff" stroke-width="34" stroke-linecap="round"/>
  <rect x="92" y="262" width="74" height="116" rx="34" fill="#fff"/>
  <rect x="346" y="262" width="74" height="116" rx="34" fill="#fff"/>
  <path d="M384 372c-10 34-40 52-84 54" fill="none" stroke="#fff" stroke-width="24" stroke-linecap="round"/>
  <circle cx="276" cy="426" r="26" fill="#ffc857"/>
</svg>
`;

const headset = (colour: string) =>
  `<path d="M7 18v-2.5a9 9 0 0 1 18 0V18" fill="none" stroke="${colour}" stroke-width="3" stroke-linecap="round"/>
  <rect x="4.5" y="16" width="6" height="10" rx="2.6" fill="${colour}"/>
  <rect x="21.5" y="16" width="6" height="10" rx="2.6" fill="${colour}"/>`;

/** The badge in the lower right corner, by state. */
const badges = {
  ready: '<circle cx="24" cy="24" r="6.5" fill="#2fb574" stroke="#fff" stroke-width="1.5"/>',
  away: '<circle cx="24" cy="24" r="6.5" fill="#e0a126" stroke="#fff" stroke-width="1.5"/><rect x="20.5" y="22.6" width="7" height="2.8" rx="1" fill="#fff"/>',
  talking: '<rect x="17.8" y="17.8" width="12.4" height="12.4" rx="3" fill="#2f7fe0" stroke="#fff" stroke-width="1.5"/>',
  'after-call': '<circle cx="24" cy="24" r="5" fill="#fff" stroke="#8a63d2" stroke-width="3.6"/>',
  offline: '<circle cx="24" cy="24" r="6.5" fill="#7c8794" stroke="#fff" stroke-width="1.5"/><path d="M20.6 27.4l6.8-6.8" stroke="#fff" stroke-width="2" stroke-linecap="round"/>',
} as const;

const trayIcon = (badge: string) => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
  ${headset('#12867f')}
  ${badge}
</svg>
`;

async function main(): Promise<void> {
  await mkdir(folder, { recursive: true });
  const browser = await chromium.launch({ executablePath: await findBrowser(), args: ['--no-sandbox', '--disable-gpu'] });
  const page = await browser.newPage();

  const paint = async (svg: string, size: number): Promise<Buffer> => {
    await page.setViewportSize({ width: size, height: size });
    await page.setContent(`<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`);
    return page.screenshot({ omitBackground: true });
  };

  await writeFile(join(folder, 'app.svg'), appIcon);
  for (const size of appSizes) await writeFile(join(folder, `app-${size}.png`), await paint(appIcon, size));
  for (const [state, badge] of Object.entries(badges)) {
    for (const size of traySizes) {
      await writeFile(join(folder, `tray-${state}${size === 16 ? '' : '@2x'}.png`), await paint(trayIcon(badge), size));
    }
  }
  await browser.close();
}

await main();
