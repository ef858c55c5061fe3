import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../../../agent/index.ts';
import { defaultDesktopSettings, defaultSettings } from '../../../../contract/bridge/index.ts';
import { readSettings, SETTINGS_VERSION, writeSettings } from '../../../../electron/main/settings/format.ts';
import { policyPath, readPolicy } from '../../../../electron/main/settings/policy.ts';
import { DesktopStore } from '../../../../electron/main/settings/store.ts';
import { temporaryFolder } from '../../store/support.ts';

async function stage({ settings, server, policy }: { settings?: string; server?: string; policy?: unknown } = {}) {
  const folder = await temporaryFolder();
  const policyFile = join(folder, 'policy.json');
  if (settings !== undefined) await writeFile(join(folder, 'settings.json'), settings);
  if (server !== undefined) await writeFile(join(folder, 'server.json'), server);
  if (policy !== undefined) await writeFile(policyFile, typeof policy === 'string' ? policy : JSON.stringify(policy));
  const open = (): DesktopStore => new DesktopStore({ folder, policyFile, log: silentLogger });
  return { folder, open, store: open(), file: () => readFile(join(folder, 'settings.json'), 'utf8') };
}

describe("the desktop's settings", () => {
  it('are the defaults, then what was chosen, and survive a restart', async () => {
    const { store, open, file } = await stage();
    expect(store.desk).toEqual(defaultSettings);
    expect(store.desktop).toEqual(defaultDesktopSettings);
    expect(store.change({ theme: 'dark', server: 'https://center.example.com' })).toEqual({ ok: true, value: null });
    expect(open().desk.theme).toBe('dark');
    expect(open().desktop.server).toBe('https://center.example.com');
    expect(JSON.parse(await file())).toEqual({ version: SETTINGS_VERSION, settings: { theme: 'dark', server: 'https://center.example.com' } });
  });

  it('only what was chosen is written, so that later defaults reach this desk', async () => {
    const { store, file } = await stage();
    await store.forSession.save({ ...defaultSettings, ringVolume: 0.2 });
    expect(JSON.parse(await file())).toMatchObject({ settings: { ringVolume: 0.2 } });
    expect(Object.keys((JSON.parse(await file()) as { settings: object }).settings)).toEqual(['ringVolume']);
  });

  it('tell of changes until nobody listens', async () => {
    const { store } = await stage();
    let told = 0;
    const dispose = store.onChange(() => told++);
    store.change({ theme: 'dark' });
    store.change({ theme: 'dark' });
    dispose();
    store.change({ theme: 'light' });
    expect(told).toBe(1);
  });

  it('of the first version are migrated, the server of its own file among them', async () => {
    const { store, file } = await stage({ settings: JSON.stringify({ ...defaultSettings, language: 'ko', ringVolume: 0.3 }), server: '{"server":"https://10.0.0.5:7400"}' });
    expect(store.desk).toMatchObject({ language: 'ko', ringVolume: 0.3 });
    expect(store.desktop.server).toBe('https://10.0.0.5:7400');
    expect(JSON.parse(await file())).toEqual({ version: 2, settings: { language: 'ko', ringVolume: 0.3, server: 'https://10.0.0.5:7400' } });
    expect(store.problems).toEqual([]);
  });

  it('move to another machine, without the numbers of this one', async () => {
    const here = (await stage()).store;
    here.change({ theme: 'dark', microphoneId: 'abc', mediaKeys: true });
    const there = (await stage()).store;
    expect(there.import(here.export())).toEqual({ ok: true, value: null });
    expect(there.desk).toMatchObject({ theme: 'dark', microphoneId: null });
    expect(there.desktop.mediaKeys).toBe(true);
  });

  describe('failure: a bad file', () => {
    it.each(['', '{', 'null', '[]', '"text"', '{"version":"2"}', '{"version":0}', '{"version":2}', '{"version":2,"settings":[]}'])('%j is kept aside, the defaults are in force and it is told', async (settings) => {
      const { store, folder } = await stage({ settings });
      const aside = join(folder, 'settings.json.corrupt');
      expect(store.problems).toEqual([{ code: 'settingsCorrupt', file: aside }]);
      expect(await readFile(aside, 'utf8')).toBe(settings);
      expect(store.desktop).toEqual(defaultDesktopSettings);
      store.change({ theme: 'dark' });
      expect(store.desk.theme).toBe('dark');
    });

    it('a second bad file does not overwrite the first', async () => {
      const { open, folder } = await stage({ settings: 'first' });
      await writeFile(join(folder, 'settings.json'), 'second');
      open();
      expect((await readdir(folder)).sort()).toEqual(['settings.json.corrupt', 'settings.json.corrupt-2']);
    });

    it('one written by a newer program is not guessed at', async () => {
      const { store, folder } = await stage({ settings: '{"version":99,"settings":{"theme":"dark"}}' });
      expect(store.desk.theme).toBeNull();
      expect(store.problems).toEqual([{ code: 'settingsNewer', file: join(folder, 'settings.json.version-99') }]);
    });

    it('a bad value costs that setting alone', () => {
      const read = readSettings('{"version":2,"settings":{"theme":"pink","ringVolume":7,"language":"ko","__proto__":{"language":"en"},"server":"ftp://a"}}');
      expect(read).toMatchObject({ kind: 'ok', chosen: { language: 'ko' } });
      expect(read.kind === 'ok' && read.dropped.sort()).toEqual(['ringVolume', 'server', 'theme']);
    });

    it('a byte order mark is no error', () => {
      expect(readSettings(`\uFEFF${writeSettings({ theme: 'dark' })}`)).toMatchObject({ kind: 'ok', chosen: { theme: 'dark' } });
    });

    it('a folder that cannot be written: the change holds, and it is told', async () => {
      const { store, folder } = await stage();
      await rm(folder, { recursive: true });
      await writeFile(folder, 'a file where the folder was');
      expect(store.change({ theme: 'dark' })).toMatchObject({ ok: false, error: { code: 'settings.not-saved' } });
      expect(store.desk.theme).toBe('dark');
      expect(store.saved).toBe(false);
      await rm(folder);
      await mkdir(folder);
    });
  });

  describe('failure: importing', () => {
    it.each(['', '{"version":99,"settings":{}}', '{"version":2,"settings":{"theme":"pink"}}', '{"version":2,"settings":{"evil":1}}', 'MZ\u0000'])('%j changes nothing', async (text) => {
      const { store } = await stage();
      expect(store.import(text)).toMatchObject({ ok: false, error: { code: 'settings.invalid' } });
      expect(store.desk).toEqual(defaultSettings);
    });
  });
});

describe('the policy of an IT department', () => {
  it('lies where only an administrator may write', () => {
    expect(policyPath('win32', { ProgramData: 'D:\\ProgramData' }, true)).toBe('D:\\ProgramData\\Sangdam\\policy.json');
    expect(policyPath('darwin', {}, true)).toBe('/Library/Application Support/Sangdam/policy.json');
    expect(policyPath('linux', {}, true)).toBe('/etc/sangdam/policy.json');
    expect(policyPath('linux', { SANGDAM_POLICY: '/home/agent/policy.json' }, true)).toBe('/etc/sangdam/policy.json');
    expect(policyPath('linux', { SANGDAM_POLICY: '/home/agent/policy.json' }, false)).toBe('/home/agent/policy.json');
  });

  it('gives defaults that a person may change, and settings that nobody may', async () => {
    const { store, open } = await stage({ policy: { defaults: { language: 'ko', autostart: true }, enforced: { server: 'https://center.example.com', updateUrl: 'https://updates.example.com/' } } });
    expect(store.desk.language).toBe('ko');
    expect(store.desktop).toMatchObject({ autostart: true, server: 'https://center.example.com', updateUrl: 'https://updates.example.com/' });
    expect([...store.managed].sort()).toEqual(['server', 'updateUrl']);
    expect(store.change({ autostart: false })).toMatchObject({ ok: true });
    expect(open().desktop.autostart).toBe(false);
  });

  it('failure: a fixed setting is not changed, nor imported over', async () => {
    const { store } = await stage({ settings: '{"version":2,"settings":{"server":"https://mine.example.com"}}', policy: { enforced: { server: 'https://center.example.com' } } });
    expect(store.desktop.server).toBe('https://center.example.com');
    expect(store.change({ server: 'https://evil.example', theme: 'dark' })).toMatchObject({ error: { code: 'settings.managed' } });
    expect(store.desk.theme).toBeNull();
    expect(store.import('{"version":2,"settings":{"server":"https://evil.example"}}')).toMatchObject({ ok: true });
    expect(store.desktop.server).toBe('https://center.example.com');
  });

  it('failure: a typing error is named, and does not undo the rest', async () => {
    const { store } = await stage({ policy: { defaults: { langauge: 'ko', theme: 'dark' }, enforced: { server: 'not an address' }, version: 1 } });
    expect(store.desk.theme).toBe('dark');
    expect(store.problems).toEqual([{ code: 'policyInvalid', detail: 'version, defaults.langauge, enforced.server' }]);
    expect(readPolicy('nonsense')).toMatchObject({ invalid: ['file'] });
  });
});
