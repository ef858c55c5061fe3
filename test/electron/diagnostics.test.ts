import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Party } from '../support/browser.ts';
import { Cast } from '../support/cast/index.ts';
import { Desk, PASSWORD } from '../support/cast/desk.ts';
import { until } from '../support/until.ts';
import { carrier, Desktop } from './desktop.ts';

describe(`a diagnostic bundle, on ${carrier}`, () => {
  let cast: Cast;
  let desktop: Desktop;
  let desk: Desk;

  beforeAll(async () => {
    cast = await Cast.gather();
    desktop = await Desktop.launch({ server: cast.origin, voice: 'agent1' });
    desk = Desk.at(Party.at(await desktop.window(), 'agent1'), desktop.address(''));
    await desk.trySignIn('agent1', 'wrong');
    await desk.shows('The account or the password is wrong');
    await desk.trySignIn('agent1', PASSWORD);
    await desk.passDeviceCheck();
    await desk.page.getByRole('link', { name: 'Settings' }).click();
  });
  afterAll(async () => {
    await desktop?.dispose();
    await cast?.dismiss();
  });

  it('is saved where the person chooses, and holds nothing of anybody', async () => {
    const file = join(desktop.userData, 'for-support.json');
    await desktop.evaluate((_electron, path: string) => globalThis.probe.paths.push(path), file);
    await desk.page.getByRole('button', { name: 'Save a diagnostic bundle' }).click();
    await desk.shows(`Saved: ${file}`);
    const text = await readFile(file, 'utf8');
    expect(JSON.parse(text)).toMatchObject({ session: { phase: 'signedIn', signedInAs: 'agent' }, health: { cti: { state: 'connected' } }, secrets: 'sealed' });
    expect((JSON.parse(text) as { log: { text: string }[] }).log.map((line) => line.text)).toContain('signed in');
    const name = await cast.customerName('01000000001');
    const { port } = new URL(cast.origin);
    expect(['agent1', PASSWORD, '1001', '010-0000', '+8210', 'eyJhbGciOi', name, port, desktop.userData].filter((secret) => text.includes(secret))).toEqual([]);
  });

  it('is not saved when the person chooses nothing', async () => {
    await desk.page.getByRole('button', { name: 'Save a diagnostic bundle' }).click();
    await until('the former message is gone', async () => (await desk.page.getByText('Saved: ').count()) === 0);
  });

  it('failure: where it cannot be written, the person is told', async () => {
    const folder = join(desktop.userData, 'a-folder.json');
    await mkdir(folder);
    await desktop.evaluate((_electron, path: string) => globalThis.probe.paths.push(path), folder);
    await desk.page.getByRole('button', { name: 'Save a diagnostic bundle' }).click();
    await desk.shows('The file could not be written there');
  });
});
