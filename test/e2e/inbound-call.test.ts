import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Cast } from '../support/cast/index.ts';
import type { CustomerPage } from '../support/cast/customer-page.ts';
import type { Desk } from '../support/cast/desk.ts';
import { createSipPhone } from '../support/sip-phone/index.ts';
import { until } from '../support/until.ts';

describe('a customer calls', () => {
  let cast: Cast;
  let first: Desk;
  let second: Desk;
  let customer: CustomerPage;

  beforeAll(async () => {
    cast = await Cast.gather();
    [first, second, customer] = await Promise.all([cast.agent(1), cast.agent(2), cast.customer(1)]);
  });
  afterEach(() => cast.isWell());
  afterAll(() => cast?.dismiss());

  it('hears the menu, chooses by key and waits with music', async () => {
    await first.goAway('Break');
    await customer.call('1588-0000');
    await customer.press('1');
    await customer.party.hearsMusic();
  });

  it('reaches the agent who is ready; the desk rings and knows the customer before anyone speaks', async () => {
    await first.pressReady();
    await first.rings('010-0000-0001', '주문');
    const name = await cast.customerName('01000000001');
    await first.screenPop.getByText(name).waitFor();
    await Promise.all([first.party.isNotified(name), first.party.hearsRinging(), customer.party.hearsMusic()]);
  });

  it('is heard and hears, once answered', async () => {
    await first.answer();
    await Promise.all([first.party.hearsOnly('customer1'), customer.party.hearsOnly('agent1')]);
    await first.showsState('On a call');
  });

  it('hears music on hold, and the agent hears nobody', async () => {
    await first.press('Hold');
    await Promise.all([customer.party.hearsMusic(), first.party.hearsNot('customer1')]);
    await first.press('Resume');
    await Promise.all([first.party.hearsOnly('customer1'), customer.party.hearsOnly('agent1')]);
  });

  it('hears nothing while the agent is muted, and is heard meanwhile', async () => {
    await first.press('Mute');
    await Promise.all([customer.party.hearsNobody(), first.party.hearsOnly('customer1')]);
    await first.press('Mute');
    await customer.party.hearsOnly('agent1');
  });

  it('leaves after-call work behind: a memo that is in the history on both desks at once', async () => {
    await customer.hangUp();
    await first.showsState('After call');
    await first.writeMemo('주소를 새로 확인함');
    await first.chooseDisposition('주문 접수');
    await Promise.all([first.saveAndReady(), second.openCustomer('010-0000-0001').then(() => second.shows('주소를 새로 확인함'))]);
  });

  it('is offered as a new customer when nobody knows the number', async () => {
    const stranger = await cast.customer(8);
    await stranger.call('15880000');
    await stranger.press('1');
    await first.rings('010-0000-0008', 'Unknown number');
    await first.shows('No customer has the number 010-0000-0008');
    await first.page.getByLabel('Name').fill('고객 0008');
    await first.answer();
    await first.press('Create customer');
    await first.screenPop.getByText('고객 0008').waitFor();
    await stranger.hangUp();
    await cast.wrapUp(first);
    expect((await cast.office.customer('01000000008')).name).toBe('고객 0008');
  });

  it('is remembered after a restart of everything; who was signed in is told why they are not', async () => {
    await cast.restart();
    await first.shows('Your session has expired. Sign in again.');
    await second.page.reload();
    await second.signInAgain('agent2');
    await second.openCustomer('010-0000-0001');
    await second.shows('주소를 새로 확인함');
  });
});

describe('somebody calls who has called many times', () => {
  const CALLS = 25;
  let cast: Cast;
  let desk: Desk;

  beforeAll(async () => {
    cast = await Cast.gather({ straightToGroup: true });
    desk = await cast.agent(1);
  });
  afterEach(() => cast.isWell());
  afterAll(() => cast?.dismiss());

  it('is shown with the newest contacts; the older ones are there for who looks further down', async () => {
    const phone = createSipPhone({ url: cast.sipUrl, user: 'c3', password: 'customer', toneHz: 700 });
    await phone.register();
    for (let round = 0; round < CALLS; round++) {
      const call = await phone.call('15880000');
      await call.answered();
      await call.hangUp();
    }
    const before = (): number => [...cast.office.everything.timeline.values()].filter(({ number }) => number === '+821000000003').length;
    await until('all of them are on record', () => before() >= CALLS);
    await desk.goReady();
    const call = await phone.call('15880000');
    await desk.rings();
    await desk.screenPop.getByText(`${before()} contacts`).waitFor();
    const lines = desk.screenPop.getByRole('region', { name: 'History' }).getByRole('listitem');
    const first = await lines.count();
    expect(first).toBeLessThan(before());
    await until('the last one is in sight', async () => {
      await lines.last().scrollIntoViewIfNeeded();
      return (await lines.count()) === before();
    });
    await call.hangUp();
    await phone.close();
  });
});
