import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { CenterRest, CtiClient, Tokens, type CtiClientEvent } from '../../../agent/cti/index.ts';
import { Phone, type PhoneEvent } from '../../../agent/phone/index.ts';
import { silentLogger, systemClock } from '../../../agent/index.ts';
import { until } from '../../support/until.ts';
import { untrustedServer } from '../../support/untrusted-server.ts';

/** Refused and explained on every way to the center; nothing is sent, and there is no way around. */
describe('failure: a server with a bad certificate', () => {
  let server: Awaited<ReturnType<typeof untrustedServer>>;

  beforeEach(async () => {
    server = await untrustedServer();
    onTestFinished(() => server.close());
  });

  it('gets no password', async () => {
    const rest = new CenterRest(server.origin);
    expect(await rest.signIn({ account: 'agent1', password: 'secret', client: 'desktop' })).toMatchObject({ ok: false, error: { code: 'center.untrusted' } });
    expect(server.requests).toBe(0);
  });

  it('gets no token over the CTI socket, which says why it is lost', async () => {
    const rest = new CenterRest(server.origin);
    const tokens = new Tokens(rest, systemClock, { accessToken: 'a', accessExpiresAt: Date.now() + 1e6, refreshToken: 'r' }, () => {}, () => {});
    const cti = new CtiClient({ server: server.origin, tokens, clock: systemClock, log: silentLogger });
    onTestFinished(() => {
      cti.stop();
      tokens.stop();
    });
    const events: CtiClientEvent[] = [];
    cti.onEvent((event) => events.push(event));
    cti.start();
    await until('it is lost', () => events.some((event) => event.type === 'state' && event.state === 'lost'));
    expect(events.at(-1)).toMatchObject({ state: 'lost', error: { code: 'center.untrusted' } });
    expect(server.requests).toBe(0);
  });

  it('gets no REGISTER, and the phone says why', async () => {
    const events: PhoneEvent[] = [];
    const phone = new Phone({ credential: { url: `${server.origin.replace('https', 'wss')}/sip`, domain: 'sangdam', user: 'u', password: 'p', iceServers: [], rejoin: 'reinvite' }, clock: systemClock, log: silentLogger });
    onTestFinished(() => phone.stop());
    phone.onEvent((event) => events.push(event));
    phone.start();
    await until('it is lost', () => events.find((event) => event.type === 'registration.changed' && event.error !== null));
    expect(events.find((event) => event.type === 'registration.changed' && event.error !== null)).toMatchObject({ state: 'lost', error: { code: 'center.untrusted' } });
    expect(server.requests).toBe(0);
  });
});
