import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Cast } from '../support/cast/index.ts';
import type { CustomerPage } from '../support/cast/customer-page.ts';
import type { Desk } from '../support/cast/desk.ts';
import type { Wallboard } from '../support/cast/wallboard.ts';

describe('the wallboard', () => {
  let cast: Cast;
  let board: Wallboard;
  let desk: Desk;
  let customer: CustomerPage;

  beforeAll(async () => {
    cast = await Cast.gather();
    [board, desk, customer] = await Promise.all([cast.wallboard(), cast.agent(1), cast.customer(1)]);
  });
  afterEach(() => cast.isWell());
  afterAll(() => cast?.dismiss());

  it('tells who is available', async () => {
    await board.shows('주문', 'Available', '0');
    await desk.goReady();
    await board.shows('주문', 'Available', '1');
  });

  it('counts a waiting customer and how long they have waited', async () => {
    await desk.goAway('Break');
    await board.shows('주문', 'Away', '1');
    await customer.call('15880000');
    await customer.press('1');
    await board.shows('주문', 'Waiting', '1');
    await board.shows('주문', 'Longest wait', /[1-9]/);
    await board.shows('주문', 'Offered', '1');
  });

  it('follows the call from ringing to after-call work', async () => {
    await desk.pressReady();
    await desk.rings();
    await desk.answer();
    await board.shows('주문', 'Talking', '1');
    await board.shows('주문', 'Waiting', '0');
    await board.shows('주문', 'Answered', '1');
    await customer.hangUp();
    await desk.showsState('After call');
    await board.shows('주문', 'After call', '1');
    await cast.wrapUp(desk);
    await board.shows('주문', 'Available', '1');
  });

  it('shows service level, speed of answer, handle time, and the day by hour', async () => {
    await board.shows('주문', 'Service level', /^\d+(\.\d)?\s?%/);
    await board.shows('주문', 'ASA', /\d/);
    await board.shows('주문', 'AHT', /\d/);
    await board.desk.page.getByRole('img', { name: /hour/i }).first().waitFor();
  });

  it('says what a figure means and what a button does where it covers no figure', async () => {
    const { page } = board.desk;
    const figures = board.group('주문').locator('dt');
    const buttons = page.getByRole('banner').getByRole('button');
    for (const pointedAt of [...(await figures.all()), ...(await buttons.all())]) {
      const isFigure = (await pointedAt.evaluate((element) => element.tagName)) === 'DT';
      await pointedAt.locator('xpath=..').hover({ position: { x: 4, y: 4 } });
      if (!isFigure) await pointedAt.hover();
      const words = isFigure ? page.locator('[data-definition]') : page.locator('[data-reka-popper-content-wrapper]');
      await words.first().waitFor();
      const covered = await words.first().evaluate((box) => {
        const over = box.getBoundingClientRect();
        const isUnder = (element: Element): boolean => {
          const under = element.getBoundingClientRect();
          return under.width > 1 && under.left < over.right && under.right > over.left && under.top < over.bottom && under.bottom > over.top;
        };
        return [...document.querySelectorAll('dd')].filter(isUnder).map((element) => element.textContent);
      });
      expect(covered).toEqual([]);
    }
  });

  it('agrees with the record', () => {
    expect(cast.office.counters('주문')).toMatchObject({ offered: 1, answered: 1, abandoned: 0, handled: 1 });
  });
});
