import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { startServer, type RunningServer } from '../../server/server.ts';
import { Party } from '../support/browser.ts';
import { Desk } from '../support/cast/desk.ts';
import { untrustedCertificate, untrustedServer } from '../support/untrusted-server.ts';
import { until } from '../support/until.ts';
import { objections } from './axe.ts';
import { carrier, Desktop, type DesktopOptions } from './desktop.ts';
import { openLink } from './system.ts';

/** A desktop that knows no center yet, on a folder of its own that outlives it. */
describe(`the first run, on ${carrier}`, () => {
  let folder: string;
  let desktop: Desktop | null = null;
  let server: RunningServer | null = null;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sangdam-first-'));
  });
  afterEach(async () => {
    await desktop?.dispose();
    await server?.stop();
    desktop = server = null;
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  });

  const launch = async (options: DesktopOptions = {}): Promise<Page> => {
    desktop = await Desktop.launch({ userData: join(folder, 'desk'), ...options });
    return desktop.window();
  };
  const running = (): Desktop => {
    if (desktop === null) throw new Error('no desktop runs');
    return desktop;
  };
  const center = async (): Promise<string> => {
    server = await startServer({ host: '127.0.0.1', port: 0, dataFolder: join(folder, 'center'), demo: true });
    return server.origin;
  };
  const kept = async (): Promise<unknown> => JSON.parse(await readFile(join(folder, 'desk', 'settings.json'), 'utf8'));
  it('asks for the center, tries it, and keeps it for the next start', async () => {
    const origin = await center();
    const page = await launch();
    await page.getByRole('heading', { name: 'Welcome to Sangdam' }).waitFor();
    await page.getByLabel('Center address').fill('no address at all');
    await page.getByRole('button', { name: 'Connect' }).click();
    await page.getByText('This is not an address').waitFor();
    await page.getByLabel('Center address').fill(`${origin}/`);
    await page.getByRole('button', { name: 'Connect' }).click();
    await page.getByLabel('Account').waitFor();
    await page.getByText(`Center: ${origin}`).waitFor();
    expect(await kept()).toEqual({ version: 2, settings: { server: origin } });

    await page.getByLabel('Account').fill('agent1');
    await page.getByRole('button', { name: 'Change center' }).click();
    await page.getByRole('button', { name: 'Connect' }).click();
    expect(await page.getByLabel('Account').inputValue()).toBe('agent1');

    await running().quit();
    const again = await launch();
    await again.getByLabel('Account').waitFor();
    expect(await again.getByRole('heading', { name: 'Welcome to Sangdam' }).count()).toBe(0);
  });

  it('takes the center of an invitation after a yes, at the start as later', async () => {
    const origin = await center();
    const page = await launch({ args: [`sangdam://join?server=${encodeURIComponent(origin)}`] });
    const question = page.getByRole('dialog', { name: 'Work for this center?' });
    await question.getByText(new URL(origin).host, { exact: true }).waitFor();
    await question.getByRole('button', { name: 'Go to this center' }).click();
    await page.getByLabel('Account').waitFor();
    expect(await kept()).toMatchObject({ settings: { server: origin } });
  });

  it('speaks Korean, and every screen of it is accessible in both themes', async () => {
    const page = await launch({ locale: 'ko-KR', colorScheme: 'dark' });
    await page.getByRole('heading', { name: '상담에 오신 것을 환영합니다' }).waitFor();
    expect(await objections(page)).toEqual([]);
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('heading', { name: 'Welcome to Sangdam' }).waitFor();
    await page.getByText('Network settings').click();
    await page.getByLabel('Proxy', { exact: true }).selectOption({ label: 'This one' });
    expect(await objections(page)).toEqual([]);
    await openLink(running(), 'sangdam://join?server=https://center.example.com');
    await page.getByRole('dialog', { name: 'Work for this center?' }).waitFor();
    expect(await objections(page)).toEqual([]);
  });

  it('the window is where it was, and the dock is not remembered as its place', async () => {
    await launch();
    const bounds = () => running().evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds());
    await running().evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setBounds({ x: 60, y: 40, width: 1111, height: 777 }));
    await running().quit();
    await launch();
    expect(await bounds()).toEqual({ x: 60, y: 40, width: 1111, height: 777 });
  });

  describe('a policy of the IT department', () => {
    const policy = async (content: unknown): Promise<string> => {
      const file = join(folder, 'policy.json');
      await writeFile(file, JSON.stringify(content));
      return file;
    };

    it('names the center, so that nothing is asked; fixes what it says, and leaves what it suggests', async () => {
      const origin = await center();
      const file = await policy({ defaults: { theme: 'dark' }, enforced: { server: origin, proxy: { mode: 'none' }, colour: 'pink' } });
      const page = await launch({ environment: { SANGDAM_POLICY: file } });
      await page.getByText('settings is not understood: enforced.colour').waitFor();
      expect(await page.getByRole('heading', { name: 'Welcome to Sangdam' }).count()).toBe(0);
      expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
      const desk = Desk.at(Party.at(page, 'agent1'), origin);
      await desk.signIn('agent1');
      await page.getByRole('link', { name: 'Settings' }).click();
      const proxy = page.getByLabel('Proxy', { exact: true });
      await proxy.waitFor();
      expect(await proxy.isDisabled()).toBe(true);
      await page.getByText('Set by your organisation').first().waitFor();
      await openLink(running(), 'sangdam://join?server=https://elsewhere.example.com');
      await page.getByText('Your organisation has fixed this setting.').waitFor();
      expect(await page.getByRole('dialog', { name: 'Work for this center?' }).count()).toBe(0);
      await page.keyboard.press('Escape');
      await page.getByLabel('Theme').selectOption({ label: 'Light' });
      await until('the suggestion gives way', async () => (await page.locator('html').getAttribute('data-theme')) === 'light');
      expect(await kept()).toEqual({ version: 2, settings: { theme: 'light' } });
    });
  });

  describe('failure', () => {
    it('nobody answers there: told, nothing is kept, and the proxy is offered', async () => {
      const page = await launch();
      await page.getByLabel('Center address').fill('http://127.0.0.1:9');
      await page.getByRole('button', { name: 'Connect' }).click();
      await page.getByRole('alert').getByText('The center cannot be reached.').waitFor();
      await page.getByLabel('Proxy', { exact: true }).waitFor();
      expect(await readdir(join(folder, 'desk'))).not.toContain('settings.json');
    });

    it('a corrupt settings file is kept aside, the defaults are in force, and it is told', async () => {
      const first = await launch();
      await first.getByRole('heading', { name: 'Welcome to Sangdam' }).waitFor();
      await running().quit();
      const corrupt = '{"version":2,"settings":{"server":"https://center.exa';
      await writeFile(join(folder, 'desk', 'settings.json'), corrupt);
      const page = await launch();
      await page.getByText('The settings could not be read').waitFor();
      expect(await readFile(join(folder, 'desk', 'settings.json.corrupt'), 'utf8')).toBe(corrupt);
      await page.getByRole('button', { name: 'Dismiss' }).click();
      await until('put away', async () => (await page.getByText('The settings could not be read').count()) === 0);
    });

    it('a certificate that nobody trusts is refused; with its authority chosen it is not', async () => {
      const other = await untrustedServer();
      onTestFinished(() => other.close());
      const page = await launch();
      await page.getByLabel('Center address').fill(other.origin);
      await page.getByRole('button', { name: 'Connect' }).click();
      await page.getByRole('alert').getByText('certificate is not trusted').waitFor();
      expect(other.requests).toBe(0);
      const file = join(folder, 'authority.pem');
      await writeFile(file, untrustedCertificate);
      await running().evaluate((_electron, path: string) => globalThis.probe.paths.push(path), file);
      await page.getByRole('button', { name: 'Choose file…' }).click();
      await page.getByText(file).waitFor();
      await page.getByRole('button', { name: 'Connect' }).click();
      // It is reached now; it is no center all the same.
      await page.getByRole('alert').getByText('it is not a Sangdam center').waitFor();
      expect(other.requests).toBe(1);
    });

    it.each(['sangdam://join?server=https://center.example.com@evil.example', 'tel:0101234%0d%0a5678'])('a hostile link at the start (%s) is refused, and that is told', async (link) => {
      const page = await launch({ args: [link, '--kiosk'] });
      await page.getByRole('dialog', { name: 'Nothing was done' }).waitFor();
      expect(await running().evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isKiosk())).toBe(false);
    });
  });
});
