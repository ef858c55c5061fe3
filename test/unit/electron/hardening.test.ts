import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createAppFiles, pathOfRequest } from '../../../electron/main/app-files.ts';
import { contentSecurityPolicy, isPermitted, mayCall, mayNavigate, mayOpenExternally, mayUseDevice, securityHeaders, windowPreferences } from '../../../electron/main/security.ts';
import { temporaryFolder } from '../store/support.ts';

/*
 * The policies of the desktop's security, each a pure function; docs/security.md says what each is for. That they
 * are wired is proved on the running desktop in test/electron/security.test.ts, under the same names.
 */

describe('sandbox, context isolation, no Node in pages', () => {
  it('is in the preferences of every window', () => {
    expect(windowPreferences).toEqual({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      backgroundThrottling: false,
    });
  });
});

describe('a bridge call is heard from the exact frame and origin alone', () => {
  const main = { url: 'app://desk/' };

  it('the main frame of the window, on a page of ours', () => {
    expect(mayCall(main, main)).toBe(true);
    const elsewhere = { url: 'app://desk/wallboard?x=1#y' };
    expect(mayCall(elsewhere, elsewhere)).toBe(true);
  });

  it.each([
    ['a subframe of the same address', { url: 'app://desk/' }],
    ['a frame that is gone', null],
  ])('failure: %s is refused', (_what, frame) => {
    expect(mayCall(frame, main)).toBe(false);
  });

  it.each(['https://desk/', 'https://evil.example/app://desk/', 'app://desk.evil/', 'app://other/', 'app://desk:1/', 'app://user:secret@desk/', 'APP://DESK.EVIL/', 'file:///etc/passwd', 'about:blank', 'about:srcdoc', 'blob:app://desk/1', 'data:text/html,x', 'javascript:1', 'chrome-error://chromewebdata/', ''])(
    'failure: the main frame showing "%s" is refused',
    (url) => {
      const frame = { url };
      expect(mayCall(frame, frame)).toBe(false);
    },
  );
});

describe('pages come by the app: scheme, never from file:', () => {
  it.each([
    ['app://desk/', 'renderer/index.html'],
    ['app://desk/wallboard', 'renderer/index.html'],
    ['app://desk/assets/a.js?v=1', 'assets/a.js'],
  ])('%s is %s', (url, path) => {
    expect(pathOfRequest(url)).toBe(path);
  });

  it('are served with the security headers', async () => {
    const { files } = await folder();
    const response = await files({ url: 'app://desk/', method: 'GET' });
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject(securityHeaders);
    expect(await response.text()).toBe('desk');
  });

  it.each(['app://desk/../secret.txt', 'app://desk/%2e%2e/secret.txt', 'app://desk/%252e%252e/secret.txt', 'app://desk/%c0%ae%c0%ae/secret.txt', 'app://desk/..%2fsecret.txt', 'app://desk/a%00.js', 'app://desk/..%5csecret.txt', 'app://desk//etc/passwd.json', 'app://desk/C:/secret.txt', 'app://desk.evil/', 'app://other/', 'file:///etc/passwd', 'app://desk/%'])(
    'failure: %s is not served',
    async (url) => {
      const { files } = await folder();
      const response = await files({ url, method: 'GET' });
      expect(response.status).toBeGreaterThanOrEqual(400);
      expect(await response.text()).toBe('');
    },
  );

  it('failure: a symbolic link out of the folder is not followed', async () => {
    const { files, root } = await folder();
    await symlink(join(root, '..', 'secret.txt'), join(root, 'link.json'));
    expect((await files({ url: 'app://desk/link.json', method: 'GET' })).status).toBe(403);
  });

  it('failure: nothing is written by the scheme', async () => {
    const { files } = await folder();
    expect((await files({ url: 'app://desk/', method: 'POST' })).status).toBe(405);
  });

  async function folder() {
    const parent = await temporaryFolder();
    const root = join(parent, 'renderer');
    await mkdir(join(root, 'renderer'), { recursive: true });
    await writeFile(join(root, 'renderer', 'index.html'), 'desk');
    await writeFile(join(parent, 'secret.txt'), 'secret');
    return { root, files: createAppFiles(root) };
  }
});

describe('the content security policy is a response header', () => {
  const directives = new Map(contentSecurityPolicy.split('; ').map((line) => [line.split(' ')[0] ?? '', line.split(' ').slice(1)]));

  it('denies by default, and runs scripts from our own files alone', () => {
    expect(directives.get('default-src')).toEqual(["'none'"]);
    expect(directives.get('script-src')).toEqual(["'self'"]);
    const forbidden = ['frame-src', 'frame-ancestors', 'base-uri', 'form-action', 'object-src', 'worker-src'];
    expect(forbidden.filter((name) => directives.get(name)?.join(' ') !== "'none'")).toEqual([]);
  });

  it('names no address of the network, no wildcard, and nothing that evaluates text', () => {
    const sources = [...directives].flatMap(([name, values]) => values.map((value) => `${name} ${value}`));
    expect(sources.filter((source) => /\*|https?:|wss?:|unsafe-eval|wasm|strict-dynamic|unsafe-hashes/.test(source))).toEqual([]);
    // Inline styles of elements are computed positions; no other inline is allowed.
    expect(sources.filter((source) => source.includes('unsafe-inline'))).toEqual(["style-src-attr 'unsafe-inline'"]);
  });
});

describe('permissions are denied by default', () => {
  it.each([
    [{ permission: 'media', url: 'app://desk/', mediaTypes: ['audio'] }, true],
    [{ permission: 'media', url: 'app://desk/', mediaTypes: ['audio', 'video'] }, false],
    [{ permission: 'media', url: 'app://desk/', mediaTypes: ['video'] }, false],
    [{ permission: 'media', url: 'https://evil.example/', mediaTypes: ['audio'] }, false],
    [{ permission: 'media', url: 'app://desk.evil/', mediaTypes: ['audio'] }, false],
    [{ permission: 'notifications', url: 'app://desk/settings' }, true],
    [{ permission: 'speaker-selection', url: 'app://desk/' }, true],
    [{ permission: 'hid', url: 'app://desk/' }, true],
    [{ permission: 'hid', url: 'https://evil.example/' }, false],
    [{ permission: 'notifications', url: '' }, false],
    [{ permission: 'a permission of the future', url: 'app://desk/' }, false],
  ])('%j: %s', (question, permitted) => {
    expect(isPermitted(question)).toBe(permitted);
  });

  it.each(['clipboard-read', 'display-capture', 'fileSystem', 'fullscreen-other', 'geolocation', 'idle-detection', 'keyboardLock', 'mediaKeySystem', 'midi', 'midiSysex', 'openExternal', 'pointerLock', 'serial', 'storage-access', 'top-level-storage-access', 'unknown', 'usb', 'window-management'])(
    '%s is denied',
    (permission) => {
      expect(isPermitted({ permission, url: 'app://desk/' })).toBe(false);
    },
  );
});

describe('devices are denied but for telephone headsets', () => {
  const headset = { collections: [{ usagePage: 0x0c }, { usagePage: 0x0b }] };
  it.each([
    [{ deviceType: 'hid', origin: 'app://desk', device: headset }, true],
    [{ deviceType: 'hid', origin: 'app://desk', device: { collections: [{ usagePage: 0x01 }] } }, false],
    [{ deviceType: 'hid', origin: 'app://desk', device: { collections: [{ usagePage: 0xf1d0 }] } }, false],
    [{ deviceType: 'hid', origin: 'app://desk', device: {} }, false],
    [{ deviceType: 'hid', origin: 'https://evil.example', device: headset }, false],
    [{ deviceType: 'usb', origin: 'app://desk', device: headset }, false],
    [{ deviceType: 'serial', origin: 'app://desk', device: {} }, false],
  ])('%j: %s', (question, permitted) => {
    expect(mayUseDevice(question)).toBe(permitted);
  });
});

describe('navigation, windows of pages and webviews are denied', () => {
  it.each(['app://desk/', 'app://desk/wallboard'])('our own %s is not', (url) => {
    expect(mayNavigate(url)).toBe(true);
  });

  it.each(['https://a.com.evil', 'javascript:alert(1)', 'file:///etc/passwd', 'app://desk.evil/', 'app://user@desk/', 'ms-msdt:/id', '\\\\host\\share', 'data:text/html,x', 'blob:app://desk/1', 'about:blank', ''])('navigation to "%s" is denied', (url) => {
    expect(mayNavigate(url)).toBe(false);
  });
});

describe('addresses for the system: https and an allow-list', () => {
  const hosts = ['center.example.com'];

  it.each(['https://center.example.com/', 'https://center.example.com/manual?page=1#top', 'HTTPS://CENTER.EXAMPLE.COM/'])('%s is opened', (url) => {
    expect(mayOpenExternally(url, hosts)).toBe(true);
  });

  it.each([
    'http://center.example.com/',
    'https://center.example.com.evil/',
    'https://evil.example/https://center.example.com/',
    'https://sub.center.example.com/',
    'https://center.example.com:8443/',
    'https://user:secret@center.example.com/',
    'https://center.example.com@evil.example/',
    'https://center.example.com\\@evil.example/',
    'https://center.example.com%2f@evil.example/',
    'https://xn--center-example-com/',
    '\\\\center.example.com\\share\\run.exe',
    '//center.example.com/share',
    'file:///C:/Windows/System32/calc.exe',
    'file://center.example.com/share',
    'ms-msdt:/id PCWDiagnostic',
    'ms-officecmd:{}',
    'search-ms:query=x',
    'javascript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'tel:112',
    'app://desk/',
    ' https://center.example.com/',
    'https://center.example.com/\r\nx',
    '',
  ])('failure: "%s" is refused', (url) => {
    expect(mayOpenExternally(url, hosts)).toBe(false);
  });

  it('failure: with an empty list nothing is opened', () => {
    expect(mayOpenExternally('https://center.example.com/', [])).toBe(false);
  });
});
