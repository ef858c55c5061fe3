import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { Party } from '../support/browser.ts';
import { Cast } from '../support/cast/index.ts';
import { Desk } from '../support/cast/desk.ts';
import { createSipPhone } from '../support/sip-phone/index.ts';
import { until } from '../support/until.ts';
import { carrier, Desktop } from './desktop.ts';

/** Longer than a center waits for a phone, or a desk, that says nothing. */
const NOTICED_WITHIN_MS = 20_000;

describe(`failure: a computer that stands still for a while, on ${carrier}`, () => {
  let cast: Cast;
  let desktop: Desktop;
  let desk: Desk;

  beforeAll(async () => {
    cast = await Cast.gather({ straightToGroup: true, wrapUpMs: 0 });
    desktop = await Desktop.launch({ server: cast.origin });
    desk = Desk.at(Party.at(await desktop.window(), 'agent1'), cast.origin);
    await desk.signIn('agent1');
    await desk.goReady();
  });
  afterAll(async () => {
    await desktop?.dispose();
    await cast?.dismiss();
  });

  it('while it rings: the agent is ready as before when it goes on, and the waiting caller rings there again', async () => {
    const caller = createSipPhone({ url: cast.sipUrl, user: 'c3', password: 'customer', toneHz: 700 });
    onTestFinished(() => caller.close());
    await caller.register();
    const main = await desktop.evaluate(() => process.pid);
    await caller.call('15880000');
    await cast.office.agentIs('1001', 'RESERVED');
    process.kill(main, 'SIGSTOP');
    try {
      await until('the center has noticed', () => !cast.office.agent('1001').reachable, NOTICED_WITHIN_MS);
      expect(cast.office.agent('1001').state.name).toBe('READY');
    } finally {
      process.kill(main, 'SIGCONT');
    }
    await cast.office.agentIs('1001', 'RESERVED');
    await desk.answer();
    await cast.office.agentIs('1001', 'TALKING');
  });
});
