import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Cast } from '../support/cast/index.ts';
import type { CustomerPage } from '../support/cast/customer-page.ts';
import type { Desk } from '../support/cast/desk.ts';
import { objections } from '../support/objections.ts';
import { until } from '../support/until.ts';

describe('the desk as a narrow column of a wide window', () => {
  let cast: Cast;
  let desk: Desk;
  let customer: CustomerPage;

  beforeAll(async () => {
    cast = await Cast.gather({ straightToGroup: true });
    [desk, customer] = await Promise.all([cast.agent(1), cast.customer(1)]);
    await toggleColumn();
    await desk.page.getByRole('group', { name: 'Details' }).waitFor();
  });
  afterEach(() => cast.isWell());
  afterAll(() => cast?.dismiss());

  /** Where the switch between customer and work is: what lies below the calls moves with it. */
  const belowTheCalls = async () => (await desk.page.getByRole('group', { name: 'Details' }).boundingBox())?.y;

  it('keeps everything at the top within the column, my state and its time included', async () => {
    const bar = desk.page.getByRole('banner');
    expect(await bar.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
    expect((await bar.boundingBox())?.width).toBeLessThanOrEqual(400);
    await desk.showsState('Just signed in');
    for (const theme of ['light', 'dark'] as const) expect(await objections(desk.page, theme)).toEqual([]);
  });

  it('shows the time in my state by digits that agree with what is read aloud, as it goes on', async () => {
    const timer = desk.page.getByRole('group', { name: 'My state' }).getByRole('timer');
    /** As it is seen: which tenth of its strip each digit stands at. */
    const seen = () =>
      timer.evaluate((element) => {
        const digits = [...element.children].map((place) => {
          const strip = place.firstElementChild;
          return strip === null ? place.textContent : String(Math.round((place.getBoundingClientRect().top - strip.getBoundingClientRect().top) / (strip.getBoundingClientRect().height / 10)));
        });
        return { digits: digits.join(''), label: element.getAttribute('aria-label') };
      });
    const first = await seen();
    expect(first.label).toMatch(/^\d+:\d\d$/);
    expect(first.digits).toBe(first.label);
    const later = await until('a second has passed', async () => {
      const now = await seen();
      return now.label === first.label ? null : now;
    });
    expect(later.digits).toBe(later.label);
  });

  it('does not move what lies below the calls when the phone rings', async () => {
    await desk.goReady();
    const before = await belowTheCalls();
    await customer.dial('15880000');
    await desk.rings('010-0000-0001');
    expect(await belowTheCalls()).toBe(before);
    await desk.answer();
    expect(await belowTheCalls()).toBe(before);
  });

  it('shows a call beside another screen within the column', async () => {
    await desk.page.getByRole('link', { name: 'History' }).click();
    const [column, call] = await Promise.all([desk.page.getByRole('banner').boundingBox(), desk.page.getByRole('complementary', { name: 'Calls' }).boundingBox()]);
    expect(call?.x).toBeGreaterThanOrEqual(column?.x ?? Number.NaN);
    const screen = await desk.page.getByRole('main').locator('> *').first().boundingBox();
    expect((screen?.y ?? Number.NaN) + (screen?.height ?? Number.NaN)).toBeLessThanOrEqual(call?.y ?? Number.NaN);
    await desk.page.getByRole('link', { name: 'Desk' }).click();
    await cast.endCall(customer, desk);
  });

  it('answers on the wallboard, and mutes and ends a call by its keys on other screens', async () => {
    await desk.goReady();
    await desk.goto('/wallboard');
    await customer.dial('15880000');
    await desk.rings('010-0000-0001');
    await desk.answer();
    // Whoever answers is taken to the customer.
    await desk.page.waitForURL((url) => url.pathname === '/');
    await desk.page.getByRole('link', { name: 'History' }).click();
    const call = desk.page.getByRole('complementary', { name: 'Calls' });
    await call.getByRole('button', { name: 'Mute', pressed: false }).waitFor();
    await desk.page.keyboard.press('F4');
    await call.getByRole('button', { name: 'Mute', pressed: true }).waitFor();
    for (const theme of ['light', 'dark'] as const) expect(await objections(desk.page, theme)).toEqual([]);
    await desk.page.keyboard.press('F9');
    await call.getByRole('button', { name: 'Hang up' }).waitFor({ state: 'hidden' });
    await desk.page.getByRole('link', { name: 'Desk' }).click();
    await cast.wrapUp(desk);
  });

  it('keeps an open picker and what was typed when the window becomes a column, and back', async () => {
    await toggleColumn();
    await desk.page.getByRole('group', { name: 'Details' }).waitFor({ state: 'hidden' });
    await cast.connect(customer, desk);
    await desk.press('Consult');
    const picker = desk.page.getByRole('dialog');
    await picker.getByRole('combobox').fill('1002');
    for (const width of [800, 1280]) {
      await desk.page.setViewportSize({ width, height: 800 });
      await desk.page.getByRole('group', { name: 'Details', includeHidden: true }).waitFor({ state: width < 860 ? 'attached' : 'detached' });
      expect(await picker.getByRole('combobox').inputValue()).toBe('1002');
    }
    await desk.page.keyboard.press('Escape');
    await cast.endCall(customer, desk);
  });

  async function toggleColumn(): Promise<void> {
    await desk.page.keyboard.press('Control+k');
    await desk.page.getByRole('dialog').getByRole('combobox').or(desk.page.getByRole('dialog').locator('input')).first().fill('Narrow column');
    await desk.page.keyboard.press('Enter');
  }

  it('shows every number of the history whole, and the key of every shortcut on one line', async () => {
    await desk.page.getByRole('navigation').getByRole('link', { name: 'History' }).click();
    const rows = desk.page.getByRole('grid', { name: 'Contacts' }).getByRole('row').filter({ hasText: /\d{4}-\d{4}/ });
    await rows.nth(5).waitFor();
    const cut = await rows.evaluateAll((elements) => elements.flatMap((row) => [...row.querySelectorAll('span')]).filter((span) => /^[\d-]{12,}$/.test(span.textContent) && span.scrollWidth > span.clientWidth).map((span) => span.textContent));
    expect(cut).toEqual([]);
    await desk.page.keyboard.press('?');
    const keys = desk.page.getByRole('dialog').locator('kbd');
    await keys.first().waitFor();
    const heights = await keys.evaluateAll((elements) => elements.map((key) => key.getBoundingClientRect().height));
    expect(new Set(heights).size).toBe(1);
    await desk.page.keyboard.press('Escape');
  });
});
