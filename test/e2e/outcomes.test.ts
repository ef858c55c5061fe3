import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ContactOutcome } from '../../contract/customer.ts';
import { Cast } from '../support/cast/index.ts';
import type { CustomerPage } from '../support/cast/customer-page.ts';
import type { Desk } from '../support/cast/desk.ts';

/** Every way a call can end without a conversation: on the desk, in the record, in the counters. */
describe('a call that is not answered', () => {
  let cast: Cast;
  let first: Desk;
  let second: Desk;
  let customer: CustomerPage;

  beforeAll(async () => {
    cast = await Cast.gather({ offerTimeoutMs: 3000 });
    [first, second, customer] = await Promise.all([cast.agent(1), cast.agent(2), cast.customer(1)]);
  });
  afterEach(() => cast.isWell());
  afterAll(() => cast?.dismiss());

  const waiting = async () => {
    await customer.call('15880000');
    await customer.press('1');
    await customer.party.hearsMusic();
  };

  const recorded = (outcome: ContactOutcome) => cast.office.record('010-0000-0001', (entry) => entry.outcome === outcome, outcome);

  it('goes to the next agent when the first lets it ring, who gets no more until ready again', async () => {
    const before = cast.office.counters('주문');
    await first.goReady();
    await waiting();
    await first.rings();
    await second.goReady();
    await second.rings('010-0000-0001');
    await first.shows('You missed a call');
    await first.showsState('Missed an offer');
    await second.answer();
    await Promise.all([customer.party.hearsOnly('agent2'), second.party.hearsOnly('customer1')]);
    await cast.endCall(customer, second);
    await first.press('Back to Ready');
    await first.showsState('Ready');
    await cast.office.counted('주문', before, { offered: 1, answered: 1, rona: 1, abandoned: 0 });
  });

  it('goes to the next agent when the first rejects it', async () => {
    const before = cast.office.counters('주문');
    await second.goAway('Break');
    await waiting();
    await first.rings();
    await first.press('Reject');
    await first.showsState('Rejected an offer');
    await second.pressReady();
    await second.rings();
    await customer.hangUp();
    await second.showsState('Ready');
    await cast.office.counted('주문', before, { offered: 1, answered: 0, rona: 0 });
  });

  it('leaves the agent ready when the customer gives up while it rings', async () => {
    await first.goAway('Meal');
    await waiting();
    await second.rings();
    await customer.hangUp();
    await second.shows('The call ended before you answered');
    await second.showsState('Ready');
    await expect(recorded('abandonedRinging')).resolves.toMatchObject({ kind: 'inbound', talkMs: 0 });
  });

  it('is in the record when the customer gives up waiting', async () => {
    await second.goAway('Meal');
    await waiting();
    await customer.hangUp();
    await expect(recorded('abandonedWaiting')).resolves.toMatchObject({ kind: 'inbound', talkMs: 0 });
  });

  it('hears that the group is closed', async () => {
    await cast.office.setOpen('주문', false);
    await customer.call('15880000');
    await customer.press('1');
    await customer.shows('Call ended');
    await expect(recorded('closed')).resolves.toMatchObject({ kind: 'inbound', talkMs: 0 });
    await cast.office.setOpen('주문', null);
  });

  it('ends as busy or unknown when an extension is dialled that is so', async () => {
    await first.dial('1099');
    await first.shows('The call did not come about');
    await first.showsState('Meal');
  });

  it('hears that nobody is on duty', async () => {
    await Promise.all([first.signOut(), second.signOut()]);
    await customer.call('15880000');
    await customer.press('2');
    await customer.shows('Call ended');
    await expect(recorded('noAgents')).resolves.toMatchObject({ kind: 'inbound', talkMs: 0 });
  });
});
