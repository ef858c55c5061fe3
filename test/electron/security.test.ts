import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bridgeCalls } from '../../contract/bridge/index.ts';
import { windowPreferences } from '../../electron/main/security.ts';
import { until } from '../support/until.ts';
import { carrier, Desktop } from './desktop.ts';

/** The bridge as a hostile page may try it: anything as an argument. */
interface HostileWindow {
  sangdam: Record<string, Record<string, (request?: unknown) => Promise<{ ok: boolean; error?: { code: string }; value?: unknown }>>>;
}

/*
 * The rows of the hardening table on the running desktop. The policies behind them are in
 * test/unit/electron/hardening.test.ts, under the same names.
 */
describe(`security of the desktop on ${carrier}`, () => {
  let desktop: Desktop;
  let page: Page;

  beforeAll(async () => {
    desktop = await Desktop.launch({ server: 'https://center.example.com' });
    page = await desktop.window();
    await page.getByLabel('Account').waitFor();
  });
  afterAll(() => desktop.dispose());

  /** The page is where it was, and works. */
  const stays = async (): Promise<void> => {
    // Asked after the attempt, so answered after it.
    await page.evaluate(() => fetch('/renderer/index.html'));
    expect(page.url()).toBe(desktop.address('/'));
    expect(await page.evaluate(async () => (await (window as unknown as HostileWindow).sangdam['session']?.['get']?.(null))?.ok)).toBe(true);
  };

  describe('sandbox, context isolation, no Node in pages', () => {
    it('every window has the preferences', async () => {
      const preferences = await desktop.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map(({ webContents }) => JSON.stringify((webContents as unknown as { getLastWebPreferences(): object }).getLastWebPreferences())));
      expect(preferences.map((text) => JSON.parse(text) as unknown)).toEqual(preferences.map(() => expect.objectContaining(windowPreferences)));
    });

    it('a page has neither process nor require', async () => {
      expect(await page.evaluate(() => ['process', 'require', 'module', 'global', 'Buffer', 'ipcRenderer', 'electron'].filter((name) => name in window))).toEqual([]);
    });
  });

  describe('narrow preload of named functions', () => {
    it('exposes the functions of the contract and nothing else', async () => {
      const exposed = await page.evaluate(() => {
        const { sangdam } = window as unknown as HostileWindow;
        return Object.entries(sangdam).flatMap(([space, functions]) => (typeof functions === 'function' ? [space] : Object.keys(functions).map((name) => `${space}.${name}`)));
      });
      expect(exposed.toSorted()).toEqual(['on', ...Object.keys(bridgeCalls)].toSorted());
    });

    it('cannot be replaced or added to by a page', async () => {
      expect(await page.evaluate(() => Reflect.set(window, 'sangdam', {}) || Reflect.set((window as unknown as HostileWindow).sangdam, 'more', 1) || Reflect.deleteProperty(window, 'sangdam'))).toBe(false);
    });

    it('failure: a call or an event that is not in the contract does nothing', async () => {
      expect(await page.evaluate(() => (window as unknown as HostileWindow).sangdam['session']?.['everything'] === undefined)).toBe(true);
      expect(await page.evaluate(() => typeof (window as unknown as { sangdam: { on: (event: string, listener: () => void) => unknown } }).sangdam.on('no-such-event', () => {}))).toBe('function');
    });
  });

  describe('a bridge call is heard from the exact frame and origin alone, and parsed', () => {
    it('failure: what is not in the schema is answered as such', async () => {
      const answers = await page.evaluate(async () => {
        const { sangdam } = window as unknown as HostileWindow;
        const cyclic: Record<string, unknown> = { number: '1' };
        cyclic['self'] = cyclic;
        const deep = Array.from({ length: 100 }).reduce<unknown>((inner) => ({ inner }), 1);
        const requests: unknown[] = [undefined, { number: 5 }, { number: Number.NaN }, { number: '1', more: true }, JSON.parse('{"number":"1","__proto__":{"polluted":true}}'), deep, cyclic, '\ud800', Infinity, -1, []];
        const codes: unknown[] = [];
        for (const request of requests) codes.push((await sangdam['session']?.['signIn']?.(request))?.error?.code);
        return codes;
      });
      expect(answers).toEqual(answers.map(() => 'input.invalid'));
      expect(await desktop.evaluate(() => 'polluted' in {})).toBe(false);
    });

    it('failure: what cannot be cloned never leaves the page', async () => {
      expect(await page.evaluate(() => (async () => (window as unknown as HostileWindow).sangdam['phone']?.['dial']?.({ number: Symbol('1') }))().then(() => 'sent', (error: Error) => error.message))).toContain('could not be cloned');
      // A function crosses contextBridge as a proxy, but not to main.
      expect(await page.evaluate(() => (window as unknown as HostileWindow).sangdam['phone']?.['dial']?.({ number: () => '1' }).then((answer) => answer.ok))).toBe(false);
    });

    it('failure: a subframe has no bridge', async () => {
      const found = await page.evaluate(() => {
        const frame = document.body.appendChild(document.createElement('iframe'));
        const has = 'sangdam' in (frame.contentWindow ?? {});
        frame.remove();
        return has;
      });
      expect(found).toBe(false);
    });
  });

  describe('pages come by the app: scheme, never from file:', () => {
    it('failure: what is not a file of ours is answered 4xx', async () => {
      const statuses = await page.evaluate(async () => {
        const paths = ['/%2e%2e/main/index.js', '/..%2fmain/index.js', '/..%5cmain%5cindex.js', '/a%00.js', '/nothing.js', '/package.json'];
        return Promise.all(paths.map((path) => fetch(path).then(({ status }) => status)));
      });
      expect(statuses).toEqual([404, 400, 400, 400, 404, 404]);
    });
  });

  describe('the content security policy is a response header', () => {
    it('blocks inline scripts, evaluated text and the network', async () => {
      const outcome = await page.evaluate(async () => {
        const blocked: string[] = [];
        document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => blocked.push(effectiveDirective));
        const script = document.createElement('script');
        script.textContent = 'window.inlineRan = true';
        document.body.append(script);
        // In a task of the page's own: what a debugger evaluates is exempt from the policy.
        const evaluated = await new Promise((resolve) =>
          setTimeout(() => {
            try {
              resolve(Reflect.construct(Function, ['return true'])());
            } catch {
              resolve(false);
            }
          }),
        );
        const reached = await fetch('https://center.example.com/').then(
          () => true,
          () => false,
        );
        const image = new Image();
        const loaded = await new Promise((resolve) => {
          image.addEventListener('load', () => resolve(true));
          image.addEventListener('error', () => resolve(false));
          image.src = 'https://center.example.com/pixel.png';
        });
        return { inline: 'inlineRan' in window, evaluated, reached, loaded, blocked: [...new Set(blocked)].toSorted() };
      });
      expect(outcome).toEqual({ inline: false, evaluated: false, reached: false, loaded: false, blocked: ['connect-src', 'img-src', 'script-src', 'script-src-elem'] });
    });

    it('lets the screens of the desk be: nothing of ours is blocked', async () => {
      const errors: string[] = [];
      page.on('console', (message) => void (message.type() === 'error' && errors.push(message.text())));
      await page.reload();
      await page.getByLabel('Account').waitFor();
      await page.evaluate(() => document.body.setAttribute('style', 'margin: 0'));
      expect(errors).toEqual([]);
    });
  });

  describe('permissions are denied by default', () => {
    const media = (constraints: MediaStreamConstraints) => page.evaluate((what) => navigator.mediaDevices.getUserMedia(what).then(() => 'given', (error: DOMException) => error.name), constraints);

    it('the microphone is given, video is not', async () => {
      expect(await media({ audio: true })).toBe('given');
      expect(await media({ video: true })).toBe('NotAllowedError');
      expect(await media({ audio: true, video: true })).toBe('NotAllowedError');
    });

    it('the place of the machine is not given', async () => {
      expect(await page.evaluate(() => navigator.permissions.query({ name: 'geolocation' }).then(({ state }) => state))).toBe('denied');
    });
  });

  describe('navigation, windows of pages and webviews are denied', () => {
    it.each(['https://a.com.evil/', 'http://127.0.0.1:1/', 'file:///etc/passwd', 'javascript:document.title="ran"', 'data:text/html,evil'])('failure: %s: the page stays', async (url) => {
      await page.evaluate((target) => {
        const link = document.body.appendChild(document.createElement('a'));
        link.href = target;
        link.click();
        link.remove();
      }, url);
      await stays();
      expect(await page.title()).not.toBe('ran');
    });

    it('failure: no page opens a window', async () => {
      expect(await page.evaluate(() => window.open('https://a.com.evil/'))).toBeNull();
      expect(await page.evaluate(() => window.open('about:blank'))).toBeNull();
      expect(await desktop.windows()).toHaveLength(1);
      await stays();
    });

    it('failure: a webview is an element like any other', async () => {
      expect(await page.evaluate(() => 'executeJavaScript' in document.createElement('webview'))).toBe(false);
    });
  });

  describe('addresses for the system: https and an allow-list', () => {
    const opened = () => desktop.evaluate(() => globalThis.probe.opened);

    it("a page of the center's is opened in the browser, and nowhere else", async () => {
      await page.evaluate(() => window.open('https://center.example.com/manual'));
      await until('the browser is asked', async () => (await opened()).length === 1);
      expect(await opened()).toEqual(['https://center.example.com/manual']);
    });

    it('failure: everything else is not even tried', async () => {
      await page.evaluate(() => {
        for (const url of ['http://center.example.com/', 'https://center.example.com.evil/', 'file:///C:/Windows/System32/calc.exe', '\\\\host\\share\\run.exe', 'ms-msdt:/id', 'search-ms:query=x', 'javascript:1', 'tel:112']) window.open(url);
        window.open('https://center.example.com/last');
      });
      await until('the last one has come through', async () => (await opened()).includes('https://center.example.com/last'));
      expect(await opened()).toEqual(['https://center.example.com/manual', 'https://center.example.com/last']);
    });
  });

  describe('single instance', () => {
    it('a second start shows the first one, and ends', async () => {
      await desktop.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.minimize());
      const second = await Desktop.launch({ userData: desktop.userData });
      expect(await second.exited).toBe(0);
      await until('the first one is in front', () => desktop.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length === 1 && BrowserWindow.getAllWindows().every((window) => !window.isMinimized())));
    });
  });
});
