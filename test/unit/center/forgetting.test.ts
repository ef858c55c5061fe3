import { queryObjects } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { Arrangement } from '../../../center/calls/arrangement.ts';
import { centerStage } from './center-stage.ts';

/** How many calls are kept in memory, by what each has one of; garbage is collected first. */
const keptCalls = (): number => queryObjects(Arrangement, { format: 'count' });

describe('what a center keeps in memory of calls that are over', () => {
  it.each([
    ['gives up waiting', async (stage: Awaited<ReturnType<typeof centerStage>>) => stage.hangUp(await stage.customerCalls())],
    ['talked, and hangs up', async (stage: Awaited<ReturnType<typeof centerStage>>) => {
      await stage.ready('agent1');
      const customer = await stage.customerCalls();
      await stage.answer('1001');
      await stage.hangUp(customer);
      await stage.clock.pass(600_000);
    }],
  ])('is nothing, where the caller %s', async (_what, call) => {
    const stage = await centerStage();
    await call(stage);
    const before = keptCalls();
    for (let i = 0; i < 5; i++) await call(stage);
    expect(keptCalls()).toBeLessThanOrEqual(before);
    expect(stage.switchPort.channels.size).toBe(0);
  });
});
