import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Cast } from '../support/cast/index.ts';
import type { CustomerPage } from '../support/cast/customer-page.ts';
import type { Desk } from '../support/cast/desk.ts';

describe('failure: at the desk', () => {
  let cast: Cast;
  let desk: Desk;
  let customer: CustomerPage;

  beforeAll(async () => {
    cast = await Cast.gather();
    [desk, customer] = await Promise.all([cast.agent(1), cast.customer(1)]);
  });
  afterEach(() => cast.isWell());
  afterAll(() => cast?.dismiss());

  it('a wrong password is told as such, and too many of them as that', async () => {
    const stranger = await cast.visitor(3);
    await stranger.trySignIn('agent3', 'wrong');
    await stranger.shows('The account or the password is wrong');
    for (let tries = 0; tries < 12 && !(await stranger.page.getByText('Too many attempts').isVisible()); tries++) {
      const answered = stranger.page.getByText(/Too many attempts|password is wrong/);
      await stranger.trySignIn('agent3', `wrong ${tries}`);
      await stranger.button('Sign in').and(stranger.page.locator(':enabled')).waitFor();
      await answered.waitFor();
    }
    await stranger.shows('Too many attempts');
  });

  it('a denied microphone is told, and Ready is refused with the reason', async () => {
    const deaf = await cast.visitor(2, { microphone: 'denied' });
    await deaf.signIn('agent2');
    await deaf.pressReady();
    await deaf.shows('no usable microphone');
    await deaf.showsState('Just signed in');
  });

  it('a reload in the middle of a call keeps the call and brings the audio back', async () => {
    await cast.connect(customer, desk);
    await desk.page.reload();
    await desk.button('Hang up').waitFor();
    await Promise.all([desk.party.hearsOnly('customer1'), customer.party.hearsOnly('agent1')]);
    await cast.endCall(customer, desk);
  });

  it('closing the tab while Ready is asked about', async () => {
    await desk.goReady();
    const asked = desk.page.waitForEvent('dialog');
    const closing = desk.page.close({ runBeforeUnload: true });
    const question = await asked;
    expect(question.type()).toBe('beforeunload');
    await question.dismiss();
    await closing;
    await desk.goAway('Meeting');
  });

  it('a lost connection in the middle of a call keeps the call, and the desk knows the truth again', async () => {
    await cast.connect(customer, desk);
    const back = await desk.cutConnection();
    await desk.shows('Reconnecting');
    await Promise.all([desk.party.hearsOnly('customer1'), customer.party.hearsOnly('agent1')]);
    await customer.hangUp();
    back();
    await desk.showsState('After call');
    await cast.wrapUp(desk);
  });

  it('a second sign-in is refused during a call, and wins when there is none', async () => {
    await cast.connect(customer, desk);
    const other = await cast.visitor(3);
    await other.trySignIn('agent1');
    await other.shows('on a call at another desk');
    await Promise.all([desk.party.hearsOnly('customer1'), customer.party.hearsOnly('agent1')]);
    await cast.endCall(customer, desk);

    await other.signIn('agent1');
    await desk.shows('signed in on another desk');
    await other.goReady();
    await cast.office.agentIs('1001', 'READY');
  });
});
