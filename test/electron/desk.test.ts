import type { Page } from 'playwright';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Party } from '../support/browser.ts';
import type { CustomerPage } from '../support/cast/customer-page.ts';
import { Desk } from '../support/cast/desk.ts';
import { Cast } from '../support/cast/index.ts';
import { until } from '../support/until.ts';
import { objections } from './axe.ts';
import { carrier, Desktop } from './desktop.ts';
import { clickTray, isFocused, lookElsewhere, notification, openLink, pressNotification, systemTells, trayMenu, trayTip } from './system.ts';

/** A window with the headset of `pretendHeadset`. */
interface PretendedWindow {
  headset: { lights: number; press(hook: 0 | 1): void };
}

/** In the page: WebHID with one headset, hook in bit 0 of its report, off-hook and ring as its lights. */
function pretendHeadset(): void {
  const device = Object.assign(new EventTarget(), {
    productName: 'Pretended headset',
    opened: false,
    collections: [
      {
        usagePage: 0x0b,
        usage: 5,
        inputReports: [{ reportId: 1, items: [{ isAbsolute: true, usages: [0x0b0020], reportSize: 1, reportCount: 1 }] }],
        outputReports: [{ reportId: 2, items: [{ usages: [0x080017, 0x080018], reportSize: 1, reportCount: 2 }] }],
      },
    ],
    open: () => Promise.resolve(void (device.opened = true)),
    close: () => Promise.resolve(void (device.opened = false)),
    sendReport: (_id: number, data: Uint8Array) => Promise.resolve(void (headset.lights = data[0] ?? 0)),
  });
  const headset = {
    lights: 0,
    press: (hook: 0 | 1) => void device.dispatchEvent(Object.assign(new Event('inputreport'), { reportId: 1, data: new DataView(Uint8Array.of(hook).buffer) })),
  };
  Object.defineProperty(navigator, 'hid', { value: Object.assign(new EventTarget(), { getDevices: () => Promise.resolve([device]), requestDevice: () => Promise.resolve([device]) }) });
  Object.assign(window, { headset });
}

/** One signed-in desk, from which a customer rings now and then; each test begins Ready and without a call. */
describe(`the desk in its system, on ${carrier}`, () => {
  let cast: Cast;
  let customer: CustomerPage;
  let desktop: Desktop;
  let page: Page;
  let desk: Desk;

  beforeAll(async () => {
    cast = await Cast.gather({ straightToGroup: true, wrapUpMs: 0 });
    customer = await cast.customer(1);
    desktop = await Desktop.launch({ server: cast.origin, voice: 'agent1' });
    page = await desktop.window();
    desk = Desk.at(Party.at(page, 'agent1'), cast.origin);
    await desk.signIn('agent1');
  });
  afterAll(async () => {
    await desktop?.dispose();
    await cast?.dismiss();
  });
  beforeEach(async () => {
    await page.getByRole('link', { name: 'Desk' }).click();
    await desk.goReady();
  });

  const rings = async (): Promise<void> => {
    await customer.call('15880000');
    await desk.rings();
  };
  const dialog = (name: string) => page.getByRole('dialog', { name });

  describe('the tray', () => {
    it('tells the state, and changes it', async () => {
      expect(await trayTip(desktop)).toMatch(/ · Ready$/);
      expect(await trayMenu(desktop)).toEqual(expect.arrayContaining(['● Ready', '○ Away ▸ Meal', 'Open desk', 'Quit']));
      await clickTray(desktop, 'Away', 'Meal');
      await desk.showsState('Meal');
      await until('the tray follows', async () => (await trayTip(desktop)).endsWith('Away (Meal)'));
      await clickTray(desktop, 'Ready');
      await desk.showsState('Ready');
    });

    it('answers, mutes and hangs up', async () => {
      await rings();
      await until('the tray offers it', async () => (await trayMenu(desktop)).includes('Answer'));
      await clickTray(desktop, 'Answer');
      await desk.button('Hang up').waitFor();
      await until('the tray offers it', async () => (await trayMenu(desktop)).includes('○ Mute'));
      await clickTray(desktop, 'Mute');
      await until('muted', async () => (await trayMenu(desktop)).includes('● Mute'));
      await clickTray(desktop, 'Hang up');
      await desk.showsState('Ready');
    });
  });

  describe('a ring while another program is in front', () => {
    it('is told with who calls, counted and flashed, and Answer brings the desk forward', async () => {
      await lookElsewhere(desktop);
      await rings();
      const { title, body, buttons } = await notification(desktop);
      expect(title).toContain('010-0000-0001');
      expect(body).not.toBe('');
      expect(buttons).toEqual(['Answer', 'Reject']);
      expect(await desktop.evaluate(({ app }) => app.getBadgeCount())).toBe(1);
      await pressNotification(desktop, 0);
      await desk.button('Hang up').waitFor();
      expect(await isFocused(desktop)).toBe(true);
      expect(await desktop.evaluate(({ app }) => app.getBadgeCount())).toBe(0);
      await desk.press('Hang up');
    });

    it('Reject sends the caller back, and a click on it only brings the desk forward', async () => {
      await lookElsewhere(desktop);
      await rings();
      await notification(desktop);
      await pressNotification(desktop, -1);
      expect(await isFocused(desktop)).toBe(true);
      await lookElsewhere(desktop);
      await notification(desktop);
      await pressNotification(desktop, 1);
      await desk.showsState('Rejected a call');
      await customer.hangUp();
    });

    it('nothing pops up over a desk that is looked at', async () => {
      const before = await desktop.evaluate(() => globalThis.probe.notifications.length);
      await desktop.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.focus());
      await rings();
      expect(await desktop.evaluate(() => globalThis.probe.notifications.length)).toBe(before);
      await desk.answer();
      await desk.press('Hang up');
    });
  });

  describe('the machine', () => {
    it('falling asleep makes the agent away, waking registers the phone anew and makes nobody ready', async () => {
      await systemTells(desktop, 'suspend');
      await desk.showsState('Other');
      await systemTells(desktop, 'resume');
      await until('connected again', async () => (await page.evaluate(() => (window as unknown as { sangdam: { session: { get(request: null): Promise<{ value: { health: { phone: { state: string }; cti: { state: string } } } }> } } }).sangdam.session.get(null).then(({ value }) => `${value.health.phone.state} ${value.health.cti.state}`))) === 'registered connected');
      await desk.showsState('Other');
    });

    it('locking the screen makes the agent away', async () => {
      await systemTells(desktop, 'lock-screen');
      await desk.showsState('Other');
      await systemTells(desktop, 'unlock-screen');
      await desk.showsState('Other');
    });
  });

  describe('links', () => {
    it('a tel: link is asked about, and dialled after a yes', async () => {
      await openLink(desktop, 'tel:010-0000-0001');
      const question = dialog('Call this number?');
      await question.getByText('010-0000-0001').waitFor();
      expect(await isFocused(desktop)).toBe(true);
      await question.getByRole('button', { name: 'Call' }).click();
      await customer.shows('Incoming call');
      await desk.press('Hang up');
    });

    it('a no dials nothing', async () => {
      await openLink(desktop, 'tel:010-0000-0001');
      await dialog('Call this number?').getByRole('button', { name: 'Cancel' }).click();
      await dialog('Call this number?').waitFor({ state: 'hidden' });
      await desk.showsState('Ready');
    });

    it('an invitation shows its host, and a no stays here', async () => {
      await openLink(desktop, 'sangdam://join?server=https://other.example.com');
      const question = dialog('Work for this center?');
      await question.getByText('other.example.com', { exact: true }).waitFor();
      await question.getByRole('button', { name: 'Cancel' }).click();
      await desk.showsState('Ready');
    });

    it('the number on the clipboard is asked about', async () => {
      await desktop.evaluate(({ clipboard }) => clipboard.writeText('고객 연락처: 010 0000 0001'));
      await clickTray(desktop, 'Dial number from clipboard…');
      await dialog('Call this number?').getByText('010-0000-0001').waitFor();
      await page.keyboard.press('Escape');
      await dialog('Call this number?').waitFor({ state: 'hidden' });
      await desk.showsState('Ready');
    });

    it.each([
      ['a line break', 'tel:0100000%0d%0aINVITE'],
      ['a parameter', 'tel:01000000001;phone-context=evil'],
      ['5,000 characters', `tel:${'1'.repeat(5000)}`],
      ['an address that hides another host', 'sangdam://join?server=https://a.example@evil.example'],
    ])('failure: %s is refused, and that is told', async (_what, link) => {
      await openLink(desktop, link);
      await dialog('Nothing was done').getByText('Close', { exact: true }).click();
      await dialog('Nothing was done').waitFor({ state: 'hidden' });
      await desk.showsState('Ready');
    });
  });

  describe('windows', () => {
    it('the dock is a column of 400 at the side, above other windows, and gives the window back', async () => {
      const bounds = () => desktop.evaluate(({ BrowserWindow, screen }) => ({ ...BrowserWindow.getAllWindows()[0]?.getBounds(), top: BrowserWindow.getAllWindows()[0]?.isAlwaysOnTop(), area: screen.getPrimaryDisplay().workArea }));
      const before = await bounds();
      await clickTray(desktop, 'Narrow column');
      await until('docked', async () => (await bounds()).width === 400);
      const { x, y, height, top, area } = await bounds();
      expect({ x, y, height, top }).toEqual({ x: area.x + area.width - 400, y: area.y, height: area.height, top: true });
      await page.waitForFunction(() => window.innerWidth === 400 && document.documentElement.scrollWidth <= 400);
      await clickTray(desktop, 'Narrow column');
      await until('as before', async () => (await bounds()).width === before.width);
      expect((await bounds()).top).toBe(false);
    });

    it('have no menu whose keys reload them or open developer tools', async () => {
      const roles = await desktop.evaluate(({ Menu }) => Menu.getApplicationMenu()?.items.flatMap(({ submenu }) => submenu?.items.map(({ role }) => String(role).toLowerCase()) ?? []) ?? []);
      expect(roles.filter((role) => /reload|devtools/.test(role))).toEqual([]);
    });

    it('the wallboard has a window of its own, and leaves the audio where it is', async () => {
      await clickTray(desktop, 'Open wallboard');
      const board = await desktop.window(1);
      await board.getByRole('heading').first().waitFor();
      expect(await desktop.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[1]?.isFullScreen())).toBe(true);
      await rings();
      await desk.answer();
      await Promise.all([desk.party.hearsOnly('customer1'), customer.party.hearsOnly('agent1')]);
      await desk.press('Hang up');
      await clickTray(desktop, 'Close wallboard');
      await until('one window', async () => (await desktop.windows()).length === 1);
    });
  });

  describe('a headset', () => {
    it('answers by its hook, follows the call by its lights, and hangs up', async () => {
      await page.addInitScript(pretendHeadset);
      await page.reload();
      await desk.passDeviceCheck();
      await desk.showsState('Ready');
      await page.getByRole('link', { name: 'Settings' }).click();
      await page.getByText('Pretended headset').waitFor();
      await page.getByRole('link', { name: 'Desk' }).click();
      const lights = () => page.evaluate(() => (window as unknown as PretendedWindow).headset.lights);
      const press = (hook: 0 | 1) => page.evaluate((bit) => (window as unknown as PretendedWindow).headset.press(bit), hook);
      await rings();
      await until('it rings', async () => (await lights()) === 0b10);
      await press(1);
      await desk.button('Hang up').waitFor();
      await until('it is off the hook', async () => (await lights()) === 0b01);
      await press(0);
      await desk.showsState('Ready');
      await until('it is dark', async () => (await lights()) === 0);
    });
  });

  describe('settings', () => {
    it('of the desktop are accessible in both themes, and as a dock', async () => {
      await page.getByRole('link', { name: 'Settings' }).click();
      await page.getByRole('heading', { name: 'On this computer' }).waitFor();
      for (const theme of ['Dark', 'Light']) {
        await page.getByLabel('Theme').selectOption({ label: theme });
        await page.locator(`html[data-theme=${theme.toLowerCase()}]`).waitFor();
        expect(await objections(page)).toEqual([]);
      }
      await clickTray(desktop, 'Narrow column');
      await page.waitForFunction(() => window.innerWidth === 400);
      expect(await objections(page)).toEqual([]);
      await clickTray(desktop, 'Narrow column');
      await page.waitForFunction(() => window.innerWidth > 400);
    });
  });

  describe('system-wide keys', () => {
    const isTaken = (keys: string) => desktop.evaluate(({ globalShortcut }, accelerator: string) => globalShortcut.isRegistered(accelerator), keys);

    it('are off until they are set in the settings, and are given back', async () => {
      expect(await isTaken('Control+Alt+Y')).toBe(false);
      await page.getByRole('link', { name: 'Settings' }).click();
      const recorder = page.getByRole('button', { name: /^Change keys for Bring the desk forward/ });
      await recorder.click();
      await page.keyboard.press('Control+Alt+KeyY');
      await until('taken', () => isTaken('Control+Alt+Y'));
      await page.getByRole('button', { name: 'Remove keys for Bring the desk forward' }).click();
      await until('given back', async () => !(await isTaken('Control+Alt+Y')));
    });

    it('media keys are taken for the time of a call', async () => {
      await page.getByRole('link', { name: 'Settings' }).click();
      await page.getByRole('switch', { name: 'Media keys during calls' }).click();
      expect(await isTaken('MediaPlayPause')).toBe(false);
      await rings();
      await until('taken', () => isTaken('MediaPlayPause'));
      await page.getByRole('link', { name: 'Desk' }).click();
      await desk.answer();
      await desk.press('Hang up');
      await until('given back', async () => !(await isTaken('MediaPlayPause')));
    });
  });
});
