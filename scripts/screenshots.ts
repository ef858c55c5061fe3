/*
 * Takes the pictures of the documentation from a running demo, real calls and all, in both languages and themes:
 *
 *   node scripts/screenshots.ts
 *
 * All of them go to out/screenshots; those that the documentation shows also to docs/images.
 */
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { Cast } from '../test/support/cast/index.ts';
import type { Desk } from '../test/support/cast/desk.ts';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'out/screenshots');

/** Picture of the documentation ← picture taken. */
const SHOWN: Readonly<Record<string, string>> = {
  'desk.png': 'talking-en-light.png',
  'desk-ringing.png': 'ringing-ko-dark.png',
  'desk-consulting.png': 'consulting-en-dark.png',
  'wallboard.png': 'wallboard-en-dark.png',
  'customer-phone.png': 'customer-phone-en-light.png',
};

type Language = 'en' | 'ko';

/** Switches the desk's language by its own command. */
async function speak(desk: Desk, language: Language): Promise<void> {
  const { page } = desk;
  await page.keyboard.press('Control+k');
  const dialog = page.getByRole('dialog');
  await dialog.locator('input').fill(language === 'ko' ? '한국어' : 'English');
  await dialog.getByRole('option').first().click();
  await page.locator(`html[lang=${language}]`).waitFor();
}

async function inBothThemes(page: Page, name: string, language: Language): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.evaluate(() => document.fonts.ready);
    await page.screenshot({ path: join(folder, `${name}-${language}-${colorScheme}.png`), animations: 'disabled' });
  }
}

async function takeAll(desk: Desk, name: string): Promise<void> {
  await inBothThemes(desk.page, name, 'en');
  await speak(desk, 'ko');
  await inBothThemes(desk.page, name, 'ko');
  await speak(desk, 'en');
}

async function signInPictures(cast: Cast): Promise<void> {
  for (const [language, locale] of [['en', 'en-US'], ['ko', 'ko-KR']] as const) {
    const { page } = await cast.visitor(3, { locale, signInLabel: language === 'ko' ? '계정' : 'Account' });
    await inBothThemes(page, 'sign-in', language);
  }
}

async function main(): Promise<void> {
  await mkdir(folder, { recursive: true });
  const cast = await Cast.gather({ offerTimeoutMs: 60_000, wrapUpMs: 120_000 });
  try {
    await signInPictures(cast);
    const [desk, colleague, customer, board] = await Promise.all([cast.agent(1), cast.agent(2), cast.customer(1), cast.wallboard()]);
    await takeAll(desk, 'idle');

    await desk.goReady();
    await customer.call('15880000');
    await customer.press('1');
    await desk.rings('010-0000-0001');
    await takeAll(desk, 'ringing');
    await desk.answer();
    await desk.party.hearsOnly('customer1');
    await desk.writeMemo('배송지 변경 요청. 새 주소로 다시 보내기로 함.');
    await desk.page.getByText('Saved', { exact: true }).waitFor();
    await takeAll(desk, 'talking');
    await inBothThemes(customer.party.page, 'customer-phone', 'en');
    const other = await cast.customer(8);
    await other.call('15880000');
    await other.press('2');
    await board.shows('기술지원', 'Waiting', '1');
    await inBothThemes(board.desk.page, 'wallboard', 'en');
    await other.hangUp();

    await desk.pick('Consult', '1002');
    await colleague.rings();
    await takeAll(colleague, 'consult-offer');
    await colleague.answer();
    await desk.party.hearsOnly('agent2');
    await takeAll(desk, 'consulting');
    await desk.press('Back to customer');
    await desk.party.hearsOnly('customer1');

    await customer.hangUp();
    await desk.showsState('After call');
    await takeAll(desk, 'after-call');
    for (const screen of ['Customers', 'History', 'Directory', 'Settings']) {
      await desk.page.getByRole('navigation').getByRole('link', { name: screen }).click();
      await takeAll(desk, screen.toLowerCase());
    }
  } finally {
    await cast.dismiss();
  }
  await mkdir(join(root, 'docs/images'), { recursive: true });
  for (const [shown, taken] of Object.entries(SHOWN)) await copyFile(join(folder, taken), join(root, 'docs/images', shown));
}

await main();
