import { existsSync } from 'node:fs';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { Party } from '../support/browser.ts';
import { Cast } from '../support/cast/index.ts';
import { Desk } from '../support/cast/desk.ts';
import { until } from '../support/until.ts';
import { carrier, Desktop, type DesktopOptions } from './desktop.ts';

describe(`what the desktop keeps between two runs, on ${carrier}`, () => {
  let cast: Cast;
  /** Of a desktop that was left in order, with its customers. */
  let left: string;
  let userData: string;

  beforeAll(async () => {
    cast = await Cast.gather();
    left = await mkdtemp(join(tmpdir(), 'sangdam-desktop-'));
    const desktop = await Desktop.launch({ server: cast.origin, voice: 'agent1', userData: left });
    await Desk.at(Party.at(await desktop.window(), 'agent1'), cast.origin).signIn('agent1');
    await cacheIsFull(desktop);
    await desktop.quit();
    await desktop.dispose();
  });
  afterAll(async () => {
    await cast?.dismiss();
    await rm(left, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  });
  beforeEach(async () => {
    userData = await mkdtemp(join(tmpdir(), 'sangdam-desktop-'));
    onTestFinished(() => rm(userData, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));
  });

  async function start(options: DesktopOptions = {}): Promise<{ desktop: Desktop; desk: Desk }> {
    const desktop = await Desktop.launch({ server: cast.origin, voice: 'agent1', userData, ...options });
    onTestFinished(() => desktop.dispose());
    return { desktop, desk: Desk.at(Party.at(await desktop.window(), 'agent1'), cast.origin) };
  }

  /** Everything in the folder, Chromium's own files aside. */
  async function kept(): Promise<{ name: string; bytes: Buffer }[]> {
    const files = await readdir(userData, { recursive: true, withFileTypes: true });
    const ours = files.filter((file) => file.isFile() && !join(file.parentPath, file.name).includes(`${userData}/chromium`));
    return Promise.all(ours.map(async (file) => ({ name: file.name, bytes: await readFile(join(file.parentPath, file.name)) })));
  }

  const cacheIsFull = (desktop: Desktop): Promise<unknown> =>
    until('the customers are here', async () => {
      const page = await desktop.window();
      return page.evaluate(async () => {
        const { sangdam } = window as unknown as { sangdam: { customers: { search: (request: object) => Promise<{ ok: boolean; value?: { total: number } }> } } };
        const found = await sangdam.customers.search({ text: '', limit: 1, offset: 0 });
        return found.ok && (found.value?.total ?? 0) >= 1000;
      });
    });

  it('ended by force while signed in: no file holds a token, a SIP password, a phone number or a name, and it comes back signed in, with its customers', async () => {
    const first = await start();
    await first.desk.signIn('agent1');
    await cacheIsFull(first.desktop);
    const name = await cast.customerName('01000000001');
    first.desktop.kill();
    await first.desktop.exited;
    const files = await kept();
    expect(files.map(({ name: file }) => file)).toEqual(expect.arrayContaining(['customers.db', 'cache-key.sealed', 'sign-in.sealed']));
    const secrets = ['eyJhbGciOi', '+8210', '010-0000', '01000000001', 'sangdam-demo', 'refreshToken', name];
    expect(files.flatMap(({ name: file, bytes }) => secrets.filter((secret) => bytes.includes(secret)).map((secret) => `${file}: ${secret}`))).toEqual([]);
    const second = await start();
    await second.desk.passDeviceCheck();
    await second.desk.stateGroup.waitFor();
    await cacheIsFull(second.desktop);
  });

  it('ended by force in a call, it comes back with the call', async () => {
    const first = await start();
    await first.desk.signIn('agent1');
    const customer = await cast.customer(1);
    await cast.connect(customer, first.desk);
    first.desktop.kill();
    await first.desktop.exited;
    await customer.party.hearsNobody();
    const { desk } = await start();
    await Promise.all([desk.party.hearsOnly('customer1'), customer.party.hearsOnly('agent1')]);
    await customer.hangUp();
    await desk.finishAfterCall();
    await cast.office.record('01000000001', ({ outcome }) => outcome === 'answered', 'answered');
  });

  it('left in order, it asks for the password again', async () => {
    await cp(left, userData, { recursive: true });
    const { desk } = await start();
    await desk.page.getByLabel('Account').waitFor();
    expect((await kept()).map(({ name }) => name)).not.toContain('sign-in.sealed');
  });

  describe('failure: what was kept', () => {
    it.each([
      ['a cache under a foreign key', () => rm(join(userData, 'secrets/cache-key.sealed'))],
      ['a cache of garbage', () => writeFile(join(userData, 'customers.db'), 'garbage'.repeat(4096))],
    ])('%s is set aside, and rebuilt from the center', async (_what, spoil) => {
      await cp(left, userData, { recursive: true });
      await spoil();
      const again = await start();
      await again.desk.trySignIn('agent1');
      await again.desk.passDeviceCheck();
      await cacheIsFull(again.desktop);
      expect(existsSync(join(userData, 'customers.db.quarantined'))).toBe(true);
    });

    it('a secret store that is none: nothing is written, and the person is told', async () => {
      const { desktop, desk } = await start({ standIn: { secretBackend: 'basic_text' } });
      await desk.signIn('agent1');
      await cacheIsFull(desktop);
      const files = (await kept()).map(({ name }) => name);
      expect(files.filter((name) => name.endsWith('.sealed') || name.startsWith('customers.db'))).toEqual([]);
      await desk.shows('no safe place for secrets');
    });
  });
});
