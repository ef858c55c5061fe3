import { expect, it } from 'vitest';
import type { Result } from '../../../contract/errors.ts';
import { centerStage, settle } from './center-stage.ts';
import { FakeSwitch } from './fake-switch.ts';

/** A switch that takes its time to remove an account, as one behind a network does. */
class SlowSwitch extends FakeSwitch {
  finish: () => void = () => {};

  override async removeEndpoint(user: string): Promise<Result<null>> {
    await new Promise<void>((resolve) => (this.finish = resolve));
    return super.removeEndpoint(user);
  }
}

it('a second sign-in has its phone account, although that of the first is still being taken away', async () => {
  const switchPort = new SlowSwitch();
  const stage = await centerStage({ switchPort });
  await stage.signIn('agent1');
  const first = switchPort.endpoints.get('1001')?.password;
  const second = stage.signIn('agent1');
  await settle();
  expect(switchPort.endpoints.get('1001')?.password).toBe(first);
  switchPort.finish();
  await second;
  expect(switchPort.endpoints.get('1001')?.password).not.toBe(first);
});

it('phones that another center left on the switch are let in no longer; those of the office and of its agents are', async () => {
  const switchPort = new FakeSwitch();
  for (const user of ['c99', '9999', '1003']) await switchPort.putEndpoint({ user, password: 'of then', displayName: '', callerNumber: user });
  const stage = await centerStage({ switchPort });
  expect([...switchPort.endpoints.keys()].filter((user) => ['c99', '9999', '1003'].includes(user))).toEqual(['1003']);
  await switchPort.putEndpoint({ user: 'c99', password: 'of then', displayName: '', callerNumber: 'c99' });
  switchPort.setAvailable(false);
  switchPort.setAvailable(true);
  await stage.clock.pass(1000);
  expect(switchPort.endpoints.has('c99')).toBe(false);
});
