import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Cast } from '../support/cast/index.ts';
import type { CustomerPage } from '../support/cast/customer-page.ts';
import type { Desk } from '../support/cast/desk.ts';
import { until } from '../support/until.ts';

/** In the page: while `answersWait` is stored, no description is made until `letGo` is called. */
function answersWhenLetGo(): void {
  const { promise, resolve } = Promise.withResolvers<void>();
  Object.assign(window, { letGo: resolve });
  window.RTCPeerConnection = class extends RTCPeerConnection {
    override async setLocalDescription(description?: RTCLocalSessionDescriptionInit): Promise<void> {
      if (sessionStorage.getItem('answersWait') !== null) await promise;
      await super.setLocalDescription(description);
    }
  };
}

describe('a home agent’s page is reloaded in a call, on an Asterisk that takes no second DTLS association', () => {
  let cast: Cast;
  let first: Desk;
  let second: Desk;
  let customer: CustomerPage;

  beforeAll(async () => {
    cast = await Cast.gather({ straightToGroup: true });
    [first, second, customer] = await Promise.all([cast.agent(1, { script: answersWhenLetGo }), cast.agent(2), cast.customer(1)]);
    await second.goAway('Training');
  });
  afterEach(() => cast.isWell());
  afterAll(() => cast?.dismiss());

  const bothHear = (): Promise<unknown> => Promise.all([first.party.hearsOnly('customer1'), customer.party.hearsOnly('agent1')]);

  async function connect(): Promise<void> {
    await first.goReady();
    await customer.call('15880000');
    await first.rings();
    await first.answer();
    await bothHear();
  }

  async function end(): Promise<void> {
    await cast.endCall(customer, first);
    await until('no channel is left', async () => (await channels()) === 0);
  }

  const channels = async (): Promise<number> => Number(/(\d+) active channel/.exec((await cast.asterisk?.cli('core show channels count')) ?? '')?.[1]);

  /** Reloads while answers are held back: the desk waits for its audio until `letGo`. */
  async function reloadAndWait(): Promise<() => Promise<void>> {
    await first.page.evaluate(() => sessionStorage.setItem('answersWait', ''));
    await first.page.reload();
    await first.shows('Reconnecting audio…');
    return () =>
      first.page.evaluate(() => {
        sessionStorage.removeItem('answersWait');
        (window as Window & { letGo?: () => void }).letGo?.();
      });
  }

  it('the audio is back both ways, once and again, and nothing is counted', async () => {
    const before = cast.office.counters('주문');
    await connect();
    for (const _ of [1, 2, 3]) {
      await first.page.reload();
      await bothHear();
      expect(cast.office.agent('1001').state.name).toBe('TALKING');
      await until('the former call is gone', async () => (await channels()) === 2);
    }
    await end();
    await cast.office.counted('주문', before, { offered: 1, answered: 1 });
    await cast.office.record('01000000001', ({ outcome }) => outcome === 'answered', 'answered');
  });

  it('the desk says so while it lasts, and the customer hears music where it lasts', async () => {
    await connect();
    const letGo = await reloadAndWait();
    await customer.party.hearsMusic();
    await letGo();
    await bothHear();
    await first.showsNot('Reconnecting audio…');
    await end();
  });

  it('reloaded twice in a row, the last page has the call', async () => {
    await connect();
    await reloadAndWait();
    await first.page.evaluate(() => sessionStorage.removeItem('answersWait'));
    await first.page.reload();
    await bothHear();
    await until('the others are gone', async () => (await channels()) === 2);
    await end();
  });

  it('on hold it stays on hold, muted it stays muted', async () => {
    await connect();
    await first.press('Hold');
    await customer.party.hearsMusic();
    await first.page.reload();
    await first.button('Resume').waitFor();
    await until('the former call is gone', async () => (await channels()) === 2);
    await customer.party.hearsMusic();
    await first.press('Resume');
    await bothHear();
    await first.press('Mute');
    await customer.party.hearsNobody();
    await first.page.reload();
    await first.party.hearsOnly('customer1');
    await customer.party.hearsNobody();
    await first.press('Mute');
    await bothHear();
    await end();
  });

  it('in a consultation, at either end, everybody goes on with whom they talked', async () => {
    await connect();
    await first.pick('Consult', '1002');
    await second.rings();
    await second.answer();
    await Promise.all([first.party.hearsOnly('agent2'), second.party.hearsOnly('agent1'), customer.party.hearsMusic()]);
    await second.page.reload();
    await Promise.all([first.party.hearsOnly('agent2'), second.party.hearsOnly('agent1'), customer.party.hearsMusic()]);
    await first.page.reload();
    await Promise.all([first.party.hearsOnly('agent2'), second.party.hearsOnly('agent1'), customer.party.hearsMusic()]);
    await first.press('Complete transfer');
    await Promise.all([second.party.hearsOnly('customer1'), customer.party.hearsOnly('agent2')]);
    await cast.endCall(customer, first, second);
    await second.showsState('Ready');
    await second.goAway('Training');
  });

  it('failure: the customer hangs up meanwhile: after-call work, and no channel is left', async () => {
    await connect();
    const letGo = await reloadAndWait();
    await customer.hangUp();
    await first.showsState('After call');
    await letGo();
    await cast.wrapUp(first);
    await until('no channel is left', async () => (await channels()) === 0);
  });

  it('failure: the agent hangs up meanwhile: likewise', async () => {
    await connect();
    const letGo = await reloadAndWait();
    await first.press('Hang up');
    await customer.shows('Call ended');
    await letGo();
    await cast.wrapUp(first);
    await until('no channel is left', async () => (await channels()) === 0);
  });
});
