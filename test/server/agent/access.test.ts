import { beforeEach, describe, expect, it } from 'vitest';
import { bridgeCalls, type BridgeCallName } from '../../../contract/bridge/index.ts';
import { AgentId, CustomerId } from '../../../contract/ids.ts';
import { must } from '../../switch/stage.ts';
import { until } from '../../support/until.ts';
import { contactOf, givePhone, openOffice, openSession, type Office } from './support/office.ts';

const credentials = { server: null, account: 'agent1', password: 'sangdam-demo' };
const hosts = ['desktop', 'web'] as const;

/** What anybody at a window may ask; a call that joins them is a decision. */
const OPEN: readonly BridgeCallName[] = [
  'session.get',
  'session.signIn',
  'session.answerFactor',
  'session.choosePassword',
  'session.ask',
  'settings.set',
  'media.claim',
  'desktop.set',
  'desktop.checkServer',
  'desktop.answerAsk',
  'desktop.chooseCertificate',
  'desktop.installUpdate',
  'desktop.dismissProblem',
];
const names = Object.keys(bridgeCalls) as BridgeCallName[];

/** Questions that a cache with the demo's customers would answer. */
const questions: readonly [BridgeCallName, unknown][] = [
  ['customers.search', { text: '', limit: 5, offset: 0 }],
  ['customers.get', { customerId: CustomerId.parse('cu-1') }],
  ['customers.findByNumber', { number: '010-0000-0001' }],
  ['api.call', { name: 'contacts.search', request: { limit: 5 } }],
];

describe('before somebody has signed in', () => {
  it('nothing is open but what signing in takes', () => {
    expect(names.filter((name) => bridgeCalls[name].access === 'open').toSorted()).toEqual(OPEN.toSorted());
  });

  describe.each(hosts)('failure: a window of the %s edition', (host) => {
    it.each(names.filter((name) => bridgeCalls[name].access !== 'open'))('is refused %s, whatever it sends', async (name) => {
      const { session, caller } = openSession({ origin: 'http://127.0.0.1:1' }, host);
      for (const request of [null, {}, ...questions.map(([, question]) => question), { contactId: 'c' }, '\ud800']) {
        expect(await session.handleBridgeCall(name, request, caller)).toMatchObject({ ok: false, error: { code: 'session.not-signed-in' } });
      }
    });
  });
});

describe('what a session sees ends with it', () => {
  let office: Office;
  beforeEach(async () => {
    office = await openOffice();
    await givePhone(office, (await office.signIn('agent1')).me.agentId);
  });

  const ends = {
    'the person signs out': async ({ call }) => void must(await call('session.signOut', null)),
    'somebody signs in elsewhere': async () => void (await office.signIn('agent1')),
    'the center has ended it, and the desk comes back': async () => {
      await office.store.db.updateTable('token_families').set({ ended_at: 1 }).execute();
      office.cutSockets();
    },
    'its tokens have run out': async () => {
      office.store.clock.at += 13 * 3_600_000;
      office.cutSockets();
    },
    'the host lets go of it': async ({ session }) => session.stop(),
  } satisfies Record<string, (opened: ReturnType<typeof openSession>) => Promise<void>>;

  describe.each(hosts)('in the %s edition', (host) => {
    it.each(Object.entries(ends))('when %s', async (_how, end) => {
      const opened = openSession(office, host);
      const { session, caller, call, cache, events } = opened;
      must(await call('session.signIn', credentials));
      await until('the customers are here', () => cache.health.remaining === 0 && must(cache.search('', 1, 0)).total > 0);
      for (const [name, request] of questions) expect(await session.handleBridgeCall(name, request, caller)).toMatchObject({ ok: true });
      office.center.tell(AgentId.parse('agent1'), { type: 'contact.changed', payload: { ...contactOf('leg-a', 'ringing'), customerName: '고객 0001' } });
      await until('a call is shown', () => session.view.contacts.length === 1);

      await end(opened);
      await until('it is over', () => session.view.phase === 'signedOut');
      for (const [name, request] of questions) expect(await session.handleBridgeCall(name, request, caller)).toMatchObject({ ok: false, error: { code: 'session.not-signed-in' } });
      const shown = JSON.stringify(await session.handleBridgeCall('session.get', null, caller));
      expect(shown).toContain('signedOut');
      expect(shown).not.toMatch(/고객|\+82|agent1|contact-1/);

      // The shared cache goes on for others; this session's windows hear nothing of it.
      const told = events.length;
      must(await cache.sync(() => Promise.resolve({ ok: true, value: { mark: 'm', reset: false, cursor: 1, more: false, remaining: 0, customers: [], removed: [CustomerId.parse('cu-1')], timeline: [] } })));
      await until('the cache was told', () => cache.health.state === 'ready');
      expect(events.slice(told).filter(({ name }) => name === 'customers.changed')).toEqual([]);
    });
  });
});

describe('a sign-in that is over but for the call at hand', () => {
  it.each(hosts)('reads that call’s customer and no other, in the %s edition', async (host) => {
    const office = await openOffice();
    await givePhone(office, AgentId.parse('agent1'));
    const { call, cache, session } = openSession(office, host);
    must(await call('session.signIn', credentials));
    await until('the customers are here', () => cache.health.remaining === 0 && must(cache.search('', 1, 0)).total > 0);
    const [theirs, other] = must(cache.search('', 2, 0)).customers;
    if (theirs === undefined || other === undefined) throw new Error('the demo has customers');
    const [number, otherNumber] = [theirs.numbers[0]?.e164 ?? '', other.numbers[0]?.e164 ?? ''];
    office.center.tell(AgentId.parse('agent1'), { type: 'contact.changed', payload: { ...contactOf('leg-a', 'talking'), customerId: theirs.customerId, number } });
    await until('a call is shown', () => session.view.contacts.length === 1);

    const admin = await office.signIn('admin');
    office.center.busy = true;
    expect((await office.send('/api/v1/accounts/agent1/disable', {}, { authorization: `Bearer ${admin.accessToken}` })).status).toBe(204);
    await until('it is told', async () => !(await call('customers.search', { text: '', limit: 5, offset: 0 })).ok);

    expect(await call('customers.get', { customerId: theirs.customerId })).toMatchObject({ ok: true, value: { customer: { name: theirs.name } } });
    expect(await call('customers.findByNumber', { number })).toMatchObject({ ok: true, value: { customer: { name: theirs.name } } });
    const over = { ok: false, error: { code: 'auth.replaced' } };
    expect(await call('customers.get', { customerId: other.customerId })).toMatchObject(over);
    expect(await call('customers.findByNumber', { number: otherNumber })).toMatchObject(over);
    expect(await call('api.call', { name: 'contacts.search', request: { agentId: 'agent1' } })).toMatchObject(over);
    expect(session.view.phase).toBe('signedIn');
  });
});
