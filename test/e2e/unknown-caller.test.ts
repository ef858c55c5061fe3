import { must } from '../support/must.ts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Cast } from '../support/cast/index.ts';
import type { CustomerPage } from '../support/cast/customer-page.ts';
import type { Desk } from '../support/cast/desk.ts';

const STRANGER = '010-0000-0008';
const numbersOf = ({ numbers }: { numbers: readonly { e164: string }[] }) => numbers.map(({ e164 }) => e164);

describe('a caller whom nobody knows', () => {
  let cast: Cast;
  let agent: Desk;
  let colleague: Desk;
  let stranger: CustomerPage;
  let known: string;

  beforeAll(async () => {
    cast = await Cast.gather({ straightToGroup: true });
    [agent, colleague, stranger] = await Promise.all([cast.agent(1), cast.agent(2), cast.customer(8)]);
    known = await cast.customerName('01000000001');
    await agent.goReady();
    await stranger.call('15880000');
    await agent.rings(STRANGER, 'Unknown number');
    await agent.answer();
  });
  afterEach(() => cast.isWell());
  afterAll(() => cast?.dismiss());

  it('is on the card by the number, once', async () => {
    const card = agent.page.getByRole('article', { name: STRANGER });
    await card.waitFor();
    expect(await card.getByText(STRANGER).count()).toBe(1);
  });

  it('is found among the customers by keys alone, shown, and given the number; a colleague sees it as well', async () => {
    await agent.page.keyboard.press('Control+Alt+n');
    await agent.page.keyboard.type(known);
    await agent.screenPop.getByRole('option', { name: known, selected: true }).waitFor();
    await agent.page.keyboard.press('Enter');
    await agent.screenPop.getByText(`${STRANGER} is added to the numbers of ${known}`).waitFor();
    await agent.page.keyboard.press('Enter');
    await agent.screenPop.getByRole('list', { name: 'Numbers' }).getByText(STRANGER).waitFor();
    await colleague.openCustomer('010-0000-0001');
    await colleague.shows(STRANGER);
    expect(numbersOf(await cast.office.customer('01000000001'))).toContain('+821000000008');
  });

  it('is nobody’s again when that was the wrong one: on both desks', async () => {
    await agent.page.getByText(`${STRANGER} is a number of ${known} now.`).waitFor();
    await agent.press('Undo');
    await agent.shows(`No customer has the number ${STRANGER}`);
    await colleague.page.getByRole('main').getByText(STRANGER).waitFor({ state: 'detached' });
    expect(numbersOf(await cast.office.customer('01000000001'))).not.toContain('+821000000008');
  });

  it('is shown as whom a colleague gives the number to meanwhile', async () => {
    const owner = await cast.office.customer('01000000002');
    await agent.page.getByRole('tab', { name: 'Existing customer' }).click();
    must(await cast.office.api.call('customers.giveNumber', { customerId: owner.customerId, number: '+821000000008' }));
    await agent.screenPop.getByText(owner.name).first().waitFor();
    expect(numbersOf(await cast.office.customer('01000000008'))).toContain('+821000000002');
  });
});
