import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { firstForgedAudit } from '../../center/store/audit-log.ts';
import { loadStoreKey, openStore } from '../../center/store/index.ts';
import { Customer } from '../../contract/customer.ts';
import { systemClock } from '../../server/clock.ts';
import { Office } from '../support/cast/office.ts';
import { createSipPhone } from '../support/sip-phone/index.ts';
import { until } from '../support/until.ts';
import { must } from '../switch/stage.ts';
import { placeAt } from '../unit/store/places.ts';
import { openSession } from '../server/agent/support/office.ts';
import { Program } from './support/program.ts';

const PASSWORD = 'sangdam-demo';
/** Leads to the group of technical questions without a menu; agent 1 is in it. */
const DIRECT_NUMBER = '15880001';
const CUSTOMER_HZ = 620;
/** What a session's window says. */
const AGENT_HZ = 1300;

/** agent1 at a desktop of their own, ready. */
async function deskOf(program: Program) {
  const desk = openSession(program);
  must(await desk.call('session.signIn', { server: null, account: 'agent1', password: PASSWORD }));
  must(await desk.call('media.claim', null));
  await desk.call('devices.report', { microphone: 'ok' });
  const own = () => desk.session.view.card?.state;
  const ready = () => until('agent1 is ready', async () => (await desk.call('agent.setState', { choice: { kind: 'ready' } })).ok, 20_000);
  return { ...desk, own, ready };
}

const stranger = (name: string) => ({ name, company: '', numbers: [], vip: false, warning: '', note: '' });

/** A customer calls, agent1 answers, and each hears the other. */
async function talk(program: Program, { session, call, audio, ready }: Awaited<ReturnType<typeof deskOf>>) {
  await ready();
  const customer = createSipPhone({ url: program.sipUrl, user: 'c1', password: 'customer', toneHz: CUSTOMER_HZ });
  onTestFinished(() => customer.close());
  await customer.register();
  const line = await customer.call(DIRECT_NUMBER);
  const contact = await until('it rings at the desk', () => session.view.contacts.find(({ me }) => me.state === 'ringing'), 20_000);
  must(await call('phone.answer', { contactId: contact.contactId }));
  await until('they talk', () => session.view.contacts.some(({ me }) => me.state === 'talking'));
  await Promise.all([line.hears(AGENT_HZ), audio.audio.ear.hears([CUSTOMER_HZ])]);
  return { contactId: contact.contactId, line };
}

describe('the center is killed in the middle of a call, and started again', () => {
  it('the desk says so, is back by itself, and the call has one record, with the memo that was saved; the next one works', async () => {
    const program = await Program.start();
    const desk = await deskOf(program);
    const { contactId } = await talk(program, desk);
    must(await desk.call('contact.update', { contactId, memo: '배송지 변경' }));

    await program.kill();
    await until('the desk tells that it is cut off', () => desk.session.view.health.cti.state !== 'connected' && desk.session.view.health.phone.state !== 'registered', 20_000);
    await program.startAgain();
    await until('the desk is back by itself', () => desk.session.view.health.cti.state === 'connected' && desk.session.view.health.phone.state === 'registered', 20_000);
    expect(desk.session.view.contacts).toEqual([]);
    expect(desk.session.view.audio).toEqual([]);
    expect(desk.own()).toEqual({ name: 'NOT_READY', reason: 'disconnected' });

    const office = await Office.open(program.origin, 'supervisor', PASSWORD);
    onTestFinished(() => office.close());
    await expect(office.record('010-0000-0001', (entry) => entry.contactId === contactId, 'this contact')).resolves.toMatchObject({ outcome: 'networkLost', agentId: 'agent1', memo: '배송지 변경' });
    expect(office.counters('기술지원')).toMatchObject({ offered: 1, answered: 1, abandoned: 0 });

    const next = await talk(program, desk);
    await next.line.hangUp();
    await office.record('010-0000-0001', (entry) => entry.contactId === next.contactId && entry.outcome === 'answered', 'the next one');
  });

  it('a desk that was ready is so again, without a hand', async () => {
    const program = await Program.start();
    const desk = await deskOf(program);
    await desk.ready();
    // A state is told before it is on the disk; a customer is not, and what came before it is there, too.
    must(await desk.call('api.call', { name: 'customers.create', request: stranger('고객 1') }));
    await program.kill();
    await program.startAgain();
    await until('the desk is back', () => desk.session.view.health.cti.state === 'connected' && desk.session.view.health.phone.state === 'registered', 20_000);
    expect(desk.own()).toEqual({ name: 'READY' });
  });
});

describe('the center is killed while it writes', () => {
  it('nothing that it acknowledged is lost, and its audit log is whole', async () => {
    const program = await Program.start();
    const { call } = await deskOf(program);
    const acknowledged: string[] = [];
    const write = async (lane: number): Promise<void> => {
      for (let turn = 0; ; turn++) {
        const written = await call('api.call', { name: 'customers.create', request: stranger(`고객 ${lane}-${turn}`) });
        if (!written.ok) return;
        acknowledged.push(Customer.parse(written.value).customerId);
      }
    };
    const lanes = [1, 2, 3, 4].map(write);
    await until('some were written', () => acknowledged.length > 60);
    await program.kill();
    await Promise.all(lanes);

    const file = join(program.dataFolder, 'center.db');
    const store = await openStore({ ...(await placeAt(file, await loadStoreKey(file))), clock: systemClock, logger: { info: () => {}, warn: () => {}, error: () => {} } });
    onTestFinished(() => store.close());
    const kept = new Set((await store.db.selectFrom('customers').select('customer_id').execute()).map(({ customer_id }) => customer_id));
    expect(acknowledged.filter((customerId) => !kept.has(customerId))).toEqual([]);
    expect(await firstForgedAudit(store.db)).toBeNull();
  });
});
