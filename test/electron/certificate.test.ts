import { describe, expect, it, onTestFinished } from 'vitest';
import { untrustedServer } from '../support/untrusted-server.ts';
import { carrier, Desktop } from './desktop.ts';

describe(`a server with a bad certificate, on ${carrier}`, () => {
  it('is refused and explained, without a way to go on; no password is sent', async () => {
    const server = await untrustedServer();
    onTestFinished(() => server.close());
    const desktop = await Desktop.launch({ server: server.origin });
    onTestFinished(() => desktop.dispose());
    const page = await desktop.window();
    await page.getByLabel('Account').fill('agent1');
    await page.getByLabel('Password', { exact: true }).fill('secret');
    await page.getByRole('button', { name: 'Sign in' }).click();
    const alert = page.getByRole('alert');
    await alert.getByText('certificate is not trusted').waitFor();
    expect(server.requests).toBe(0);
    const offered = await page.getByRole('button').allInnerTexts();
    expect(offered.filter((text) => /continue|anyway|ignore|trust|proceed/i.test(text))).toEqual([]);
  });
});
