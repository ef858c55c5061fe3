import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Cast } from '../support/cast/index.ts';
import type { CustomerPage } from '../support/cast/customer-page.ts';
import { Coturn } from '../support/coturn.ts';
import type { Desk } from '../support/cast/desk.ts';
import { until } from '../support/until.ts';

/** A browser in a network that lets nothing through but the way to the relay. */
function relayAlone(): void {
  const Connection = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Connection {
    constructor(configuration?: RTCConfiguration) {
      super({ ...configuration, iceTransportPolicy: 'relay' });
    }
  };
}

describe('a desk that only a TURN server lets out (coturn, credentials of a shared secret)', () => {
  let coturn: Coturn;
  let cast: Cast;
  let desk: Desk;
  let customer: CustomerPage;

  beforeAll(async () => {
    coturn = await Coturn.start();
    cast = await Cast.gather({ straightToGroup: true, ice: { urls: [coturn.url], secret: coturn.secret } });
    [desk, customer] = await Promise.all([cast.agent(1, { script: relayAlone }), cast.customer(1)]);
  });
  afterEach(() => cast.isWell());
  afterAll(async () => {
    await cast?.dismiss();
    await coturn?.stop();
  });

  it('takes a call: both are heard through the relay, and the relay knows the agent by name', async () => {
    await desk.goReady();
    await customer.dial('15880000');
    await desk.rings();
    await desk.answer();
    await Promise.all([desk.party.hearsOnly('customer1'), customer.party.hearsOnly('agent1')]);
    expect(coturn.log).toMatch(/user <\d+:agent1>.*ALLOCATE processed, success/);
    await cast.endCall(customer, desk);
    await until('the relay is let go', () => /refreshed, realm=<[^>]*>, username=<\d+:agent1>, lifetime=0/.test(coturn.log)).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${coturn.log.slice(-2000)}`);
    });
  });

  it('dials, holds and resumes through it as well', async () => {
    await desk.dial('010-0000-0001');
    await customer.answers();
    await Promise.all([desk.party.hearsOnly('customer1'), customer.party.hearsOnly('agent1')]);
    await desk.press('Hold');
    await customer.party.hearsMusic();
    await desk.press('Resume');
    await Promise.all([desk.party.hearsOnly('customer1'), customer.party.hearsOnly('agent1')]);
    await cast.endCall(customer, desk);
  });
});
