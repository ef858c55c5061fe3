import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Cast } from '../support/cast/index.ts';
import type { CustomerPage } from '../support/cast/customer-page.ts';
import type { Desk } from '../support/cast/desk.ts';

describe('after-call time that runs out before a mandatory disposition', () => {
  let cast: Cast;
  let desk: Desk;
  let customer: CustomerPage;

  beforeAll(async () => {
    cast = await Cast.gather({ straightToGroup: true, dispositionRequired: true, wrapUpMs: 3000 });
    [desk, customer] = await Promise.all([cast.agent(1), cast.customer(1)]);
  });
  afterEach(() => cast.isWell());
  afterAll(() => cast?.dismiss());

  it('takes nobody’s next call away; the desk says what is missing, leads there, and is calm once it is added', async () => {
    const { page } = desk;
    await desk.goReady();
    await customer.call('15880000');
    await desk.rings();
    await desk.answer();
    await desk.writeMemo('시간 안에 고르지 못함');
    await customer.hangUp();
    await desk.showsState('Ready');
    await desk.shows('kept in history', 'This group asks for a disposition.');
    await desk.press('Done');
    expect(await cast.office.record('010-0000-0001', (entry) => entry.dispositionMissing, 'one without a disposition')).toMatchObject({ disposition: '', outcome: 'answered', memo: '시간 안에 고르지 못함' });
    await page.getByRole('link', { name: 'Disposition missing: 1' }).click();
    const rows = page.getByRole('grid', { name: 'Contacts' }).getByRole('row', { name: 'Disposition missing' });
    await rows.click();
    await page.getByRole('button', { name: 'Correct' }).click();
    const details = page.getByRole('region', { name: 'Contact', exact: true });
    await details.getByLabel('Disposition', { exact: true }).selectOption({ label: '주문 접수' });
    await details.getByRole('button', { name: 'Save' }).click();
    await page.getByText('No such contacts').waitFor();
    expect(await cast.office.record('010-0000-0001', ({ disposition }) => disposition !== '', 'the disposition')).toMatchObject({ disposition: '주문 접수', dispositionMissing: false });
    await page.getByRole('link', { name: 'Desk' }).click();
    await page.getByText('Nothing to note').waitFor();
    expect(await page.getByRole('link', { name: /Disposition missing/ }).count()).toBe(0);
  });
});
