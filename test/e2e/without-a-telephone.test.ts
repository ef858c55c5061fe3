import type { Page } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Cast } from '../support/cast/index.ts';
import type { Desk } from '../support/cast/desk.ts';
import { objections } from '../support/objections.ts';

describe('an administrator without a telephone', () => {
  let cast: Cast;
  let desk: Desk;
  let console: Desk;

  beforeAll(async () => {
    cast = await Cast.gather();
    [desk, console] = await Promise.all([cast.supervisor(), cast.visitor(1)]);
    await console.page.getByLabel('Without a telephone').check();
    await console.trySignIn('admin');
    await console.page.getByRole('button', { name: /상담원 5/ }).waitFor();
  });
  afterEach(() => cast.isWell());
  afterAll(() => cast?.dismiss());

  it('begins at what they set up, with nothing that takes one, while their desk goes on', async () => {
    const rail = console.page.getByRole('navigation');
    expect(await rail.getByRole('link').allInnerTexts()).toEqual(['Customers', 'History', 'Directory', 'Wallboard', 'Team', 'Set-up', 'Audit log', 'Settings']);
    await console.page.getByText('No telephone').waitFor();
    expect([await console.stateGroup.count(), await desk.stateGroup.count()]).toEqual([0, 1]);
    await rail.getByRole('link', { name: 'Directory' }).click();
    await console.page.getByRole('treegrid').getByText('상담원 1').first().waitFor();
    expect(await console.page.getByRole('button', { name: /^Call / }).count()).toBe(0);
    await console.goto('/');
    await console.page.getByRole('button', { name: /상담원 5/ }).waitFor();
  });

  it('takes a telephone from a person and gives it back, said in plain words', async () => {
    await console.page.getByRole('button', { name: /상담원 5/ }).click();
    const extension = console.page.getByLabel('Extension', { exact: true });
    await extension.fill('');
    await console.page.getByText('Without a telephone: they sign in to set up').waitFor();
    await console.page.getByText('Calls of a group ring at a telephone.').waitFor();
    await console.page.getByRole('button', { name: /^Save/ }).click();
    await console.page.getByText('상담원 5 was saved.').waitFor();
    await desk.goto('/directory');
    await desk.page.getByRole('treegrid').getByText('상담원 6').first().waitFor();
    expect(await desk.page.getByRole('treegrid').getByText('상담원 5', { exact: true }).count()).toBe(0);
    await console.press('Undo');
    await desk.page.getByRole('treegrid').getByText('상담원 5', { exact: true }).first().waitFor();
  });

  describe('and a wall that nobody signs in at', () => {
    let wall: Page;

    it('shows the figures of a link’s groups, and nobody by name', async () => {
      await console.goto('/admin?section=displays');
      await console.press('New link');
      const form = console.page.getByRole('dialog', { name: 'New wallboard link' });
      await form.getByLabel('Name').fill('로비');
      await form.getByLabel('주문').check();
      await form.getByRole('button', { name: 'Make' }).click();
      const told = console.page.getByRole('dialog', { name: '로비' });
      const link = (await told.locator('p.font-mono').innerText()).trim();
      await told.getByRole('button', { name: 'I have kept it' }).click();
      const context = await cast.browser.newContext({ locale: 'en-US' });
      wall = await context.newPage();
      const asked: string[] = [];
      wall.on('request', (request) => asked.push(`${request.url()} ${request.headers()['referer'] ?? ''}`));
      await wall.goto(link);
      await wall.getByRole('heading', { name: '로비' }).waitFor();
      await wall.getByText('주문').first().waitFor();
      expect([await wall.getByText('기술지원').count(), await wall.getByText(/상담원/).count(), await wall.getByRole('link').count()]).toEqual([0, 0, 0]);
      expect(asked.filter((line) => line.includes(link.split('#')[1] ?? ''))).toEqual([]);
      expect(await context.cookies()).toEqual([]);
    });

    it.each(['light', 'dark'] as const)('is made on a page that a checker does not object to, in the %s theme', async (theme) => {
      for (const section of ['displays', 'keys', 'roles']) {
        await console.goto(`/admin?section=${section}`);
        await console.page.getByRole('group', { name: 'What is set up' }).waitFor();
        expect([section, await objections(console.page, theme)]).toEqual([section, []]);
      }
    });

    it('goes dark when the link is ended, and says why', async () => {
      await console.goto('/admin?section=displays');
      await console.page.getByText('last seen').waitFor();
      await console.press('End: 로비');
      await console.page.getByRole('alertdialog').getByRole('button', { name: 'End' }).click();
      await wall.getByRole('heading', { name: 'This wallboard is off' }).waitFor();
      await wall.getByText('Its link was ended.').waitFor();
      expect(await wall.getByText('주문').count()).toBe(0);
      await wall.reload();
      await wall.getByText('Its link was ended.').waitFor();
    });
  });
});
