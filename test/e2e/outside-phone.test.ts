import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Cast } from '../support/cast/index.ts';
import type { CustomerPage } from '../support/cast/customer-page.ts';
import type { Desk } from '../support/cast/desk.ts';
import { OutsidePhones, type OutsidePhone } from '../support/outside-phone/index.ts';

describe('a phone that nobody here wrote (JsSIP)', () => {
  let cast: Cast;
  let phones: OutsidePhones;
  let desk: Desk;
  let colleague: Desk;
  let customer: CustomerPage;
  let deskPhone: OutsidePhone;
  let mobile: OutsidePhone;

  beforeAll(async () => {
    cast = await Cast.gather();
    phones = await OutsidePhones.serve(cast.sipUrl, `${cast.origin}/healthz`);
    [desk, colleague, customer, deskPhone, mobile] = await Promise.all([
      cast.agent(1),
      cast.agent(2),
      cast.customer(2),
      phones.open(cast.browser, 'deskPhone', { user: '1901', password: 'desk-phone' }),
      phones.open(cast.browser, 'customer1', { user: 'c1', password: 'customer' }),
    ]);
  });
  afterEach(() => cast.isWell());
  afterAll(async () => {
    await cast?.dismiss();
    await phones?.close();
  });

  it('calls the representative number as a customer, chooses by key, and talks with the agent', async () => {
    await desk.goReady();
    const line = await mobile.call('15880000');
    await mobile.until(line, 'talking');
    await mobile.sendDigit(line, '1');
    await desk.rings('010-0000-0001');
    await desk.answer();
    await Promise.all([mobile.party.hearsOnly('agent1'), desk.party.hearsOnly('customer1')]);

    await mobile.setHeld(line, true);
    await desk.party.hearsNot('customer1');
    await mobile.setHeld(line, false);
    await desk.party.hearsOnly('customer1');

    await mobile.hangUp(line);
    await cast.wrapUp(desk);
  });

  it('calls a desk by extension, and holds', async () => {
    const line = await deskPhone.call('1001');
    await desk.rings('1901');
    await desk.answer();
    await Promise.all([deskPhone.party.hearsOnly('agent1'), desk.party.hearsOnly('deskPhone')]);
    await deskPhone.setHeld(line, true);
    await desk.party.hearsMusic();
    await deskPhone.setHeld(line, false);
    await Promise.all([deskPhone.party.hearsOnly('agent1'), desk.party.hearsOnly('deskPhone')]);
    await deskPhone.hangUp(line);
    await desk.showsState('Ready');
  });

  it('is called by a desk', async () => {
    await desk.dial('1901');
    const line = await deskPhone.rings(1);
    await deskPhone.answer(line.id);
    await Promise.all([deskPhone.party.hearsOnly('agent1'), desk.party.hearsOnly('deskPhone')]);
    await desk.press('Hang up');
    await deskPhone.until(line.id, 'ended');
    await desk.showsState('Ready');
  });

  it('calls an outside number and hands the call over blind', async () => {
    const line = await deskPhone.call('01000000002');
    await customer.answers();
    await Promise.all([deskPhone.party.hearsOnly('customer2'), customer.party.hearsOnly('deskPhone')]);
    expect(await deskPhone.transfer(line, '1001')).toBe('accepted');
    await desk.rings('010-0000-0002');
    await desk.answer();
    await Promise.all([desk.party.hearsOnly('customer2'), customer.party.hearsOnly('agent1')]);
    await customer.hangUp();
    await cast.wrapUp(desk);
  });

  it('asks a colleague first and then transfers (REFER with Replaces)', async () => {
    const line = await deskPhone.call('01000000002');
    await customer.answers();
    // The caller hears of the answer a moment after it was given.
    await deskPhone.until(line, 'talking');
    await deskPhone.setHeld(line, true);
    await customer.party.hearsMusic();
    const consultation = await deskPhone.call('1001');
    await desk.rings('1901');
    await desk.answer();
    await Promise.all([deskPhone.party.hearsOnly('agent1'), desk.party.hearsOnly('deskPhone')]);
    expect(await deskPhone.transfer(line, '1001', consultation)).toBe('accepted');
    await Promise.all([desk.party.hearsOnly('customer2'), customer.party.hearsOnly('agent1')]);
    await customer.hangUp();
    await cast.wrapUp(desk);
  });

  describe('failure:', () => {
    it('a wrong password is refused', async () => {
      await expect(phones.open(cast.browser, 'supervisor', { user: 'c9', password: 'wrong' })).rejects.toThrow(/401|403/);
    });

    it('an unknown extension is answered as such', async () => {
      const line = await deskPhone.call('1999');
      expect((await deskPhone.until(line, 'failed')).cause).toBe('Not Found');
    });

    it('a colleague who is busy is answered as such', async () => {
      const line = await mobile.call('15880000');
      await mobile.until(line, 'talking');
      await mobile.sendDigit(line, '1');
      await desk.rings();
      await desk.answer();
      const second = await deskPhone.call('1001');
      expect((await deskPhone.until(second, 'failed')).cause).toBe('Busy');
      await mobile.hangUp(line);
      await cast.wrapUp(desk);
      await colleague.showsState('Just signed in');
    });
  });
});
