import { describe, expect, it, onTestFinished } from 'vitest';
import { CenterRest, CtiClient, Tokens, type CtiClientEvent } from '../../../agent/cti/index.ts';
import { silentLogger, systemClock } from '../../../agent/index.ts';
import { CONTRACT, understood, type Understood } from '../../../contract/contract-version.ts';
import { SignedIn } from '../../../contract/cti/index.ts';
import { until } from '../../support/until.ts';
import { openOffice, openSession, type Office } from './support/office.ts';

const SOON = { firstMs: 20, factor: 1, maxMs: 20, random: () => 0 };

/** The line of a desk whose own count, and the oldest it understands, are these. */
async function line(office: Office, version: Understood) {
  const signedIn = SignedIn.parse(await office.signIn('agent1'));
  const tokens = new Tokens(new CenterRest(office.origin), systemClock, signedIn, () => {}, () => {});
  const events: CtiClientEvent[] = [];
  const cti = new CtiClient({ server: office.origin, tokens, clock: systemClock, log: silentLogger, retry: SOON, understood: version });
  cti.onEvent((event) => events.push(event));
  onTestFinished(() => {
    cti.stop();
    tokens.stop();
  });
  cti.start();
  const lostBy = () => events.flatMap((event) => (event.type === 'state' && event.state === 'lost' ? [event.error?.code] : []));
  return { events, lostBy, shown: () => events.some(({ type }) => type === 'snapshot') };
}

describe('a desk and a center of different versions', () => {
  it('go together as long as the newer understands the older, also one of before it was counted', async () => {
    const office = await openOffice();
    const newer = await line(office, { current: CONTRACT + 1, oldest: CONTRACT });
    await until('the center has told the whole', newer.shown);
    const older = await line(office, { current: 0, oldest: 0 });
    await until('the center has told the whole', older.shown);
    expect([newer.lostBy(), older.lostBy()]).toEqual([[], []]);
  });

  it('failure: an older desk is told that it is, is not signed out, and keeps looking', async () => {
    const office = await openOffice({ oldestDesk: CONTRACT + 1 });
    const { events, lostBy, shown } = await line(office, understood);
    await until('it was refused again', () => lostBy().length >= 2);
    expect([new Set(lostBy()), shown(), events.some(({ type }) => type === 'ended')]).toEqual([new Set(['desk.too-old']), false, false]);
  });

  it('failure: a newer desk takes nothing of a center it understands no more, and keeps looking', async () => {
    const office = await openOffice();
    const { events, lostBy, shown } = await line(office, { current: CONTRACT + 1, oldest: CONTRACT + 1 });
    await until('it has looked again', () => lostBy().length >= 2);
    expect([new Set(lostBy()), shown(), events.some(({ type }) => type === 'ended')]).toEqual([new Set(['center.too-old']), false, false]);
  });

  it('failure: who signs in at an older desk learns at once why it does not work', async () => {
    const office = await openOffice({ oldestDesk: CONTRACT + 1 });
    const { call } = openSession(office);
    const from = performance.now();
    expect(await call('session.signIn', { server: null, account: 'agent1', password: 'sangdam-demo' })).toMatchObject({ error: { code: 'desk.too-old' } });
    expect(performance.now() - from).toBeLessThan(8000);
  });
});
