import { Secret, TOTP } from 'otpauth';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { TemporaryPassword } from '../../contract/account.ts';
import { SignedIn } from '../../contract/cti/index.ts';
import type { Result } from '../../contract/errors.ts';
import { startServer, type RunningServer } from '../../server/server.ts';
import { objections } from '../electron/axe.ts';
import { qrOf } from '../../renderer/features/sign-in/qr.ts';
import { launchBrowser } from '../support/browser.ts';
import { temporaryFolder, valueOf } from '../unit/store/support.ts';

const PASSWORD = 'sangdam-demo';
const Begun = z.object({ secret: z.string() });
const Recovery = z.object({ recoveryCodes: z.array(z.string()) });

declare global {
  interface Window {
    violations: string[];
  }
}

/** The screen before the desk, in a browser of its own. */
class Door {
  readonly page: Page;

  private constructor(page: Page) {
    this.page = page;
  }

  static async open(browser: Browser, origin: string, locale: 'en-US' | 'ko-KR', colorScheme: 'light' | 'dark' = 'light'): Promise<Door> {
    const context = await browser.newContext({ locale, colorScheme, viewport: { width: 400, height: 720 }, reducedMotion: 'reduce' });
    context.setDefaultTimeout(30_000);
    const page = await context.newPage();
    await page.addInitScript(() => {
      window.violations = [];
      document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => window.violations.push(`${violatedDirective} ${blockedURI}`));
    });
    await page.goto(origin);
    return new Door(page);
  }

  /** What the page tried against its content security policy. */
  violations(): Promise<string[]> {
    return this.page.evaluate(() => window.violations);
  }

  async enter(fields: Record<string, string>, button: string): Promise<void> {
    for (const [label, text] of Object.entries(fields)) await this.page.getByLabel(label, { exact: true }).fill(text);
    await this.page.getByRole('button', { name: button, exact: true }).click();
  }

  async shows(text: string): Promise<void> {
    await this.page.getByText(text).first().waitFor();
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}

describe('the sign-in screen', () => {
  let browser: Browser;
  let server: RunningServer;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  beforeEach(async () => {
    server = await startServer({ host: '127.0.0.1', port: 0, dataFolder: await temporaryFolder(), demo: true });
    onTestFinished(() => server.stop());
  });
  afterAll(() => browser.close());

  it('speaks the language that is chosen on it, before the sign-in and after it, and the keyboard goes on at the desk', async () => {
    const door = await Door.open(browser, server.origin, 'ko-KR');
    await door.page.getByRole('button', { name: 'English' }).click();
    await door.enter({ Account: 'agent1', Password: PASSWORD }, 'Sign in');
    await door.page.getByRole('button', { name: 'Go to the desk' }).click();
    await door.page.getByRole('group', { name: 'My state' }).waitFor();
    expect(await door.page.evaluate(() => [document.documentElement.lang, document.activeElement?.id])).toEqual(['en', 'main']);
    expect(await door.violations()).toEqual([]);
    await door.close();
  });

  it('failure: a wrong password is there to be typed anew, with the cursor in it', async () => {
    const door = await Door.open(browser, server.origin, 'en-US');
    await door.enter({ Account: 'agent1', Password: 'not this one' }, 'Sign in');
    await door.shows('The account or the password is wrong');
    await door.page.waitForFunction(() => document.activeElement?.getAttribute('autocomplete') === 'current-password');
    await door.page.keyboard.type(PASSWORD);
    expect(await door.page.getByLabel('Password', { exact: true }).inputValue()).toBe(PASSWORD);
    expect(await door.page.getByLabel('Account').inputValue()).toBe('agent1');
    await door.page.keyboard.press('Enter');
    await door.page.getByRole('button', { name: 'Go to the desk' }).waitFor();
    await door.close();
  });

  it.each([['en-US', 'light', 'Reload'], ['ko-KR', 'dark', '새로 고침']] as const)('failure: a page of another version than its host says so, at the desk and before the sign-in, and is right once it is loaded anew, in %s', async (locale, scheme, reload) => {
    const [account, password, signIn, start] = locale === 'ko-KR' ? ['계정', '비밀번호', '로그인', '상담 화면으로'] : ['Account', 'Password', 'Sign in', 'Go to the desk'];
    const dataFolder = await temporaryFolder();
    const { port, hostname } = new URL(server.origin);
    await server.stop();
    server = await startServer({ host: hostname, port: Number(port), dataFolder, demo: true });
    const door = await Door.open(browser, server.origin, locale, scheme);
    await door.enter({ [account]: 'agent1', [password]: PASSWORD }, signIn);
    await door.page.getByRole('button', { name: start }).click();
    await door.page.getByTestId('state-now').waitFor();
    // The center is updated, and the page is as it was.
    let isOld = true;
    await door.page.route('**/bridge/call', (route) => route.continue(!isOld ? {} : { postData: JSON.stringify({ ...z.record(z.string(), z.unknown()).parse(route.request().postDataJSON()), contract: 99 }) }));
    await server.stop();
    server = await startServer({ host: hostname, port: Number(port), dataFolder, demo: true });
    const button = door.page.getByRole('button', { name: reload });
    await button.waitFor();
    expect(await objections(door.page)).toEqual([]);
    const loadAnew = () => Promise.all([door.page.waitForEvent('load'), button.click()]);
    await loadAnew();
    await button.waitFor();
    // As soon as it is another page: the old one would go on by itself once it is understood again.
    door.page.once('framenavigated', () => void (isOld = false));
    await loadAnew();
    await door.page.getByLabel(account).waitFor();
    await door.close();
  });

  const ask = async (path: string, body: unknown, token = ''): Promise<Result<unknown>> => {
    const response = await fetch(`${server.origin}/api/auth/${path}`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` }, body: JSON.stringify(body) });
    return response.json();
  };
  const tokenOf = async (account: string) => SignedIn.parse(valueOf(await ask('sign-in', { account, password: PASSWORD, client: 'desktop' }))).accessToken;

  it('asks for the code of an app, tells that one was wrong, and takes a recovery code instead', async () => {
    const token = await tokenOf('agent1');
    const { secret } = Begun.parse(valueOf(await ask('totp/begin', { password: PASSWORD }, token)));
    const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate();
    const [recovery = ''] = Recovery.parse(valueOf(await ask('totp/confirm', { code }, token))).recoveryCodes;
    const door = await Door.open(browser, server.origin, 'en-US');
    await door.enter({ Account: 'agent1', Password: PASSWORD }, 'Sign in');
    await door.shows('Six digits');
    expect(await door.page.getByLabel('Code of your authenticator app').evaluate((input) => input === document.activeElement)).toBe(true);
    expect(await objections(door.page)).toEqual([]);
    // It was used to set the app up.
    await door.enter({ 'Code of your authenticator app': code }, 'Sign in');
    await door.shows('This code is wrong or was used before');
    await door.page.getByRole('button', { name: 'Use a recovery code' }).click();
    await door.enter({ 'Recovery code': recovery }, 'Sign in');
    await door.page.getByRole('button', { name: 'Go to the desk' }).waitFor();
    await door.close();
  });

  it.each([['ko-KR', 'dark', '계정', '비밀번호', '로그인', '인증 앱 코드', '설정', '보관했습니다. 로그인', '상담 화면으로'], ['en-US', 'light', 'Account', 'Password', 'Sign in', 'Code of your authenticator app', 'Set up', 'I have kept them: sign in', 'Go to the desk']] as const)(
    'lets who must have a second factor set one up, and then in, in %s',
    async (locale, scheme, account, password, signIn, code, setUp, kept, desk) => {
      const strict = await startServer({ host: '127.0.0.1', port: 0, dataFolder: await temporaryFolder(), demo: true, secondFactorFor: ['agent'] });
      onTestFinished(() => strict.stop());
      const door = await Door.open(browser, strict.origin, locale, scheme);
      await door.enter({ [account]: 'agent1', [password]: PASSWORD }, signIn);
      const key = door.page.getByRole('group', { name: locale === 'ko-KR' ? '설정 키' : 'Key' });
      const secret = ((await key.textContent()) ?? '').replaceAll(/\s/g, '');
      // What a phone reads is what is shown for typing.
      const read = new TOTP({ issuer: 'Sangdam', label: 'agent1', secret: Secret.fromBase32(secret) }).toString();
      expect(await door.page.getByRole('img', { name: locale === 'ko-KR' ? '인증 앱용 QR 코드' : 'QR code for your authenticator app' }).locator('path').getAttribute('d')).toBe(qrOf(read).path);
      expect([await objections(door.page), await door.violations()]).toEqual([[], []]);
      await door.enter({ [code]: '000000' }, setUp);
      await door.shows(locale === 'ko-KR' ? '코드가 틀렸거나 이미 사용' : 'This code is wrong or was used before');
      await door.enter({ [code]: new TOTP({ secret: Secret.fromBase32(secret) }).generate() }, setUp);
      await door.page.getByRole('button', { name: kept }).waitFor();
      expect(await door.page.getByRole('listitem').count()).toBe(10);
      expect(await objections(door.page)).toEqual([]);
      await door.page.getByRole('button', { name: kept }).click();
      await door.page.getByRole('button', { name: desk }).waitFor();
      await door.close();
    },
  );

  it('takes a new password where the one given is temporary, in Korean and dark', async () => {
    const reset = await fetch(`${server.origin}/api/v1/accounts/agent2/temporary-password`, { method: 'POST', headers: { authorization: `Bearer ${await tokenOf('admin')}` } });
    const { password } = TemporaryPassword.parse(await reset.json());
    const door = await Door.open(browser, server.origin, 'ko-KR', 'dark');
    await door.enter({ 계정: 'agent2', 비밀번호: password }, '로그인');
    await door.shows('비밀번호를 바꿔야 합니다');
    expect(await objections(door.page)).toEqual([]);
    await door.enter({ '새 비밀번호': 'qwertyuiop12', '한 번 더 입력': 'qwertyuiop12' }, '변경하고 로그인');
    await door.shows('추측하기 쉬운 비밀번호입니다');
    await door.page.getByLabel('한 번 더 입력', { exact: true }).fill('something else');
    await door.shows('두 비밀번호가 다릅니다');
    await door.enter({ '새 비밀번호': '보라색 우산을 두 개 샀다', '한 번 더 입력': '보라색 우산을 두 개 샀다' }, '변경하고 로그인');
    await door.page.getByRole('button', { name: '상담 화면으로' }).waitFor();
    await door.close();
  });
});
