import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ContactOutcome } from '../../contract/customer.ts';
import { until } from '../support/until.ts';
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
    await first.showsState('Missed a call');
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
    await first.showsState('Rejected a call');
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
    const before = cast.office.counters('주문');
    await cast.office.setOpen('주문', false);
    await customer.call('15880000');
    await customer.press('1');
    await customer.shows('Call ended');
    await expect(recorded('closed')).resolves.toMatchObject({ kind: 'inbound', talkMs: 0 });
    await cast.office.counted('주문', before, { closed: 1, noAgents: 0, offered: 0 });
    await cast.office.setOpen('주문', null);
  });

  it.each([
    ['1099', 'unknownNumber', 'Unknown number'],
    ['1001', 'busy', 'Busy'],
  ] as const)('ends when extension %s is dialled, as %s', async (extension, outcome, told) => {
    const before = cast.office.directCalls.internal;
    await first.dial(extension);
    await first.shows(`The call could not be connected: ${told}`);
    await first.showsState('Meal');
    await expect(cast.office.record(extension, (entry) => entry.outcome === outcome, outcome)).resolves.toMatchObject({ kind: 'internal', talkMs: 0 });
    await until('it is counted', () => cast.office.directCalls.internal[outcome] === before[outcome] + 1 && cast.office.directCalls.internal.attempted === before.attempted + 1);
  });

  it('hears that nobody is on duty', async () => {
    const before = cast.office.counters('기술지원');
    await Promise.all([first.signOut(), second.signOut()]);
    await customer.call('15880000');
    await customer.press('2');
    await customer.shows('Call ended');
    await expect(recorded('noAgents')).resolves.toMatchObject({ kind: 'inbound', talkMs: 0 });
    await cast.office.counted('기술지원', before, { noAgents: 1, closed: 0, offered: 0 });
  });
});
