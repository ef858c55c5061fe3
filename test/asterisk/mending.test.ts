import { Writable } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createLogger } from '../../server/logger.ts';
import { Cast } from '../support/cast/index.ts';
import type { CustomerPage } from '../support/cast/customer-page.ts';
import type { Desk } from '../support/cast/desk.ts';
import { fairWeather, MediaRelay, randomOf } from '../support/media-relay.ts';
import { until } from '../support/until.ts';

/** In the page: what the far end says of itself leads through the test's relay, and of us it learns no way around it (port 9 is nobody's). */
function overTheRelay(): void {
  window.RTCPeerConnection = class extends RTCPeerConnection {
    override async setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
      await super.setRemoteDescription({ ...description, sdp: await window.throughTheRelay(description.sdp ?? '') });
    }

    override get localDescription(): RTCSessionDescription | null {
      const description = super.localDescription;
      return description && new RTCSessionDescription({ type: description.type, sdp: description.sdp.replaceAll(/^(a=candidate:\S+ \d udp \d+ )\S+ \d+/gm, '$1127.0.0.1 9') });
    }
  };
}

declare global {
  interface Window {
    throughTheRelay: (sdp: string) => Promise<string>;
  }
}

describe('a call without audio, on Asterisk', () => {
  const log: Record<string, unknown>[] = [];
  const relays = new Map<number, MediaRelay>();
  let isBlocked = false;
  let cast: Cast;
  let desk: Desk;
  let customer: CustomerPage;

  const throughTheRelay = async (sdp: string): Promise<string> => {
    const port = Number(/^m=audio (\d+)/m.exec(sdp)?.[1]);
    const relay = relays.get(port) ?? (await MediaRelay.open({ port, weather: fairWeather, random: randomOf(1), meddle: () => (isBlocked ? [] : null) }));
    relays.set(port, relay);
    return relay.redirect(sdp);
  };

  beforeAll(async () => {
    const lines = new Writable({
      write: (line: Buffer, _encoding, written) => {
        log.push(JSON.parse(line.toString()) as Record<string, unknown>);
        written();
      },
    });
    cast = await Cast.gather({ straightToGroup: true, logger: createLogger('warn', lines) });
    [desk, customer] = await Promise.all([cast.agent(1, { script: overTheRelay, expose: { throughTheRelay } }), cast.customer(1)]);
  });
  afterEach(() => cast.isWell());
  afterAll(async () => {
    await cast?.dismiss();
    for (const relay of relays.values()) relay.close();
  });

  const bothHear = (): Promise<unknown> => Promise.all([desk.party.hearsOnly('customer1'), customer.party.hearsOnly('agent1')]);

  async function answered(): Promise<void> {
    await desk.goReady();
    await customer.call('15880000');
    await desk.rings();
    await desk.answer();
  }

  it('has it by way of the relay where that lets it through', async () => {
    await answered();
    await bothHear();
    await cast.endCall(customer, desk);
    expect([relays.size, log.filter(({ msg }) => msg === 'an answered channel has no media')]).toEqual([1, []]);
  });

  it('is logged, told to the agent, and mends itself as soon as there is a way', async () => {
    isBlocked = true;
    await answered();
    await desk.shows('No sound in this call yet');
    const line = await until('it is logged', () => log.find(({ msg }) => msg === 'an answered channel has no media'));
    expect(line).toMatchObject({ part: 'switch', endpoint: '1001', media: expect.stringMatching(/^RTP received 0, sent \d+$/) });
    isBlocked = false;
    await bothHear();
    expect(cast.office.agent('1001').state.name).toBe('TALKING');
    await cast.endCall(customer, desk);
  });
});
