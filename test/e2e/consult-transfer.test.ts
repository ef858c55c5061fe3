import { afterAll, afterEach, beforeAll, beforeEach, describe, it } from 'vitest';
import { Cast } from '../support/cast/index.ts';
import type { CustomerPage } from '../support/cast/customer-page.ts';
import type { Desk } from '../support/cast/desk.ts';

describe('an agent in a call', () => {
  let cast: Cast;
  let first: Desk;
  let second: Desk;
  let customer: CustomerPage;
  let outsider: CustomerPage;

  beforeAll(async () => {
    cast = await Cast.gather();
    [first, second, customer, outsider] = await Promise.all([cast.agent(1), cast.agent(2), cast.customer(1), cast.customer(2)]);
  });
  afterEach(() => cast.isWell());
  afterAll(() => cast?.dismiss());

  /** The customer talks with the first agent; the second is away, so no group call reaches them. */
  beforeEach(async () => {
    await second.goAway('Training');
    await cast.connect(customer, first);
  });

  const consult = async () => {
    await first.pick('Consult', '1002');
    await second.rings('010-0000-0001');
    await customer.party.hearsMusic();
    await second.answer();
  };

  it('consults in private while the customer hears music, swaps, and completes the transfer', async () => {
    await consult();
    await Promise.all([first.party.hearsOnly('agent2'), second.party.hearsOnly('agent1'), customer.party.hearsMusic()]);

    await first.press('Swap');
    await Promise.all([first.party.hearsOnly('customer1'), customer.party.hearsOnly('agent1'), second.party.hearsMusic()]);
    await first.press('Swap');
    await Promise.all([first.party.hearsOnly('agent2'), customer.party.hearsMusic()]);

    await first.press('Complete transfer');
    await Promise.all([second.party.hearsOnly('customer1'), customer.party.hearsOnly('agent2'), first.showsState('After call')]);
    await second.shows(await cast.customerName('01000000001'));
    await cast.endCall(customer, first, second);
  });

  it('brings all three together, and leaves them to it', async () => {
    await consult();
    await first.press('Conference');
    await Promise.all([
      first.party.hearsOnly('agent2', 'customer1'),
      second.party.hearsOnly('agent1', 'customer1'),
      customer.party.hearsOnly('agent1', 'agent2'),
    ]);
    await first.press('Mute 상담원 2');
    await Promise.all([customer.party.hearsOnly('agent1'), second.party.hearsOnly('agent1', 'customer1')]);
    await first.press('Unmute 상담원 2');
    await first.press(`Put ${await cast.customerName('01000000001')} on hold`);
    await Promise.all([customer.party.hearsMusic(), first.party.hearsOnly('agent2'), second.party.hearsOnly('agent1')]);
    // Who is left takes the customer with them, whoever had put them on hold.
    await first.press('Hang up');
    await Promise.all([second.party.hearsOnly('customer1'), customer.party.hearsOnly('agent2')]);
    await cast.endCall(customer, first, second);
  });

  it('goes back to the customer', async () => {
    await consult();
    await first.press('Back to customer');
    await Promise.all([first.party.hearsOnly('customer1'), customer.party.hearsOnly('agent1'), second.party.hearsNobody()]);
    await cast.endCall(customer, first, second);
  });

  it('gets the customer back when the colleague declines', async () => {
    await first.pick('Consult', '1002');
    await second.rings();
    await second.press('Reject');
    await Promise.all([first.party.hearsOnly('customer1'), customer.party.hearsOnly('agent1')]);
    await second.showsState('Training');
    await cast.endCall(customer, first, second);
  });

  it('keeps talking with the colleague when the customer hangs up meanwhile, and both are told', async () => {
    await consult();
    await Promise.all([first.party.hearsOnly('agent2'), customer.hangUp()]);
    await Promise.all([first.shows('The customer has hung up'), second.shows('The customer has hung up')]);
    await Promise.all([first.party.hearsOnly('agent2'), second.party.hearsOnly('agent1')]);
    await first.press('Hang up');
    await cast.wrapUp(first, second);
  });

  it('hands the customer over without a word', async () => {
    await first.pick('Transfer', '1002');
    await second.rings('010-0000-0001');
    await first.showsState('After call');
    await second.answer();
    await Promise.all([second.party.hearsOnly('customer1'), customer.party.hearsOnly('agent2')]);
    await cast.endCall(customer, first, second);
  });

  it('gets the customer back when nobody takes a blind transfer', async () => {
    await first.pick('Transfer', '1002');
    await second.rings();
    await second.press('Reject');
    await first.rings('010-0000-0001');
    await first.answer();
    await Promise.all([first.party.hearsOnly('customer1'), customer.party.hearsOnly('agent1')]);
    await cast.endCall(customer, first, second);
  });

  it('consults an outside number and transfers to it', async () => {
    await first.pick('Consult', '010-0000-0002');
    await outsider.answers();
    await Promise.all([first.party.hearsOnly('customer2'), outsider.party.hearsOnly('agent1'), customer.party.hearsMusic()]);
    await first.press('Complete transfer');
    await Promise.all([outsider.party.hearsOnly('customer1'), customer.party.hearsOnly('customer2'), first.showsState('After call')]);
    await outsider.hangUp();
    await customer.shows('Call ended');
    await cast.wrapUp(first);
  });
});
