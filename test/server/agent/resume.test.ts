import { beforeEach, describe, expect, it } from 'vitest';
import type { KeptSignIn, SignInKeeper } from '../../../agent/index.ts';
import { CenterRest } from '../../../agent/cti/index.ts';
import type { Refreshed } from '../../../contract/cti/index.ts';
import { must } from '../../switch/stage.ts';
import { until } from '../../support/sip-phone/index.ts';
import { swallowingProxy } from '../../support/swallowing-proxy.ts';
import { givePhone, openOffice, openSession, type Office } from './support/office.ts';

const credentials = { server: null, account: 'agent1', password: 'sangdam-demo' };

/** A keeper that shows what it keeps. */
function keeper(kept: KeptSignIn | null = null): SignInKeeper & { kept: KeptSignIn | null } {
  const self = {
    kept,
    load: () => Promise.resolve(self.kept),
    save: (signIn: KeptSignIn) => {
      self.kept = signIn;
      return Promise.resolve();
    },
    forget: () => {
      self.kept = null;
      return Promise.resolve();
    },
  };
  return self;
}

/** Trades the refresh token that was kept, as its owner would. */
async function renewed(kept: KeptSignIn | null): Promise<Refreshed> {
  return must(await new CenterRest(kept?.server ?? '').refresh(kept?.signedIn.refreshToken ?? ''));
}

describe('a sign-in that outlives its process', () => {
  let office: Office;

  beforeEach(async () => {
    office = await openOffice();
    await givePhone(office, (await office.signIn('agent1')).me.agentId);
  });

  it('is kept while signed in, with its SIP credential, and forgotten at the sign-out', async () => {
    const signIns = keeper();
    const { call } = openSession(office, 'desktop', signIns);
    must(await call('session.signIn', credentials));
    expect(signIns.kept).toMatchObject({ server: office.origin, signedIn: { me: { account: 'agent1' }, sip: { url: office.telephone.sipUrl } } });
    must(await call('session.signOut', null));
    expect(signIns.kept).toBeNull();
  });

  it('is forgotten when the program is left in order', async () => {
    const signIns = keeper();
    const { session, call } = openSession(office, 'desktop', signIns);
    must(await call('session.signIn', credentials));
    await session.stop();
    expect(signIns.kept).toBeNull();
  });

  it('is gone on with by the next process, with a new refresh token at once', async () => {
    const signIns = keeper();
    const first = openSession(office, 'desktop', signIns);
    must(await first.call('session.signIn', credentials));
    const left = structuredClone(signIns.kept);
    const next = keeper(left);
    const second = openSession(office, 'desktop', next);
    await second.session.resume();
    expect(second.session.view).toMatchObject({ phase: 'signedIn', me: { account: 'agent1' } });
    await until('the phone is registered', () => second.session.view.health.phone.state === 'registered');
    expect(next.kept?.signedIn.refreshToken).not.toBe(left?.signedIn.refreshToken);
  });

  it('is gone on with though the center’s answer is lost on the way, twice', async () => {
    const signIns = keeper();
    const first = openSession(office, 'desktop', signIns);
    must(await first.call('session.signIn', credentials));
    const { proxy, swallowed } = await swallowingProxy(office.origin, '/api/auth/refresh', 2);
    const left = { server: proxy, signedIn: structuredClone(signIns.kept?.signedIn) } as KeptSignIn;
    const second = openSession({ origin: proxy }, 'desktop', keeper(left));
    await second.session.resume();
    expect(swallowed()).toBe(2);
    expect(second.session.view).toMatchObject({ phase: 'signedIn', me: { account: 'agent1' } });
  });

  describe('failure: what was kept', () => {
    it('nothing: the sign-in screen it is', async () => {
      const { session } = openSession(office, 'desktop', keeper());
      await session.resume();
      expect(session.view.phase).toBe('signedOut');
    });

    it('a refresh token whose successor is in use: forgotten, the person signs in', async () => {
      const signIns = keeper();
      const first = openSession(office, 'desktop', signIns);
      must(await first.call('session.signIn', credentials));
      const left = structuredClone(signIns.kept);
      const next = await renewed(left);
      await renewed({ ...left, signedIn: { ...left?.signedIn, ...next } } as KeptSignIn);
      const late = keeper(left);
      const third = openSession(office, 'desktop', late);
      await third.session.resume();
      expect(third.session.view).toMatchObject({ phase: 'signedOut', endedBy: null });
      expect(late.kept).toBeNull();
    });

    it('of another center than the one in the settings: its token is sent to nobody', async () => {
      const signIns = keeper();
      const first = openSession(office, 'desktop', signIns);
      must(await first.call('session.signIn', credentials));
      const elsewhere = openSession({ origin: 'http://127.0.0.1:1' }, 'desktop', keeper(signIns.kept));
      await elsewhere.session.resume();
      expect(elsewhere.session.view.phase).toBe('signedOut');
    });
  });
});
