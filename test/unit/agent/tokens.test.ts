import { describe, expect, it, onTestFinished } from 'vitest';
import { CenterRest, Tokens } from '../../../agent/cti/index.ts';
import { systemClock } from '../../../agent/index.ts';
import type { AppError } from '../../../contract/errors.ts';
import { until } from '../../support/sip-phone/index.ts';
import { swallowingProxy } from '../../support/swallowing-proxy.ts';
import { stage } from '../gateway/stage.ts';

describe('failure: the answer to a refresh is lost on the way', () => {
  it('is asked for again, and the sign-in goes on with its desk connected', async () => {
    const { origin, signIn, connect } = await stage();
    const signedIn = await signIn('agent1');
    const desk = await connect(signedIn.accessToken);
    const { proxy, swallowed } = await swallowingProxy(origin, '/api/auth/refresh', 2);
    const ended: AppError[] = [];
    const renewed: string[] = [];
    const tokens = new Tokens(new CenterRest(proxy), systemClock, signedIn, (error) => ended.push(error), ({ refreshToken }) => renewed.push(refreshToken));
    onTestFinished(() => tokens.stop());
    expect(await tokens.refresh()).toMatchObject({ ok: false, error: { code: 'center.unreachable' } });
    await until('it is renewed by itself', () => renewed.length === 1);
    expect(swallowed()).toBe(2);
    // The tokens it got are the ones that count: they can be renewed again.
    expect(await tokens.refresh()).toMatchObject({ ok: true });
    expect(ended).toEqual([]);
    expect(desk.socket.connected).toBe(true);
  });
});
